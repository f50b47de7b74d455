//! A running fake server: its port, its thread, and what a test may do to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::conversation;
use super::record::{Record, Request};
use super::shared::Shared;
use super::wire::{Connection, Stream};
use super::{Behaviour, Function, Holds, Misbehaviour, Offers, Wire, tls};

/// How long a test waits for something before it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A fake MCP server on a loopback port. Stops when dropped.
pub struct FakeServer {
    /// Where clients connect: the MCP endpoint, or the SSE stream.
    pub url: String,
    shared: Arc<Shared>,
    address: SocketAddr,
    running: Option<Running>,
    /// Keeps the port, also while nothing listens there.
    _reserved: TcpSocket,
    elsewhere: Option<Box<Self>>,
}

struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl FakeServer {
    /// Starts a server and returns when it listens.
    pub fn start(behaviour: Behaviour) -> Self {
        let misbehaviour = behaviour.misbehaviour.map(|(misbehaviour, _)| misbehaviour);
        let elsewhere = misbehaviour
            .is_some_and(Misbehaviour::leads_elsewhere)
            .then(|| Box::new(Self::start(Behaviour::modern())));
        let socket = reserve(SocketAddr::from(([127, 0, 0, 1], 0)));
        let address = socket.local_addr().unwrap();
        let tls = behaviour.tls.is_some() || misbehaviour == Some(Misbehaviour::TlsGarbage);
        let origin = format!("{}://{address}", if tls { "https" } else { "http" });
        let path = match behaviour.wire {
            Wire::Streamable => "mcp",
            Wire::Sse => "sse",
        };
        let other = elsewhere.as_ref().map(|server| server.url.clone());
        let mut server = Self {
            url: format!("{origin}/{path}"),
            shared: Arc::new(Shared::new(behaviour, origin, other)),
            address,
            running: None,
            _reserved: socket,
            elsewhere,
        };
        if misbehaviour != Some(Misbehaviour::RefusesConnection) {
            server.restart();
        }
        server
    }

    /// Closes the port and every connection. The port stays reserved.
    pub fn stop(&mut self) {
        let Some(running) = self.running.take() else {
            return;
        };
        let _ = running.stop.send(());
        running.thread.join().unwrap();
        self.shared.kill_sessions();
        self.shared.listeners.lock().unwrap().clear();
        self.shared.note(|record| {
            record.waiting = 0;
            record.listeners = 0;
        });
    }

    /// Listens again on the same port. Sessions are gone, the record stays.
    pub fn restart(&mut self) {
        self.stop();
        let socket = reserve(self.address);
        let shared = Arc::clone(&self.shared);
        let (stop, stopped) = oneshot::channel();
        let (listening, listens) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = socket.listen(1024).unwrap();
                listening.send(()).unwrap();
                tokio::select! {
                    _ = stopped => {}
                    () = accept(listener, shared) => {}
                }
            });
        });
        listens.recv().unwrap();
        self.running = Some(Running { stop, thread });
    }

    /// `http://127.0.0.1:port`, or `https`.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The second server of a [`Misbehaviour`] that leads there.
    pub fn elsewhere(&self) -> &Self {
        self.elsewhere.as_deref().unwrap()
    }

    /// Offers other functions from now on and tells every listener.
    pub fn set_functions(&self, functions: Vec<Function>) {
        self.set_functions_silently(functions);
        self.shared.announce();
    }

    /// Offers other functions from now on and tells nobody.
    pub fn set_functions_silently(&self, functions: Vec<Function>) {
        *self.shared.functions.lock().unwrap() = functions;
    }

    /// Tells every listener that the list changed.
    pub fn announce(&self) {
        self.shared.announce();
    }

    /// Changes what a text resource holds, and tells whoever watches it. Returns how
    /// many were told.
    pub fn set_text(&self, uri: &str, text: &str) -> usize {
        self.set_text_silently(uri, text);
        self.shared.announce_update(uri)
    }

    /// Changes what a text resource holds and tells nobody.
    pub fn set_text_silently(&self, uri: &str, text: &str) {
        let mut offers = self.shared.offers.lock().unwrap();
        let mut resources = offers.resources.iter_mut();
        let found = resources.find(|resource| resource.uri() == uri);
        found.unwrap().holds = Holds::Text(text.to_owned());
    }

    /// Tells every listener that a resource was updated, whether they asked or not.
    pub fn announce_update_to_all(&self, uri: &str) {
        self.shared.announce_update_to_all(uri);
    }

    /// Offers other resources and prompts from now on and tells every listener.
    pub fn set_offers(&self, offers: Offers) {
        *self.shared.offers.lock().unwrap() = offers;
        let lists = [
            ("resources", "resourcesListChanged"),
            ("prompts", "promptsListChanged"),
        ];
        for (list, wish) in lists {
            let method = format!("notifications/{list}/list_changed");
            self.shared.announce_list(&method, wish);
        }
    }

    /// Ends every open stream; sessions stay.
    pub fn cut_streams(&self) {
        self.shared.listeners.lock().unwrap().clear();
    }

    /// Lets one slow call end, the one that waits or the next to come.
    pub fn release(&self) {
        self.shared.gate.add_permits(1);
    }

    /// Asks every client that listens, while nothing of it was called.
    pub fn ask_outside(&self) {
        let form = serde_json::json!({ "message": "Psst", "requestedSchema": {
            "type": "object", "properties": { "a": { "type": "string" } }
        } });
        for listener in self.shared.listeners.lock().unwrap().iter() {
            let _ = self.shared.ask(&listener.outlet, &form);
        }
    }

    /// Forgets every legacy session: the next request of each gets 404.
    pub fn kill_sessions(&self) {
        self.shared.kill_sessions();
    }

    /// How many requests had this JSON-RPC method (or `VERB /path`).
    pub fn count(&self, method: &str) -> usize {
        self.shared.record().count(method)
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.record().requests.clone()
    }

    /// Ids of the requests that were cancelled.
    pub fn cancelled(&self) -> Vec<Value> {
        self.shared.record().cancelled.clone()
    }

    /// Everything seen so far.
    pub fn record(&self) -> Record {
        self.shared.record().clone()
    }

    /// Waits until the record satisfies `predicate`; fails after 30 s.
    pub async fn wait_for(&self, predicate: impl Fn(&Record) -> bool) {
        let mut changes = self.shared.changes();
        let wait = async {
            while !predicate(&self.shared.record()) {
                changes.changed().await.unwrap();
            }
        };
        if tokio::time::timeout(PATIENCE, wait).await.is_err() {
            panic!("waited in vain: {}", self.summary());
        }
    }

    /// The same for a test that is not async.
    pub fn wait_for_blocking(&self, predicate: impl Fn(&Record) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        let mut record = self.shared.record();
        while !predicate(&record) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(record);
                panic!("waited in vain: {}", self.summary());
            }
            record = self.shared.condvar().wait_timeout(record, left).unwrap().0;
        }
    }

    fn summary(&self) -> String {
        let record = self.shared.record();
        let methods: Vec<String> = record.requests.iter().map(Request::method).collect();
        format!(
            "{} connections, {} listeners, {} waiting, cancelled {:?}, abandoned {:?}, requests {methods:?}",
            record.connections,
            record.listeners,
            record.waiting,
            record.cancelled,
            record.abandoned
        )
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let _ = running.stop.send(());
            let _ = running.thread.join();
        }
    }
}

/// A socket that has the port and does not listen: connecting is refused. Another one
/// may share it, so that it is never free for a moment, in which somebody's connection
/// would get it.
fn reserve(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let acceptor = shared.behaviour.tls.map(tls::acceptor);
    while let Ok((stream, _)) = listener.accept().await {
        shared.note(|record| record.connections += 1);
        // A fake that waits for delayed acknowledgements would measure Nagle.
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        let acceptor: Option<TlsAcceptor> = acceptor.clone();
        tokio::spawn(async move {
            let stream: Box<dyn Stream> = match acceptor {
                None => Box::new(stream),
                Some(acceptor) => match acceptor.accept(stream).await {
                    Ok(stream) => Box::new(stream),
                    Err(_) => return,
                },
            };
            // An error here is a client that went away.
            let _ = conversation::hold(Connection::new(stream), &shared).await;
        });
    }
}
