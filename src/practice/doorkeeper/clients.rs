//! Clients, and how they become known (RFC 7591).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use url::Url;

use super::{Doorkeeper, ROOM, Refusal, document, draw};

/// Grants that there are.
pub(super) const GRANTS: [&str; 3] = ["authorization_code", "refresh_token", super::device::GRANT];

/// Most redirect URLs of one client.
const REDIRECTS: usize = 16;

/// A client that registered.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// What it calls itself.
    pub(super) name: String,
    redirects: Vec<String>,
}

impl Known {
    /// Whether an answer may be sent there. On this machine the port may be another
    /// than the one that was registered (RFC 8252 section 7.3).
    pub(super) fn may_be_sent_to(&self, redirect: &str) -> bool {
        let wanted = local(redirect);
        self.redirects
            .iter()
            .any(|known| known == redirect || (wanted.is_some() && local(known) == wanted))
    }
}

/// A redirect URL to this machine, without its port.
fn local(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    (url.scheme() == "http" && here && url.set_port(None).is_ok()).then_some(url)
}

/// `POST /register`.
pub(super) async fn register(
    State(door): State<Arc<Doorkeeper>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let wanted: Value = serde_json::from_slice(&body)
        .map_err(|_| Refusal::new("invalid_client_metadata", "this is no JSON"))?;
    let redirects: Vec<String> = wanted
        .get("redirect_uris")
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned))
        .map(Iterator::collect)
        .unwrap_or_default();
    let fits = |text: &String| {
        let https = || Url::parse(text).is_ok_and(|url| url.scheme() == "https");
        !text.contains('#') && (local(text).is_some() || https())
    };
    if redirects.is_empty() || redirects.len() > REDIRECTS || !redirects.iter().all(fits) {
        return Err(Refusal::new(
            "invalid_redirect_uri",
            "redirect URLs are https, or http on this machine",
        ));
    }
    let name: String = wanted
        .get("client_name")
        .and_then(Value::as_str)
        .unwrap_or("somebody without a name")
        .chars()
        .take(60)
        .collect();
    let id = draw()?;
    let mut book = door.book();
    if book.clients.len() >= ROOM {
        return Err(Refusal::new(
            "temporarily_unavailable",
            "too many clients have registered; start the demo again",
        ));
    }
    let answer = json!({
        "client_id": id,
        "client_name": name,
        "redirect_uris": redirects,
        "token_endpoint_auth_method": "none",
        "grant_types": GRANTS,
        "response_types": ["code"],
    });
    book.clients.insert(id, Known { name, redirects });
    Ok(document(StatusCode::CREATED, &answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_on_this_machine_the_port_may_differ() {
        let known = Known {
            name: String::new(),
            redirects: vec![
                "http://127.0.0.1:1/callback".to_owned(),
                "https://app.example:1/callback".to_owned(),
            ],
        };
        for (redirect, may) in [
            ("http://127.0.0.1:2/callback", true),
            ("http://127.0.0.1:2/other", false),
            ("http://localhost:1/callback", false),
            ("http://127.0.0.1.evil.example:1/callback", false),
            ("https://app.example:1/callback", true),
            ("https://app.example:2/callback", false),
        ] {
            assert_eq!(known.may_be_sent_to(redirect), may, "{redirect}");
        }
    }
}
