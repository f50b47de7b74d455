//! What passes between a server and rmcp, with the parts rmcp would lose kept aside.
//!
//! rmcp's typed models drop every member they do not know. So the result of each
//! listing, call and reading is taken out of its message before rmcp sees it, kept
//! here under the request's id, and a stand-in goes on in its place. Whoever asked
//! fetches the result once rmcp says that an answer came. Progress takes the same
//! path: it arrives in order and cannot outlive its call. What a server asks back gets
//! a name that rmcp does not know, so that it passes the parameters on as they are:
//! its models of a form lose what they do not know, and their order. That a resource
//! was updated is told from here too, to whoever watches it: rmcp would queue each of
//! a thousand such messages, where one word is enough.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, ErrorData, GetMeta, NumberOrString, ProgressToken,
    RequestId, ServerJsonRpcMessage,
};
use serde_json::{Map, Value, json};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::fault::unknown_version;
use super::strict;
use super::watches::Watches;
use crate::domain::{Fault, Progress, Untrusted};

/// Progress reports that wait for a caller who is busy; more are dropped.
const PROGRESS_BUFFER: usize = 32;
/// What `elicitation/create` is called on its way through rmcp.
pub(super) const ASK_BACK: &str = "callboard/ask-back";
/// Longest progress text that is kept, in characters.
const PROGRESS_TEXT: usize = 1000;
/// Says that a resource was updated.
const UPDATED: &str = "notifications/resources/updated";
/// Stands in for it.
const HEARD: &str = "notifications/callboard/heard";

/// Answers on their way, by request.
pub(super) struct Wire {
    state: Mutex<State>,
    reached: watch::Sender<bool>,
    gone: CancellationToken,
    renewed: Notify,
    watches: Watches,
}

#[derive(Default)]
struct State {
    slots: HashMap<RequestId, Slot>,
    noted: Option<Fault>,
    remark: Option<String>,
    settled: bool,
    /// Why the session was hung up.
    hung_up: Option<Fault>,
    /// Requests whose askers were told that they were not sent.
    barred: HashSet<RequestId>,
}

struct Slot {
    kind: Kind,
    token: Option<RequestId>,
    kept: Option<Kept>,
    /// It may have reached the server.
    left: bool,
    last_progress: f64,
    reports: mpsc::Sender<Progress>,
    receiver: Option<mpsc::Receiver<Progress>>,
}

/// Which requests have their results kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `tools/list`.
    List,
    /// Any other: `tools/call`, and what resources and prompts are asked for.
    Whole,
}

/// What was kept.
#[derive(Debug)]
pub(super) enum Kept {
    /// The result as it was sent, and how many bytes its message had.
    Result(Value, u64),
    /// An answer came that cannot be used.
    Spoiled(Fault),
}

/// The little that is read of a message that is refused.
#[derive(serde::Deserialize)]
struct JustId {
    id: Option<Value>,
    method: Option<serde::de::IgnoredAny>,
}

/// A message after its result was taken out.
pub(super) struct Absorbed {
    /// What goes on to rmcp.
    pub(super) message: Value,
    /// Whether that differs from what came.
    pub(super) changed: bool,
}

impl Wire {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::default(),
            reached: watch::Sender::new(false),
            gone: CancellationToken::new(),
            renewed: Notify::new(),
            watches: Watches::default(),
        }
    }

    /// What is watched.
    pub(super) fn watches(&self) -> &Watches {
        &self.watches
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something answered.
    pub(super) fn reach(&self) {
        self.reached.send_replace(true);
    }

    /// Told once when something answers.
    pub(super) fn reached(&self) -> watch::Receiver<bool> {
        self.reached.subscribe()
    }

    /// Remembers why the connection is about to end. The first reason stays.
    pub(super) fn note(&self, fault: Fault) {
        self.lock().noted.get_or_insert(fault);
    }

    /// Why the connection ended, if anybody said.
    pub(super) fn noted(&self) -> Option<Fault> {
        self.lock().noted.clone()
    }

    /// The server cannot be reached any more, and nothing but the session notices.
    pub(super) fn lose(&self, fault: Fault) {
        self.note(fault);
        self.gone.cancel();
    }

    /// Cancelled when the server cannot be reached any more.
    pub(super) fn gone(&self) -> &CancellationToken {
        &self.gone
    }

    /// Remembers why we hang up. The first reason stays.
    pub(super) fn hang_up_for(&self, fault: Fault) {
        self.lock().hung_up.get_or_insert(fault);
    }

    /// Why we hung up, if anybody said.
    pub(super) fn hung_up(&self) -> Option<Fault> {
        self.lock().hung_up.clone()
    }

    /// A request is about to leave. Says whether it may: not where its asker was told
    /// that it was not sent.
    pub(super) fn leaves(&self, id: &RequestId) -> bool {
        let mut state = self.lock();
        if state.barred.contains(&key(id)) {
            return false;
        }
        if let Some(slot) = state.slots.get_mut(&key(id)) {
            slot.left = true;
        }
        true
    }

    /// The server refused to deal with a request that may be sent again.
    pub(super) fn came_back(&self, id: &RequestId) {
        if let Some(slot) = self.lock().slots.get_mut(&key(id)) {
            slot.left = false;
        }
    }

    /// Whether a request that failed has not left; then it does not leave any more.
    pub(super) fn keep_back(&self, id: &RequestId) -> bool {
        let mut state = self.lock();
        let here = state.slots.get(&key(id)).is_some_and(|slot| !slot.left);
        if here {
            state.barred.insert(key(id));
        }
        here
    }

    /// Remembers what may explain a failure that is still to come.
    pub(super) fn remark(&self, words: &str) {
        self.lock().remark.get_or_insert_with(|| words.to_owned());
    }

    /// What may explain a failure.
    pub(super) fn remarked(&self) -> Option<String> {
        self.lock().remark.clone()
    }

    /// Waits until rmcp replaces a session that the server forgot by a new one, in
    /// which nothing has to be as it was.
    pub(super) async fn renewed(&self) {
        self.renewed.notified().await;
    }

    /// Makes ready for the answer of a message that is about to be sent.
    pub(super) fn expect(&self, message: &ClientJsonRpcMessage) {
        if let ClientJsonRpcMessage::Request(request) = message {
            match request.request {
                ClientRequest::InitializeRequest(_) if self.lock().settled => {
                    self.renewed.notify_one();
                }
                ClientRequest::ListToolsRequest(_) => self.open(&request.id, Kind::List, None),
                ClientRequest::CallToolRequest(_)
                | ClientRequest::ListResourcesRequest(_)
                | ClientRequest::ListResourceTemplatesRequest(_)
                | ClientRequest::ReadResourceRequest(_)
                | ClientRequest::SubscribeRequest(_)
                | ClientRequest::UnsubscribeRequest(_)
                | ClientRequest::ListPromptsRequest(_)
                | ClientRequest::GetPromptRequest(_) => {
                    let token = request.request.get_meta().get_progress_token();
                    self.open(&request.id, Kind::Whole, token.as_ref());
                }
                _ => {}
            }
        }
    }

    /// Makes ready for the answer of one request, and for reports under its token.
    /// Whoever comes first, the asker or the transport, opens it.
    pub(super) fn open(&self, id: &RequestId, kind: Kind, token: Option<&ProgressToken>) {
        self.lock().slots.entry(key(id)).or_insert_with(|| {
            let (reports, receiver) = mpsc::channel(PROGRESS_BUFFER);
            Slot {
                kind,
                token: token.map(|token| key(&token.0)),
                kept: None,
                left: false,
                last_progress: f64::NEG_INFINITY,
                reports,
                receiver: Some(receiver),
            }
        });
    }

    /// The reports of a request; once.
    pub(super) fn reports(&self, id: &RequestId) -> Option<mpsc::Receiver<Progress>> {
        self.lock().slots.get_mut(&key(id))?.receiver.take()
    }

    /// Takes what was kept and ends the waiting.
    pub(super) fn take(&self, id: &RequestId) -> Option<Kept> {
        self.lock().slots.remove(&key(id))?.kept
    }

    /// Ends the waiting.
    pub(super) fn forget(&self, id: &RequestId) {
        self.lock().slots.remove(&key(id));
    }

    /// Marks an answer as unusable.
    pub(super) fn spoil(&self, id: &RequestId, fault: Fault) {
        let mut state = self.lock();
        match state.slots.get_mut(&key(id)) {
            Some(slot) => {
                slot.kept.get_or_insert(Kept::Spoiled(fault));
            }
            None => {
                if !state.settled {
                    state.noted.get_or_insert(fault);
                }
            }
        }
    }

    /// The handshake is done: what spoils a message says no longer why it failed.
    pub(super) fn settle(&self) {
        self.lock().settled = true;
    }

    /// Reads one message, takes out what is to be kept. The error says what is
    /// wrong with the text without quoting it.
    pub(super) fn absorb(&self, payload: &[u8]) -> Result<Absorbed, String> {
        let mut message = strict::read(payload)?;
        let Some(object) = message.as_object_mut() else {
            return Err("it is not one JSON-RPC message".to_owned());
        };
        let changed = match object.get("method").and_then(Value::as_str) {
            Some("notifications/progress") => {
                self.progressed(object.get("params"));
                false
            }
            Some("elicitation/create") => {
                object.insert("method".to_owned(), ASK_BACK.into());
                true
            }
            Some(UPDATED) => {
                self.updated(object);
                true
            }
            Some(_) => false,
            None => self.keep(object, payload.len() as u64),
        };
        Ok(Absorbed { message, changed })
    }

    /// Stands in for a message that cannot be accepted, if it can be told whose
    /// answer it was; without it the asker would wait for nothing.
    pub(super) fn rescue(&self, payload: &[u8], fault: Fault) -> Option<ServerJsonRpcMessage> {
        let who: JustId = serde_json::from_slice(payload).ok()?;
        let id = who.id.as_ref().and_then(id_of)?;
        if who.method.is_some() {
            return None;
        }
        self.spoil(&id, fault);
        let stand_in = ErrorData::internal_error("unusable answer", None);
        Some(ServerJsonRpcMessage::error(stand_in, Some(id)))
    }

    fn keep(&self, object: &mut Map<String, Value>, bytes: u64) -> bool {
        let Some(id) = object.get("id").and_then(id_of) else {
            return false;
        };
        let Some(result) = object.get_mut("result") else {
            return false;
        };
        let mut state = self.lock();
        if !state.settled {
            // Such a server often refuses the next message, which would say less.
            let version = result.get("protocolVersion").and_then(Value::as_str);
            state.noted = state.noted.take().or(version.and_then(unknown_version));
        }
        let Some(slot) = state.slots.get_mut(&id) else {
            return false;
        };
        if slot.kept.is_some() {
            return false;
        }
        let whole = result.take();
        *result = match slot.kind {
            Kind::Whole => json!({"callboard/kept": true}),
            Kind::List => header_tools(&whole),
        };
        slot.kept = Some(Kept::Result(whole, bytes));
        true
    }

    /// Tells whoever watches a resource that it was updated, and leaves a message that
    /// says nothing in the place of this one: rmcp ends a subscription over an update
    /// of a part of what was asked for, which servers may send.
    fn updated(&self, message: &mut Map<String, Value>) {
        let uri = message.get("params").and_then(|params| params.get("uri"));
        if let Some(uri) = uri.and_then(Value::as_str) {
            self.watches.updated(uri);
        }
        message.remove("params");
        message.insert("method".to_owned(), json!(HEARD));
    }

    fn progressed(&self, params: Option<&Value>) {
        let Some(params) = params.and_then(Value::as_object) else {
            return;
        };
        let Some(token) = params.get("progressToken").and_then(id_of) else {
            return;
        };
        let Some(progress) = params.get("progress").and_then(Value::as_f64) else {
            return;
        };
        let mut state = self.lock();
        let mine = |slot: &&mut Slot| slot.token.as_ref() == Some(&token);
        let Some(slot) = state.slots.values_mut().find(mine) else {
            return;
        };
        if progress <= slot.last_progress {
            return;
        }
        slot.last_progress = progress;
        let message = params.get("message").and_then(Value::as_str);
        // A caller too slow to see every report sees a later one.
        let _ = slot.reports.try_send(Progress {
            progress,
            total: params.get("total").and_then(Value::as_f64),
            message: message
                .map(|text| Untrusted::from(text.chars().take(PROGRESS_TEXT).collect::<String>())),
        });
    }
}

/// What rmcp needs of a list: the functions whose parameters travel in headers
/// (`x-mcp-header`, MCP 2026-07-28, basic/transports), and of these only what it
/// reads. A malformed one is left out and hurts no other.
fn header_tools(list: &Value) -> Value {
    let tools: Vec<Value> = list
        .get("tools")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tool| {
            let name = tool.get("name")?.as_str()?;
            let schema = tool.get("inputSchema").filter(|s| s.is_object())?;
            mentions_header(schema).then(|| json!({"name": name, "inputSchema": schema}))
        })
        .collect();
    json!({ "tools": tools })
}

/// Whether a schema wants a parameter in a header.
pub(super) fn mentions_header(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            members.contains_key("x-mcp-header") || members.values().any(mentions_header)
        }
        Value::Array(items) => items.iter().any(mentions_header),
        _ => false,
    }
}

/// A message in rmcp's own form.
pub(super) fn typed(message: Value) -> Result<ServerJsonRpcMessage, String> {
    serde_json::from_value(message).map_err(|_| "it is not an MCP message".to_owned())
}

/// An id in one form, whether a server echoes `5` as a number or as a text.
fn key(id: &RequestId) -> RequestId {
    match id {
        NumberOrString::Number(_) => id.clone(),
        NumberOrString::String(text) => match text.parse() {
            Ok(number) => NumberOrString::Number(number),
            Err(_) => id.clone(),
        },
    }
}

/// What a message is answered under, if it is a request.
pub(super) fn id_of_request(message: &ClientJsonRpcMessage) -> Option<RequestId> {
    match message {
        ClientJsonRpcMessage::Request(request) => Some(request.id.clone()),
        _ => None,
    }
}

/// Whether two ids name one request.
pub(super) fn same(one: &RequestId, other: &RequestId) -> bool {
    key(one) == key(other)
}

fn id_of(value: &Value) -> Option<RequestId> {
    match value {
        Value::Number(number) => number.as_i64().map(NumberOrString::Number),
        Value::String(text) => Some(key(&NumberOrString::String(text.as_str().into()))),
        _ => None,
    }
}
