//! What can be asked of a board. One line an endpoint.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio_util::sync::CancellationToken;

use super::stream;
use crate::domain::{Fault, FaultKind};
use crate::engine::{Engine, Steps};
use crate::protocol::{
    Accept, Add, Agents, AnswerQuestion, Call, CancelLogin, ChooseVault, Connectors, Consents,
    Detect, Directory, Disable, Edit, Enable, Endpoint, FunctionOf, Functions, GetPrompt, Journal,
    ListFunctions, ListPrompts, ListResources, Lock, Login, Logout, Operation, PasteLogin, Permit,
    ProbeKeyring, Questions, ReadResource, Refresh, Remove, Rename, SearchDirectory, Show,
    ShowEntry, Snapshot, Status, Stop, Undo, Unlock, VERSION, VERSION_HEADER, WatchResource,
    WholeCall,
};

/// Largest request, in bytes: the arguments of a call.
const REQUEST_LIMIT: usize = 16 * 1024 * 1024;

/// A request's body, or why there is none.
type Body = Result<Bytes, BytesRejection>;

/// The table of routes.
pub(super) fn routes(engine: Engine) -> Router {
    Router::new()
        .merge(endpoint(
            |engine, _: Status| async move { Ok(engine.status()) },
        ))
        .merge(endpoint(|engine, _: Stop| async move {
            engine.ask_to_stop();
            Ok(())
        }))
        .merge(endpoint(|engine, _: Snapshot| async move {
            Ok(engine.snapshot())
        }))
        .merge(endpoint(|engine, _: Connectors| async move {
            Ok(engine.connectors())
        }))
        .merge(endpoint(|engine, show: Show| async move {
            engine.show(&show.name)
        }))
        .merge(endpoint(|engine, rename: Rename| async move {
            engine.rename(rename).await
        }))
        .merge(endpoint(|engine, remove: Remove| async move {
            engine.remove(&remove.name).await
        }))
        .merge(endpoint(|engine, disable: Disable| async move {
            engine.disable(&disable.name).await
        }))
        .merge(endpoint(|engine, of: Functions| async move {
            engine.functions(&of.name).await
        }))
        .merge(operation(
            |engine, of: ListFunctions, steps, cancel| async move {
                engine.list_functions(&of.name, steps, cancel).await
            },
        ))
        .merge(endpoint(|engine, of: FunctionOf| async move {
            engine.function(&of.name, &of.function).await
        }))
        .merge(endpoint(|engine, permit: Permit| async move {
            engine.permit(permit).await
        }))
        .merge(endpoint(|engine, accept: Accept| async move {
            engine.accept(accept).await
        }))
        .merge(endpoint(|engine, query: Journal| async move {
            engine.journal(query).await
        }))
        .merge(endpoint(|engine, of: WholeCall| async move {
            engine.whole_call(of.seq).await
        }))
        .merge(endpoint(|engine, _: Questions| async move {
            Ok(engine.questions())
        }))
        .merge(endpoint(|engine, answer: AnswerQuestion| async move {
            engine.answer(answer)
        }))
        .merge(endpoint(
            |engine, _: Undo| async move { engine.undo().await },
        ))
        .merge(endpoint(|engine, choose: ChooseVault| async move {
            engine.choose_vault(choose).await
        }))
        .merge(endpoint(|engine, _: ProbeKeyring| async move {
            engine.probe_keyring().await
        }))
        .merge(endpoint(|engine, unlock: Unlock| async move {
            engine.unlock(unlock).await
        }))
        .merge(endpoint(
            |engine, _: Lock| async move { engine.lock().await },
        ))
        .merge(endpoint(|engine, _: Directory| async move {
            Ok(engine.directory())
        }))
        .merge(endpoint(|engine, search: SearchDirectory| async move {
            Ok(engine.search_directory(&search))
        }))
        .merge(endpoint(|engine, show: ShowEntry| async move {
            engine.show_entry(&show.id)
        }))
        .merge(endpoint(
            |engine, _: Agents| async move { Ok(engine.agents()) },
        ))
        .merge(endpoint(|engine, _: Consents| async move {
            Ok(engine.consents())
        }))
        .merge(endpoint(|engine, paste: PasteLogin| async move {
            engine.paste_login(paste).await
        }))
        .merge(endpoint(|engine, cancel: CancelLogin| async move {
            engine.cancel_login(&cancel)
        }))
        .merge(endpoint(|engine, logout: Logout| async move {
            engine.logout(&logout).await
        }))
        .merge(operation(
            |engine, login: Login, steps, cancel| async move {
                engine.login(login, steps, cancel).await
            },
        ))
        .merge(operation(
            |engine, detect: Detect, steps, cancel| async move {
                engine.detect(detect, steps, cancel).await
            },
        ))
        .merge(operation(|engine, add: Add, steps, cancel| async move {
            engine.add(add, steps, cancel).await
        }))
        .merge(operation(|engine, edit: Edit, steps, cancel| async move {
            engine.edit(edit, steps, cancel).await
        }))
        .merge(operation(
            |engine, enable: Enable, steps, cancel| async move {
                engine.enable(&enable.name, steps, cancel).await
            },
        ))
        .merge(operation(
            |engine, refresh: Refresh, steps, cancel| async move {
                engine.refresh(&refresh.name, steps, cancel).await
            },
        ))
        .merge(operation(|engine, call: Call, steps, cancel| async move {
            engine.call(call, steps, cancel).await
        }))
        .merge(asking(|engine, of: ListResources, cancel| async move {
            engine.resources(&of.name, cancel).await
        }))
        .merge(asking(|engine, read: ReadResource, cancel| async move {
            engine.read_resource(read, cancel).await
        }))
        .merge(asking(|engine, of: ListPrompts, cancel| async move {
            engine.prompts(&of.name, cancel).await
        }))
        .merge(asking(|engine, get: GetPrompt, cancel| async move {
            engine.get_prompt(get, cancel).await
        }))
        .merge(operation(
            |engine, watch: WatchResource, steps, cancel| async move {
                engine.watch_resource(watch, steps, cancel).await
            },
        ))
        .route("/v1/events", get(events))
        .method_not_allowed_fallback(|| async { wrong_method() })
        .fallback(|| async { answer_fault(&unknown_path()) })
        .layer(DefaultBodyLimit::max(REQUEST_LIMIT))
        .layer(map_response(|mut response: Response| async {
            let version = HeaderValue::from_static(VERSION);
            response.headers_mut().insert(VERSION_HEADER, version);
            response
        }))
        .with_state(engine)
}

/// A route for one endpoint. `GET` works too, where the request only looks.
fn endpoint<R, F, Fut>(handle: F) -> Router<Engine>
where
    R: Endpoint,
    F: Fn(Engine, R) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<R::Answer, Fault>> + Send + 'static,
{
    asking(move |engine, request, _| handle(engine, request))
}

/// The same for what is asked of a server and may take a while: a face that goes away,
/// or whoever ends the board, takes it back.
fn asking<R, F, Fut>(handle: F) -> Router<Engine>
where
    R: Endpoint,
    F: Fn(Engine, R, CancellationToken) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<R::Answer, Fault>> + Send + 'static,
{
    let handler = move |State(engine): State<Engine>, body: Body| {
        let handle = handle.clone();
        async move {
            let request = match read::<R>(body) {
                Ok(request) => request,
                Err(fault) => return answer_fault(&fault),
            };
            let busy = engine.busy();
            let cancel = engine.stopping().child_token();
            // Dropped with this future, when the face is gone.
            let _listening = cancel.clone().drop_guard();
            // In a task of its own: a face that goes away leaves nothing half done.
            let handling = tokio::spawn(async move {
                let _busy = busy;
                engine.look_after_storage().await;
                handle(engine, request, cancel).await
            });
            match handling.await {
                Ok(Ok(answer)) => answer_json(StatusCode::OK, &answer),
                Ok(Err(fault)) => answer_fault(&fault),
                Err(error) => answer_fault(&Fault::internal(format!("a request broke: {error}"))),
            }
        }
    };
    let methods = if R::ANSWERS_GET {
        post(handler.clone()).get(handler)
    } else {
        post(handler)
    };
    Router::new().route(R::PATH, methods)
}

/// A route for one operation.
fn operation<O, F, Fut>(handle: F) -> Router<Engine>
where
    O: Operation,
    F: Fn(Engine, O, Steps<O::Step>, CancellationToken) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<O::Answer, Fault>> + Send + 'static,
{
    let handler = move |State(engine): State<Engine>, body: Body| {
        let handle = handle.clone();
        async move {
            match read::<O>(body) {
                Ok(request) => {
                    engine.look_after_storage().await;
                    stream::operation::<O, _, _>(&engine.clone(), |steps, cancel| {
                        handle(engine, request, steps, cancel)
                    })
                }
                Err(fault) => answer_fault(&fault),
            }
        }
    };
    Router::new().route(O::PATH, post(handler))
}

async fn events(State(engine): State<Engine>, headers: HeaderMap) -> Response {
    let after = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .and_then(|id| id.parse().ok());
    stream::events(&engine, after)
}

fn read<T: serde::de::DeserializeOwned>(body: Body) -> Result<T, Fault> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::user(format!(
            "the request is larger than {} MiB",
            REQUEST_LIMIT / (1024 * 1024)
        )),
        _ => Fault::user("the request broke off"),
    })?;
    let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
    serde_json::from_slice(body)
        .map_err(|error| Fault::user(format!("the request cannot be read: {error}")))
}

fn unknown_path() -> Fault {
    Fault::not_found("this board knows no such request")
        .hint("face and board differ in version: `callboard stop`, then try again")
}

fn wrong_method() -> Response {
    let mut response = answer_fault(&Fault::user("this request is made with POST"));
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

fn answer_fault(fault: &Fault) -> Response {
    let status = match fault.kind {
        FaultKind::User => StatusCode::BAD_REQUEST,
        FaultKind::SignIn => StatusCode::UNAUTHORIZED,
        FaultKind::Denied => StatusCode::FORBIDDEN,
        FaultKind::NotFound => StatusCode::NOT_FOUND,
        FaultKind::Config => StatusCode::CONFLICT,
        FaultKind::Network | FaultKind::Server | FaultKind::NotMcp => StatusCode::BAD_GATEWAY,
        FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    answer_json(status, fault)
}

fn answer_json<T: serde::Serialize>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => (status, [(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
