//! Asks an MCP server what it wants, where nobody has been refused yet.

use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, WWW_AUTHENTICATE};
use serde_json::json;
use tokio::time::timeout;
use url::Url;

use super::ask::{Asker, cut};
use super::request::Request;
use super::trail::Trail;
use crate::domain::{Exchange, Untrusted};
use crate::mcp::challenge::{Challenge, find, read_challenges};
use crate::mcp::detect::MODERN_VERSION;

/// How long a server may think about it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The Bearer challenge of a server (RFC 6750 section 3, RFC 9728 section 5.1). It is
/// asked for something that opens no session, and the body is left unread: an open
/// server may answer with a stream that never ends. `None` where there is no challenge,
/// or no answer: the well-known places come next.
pub(super) async fn challenge_of(
    asker: &Asker<'_>,
    server: &Url,
    trail: &mut Trail<'_>,
) -> Option<Challenge> {
    let client = asker.network.client(asker.options).ok()?;
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": MODERN_VERSION,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo":
                { "name": "callboard", "version": env!("CARGO_PKG_VERSION") },
        }
    } });
    let mut bare = server.clone();
    // A query may be a key.
    bare.set_query(None);
    let shown = Request::json(&bare, body.clone());
    let asked = client
        .post(server.clone())
        .header(ACCEPT, "application/json, text/event-stream")
        .header(CONTENT_TYPE, "application/json")
        .header("mcp-protocol-version", MODERN_VERSION)
        .header("mcp-method", "server/discover")
        .body(body.to_string())
        .send();
    let response = timeout(PATIENCE, asked).await.ok()?.ok()?;
    let status = response.status().as_u16();
    let values: Vec<String> = response
        .headers()
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect();
    let challenges = read_challenges(values.iter().map(String::as_str));
    let found = find(&challenges, "bearer").filter(|_| matches!(status, 401 | 403));
    trail.note(Exchange {
        request: format!("{} server/discover", shown.shown()),
        answer: Untrusted::new(format!("{status} {}", cut(&values.join(", ")))),
        means: match found {
            Some(_) => "it wants a Bearer token and says more".to_owned(),
            None => "it says nothing about tokens".to_owned(),
        },
        curl: shown.curl(),
    });
    found.cloned()
}
