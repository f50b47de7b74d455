//! The two documents that lead to a sign-in: the protected resource's (RFC 9728)
//! and the authorization server's (RFC 8414, OpenID Connect Discovery 1.0).

pub(super) mod resource;
pub(super) mod server;

use serde_json::{Map, Value};

/// Most entries that are read of a list in a document.
const LIST_LIMIT: usize = 64;

fn text<'a>(document: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    document.get(key)?.as_str()
}

fn texts(document: &Map<String, Value>, key: &str) -> Vec<String> {
    let Some(Value::Array(list)) = document.get(key) else {
        return Vec::new();
    };
    let words = list.iter().filter_map(Value::as_str).map(str::to_owned);
    words.take(LIST_LIMIT).collect()
}
