//! A client that knows just enough MCP to see what a fake does.

use std::sync::Once;
use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::fake::{Era, FakeServer, authority_pem};

/// A plain client for one server.
pub struct Client {
    pub http: reqwest::Client,
    pub url: String,
    pub session: Option<String>,
    pub headers: Vec<(String, String)>,
    modern: bool,
    id: i64,
}

impl Client {
    pub fn modern(server: &FakeServer) -> Self {
        Self::new(&server.url, true)
    }

    /// A client that has been through `initialize`.
    pub async fn legacy(server: &FakeServer) -> Self {
        let mut client = Self::new(&server.url, false);
        let response = client.send("initialize", initialize()).await.unwrap();
        client.session = response
            .headers()
            .get("mcp-session-id")
            .map(|id| id.to_str().unwrap().to_owned());
        client
    }

    pub fn new(url: &str, modern: bool) -> Self {
        Self {
            http: http(),
            url: url.to_owned(),
            session: None,
            headers: Vec::new(),
            modern,
            id: 0,
        }
    }

    /// Sends a request and returns what came back.
    pub async fn send(&mut self, method: &str, params: Value) -> reqwest::Result<Response> {
        self.request(method, params).send().await
    }

    /// The result of a request, by JSON or by the last event.
    pub async fn result(&mut self, method: &str, params: Value) -> Value {
        let response = self.send(method, params).await.unwrap();
        last_message(&response.text().await.unwrap())["result"].take()
    }

    pub async fn call(&mut self, name: &str, arguments: Value) -> Value {
        self.result(
            "tools/call",
            json!({ "name": name, "arguments": arguments }),
        )
        .await
    }

    /// The names on the first page.
    pub async fn names(&mut self) -> Vec<String> {
        let result = self.result("tools/list", json!({})).await;
        let tools = result["tools"].as_array().unwrap();
        tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    }

    pub fn request(&mut self, method: &str, mut params: Value) -> RequestBuilder {
        self.id += 1;
        let mut builder = self
            .http
            .post(&self.url)
            .header("accept", "application/json, text/event-stream");
        if self.modern {
            params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!(Era::MODERN);
            params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
            builder = builder
                .header("mcp-protocol-version", Era::MODERN)
                .header("mcp-method", method);
            if let Some(name) = params["name"].as_str() {
                builder = builder.header("mcp-name", name);
            }
        }
        if let Some(session) = &self.session {
            builder = builder.header("mcp-session-id", session);
        }
        for (name, value) in &self.headers {
            builder = builder.header(name, value);
        }
        let mut message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
        if !method.starts_with("notifications/") {
            message["id"] = json!(self.id);
        }
        builder.json(&message)
    }

    /// Opens the stream of the session.
    pub async fn listen(&self) -> Events {
        let mut builder = self
            .http
            .get(&self.url)
            .header("accept", "text/event-stream");
        if let Some(session) = &self.session {
            builder = builder.header("mcp-session-id", session);
        }
        Events::new(builder.send().await.unwrap())
    }
}

pub fn initialize() -> Value {
    json!({
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": { "name": "test", "version": "0" }
    })
}

fn last_message(text: &str) -> Value {
    let last = text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("data: "));
    serde_json::from_str(last.unwrap_or(text)).unwrap()
}

/// The `data` of events, one after the other.
pub struct Events {
    response: Response,
    buffer: String,
}

impl Events {
    pub fn new(response: Response) -> Self {
        Self {
            response,
            buffer: String::new(),
        }
    }

    /// The next event as text; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((event, rest)) = self.buffer.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                let data = data.unwrap_or_default().to_owned();
                self.buffer = rest.to_owned();
                return Some(data);
            }
            let chunk = self.response.chunk().await.ok()??;
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    pub async fn json(&mut self) -> Value {
        serde_json::from_str(&self.next().await.unwrap()).unwrap()
    }
}

/// Follows no redirect, trusts the authority of the fakes, gives up after 10 s.
pub fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let authority = reqwest::Certificate::from_pem(authority_pem().as_bytes()).unwrap();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .tls_certs_only([authority])
        .build()
        .unwrap()
}
