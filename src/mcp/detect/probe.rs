//! What detection asks for, and what it is told: plain data.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use crate::domain::{Detection, Fault};
use crate::mcp::network::DOCUMENT_LIMIT;

/// The newest version of the modern family that callboard speaks.
pub const MODERN_VERSION: &str = "2026-07-28";

/// The versions of the legacy family, newest first.
pub const LEGACY_VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// The version of a server on the deprecated HTTP+SSE transport.
pub(super) const SSE_VERSION: &str = "2024-11-05";

/// Most requests that one detection sends.
pub const REQUEST_LIMIT: usize = 16;

/// Most redirects followed, all of them on one origin.
pub const REDIRECT_LIMIT: usize = 5;

/// What the detector wants done.
#[derive(Debug)]
pub enum Effect {
    /// Send this and bring the answer back.
    Send(Box<Probe>),
    /// The conclusion.
    Done(Box<Result<Detection, Fault>>),
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// Headers, `Accept` and `Content-Type` included.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Option<Bytes>,
    /// What to read of the answer.
    pub wants: Wants,
    /// How much and how long.
    pub limits: Limits,
}

/// What is to be read of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// The body, or of an event stream the first message that answers this
    /// request id.
    Reply(u64),
    /// Of an event stream its first event; otherwise the body.
    FirstEvent,
    /// The body.
    Document,
    /// Status and headers alone.
    Status,
}

/// Limits of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until the answer's headers.
    pub first_byte: Duration,
    /// Until the end of what is wanted.
    pub total: Duration,
    /// Most bytes of body read.
    pub bytes: usize,
}

impl Limits {
    /// Of a request to the server itself. An answer may hold instructions and a
    /// list, which are longer than a document about it.
    pub const SERVER: Self = Self {
        first_byte: Duration::from_secs(15),
        total: Duration::from_secs(25),
        bytes: 16 * DOCUMENT_LIMIT,
    };
    /// Of the wait for a first event.
    pub const EVENTS: Self = Self {
        first_byte: Duration::from_secs(10),
        total: Duration::from_secs(10),
        bytes: DOCUMENT_LIMIT,
    };
    /// Of OAuth metadata.
    pub const METADATA: Self = Self {
        first_byte: Duration::from_secs(10),
        total: Duration::from_secs(10),
        bytes: DOCUMENT_LIMIT,
    };
}

/// What came back.
#[derive(Debug)]
pub enum Answer {
    /// The server answered.
    Response(Response),
    /// It could not be asked, or did not answer.
    Failed(Fault),
}

/// An answer of the server.
#[derive(Debug)]
pub struct Response {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// What was read of the body.
    pub content: Content,
    /// When it came.
    pub at: Timestamp,
}

/// What was read of a body.
#[derive(Debug)]
pub enum Content {
    /// All of it, or of a web page its beginning.
    Document(Bytes),
    /// The event that was waited for.
    Event {
        /// Its name; `message` where it has none.
        name: String,
        /// Its data.
        data: String,
    },
    /// More came than the limit.
    TooLarge,
    /// It did not end, or the event did not come, in time.
    Unfinished,
    /// The connection broke in the middle.
    Cut(Fault),
}

impl Response {
    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The media type in lower case, without its parameters.
    pub(super) fn media_type(&self) -> String {
        let whole = self.header("content-type").unwrap_or_default();
        let bare = whole.split(';').next().unwrap_or_default();
        bare.trim().to_ascii_lowercase()
    }
}

const BOTH: &str = "application/json, text/event-stream";

fn post(url: &Url, body: &Value, wants: Wants, more: Vec<(&'static str, String)>) -> Probe {
    let mut headers = vec![
        ("accept", BOTH.to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    headers.extend(more);
    Probe {
        method: Method::POST,
        url: url.clone(),
        headers,
        body: Some(Bytes::from(body.to_string())),
        wants,
        limits: Limits::SERVER,
    }
}

fn client_info() -> Value {
    json!({"name": "callboard", "version": env!("CARGO_PKG_VERSION")})
}

/// A request of the modern family: everything about it is in it
/// (MCP 2026-07-28, basic/versioning).
pub(super) fn modern(url: &Url, method: &str, id: u64) -> Probe {
    let body = json!({
        "jsonrpc": "2.0",
        "id": id,
        "method": method,
        "params": {"_meta": {
            "io.modelcontextprotocol/protocolVersion": MODERN_VERSION,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": client_info(),
        }},
    });
    let headers = vec![
        ("mcp-protocol-version", MODERN_VERSION.to_owned()),
        ("mcp-method", method.to_owned()),
    ];
    post(url, &body, Wants::Reply(id), headers)
}

/// The handshake of the legacy family.
pub(super) fn initialize(url: &Url, version: &str, id: u64) -> Probe {
    let body = json!({
        "jsonrpc": "2.0",
        "id": id,
        "method": "initialize",
        "params": {"protocolVersion": version, "capabilities": {}, "clientInfo": client_info()},
    });
    post(url, &body, Wants::Reply(id), Vec::new())
}

/// What belongs to a legacy session once it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    pub(super) id: Option<String>,
    pub(super) version: String,
}

impl Session {
    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("mcp-protocol-version", self.version.clone())];
        headers.extend(self.id.clone().map(|id| ("mcp-session-id", id)));
        headers
    }

    pub(super) fn initialized(&self, url: &Url) -> Probe {
        let body = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        post(url, &body, Wants::Status, self.headers())
    }

    pub(super) fn list(&self, url: &Url, id: u64) -> Probe {
        let body = json!({"jsonrpc": "2.0", "id": id, "method": "tools/list", "params": {}});
        post(url, &body, Wants::Reply(id), self.headers())
    }

    /// Ends the session: a detection leaves none behind.
    pub(super) fn delete(&self, url: &Url) -> Probe {
        Probe {
            method: Method::DELETE,
            url: url.clone(),
            headers: self.headers(),
            body: None,
            wants: Wants::Status,
            limits: Limits::METADATA,
        }
    }
}

/// Opens the stream of a server on HTTP+SSE.
pub(super) fn events(url: &Url) -> Probe {
    Probe {
        method: Method::GET,
        url: url.clone(),
        headers: vec![("accept", "text/event-stream".to_owned())],
        body: None,
        wants: Wants::FirstEvent,
        limits: Limits::EVENTS,
    }
}

/// Reads a document of OAuth metadata.
pub(super) fn document(url: &Url) -> Probe {
    Probe {
        method: Method::GET,
        url: url.clone(),
        headers: vec![("accept", "application/json".to_owned())],
        body: None,
        wants: Wants::Document,
        limits: Limits::METADATA,
    }
}
