//! How a request and its answer are told in one line.

use serde_json::Value;

use super::probe::{Probe, Response};
use super::said::Said;
use super::verdict::status_text;
use crate::domain::Untrusted;

/// Longest quote of an answer, in characters.
const QUOTE_LIMIT: usize = 300;

/// A request: method, path and, of a POST, what is asked. Another host's documents
/// are named whole; a query never is.
pub(super) fn question(probe: &Probe) -> String {
    let path = probe.url.path();
    let place = match probe.body {
        Some(_) => path.to_owned(),
        None if path.contains("/.well-known/") => {
            format!("{}{path}", probe.url.origin().ascii_serialization())
        }
        None => path.to_owned(),
    };
    let body = probe
        .body
        .as_deref()
        .and_then(|body| serde_json::from_slice::<Value>(body).ok());
    let place: String = place.chars().take(QUOTE_LIMIT).collect();
    match body
        .as_ref()
        .and_then(|body| body.get("method"))
        .and_then(Value::as_str)
    {
        Some(method) => format!("{} {place} {method}", probe.method),
        None => format!("{} {place}", probe.method),
    }
}

/// An answer: status and the header that says most.
pub(super) fn brief(response: &Response) -> Untrusted {
    let mut brief = status_text(response.status);
    let said = match response.status {
        401 | 403 => {
            let values = response.headers.get_all("www-authenticate");
            let values: Vec<_> = values
                .iter()
                .map(|one| String::from_utf8_lossy(one.as_bytes()))
                .collect();
            match values.is_empty() {
                true => "no WWW-Authenticate".to_owned(),
                false => format!("WWW-Authenticate: {}", values.join(", ")),
            }
        }
        300..=399 => {
            let place = response.header("location").unwrap_or("nowhere");
            format!("Location: {}", place.split('?').next().unwrap_or_default())
        }
        _ => response.media_type(),
    };
    if !said.is_empty() {
        brief.push_str(", ");
        brief.extend(said.chars().take(QUOTE_LIMIT));
    }
    Untrusted::new(brief)
}

/// The same with the JSON-RPC error that was in it.
pub(super) fn with_error(brief: Untrusted, said: &Said) -> Untrusted {
    let Said::Error { code, message, .. } = said else {
        return brief;
    };
    let message: String = message.raw().chars().take(QUOTE_LIMIT).collect();
    Untrusted::new(format!("{}: {code} {message}", brief.raw()))
}
