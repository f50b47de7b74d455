//! A small HTTP server that answers by script: one request per connection, every
//! byte in the test's hand.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// What a client sent.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: HashMap<String, String>,
    pub(super) body: Value,
}

impl Asked {
    /// JSON-RPC method, or HTTP method where there is no body.
    pub(super) fn what(&self) -> &str {
        self.body["method"].as_str().unwrap_or(&self.method)
    }

    pub(super) fn id(&self) -> Value {
        self.body["id"].clone()
    }
}

/// A connection to answer on.
pub(super) struct Out(TcpStream);

impl Out {
    pub(super) async fn raw(&mut self, text: &str) {
        let _ = self.0.write_all(text.as_bytes()).await;
    }

    pub(super) async fn status(&mut self, status: u16, headers: &str, body: &str) {
        let length = body.len();
        self.raw(&format!(
            "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        ))
        .await;
    }

    pub(super) async fn json(&mut self, status: u16, headers: &str, body: &Value) {
        let headers = format!("content-type: application/json\r\n{headers}");
        self.status(status, &headers, &body.to_string()).await;
    }

    pub(super) async fn result(&mut self, asked: &Asked, result: Value) {
        let body = json!({"jsonrpc": "2.0", "id": asked.id(), "result": result});
        self.json(200, "", &body).await;
    }

    pub(super) async fn error(&mut self, status: u16, asked: &Asked, code: i32, words: &str) {
        let error = json!({"code": code, "message": words});
        let body = json!({"jsonrpc": "2.0", "id": asked.id(), "error": error});
        self.json(status, "", &body).await;
    }

    pub(super) async fn open_stream(&mut self) {
        self.raw("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/event-stream\r\n\r\n")
            .await;
    }

    pub(super) async fn event(&mut self, data: &Value) {
        self.raw(&format!("event: message\ndata: {data}\n\n")).await;
    }

    /// Waits until the client hangs up.
    pub(super) async fn hung_up(&mut self) {
        let mut rest = [0u8; 64];
        while !matches!(self.0.read(&mut rest).await, Ok(0) | Err(_)) {}
    }
}

/// A running server.
pub(super) struct Fake {
    pub(super) url: String,
    log: Arc<Mutex<Vec<Asked>>>,
    news: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Fake {
    /// Serves until it is dropped.
    pub(super) async fn serve<F, Fut>(answer: F) -> Self
    where
        F: Fn(Asked, Out) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/mcp", listener.local_addr().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let news = Arc::new(Notify::new());
        let answer = Arc::new(answer);
        let task = tokio::spawn({
            let (log, news) = (Arc::clone(&log), Arc::clone(&news));
            async move {
                let mut open = tokio::task::JoinSet::new();
                while let Ok((stream, _)) = listener.accept().await {
                    let (log, news) = (Arc::clone(&log), Arc::clone(&news));
                    let answer = Arc::clone(&answer);
                    open.spawn(async move {
                        let mut stream = stream;
                        let Some(asked) = read(&mut stream).await else {
                            return;
                        };
                        log.lock().unwrap().push(asked.clone());
                        news.notify_waiters();
                        answer(asked, Out(stream)).await;
                    });
                }
            }
        });
        Self {
            url,
            log,
            news,
            task,
        }
    }

    /// Everything that was asked, by [`Asked::what`].
    pub(super) fn log(&self) -> Vec<String> {
        let log = self.log.lock().unwrap();
        log.iter().map(|asked| asked.what().to_owned()).collect()
    }

    /// The bodies of all requests of a kind so far.
    pub(super) fn all(&self, what: &str) -> Vec<Value> {
        let log = self.log.lock().unwrap();
        let of_kind = log.iter().filter(|asked| asked.what() == what);
        of_kind.map(|asked| asked.body.clone()).collect()
    }

    /// The first request of a kind, waited for.
    pub(super) async fn asked(&self, what: &str) -> Asked {
        loop {
            let news = self.news.notified();
            let found = {
                let log = self.log.lock().unwrap();
                log.iter().find(|asked| asked.what() == what).cloned()
            };
            match found {
                Some(asked) => return asked,
                None => super::within(news).await,
            }
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut whole = Vec::new();
    let mut chunk = [0u8; 4096];
    let head = loop {
        if let Some(end) = whole.windows(4).position(|w| w == b"\r\n\r\n") {
            break end;
        }
        let n = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
        whole.extend_from_slice(&chunk[..n]);
    };
    let text = String::from_utf8(whole[..head].to_vec()).ok()?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: HashMap<_, _> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers
        .get("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    while whole.len() < head + 4 + length {
        let n = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
        whole.extend_from_slice(&chunk[..n]);
    }
    let body = serde_json::from_slice(&whole[head + 4..]).unwrap_or(Value::Null);
    Some(Asked {
        method,
        path,
        headers,
        body,
    })
}

pub(super) fn tool(name: &str) -> Value {
    json!({"name": name, "inputSchema": {"type": "object"}, "vendor": {"kept": true}})
}

pub(super) fn text(words: &str) -> Value {
    json!({"content": [{"type": "text", "text": words}], "vendor": 1})
}

/// Answers what every legacy server must; gives back what is left.
pub(super) async fn legacy(asked: Asked, mut out: Out) -> Option<(Asked, Out)> {
    match asked.what() {
        "server/discover" => out.error(400, &asked, -32600, "no session").await,
        "initialize" => {
            let result = json!({
                "protocolVersion": "2025-06-18",
                "capabilities": {"tools": {"listChanged": true}},
                "serverInfo": {"name": "old", "version": "1"},
                "instructions": "be kind",
            });
            let body = json!({"jsonrpc": "2.0", "id": asked.id(), "result": result});
            out.json(200, "mcp-session-id: s1\r\n", &body).await;
        }
        what if what.starts_with("notifications/") => out.status(202, "", "").await,
        "tools/list" => out.result(&asked, json!({"tools": [tool("echo")]})).await,
        "DELETE" => out.status(200, "", "").await,
        "GET" => out.status(405, "", "").await,
        _ => return Some((asked, out)),
    }
    None
}

/// Answers what every modern server must; gives back what is left.
pub(super) async fn modern(asked: Asked, mut out: Out) -> Option<(Asked, Out)> {
    match asked.what() {
        "server/discover" => {
            let result = json!({
                "resultType": "complete",
                "supportedVersions": ["2026-07-28"],
                "capabilities": {"tools": {}},
                "ttlMs": 0,
                "cacheScope": "private",
                "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "new", "version": "2"}},
            });
            out.result(&asked, result).await;
        }
        "tools/list" => {
            let result = json!({
                "resultType": "complete", "tools": [tool("echo")], "ttlMs": 0, "cacheScope": "private",
            });
            out.result(&asked, result).await;
        }
        "initialize" => out.error(400, &asked, -32601, "modern only").await,
        _ => return Some((asked, out)),
    }
    None
}
