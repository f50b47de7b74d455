//! What a server saw.

use serde_json::Value;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// HTTP method.
    pub verb: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body as JSON; null where it is none.
    pub body: Value,
}

impl Request {
    /// The first header of that name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The JSON-RPC method, or the HTTP method and path where there is none.
    pub fn method(&self) -> String {
        match self.body["method"].as_str() {
            Some(method) => method.to_owned(),
            None => format!("{} {}", self.verb, self.path),
        }
    }

    /// The JSON-RPC id of a request that wants an answer.
    pub fn id(&self) -> Option<&Value> {
        self.body
            .get("id")
            .filter(|_| self.body["method"].is_string())
    }

    /// What `tools/call` names.
    pub fn function(&self) -> Option<&str> {
        self.body["params"]["name"].as_str()
    }

    /// Whether `needle` is anywhere in it: path, headers or body.
    pub fn mentions(&self, needle: &str) -> bool {
        self.path.contains(needle)
            || self.headers.iter().any(|(_, value)| value.contains(needle))
            || self.body.to_string().contains(needle)
    }
}

/// Everything a server saw since it was started; survives `stop` and `restart`.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Connections accepted, before any TLS handshake.
    pub connections: usize,
    /// Requests in order of arrival.
    pub requests: Vec<Request>,
    /// Ids of requests the client cancelled: by `notifications/cancelled`, or by
    /// closing the stream of a running call (which means the same in the modern
    /// era, and only a lost stream in the legacy one).
    pub cancelled: Vec<Value>,
    /// Ids of calls whose stream was closed before the answer.
    pub abandoned: Vec<Value>,
    /// Calls that wait for [`release`](super::FakeServer::release) now.
    pub waiting: usize,
    /// Streams open now that carry list changes.
    pub listeners: usize,
    /// Subscriptions to resources that were made, and that were taken back: counted when
    /// it is done, not when it was asked for.
    pub subscribed: usize,
    pub unsubscribed: usize,
    /// What the client answered to requests of the server's own.
    pub answers: Vec<Value>,
    /// Sessions the client ended with DELETE.
    pub deleted_sessions: usize,
}

impl Record {
    /// How many requests had this JSON-RPC method (or `VERB /path`).
    pub fn count(&self, method: &str) -> usize {
        self.requests
            .iter()
            .filter(|request| request.method() == method)
            .count()
    }
}
