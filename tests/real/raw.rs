//! The first message of the protocol, without a client library in between.

use std::process::Stdio;
use std::sync::Once;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use super::servers::Program;

/// How long any of this may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A handshake of the revision 2025-06-18, which all of the servers speak.
fn request() -> Value {
    json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "callboard-tests", "version": "1"},
        },
    })
}

/// Everything is on this machine: no proxy, no roots.
fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider()
            .install_default()
            .unwrap();
    });
    Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .timeout(LIMIT)
        .build()
        .unwrap()
}

async fn post(url: &str, authorization: Option<String>) -> Response {
    let mut request = client()
        .post(url)
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json, text/event-stream")
        .body(request().to_string());
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    request.send().await.unwrap()
}

/// Initializes over Streamable HTTP and returns the result.
pub(crate) async fn initialize(url: &str, authorization: Option<String>) -> Value {
    let response = post(url, authorization).await;
    assert_eq!(response.status(), StatusCode::OK);
    let streamed = response.headers()[CONTENT_TYPE]
        .to_str()
        .unwrap()
        .starts_with("text/event-stream");
    let message = if streamed {
        Events::new(response).next("message").await
    } else {
        response.text().await.unwrap()
    };
    result_of(&message)
}

/// Asserts that the server refuses, and returns its challenge.
pub(crate) async fn refusal(url: &str, authorization: Option<String>) -> String {
    let response = post(url, authorization).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let challenge = &response.headers()[WWW_AUTHENTICATE];
    challenge.to_str().unwrap().to_owned()
}

/// Initializes over HTTP+SSE: the first event names the address to post to, the
/// answer comes as another event.
pub(crate) async fn initialize_over_sse(url: &str) -> Value {
    let response = client()
        .get(url)
        .header(ACCEPT, "text/event-stream")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut events = Events::new(response);
    let endpoint = events.next("endpoint").await;
    let target = url::Url::parse(url).unwrap().join(&endpoint).unwrap();
    let accepted = post(target.as_str(), None).await;
    assert!(accepted.status().is_success(), "{}", accepted.status());
    result_of(&events.next("message").await)
}

/// Starts the program, initializes and ends it.
pub(crate) async fn initialize_over_stdio(program: &Program) -> Value {
    let mut child = Command::new(&program.command)
        .args(&program.args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let line = format!("{}\n", request());
    stdin.write_all(line.as_bytes()).await.unwrap();

    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let answer = timeout(LIMIT, lines.next_line()).await.unwrap().unwrap();
    child.kill().await.unwrap();
    result_of(&answer.unwrap())
}

/// Whether the server gave a name and settled on a revision.
pub(crate) fn names_itself(result: &Value) -> bool {
    result["serverInfo"]["name"].is_string() && result["protocolVersion"].is_string()
}

fn result_of(message: &str) -> Value {
    let message: Value = serde_json::from_str(message).unwrap();
    assert_eq!(message["id"], 1, "{message}");
    assert!(message["error"].is_null(), "{message}");
    message["result"].clone()
}

/// Reads server-sent events as far as these servers use them.
struct Events {
    response: Response,
    text: String,
}

impl Events {
    fn new(response: Response) -> Self {
        let text = String::new();
        Self { response, text }
    }

    /// The data of the next event of that name; others are passed over.
    async fn next(&mut self, name: &str) -> String {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |key: &str| {
                    let mut lines = event.lines().filter_map(|line| line.strip_prefix(key));
                    lines.next().map(|value| value.trim_start().to_owned())
                };
                let (called, data) = (field("event:"), field("data:"));
                self.text = rest.to_owned();
                if called.as_deref().unwrap_or("message") == name {
                    // A stream may open with an event that only carries an id.
                    if let Some(data) = data.filter(|data| !data.is_empty()) {
                        return data;
                    }
                }
            }
            let chunk = self.response.chunk().await.unwrap();
            let chunk = chunk.expect("the stream ended before the event came");
            self.text
                .push_str(&String::from_utf8(chunk.to_vec()).unwrap().replace('\r', ""));
        }
    }
}
