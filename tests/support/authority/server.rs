//! A running authority: its port, its thread, and what a test may do to it.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use super::{Behaviour, endpoints};

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub verb: String,
    pub path: String,
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A field of its form.
    pub fn field(&self, name: &str) -> Option<String> {
        pair(&self.body, name)
    }

    /// A parameter of its query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        pair(&self.query, name)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether `needle` is anywhere in it.
    pub fn mentions(&self, needle: &str) -> bool {
        self.path.contains(needle)
            || self.query.contains(needle)
            || self.body.contains(needle)
            || self.headers.iter().any(|(_, value)| value.contains(needle))
    }
}

fn pair(text: &str, name: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// A client that the authority knows.
#[derive(Clone, Debug)]
pub struct Known {
    pub secret: Option<String>,
    pub method: String,
    pub redirects: Vec<String>,
}

/// A code or device code that was given.
#[derive(Clone, Debug)]
pub struct Given {
    pub client: String,
    pub redirect: String,
    pub challenge: String,
    pub resource: String,
    pub scope: String,
}

pub struct Shared {
    pub behaviour: Behaviour,
    pub origin: String,
    pub seen: Mutex<Vec<Seen>>,
    pub instead: Mutex<Vec<(&'static str, super::Reply)>>,
    pub clients: Mutex<HashMap<String, Known>>,
    pub codes: Mutex<HashMap<String, Given>>,
    pub devices: Mutex<HashMap<String, Given>>,
    pub polls: Mutex<std::collections::VecDeque<&'static str>>,
    /// Access tokens that are let in.
    pub access: Mutex<HashSet<String>>,
    /// Refresh token → family; those used are in `spent`.
    pub refresh: Mutex<HashMap<String, u64>>,
    pub spent: Mutex<HashMap<String, u64>>,
    /// Paths whose answers stay here.
    pub holds: watch::Sender<HashSet<&'static str>>,
    /// How many calls have been answered, and how many answers may leave.
    calls: AtomicUsize,
    calls_out: watch::Sender<usize>,
    /// Every secret that was given away, by what it is.
    pub given: Mutex<Vec<(&'static str, String)>>,
    serial: AtomicU64,
}

impl Shared {
    pub fn serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed)
    }

    /// Remembers a secret that is given away.
    pub fn gives(&self, what: &'static str, secret: &str) {
        let secret = secret.to_owned();
        self.given.lock().unwrap().push((what, secret));
    }

    /// `{origin}` and `{other}` filled in.
    pub fn filled(&self, text: &str) -> String {
        text.replace("{origin}", &self.origin)
            .replace("{other}", &self.behaviour.other)
    }
}

/// A fake authorization server on a loopback port. Stops when dropped.
pub struct Authority {
    /// The protected MCP server.
    pub url: String,
    pub origin: String,
    shared: Arc<Shared>,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Authority {
    pub fn start(behaviour: Behaviour) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (listening, listens) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                let origin = format!("http://{}", listener.local_addr().unwrap());
                let shared = Arc::new(shared(behaviour, origin));
                listening.send(Arc::clone(&shared)).unwrap();
                let routes = Router::new().fallback(received).with_state(shared);
                tokio::select! {
                    _ = stopped => {}
                    served = axum::serve(listener, routes) => served.unwrap(),
                }
            });
        });
        let shared = listens.recv().unwrap();
        Self {
            url: format!("{}/mcp", shared.origin),
            origin: shared.origin.clone(),
            shared,
            running: Some((stop, thread)),
        }
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// The requests to a path.
    pub fn at(&self, path: &str) -> Vec<Seen> {
        self.seen()
            .into_iter()
            .filter(|seen| seen.path == path)
            .collect()
    }

    pub fn count(&self, path: &str) -> usize {
        self.at(path).len()
    }

    /// Whether an access token is let in.
    pub fn lets_in(&self, token: &str) -> bool {
        self.shared.access.lock().unwrap().contains(token)
    }

    /// Answers this at a path once, before anything else.
    pub fn instead(&self, path: &'static str, reply: super::Reply) {
        self.shared.instead.lock().unwrap().push((path, reply));
    }

    /// Forgets every client.
    pub fn forget_clients(&self) {
        self.shared.clients.lock().unwrap().clear();
    }

    /// Lets no access token in that was given until now.
    pub fn end_access(&self) {
        self.shared.access.lock().unwrap().clear();
    }

    /// From now on the token endpoint does what it is asked, and its answers stay
    /// here; or they leave again.
    pub fn hold_tokens(&self, holds: bool) {
        self.hold("/token", holds);
    }

    /// The same for any path.
    pub fn hold(&self, path: &'static str, holds: bool) {
        self.shared.holds.send_modify(|all| {
            if holds {
                all.insert(path);
            } else {
                all.remove(path);
            }
        });
    }

    /// The answers to the first so many calls that arrive from now on leave, the others
    /// stay here.
    pub fn let_calls_out(&self, more: usize) {
        let so_far = self.shared.calls.load(Ordering::Relaxed);
        self.shared
            .calls_out
            .send_replace(so_far.saturating_add(more));
    }

    /// One more answer to a call leaves, of those that stay here.
    pub fn let_another_call_out(&self) {
        self.shared.calls_out.send_modify(|out| *out += 1);
    }

    /// How many functions were called.
    pub fn calls(&self) -> usize {
        let call = |seen: &&Seen| seen.mentions("tools/call");
        self.at("/mcp").iter().filter(call).count()
    }

    /// The newest token of a kind that was given away.
    pub fn newest(&self, kind: &str) -> String {
        let all = self.secrets();
        let newest = all.iter().rfind(|(what, _)| *what == kind);
        newest.unwrap().1.clone()
    }

    /// Whether this token would be refreshed.
    pub fn refreshes_with(&self, token: &str) -> bool {
        self.shared.refresh.lock().unwrap().contains_key(token)
    }

    /// Every secret that it gave or was given, by what it is.
    pub fn secrets(&self) -> Vec<(&'static str, String)> {
        let mut all = self.shared.given.lock().unwrap().clone();
        for seen in self.shared.seen.lock().unwrap().iter() {
            let verifier = seen.field("code_verifier");
            let verifier = verifier.map(|secret| ("PKCE verifier", secret));
            let state = seen.parameter("state").map(|secret| ("state", secret));
            all.extend(verifier.into_iter().chain(state));
        }
        all
    }

    /// The refreshes that arrived.
    pub fn refreshes(&self) -> usize {
        let grant = |seen: &Seen| seen.field("grant_type").as_deref() == Some("refresh_token");
        self.at("/token").iter().filter(|seen| grant(seen)).count()
    }

    /// Ends every refresh token.
    pub fn end_sign_ins(&self) {
        self.shared.refresh.lock().unwrap().clear();
        self.shared.access.lock().unwrap().clear();
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

fn shared(behaviour: Behaviour, origin: String) -> Shared {
    let clients = behaviour.presets.iter().map(|preset| {
        let known = Known {
            secret: preset.secret.map(str::to_owned),
            method: "any".to_owned(),
            redirects: vec![preset.redirect.to_owned()],
        };
        (preset.id.to_owned(), known)
    });
    // No two authorities give away the same.
    let port = origin.rsplit(':').next().and_then(|port| port.parse().ok());
    Shared {
        clients: Mutex::new(clients.collect()),
        instead: Mutex::new(behaviour.instead.clone()),
        polls: Mutex::new(behaviour.polls.clone()),
        behaviour,
        origin,
        seen: Mutex::default(),
        codes: Mutex::default(),
        devices: Mutex::default(),
        access: Mutex::default(),
        refresh: Mutex::default(),
        spent: Mutex::default(),
        holds: watch::Sender::default(),
        calls: AtomicUsize::default(),
        calls_out: watch::Sender::new(usize::MAX),
        given: Mutex::default(),
        serial: AtomicU64::new(port.unwrap_or(0) * 1000),
    }
}

async fn received(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let seen = Seen {
        verb: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    shared.seen.lock().unwrap().push(seen.clone());
    let reply = endpoints::answer(&shared, &seen);
    // The senders are in here.
    let path = seen.path.as_str();
    let mut holds = shared.holds.subscribe();
    let _ = holds.wait_for(|all| !all.contains(path)).await;
    if seen.mentions("tools/call") {
        let turn = shared.calls.fetch_add(1, Ordering::Relaxed);
        let mut out = shared.calls_out.subscribe();
        let _ = out.wait_for(|out| turn < *out).await;
    }
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, shared.filled(&value));
    }
    response
        .body(Body::from(shared.filled(&reply.body)))
        .unwrap()
}
