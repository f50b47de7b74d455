//! What a body says.

use serde_json::{Map, Value};

use super::probe::{Content, Response};
use crate::domain::{Fault, Untrusted};

/// What a server said in answer to a request.
#[derive(Debug)]
pub(super) enum Said {
    /// A JSON-RPC result.
    Result(Map<String, Value>),
    /// A JSON-RPC error.
    Error {
        code: i64,
        message: Untrusted,
        data: Value,
    },
    /// JSON-RPC under a media type that says something else.
    WrongType(Untrusted),
    /// JSON, but no answer to the request.
    Json,
    /// A web page.
    Page(Option<Untrusted>),
    /// A named event that is no message.
    Event(String, String),
    /// Nothing at all.
    Nothing,
    /// Something else, of this media type.
    Other(Untrusted),
    /// More than is read.
    TooLarge,
    /// It did not come to an end.
    Unfinished,
    /// It broke off.
    Cut(Fault),
}

/// Reads an answer to the request `id`.
pub(super) fn read(response: Response, id: u64) -> Said {
    let media_type = response.media_type();
    match response.content {
        Content::TooLarge => Said::TooLarge,
        Content::Unfinished => Said::Unfinished,
        Content::Cut(fault) => Said::Cut(fault),
        Content::Event { name, data } if name == "message" => match serde_json::from_str(&data) {
            Ok(value) => message(value, id).unwrap_or(Said::Json),
            Err(_) => Said::Event(name, data),
        },
        Content::Event { name, data } => Said::Event(name, data),
        Content::Document(body) => document(&media_type, &body, id),
    }
}

fn document(media_type: &str, body: &[u8], id: u64) -> Said {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Said::Nothing;
    }
    if is_page(media_type, body) {
        return Said::Page(title(body));
    }
    let is_json = media_type == "application/json" || media_type.ends_with("+json");
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return Said::Other(Untrusted::new(media_type));
    };
    match message(value, id) {
        Some(said) if is_json => said,
        Some(_) => Said::WrongType(Untrusted::new(media_type)),
        None if is_json => Said::Json,
        None => Said::Other(Untrusted::new(media_type)),
    }
}

/// Whether a JSON text is a JSON-RPC answer to the request `id`. The driver asks
/// this of each event of a stream.
pub(super) fn answers(data: &str, id: u64) -> bool {
    serde_json::from_str(data).is_ok_and(|value| message(value, id).is_some())
}

/// The answer to `id` in a message, or in a batch of them (MCP 2025-03-26).
fn message(value: Value, id: u64) -> Option<Said> {
    match value {
        Value::Array(batch) => batch.into_iter().take(16).find_map(|one| match one {
            Value::Object(object) => single(object, id),
            _ => None,
        }),
        Value::Object(object) => single(object, id),
        _ => None,
    }
}

fn single(mut object: Map<String, Value>, id: u64) -> Option<Said> {
    if object.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return None;
    }
    let ours = object.get("id").and_then(Value::as_u64) == Some(id);
    // An error about a request that could not be read has no id (JSON-RPC 2.0
    // section 5), and servers answer unknown methods so.
    let nobodys = object.get("id").is_none_or(Value::is_null);
    if let Some(Value::Object(error)) = object.get("error") {
        return (ours || nobodys).then(|| Said::Error {
            code: error
                .get("code")
                .and_then(Value::as_i64)
                .unwrap_or_default(),
            message: Untrusted::new(
                error
                    .get("message")
                    .and_then(Value::as_str)
                    .unwrap_or_default(),
            ),
            data: error.get("data").cloned().unwrap_or_default(),
        });
    }
    match object.remove("result") {
        Some(Value::Object(result)) if ours => Some(Said::Result(result)),
        _ => None,
    }
}

fn is_page(media_type: &str, body: &[u8]) -> bool {
    if matches!(media_type, "text/html" | "application/xhtml+xml") {
        return true;
    }
    let start: Vec<u8> = body
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take(14)
        .collect();
    let start = start.to_ascii_lowercase();
    (media_type.is_empty() || media_type == "text/plain")
        && (start.starts_with(b"<!doctype html") || start.starts_with(b"<html"))
}

/// The text of a page's `<title>`, blanks folded.
fn title(body: &[u8]) -> Option<Untrusted> {
    let page = String::from_utf8_lossy(body);
    let small = page.to_ascii_lowercase();
    let open = small.find("<title")?;
    let begin = open + small.get(open..)?.find('>')? + 1;
    let end = begin + small.get(begin..)?.find("</title")?;
    let words: Vec<&str> = page.get(begin..end)?.split_whitespace().collect();
    (!words.is_empty()).then(|| Untrusted::new(words.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(media_type: &str, body: &str) -> Said {
        document(media_type, body.as_bytes(), 1)
    }

    #[test]
    fn a_body_is_called_what_it_is() {
        let result = r#"{"jsonrpc":"2.0","id":1,"result":{"a":1}}"#;
        assert!(matches!(
            read_as("application/json", result),
            Said::Result(_)
        ));
        assert!(matches!(read_as("text/plain", result), Said::WrongType(_)));
        assert!(matches!(
            read_as("application/json", &format!("[{result}]")),
            Said::Result(_)
        ));
        assert!(matches!(
            read_as(
                "application/json",
                r#"{"jsonrpc":"2.0","id":2,"result":{}}"#
            ),
            Said::Json
        ));
        assert!(matches!(
            read_as("application/json", r#"{"jsonrpc":"2.0","id":1,"result":7}"#),
            Said::Json
        ));
        assert!(matches!(
            read_as(
                "application/json",
                r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"x"}}"#
            ),
            Said::Error { code: -32601, .. }
        ));
        assert!(matches!(
            read_as("application/problem+json", r#"{"error":"x"}"#),
            Said::Json
        ));
        assert!(matches!(read_as("application/json", "{"), Said::Other(_)));
        assert!(matches!(read_as("", " \n"), Said::Nothing));
        assert!(matches!(
            read_as("", "<!DOCTYPE html><p>"),
            Said::Page(None)
        ));
        assert!(matches!(read_as("image/png", "PNG"), Said::Other(_)));
    }

    #[test]
    fn deep_json_is_not_followed_down() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(read_as("application/json", &deep), Said::Other(_)));
    }

    #[test]
    fn a_pages_title_is_found_whatever_its_case() {
        let page = "<HTML><head><Title lang=en>\n Sign   in\u{202e} \n</TITLE>";
        let Said::Page(Some(title)) = read_as("text/html", page) else {
            panic!("a page")
        };
        assert_eq!(title.raw(), "Sign in\u{202e}");
        assert!(matches!(
            read_as("text/html", "<title></title>"),
            Said::Page(None)
        ));
        assert!(matches!(
            read_as("text/html", "<title>never closed"),
            Said::Page(None)
        ));
    }
}
