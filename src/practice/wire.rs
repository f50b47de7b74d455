//! Streamable HTTP of MCP 2025-11-25, as little of it as a practice server needs.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::Ticket;
use super::doorkeeper::{self, Doorkeeper, Pass};
use super::script::{Run, Script};

/// The protocol version that is spoken.
const VERSION: &str = "2025-11-25";

/// Names the session.
const SESSION: &str = "mcp-session-id";

/// A practice server, as its functions see it.
#[derive(Clone)]
pub(super) struct Stage(Arc<Shared>);

#[derive(Default)]
struct Shared {
    numbers: Mutex<u64>,
    /// Calls that run, by session and id.
    running: Mutex<HashMap<(String, String), CancellationToken>>,
    /// What was asked back and not answered yet.
    asked: Mutex<HashMap<u64, oneshot::Sender<Value>>>,
    /// Who listens for what the server says by itself.
    listeners: Mutex<Vec<UnboundedSender<Value>>>,
    end: CancellationToken,
}

impl Stage {
    fn number(&self) -> u64 {
        let mut numbers = lock(&self.0.numbers);
        *numbers += 1;
        *numbers
    }

    /// A number to ask something under, and what its answer comes by.
    pub(super) fn expect_answer(&self) -> (u64, oneshot::Receiver<Value>) {
        let (sender, receiver) = oneshot::channel();
        let id = self.number();
        lock(&self.0.asked).insert(id, sender);
        (id, receiver)
    }

    /// Tells everybody who listens.
    pub(super) fn announce(&self, method: &str, params: Value) {
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        lock(&self.0.listeners).retain(|listener| listener.send(message.clone()).is_ok());
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone)]
struct Server {
    script: Arc<dyn Script>,
    ticket: Ticket,
    /// Who lets people in, where a sign-in is wanted.
    door: Option<Arc<Doorkeeper>>,
    stage: Stage,
}

/// One server's door.
pub(super) fn routes(
    script: Arc<dyn Script>,
    ticket: Ticket,
    door: Option<Arc<Doorkeeper>>,
    end: CancellationToken,
) -> Router {
    let shared = Shared {
        end,
        ..Shared::default()
    };
    let server = Server {
        script,
        ticket,
        door: door.clone(),
        stage: Stage(Arc::new(shared)),
    };
    let router = Router::new()
        .route("/mcp", post(received).get(listened).delete(left))
        .with_state(server);
    match door {
        Some(door) => router.merge(doorkeeper::routes(door)),
        None => router,
    }
}

/// Lets a request in, with what its caller signed in for where that is wanted.
fn admitted(server: &Server, headers: &HeaderMap) -> Result<Option<Pass>, Box<Response>> {
    // A page in a browser has no business here.
    if headers.contains_key(header::ORIGIN) {
        return Err(Box::new(StatusCode::FORBIDDEN.into_response()));
    }
    let said = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let (wanted, challenge) = match (server.ticket, &server.door) {
        (Ticket::None, _) => return Ok(None),
        (Ticket::Bearer(token), _) => (format!("Bearer {token}"), "Bearer realm=\"practice\""),
        (Ticket::Basic(user, password), _) => (
            format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))),
            "Basic realm=\"practice\"",
        ),
        (Ticket::SignIn, Some(door)) => return door.check(headers).map(Some),
        (Ticket::SignIn, None) => return Err(Box::new(StatusCode::FORBIDDEN.into_response())),
    };
    if said == Some(wanted.as_str()) {
        return Ok(None);
    }
    let challenge = (header::WWW_AUTHENTICATE, challenge);
    let refusal = (StatusCode::UNAUTHORIZED, [challenge]).into_response();
    Err(Box::new(refusal))
}

/// Why a function is not run for who signed in for less.
fn withheld(server: &Server, pass: Option<&Pass>, params: &Map<String, Value>) -> Option<Response> {
    let name = params.get("name").and_then(Value::as_str)?;
    let scope = server.script.scope(name)?;
    server.door.as_ref()?.lacks(pass?, scope)
}

async fn received(State(server): State<Server>, headers: HeaderMap, body: Bytes) -> Response {
    let pass = match admitted(&server, &headers) {
        Ok(pass) => pass,
        Err(refusal) => return *refusal,
    };
    let Ok(Value::Object(message)) = serde_json::from_slice(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let method = message
        .get("method")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let session = headers
        .get(SESSION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let params = match message.get("params") {
        Some(Value::Object(params)) => params.clone(),
        _ => Map::new(),
    };
    match (method, message.get("id")) {
        ("initialize", Some(id)) => begun(&server, id),
        (_, _) if session.is_empty() => StatusCode::BAD_REQUEST.into_response(),
        ("", Some(id)) => {
            let asked = id
                .as_u64()
                .and_then(|id| lock(&server.stage.0.asked).remove(&id));
            if let Some(asked) = asked {
                // Whoever asked may have gone.
                let _ = asked.send(Value::Object(message));
            }
            StatusCode::ACCEPTED.into_response()
        }
        ("notifications/cancelled", None) => {
            let id = params
                .get("requestId")
                .map(Value::to_string)
                .unwrap_or_default();
            if let Some(running) = lock(&server.stage.0.running).get(&(session, id)) {
                running.cancel();
            }
            StatusCode::ACCEPTED.into_response()
        }
        (_, None) => StatusCode::ACCEPTED.into_response(),
        ("tools/call", Some(id)) => withheld(&server, pass.as_ref(), &params)
            .unwrap_or_else(|| performed(&server, session, id.clone(), params, pass)),
        (method, Some(id)) => whole(&answered(&server, method, id, &params)),
    }
}

fn begun(server: &Server, id: &Value) -> Response {
    let session = format!("practice-{}", server.stage.number());
    let mut result = json!({
        "protocolVersion": VERSION,
        "capabilities": { "tools": { "listChanged": true } },
        "serverInfo": { "name": server.script.name(), "version": crate::protocol::VERSION },
    });
    let offers = [
        (
            "resources",
            !server.script.resources().is_empty(),
            json!({ "subscribe": true }),
        ),
        ("prompts", !server.script.prompts().is_empty(), json!({})),
    ];
    for (name, there, capability) in offers {
        if let (true, Some(all)) = (there, result.pointer_mut("/capabilities")) {
            all.as_object_mut()
                .map(|all| all.insert(name.to_owned(), capability));
        }
    }
    if let (Some(words), Some(result)) = (server.script.instructions(), result.as_object_mut()) {
        result.insert("instructions".to_owned(), words.into());
    }
    let mut response = whole(&success(id, result));
    if let Ok(session) = session.parse() {
        response.headers_mut().insert(SESSION, session);
    }
    response
}

fn answered(server: &Server, method: &str, id: &Value, params: &Map<String, Value>) -> Value {
    let script = &server.script;
    let uri = params
        .get("uri")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let found = match method {
        "ping" | "resources/subscribe" | "resources/unsubscribe" => Some(json!({})),
        "tools/list" => Some(json!({ "tools": script.tools() })),
        "resources/list" => Some(json!({ "resources": script.resources() })),
        "resources/templates/list" => Some(json!({ "resourceTemplates": script.templates() })),
        "resources/read" => script
            .read(uri)
            .map(|contents| json!({ "contents": [contents] })),
        "prompts/list" => Some(json!({ "prompts": script.prompts() })),
        "prompts/get" => {
            let name = params
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let empty = Map::new();
            let arguments = params.get("arguments").and_then(Value::as_object);
            script.prompt(name, arguments.unwrap_or(&empty))
        }
        _ => return failure(id, -32601, "this practice server does not know that"),
    };
    match found {
        Some(result) => success(id, result),
        None => failure(id, -32002, "there is no such thing here"),
    }
}

/// Runs a function; what it says on the way and its answer come as one stream.
fn performed(
    server: &Server,
    session: String,
    id: Value,
    mut params: Map<String, Value>,
    pass: Option<Pass>,
) -> Response {
    let (outlet, messages) = unbounded_channel();
    let cancelled = CancellationToken::new();
    let place = (session, id.to_string());
    lock(&server.stage.0.running).insert(place.clone(), cancelled.clone());
    let name = params
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let arguments = match params.remove("arguments") {
        Some(Value::Object(arguments)) => arguments,
        _ => Map::new(),
    };
    let progress = params
        .get("_meta")
        .and_then(|meta| meta.get("progressToken"))
        .cloned();
    let server = server.clone();
    tokio::spawn(async move {
        let run = Run {
            outlet: outlet.clone(),
            progress,
            cancelled: cancelled.clone(),
            stage: server.stage.clone(),
            pass,
        };
        let result = tokio::select! {
            result = server.script.call(&name, arguments, run) => Some(result),
            () = outlet.closed() => None,
            () = server.stage.0.end.cancelled() => None,
        };
        lock(&server.stage.0.running).remove(&place);
        if let (Some(result), false) = (result, cancelled.is_cancelled()) {
            let _ = outlet.send(success(&id, result));
        }
    });
    stream(messages, CancellationToken::new())
}

async fn listened(State(server): State<Server>, headers: HeaderMap) -> Response {
    if let Err(refusal) = admitted(&server, &headers) {
        return *refusal;
    }
    let (outlet, messages) = unbounded_channel();
    lock(&server.stage.0.listeners).push(outlet);
    stream(messages, server.stage.0.end.clone())
}

async fn left(State(server): State<Server>, headers: HeaderMap) -> Response {
    match admitted(&server, &headers) {
        Ok(_) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => *refusal,
    }
}

/// Messages as server-sent events, until nobody sends any more.
fn stream(messages: UnboundedReceiver<Value>, end: CancellationToken) -> Response {
    let body = futures_util::stream::unfold((messages, end), |(mut messages, end)| async move {
        let message = tokio::select! {
            message = messages.recv() => message?,
            () = end.cancelled() => return None,
        };
        let event = Bytes::from(format!("event: message\ndata: {message}\n\n"));
        Some((Ok::<_, Infallible>(event), (messages, end)))
    });
    let kind = (header::CONTENT_TYPE, "text/event-stream");
    ([kind], Body::from_stream(body)).into_response()
}

fn whole(message: &Value) -> Response {
    let kind = (header::CONTENT_TYPE, "application/json");
    ([kind], message.to_string()).into_response()
}

fn success(id: &Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

fn failure(id: &Value, code: i64, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}
