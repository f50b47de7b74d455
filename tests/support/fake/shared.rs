//! What all connections of one server share.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard};

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Semaphore, oneshot, watch};

use super::record::{Record, Request};
use super::{Behaviour, Function, Misbehaviour, Offers, Phase};

/// Messages on their way to a stream, one JSON text each.
pub type Outlet = UnboundedSender<String>;

/// One legacy session.
#[derive(Default)]
pub struct Session {
    /// HTTP+SSE: the stream that all answers take.
    pub stream: Option<Outlet>,
}

/// An open stream that carries list changes.
pub struct Listener {
    pub outlet: Outlet,
    /// The legacy session it belongs to.
    pub session: Option<String>,
    /// The modern `subscriptions/listen` request it answers.
    pub subscription: Option<Value>,
    /// What that asked for; `None` in a session, where everything goes.
    pub filter: Option<Value>,
}

impl Listener {
    /// Sends a notification, tagged as the era has it.
    pub fn tell(&self, method: &str, mut params: Value) -> bool {
        if let Some(id) = &self.subscription {
            params["_meta"] = json!({ "io.modelcontextprotocol/subscriptionId": id });
        }
        let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        self.outlet.send(message.to_string()).is_ok()
    }
}

pub struct Shared {
    pub behaviour: Behaviour,
    /// `http://127.0.0.1:port`
    pub origin: String,
    /// A second server, for what should not go there.
    pub elsewhere: Option<String>,
    pub functions: Mutex<Vec<Function>>,
    pub offers: Mutex<Offers>,
    /// Session and URI of each legacy subscription.
    subscriptions: Mutex<HashSet<(String, String)>>,
    pub sessions: Mutex<HashMap<String, Session>>,
    pub listeners: Mutex<Vec<Listener>>,
    /// One permit lets one slow call end.
    pub gate: Semaphore,
    cancels: Mutex<HashSet<String>>,
    /// What was asked of a client and waits for its answer, by id.
    asked: Mutex<HashMap<String, oneshot::Sender<Value>>>,
    record: Mutex<Record>,
    changed: watch::Sender<u64>,
    condvar: Condvar,
    serial: AtomicU64,
}

impl Shared {
    pub fn new(behaviour: Behaviour, origin: String, elsewhere: Option<String>) -> Self {
        let functions = match behaviour.misbehaviour {
            Some((misbehaviour, _)) => {
                super::oddities::functions(misbehaviour, elsewhere.as_deref())
                    .unwrap_or_else(|| behaviour.functions.clone())
            }
            None => behaviour.functions.clone(),
        };
        let offers = super::oddities::offers(&behaviour);
        Self {
            behaviour,
            origin,
            elsewhere,
            functions: Mutex::new(functions),
            offers: Mutex::new(offers),
            subscriptions: Mutex::default(),
            sessions: Mutex::default(),
            listeners: Mutex::default(),
            gate: Semaphore::new(0),
            cancels: Mutex::default(),
            asked: Mutex::default(),
            record: Mutex::default(),
            changed: watch::channel(0).0,
            condvar: Condvar::new(),
            serial: AtomicU64::new(0),
        }
    }

    /// Changes the record and wakes who waits for it.
    pub fn note(&self, change: impl FnOnce(&mut Record)) {
        change(&mut self.record.lock().unwrap());
        self.changed.send_modify(|version| *version += 1);
        self.condvar.notify_all();
    }

    pub fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap()
    }

    pub fn condvar(&self) -> &Condvar {
        &self.condvar
    }

    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// A number never given before.
    pub fn serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed)
    }

    /// What this server does wrong at all.
    pub fn misbehaviour(&self) -> Option<Misbehaviour> {
        self.behaviour
            .misbehaviour
            .map(|(misbehaviour, _)| misbehaviour)
    }

    /// What it does wrong with this request.
    pub fn bites(&self, request: &Request) -> Option<Misbehaviour> {
        let (misbehaviour, phase) = self.behaviour.misbehaviour?;
        let method = request.body["method"].as_str().unwrap_or_default();
        let bites = match phase {
            Phase::Detect | Phase::Connect => true,
            Phase::List => method == "tools/list",
            Phase::Call => method == "tools/call",
            Phase::Offers => method.starts_with("resources/") || method.starts_with("prompts/"),
        };
        bites.then_some(misbehaviour)
    }

    pub fn new_session(&self, stream: Option<Outlet>) -> String {
        let id = format!("session-{}", self.serial());
        self.sessions
            .lock()
            .unwrap()
            .insert(id.clone(), Session { stream });
        id
    }

    /// Ends a session and its streams.
    pub fn end_session(&self, id: &str) -> bool {
        self.listeners
            .lock()
            .unwrap()
            .retain(|listener| listener.session.as_deref() != Some(id));
        self.subscriptions
            .lock()
            .unwrap()
            .retain(|(session, _)| session != id);
        self.sessions.lock().unwrap().remove(id).is_some()
    }

    pub fn kill_sessions(&self) {
        self.sessions.lock().unwrap().clear();
        self.subscriptions.lock().unwrap().clear();
        self.listeners
            .lock()
            .unwrap()
            .retain(|listener| listener.session.is_none());
    }

    /// Notes that the client cancelled a request.
    pub fn cancel(&self, session: &str, id: &Value) {
        self.cancels
            .lock()
            .unwrap()
            .insert(format!("{session} {id}"));
        self.note(|record| record.cancelled.push(id.clone()));
    }

    /// Returns when the client has cancelled this request.
    pub async fn cancelled(&self, session: &str, id: &Value) {
        let key = format!("{session} {id}");
        let mut changes = self.changes();
        while !self.cancels.lock().unwrap().contains(&key) {
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    /// Asks a client something (`elicitation/create`). Its id, and what comes back:
    /// the result, or the error.
    pub fn ask(&self, outlet: &Outlet, params: &Value) -> (String, oneshot::Receiver<Value>) {
        let id = format!("ask-{}", self.serial());
        let (tell, answer) = oneshot::channel();
        self.asked.lock().unwrap().insert(id.clone(), tell);
        let request = json!({
            "jsonrpc": "2.0", "id": id, "method": "elicitation/create", "params": params
        });
        let _ = outlet.send(request.to_string());
        (id, answer)
    }

    /// A client answered something that was asked of it.
    pub fn answered(&self, body: &Value) {
        let id = body["id"].as_str().unwrap_or_default();
        let answer = body.get("result").or(body.get("error")).cloned();
        let answer = answer.unwrap_or_default();
        self.note(|record| record.answers.push(answer.clone()));
        if let Some(asked) = self.asked.lock().unwrap().remove(id) {
            let _ = asked.send(answer);
        }
    }

    pub fn subscribe(&self, session: &str, uri: String) {
        let subscription = (session.to_owned(), uri);
        self.subscriptions.lock().unwrap().insert(subscription);
        self.note(|record| record.subscribed += 1);
    }

    pub fn unsubscribe(&self, session: &str, uri: &str) {
        let subscription = (session.to_owned(), uri.to_owned());
        self.subscriptions.lock().unwrap().remove(&subscription);
        self.note(|record| record.unsubscribed += 1);
    }

    /// Tells every listener that the list of functions changed.
    pub fn announce(&self) {
        self.announce_list("notifications/tools/list_changed", "toolsListChanged");
    }

    /// Tells every listener who wants to know by `wish` that a list changed.
    pub fn announce_list(&self, method: &str, wish: &str) {
        self.listeners.lock().unwrap().retain(|listener| {
            let wanted = match &listener.filter {
                Some(filter) => filter[wish] == true,
                None => true,
            };
            !wanted || listener.tell(method, json!({}))
        });
    }

    /// Tells whoever watches it that a resource was updated. How many were told.
    pub fn announce_update(&self, uri: &str) -> usize {
        let subscriptions = self.subscriptions.lock().unwrap();
        let listeners = self.listeners.lock().unwrap();
        let watching = listeners.iter().filter(|listener| {
            let by_filter = listener.filter.as_ref().is_some_and(|filter| {
                let uris = filter["resourceSubscriptions"].as_array();
                uris.is_some_and(|uris| uris.contains(&json!(uri)))
            });
            let session = listener.session.clone();
            by_filter || session.is_some_and(|id| subscriptions.contains(&(id, uri.to_owned())))
        });
        let params = || json!({ "uri": uri });
        watching
            .filter(|listener| listener.tell("notifications/resources/updated", params()))
            .count()
    }

    /// Tells every listener that this was updated, whether they asked or not.
    pub fn announce_update_to_all(&self, uri: &str) {
        for listener in self.listeners.lock().unwrap().iter() {
            listener.tell("notifications/resources/updated", json!({ "uri": uri }));
        }
    }
}
