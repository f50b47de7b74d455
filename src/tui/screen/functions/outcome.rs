//! What a function answered: as text, as JSON, or as the bytes of a file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ratatui::text::Line;
use serde_json::Value;

use crate::domain::Untrusted;
use crate::protocol::CallAnswer;
use crate::tui::theme::Theme;
use crate::tui::widget::server;

/// Longest text that is shown, in characters; a file takes all of it.
const SHOWN_LIMIT: usize = 200_000;

/// An answer, and how it is looked at.
#[derive(Debug)]
pub(super) struct Outcome {
    /// What came.
    pub(super) answer: CallAnswer,
    /// As JSON instead of text.
    as_json: bool,
    /// Whether the server says that it failed.
    pub(super) failed: bool,
    /// Bytes of the one part that is no text, if that is all there is.
    blob: Option<(Vec<u8>, String)>,
    text: String,
    lines: Vec<Line<'static>>,
    wrapped: Option<(Theme, usize, bool)>,
}

impl Outcome {
    /// Takes an answer in.
    pub(super) fn of(answer: CallAnswer) -> Self {
        let blob = only_blob(&answer.result);
        let failed = answer.result.get("isError") == Some(&Value::Bool(true));
        let text = as_text(&answer.result);
        Self {
            answer,
            as_json: false,
            failed,
            blob,
            text,
            lines: Vec::new(),
            wrapped: None,
        }
    }

    /// Whether it is looked at as JSON.
    pub(super) fn is_json(&self) -> bool {
        self.as_json
    }

    /// Shows it the other way.
    pub(super) fn toggle(&mut self) {
        self.as_json = !self.as_json;
    }

    /// Its lines, as they were wrapped last.
    pub(super) fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }

    /// Wraps it to so many cells, unless it is.
    pub(super) fn wrap(&mut self, theme: Theme, width: usize) {
        let wanted = (theme, width, self.as_json);
        if self.wrapped == Some(wanted) {
            return;
        }
        self.wrapped = Some(wanted);
        let json;
        let text = if self.as_json {
            json = pretty(&self.answer.result);
            &json
        } else {
            &self.text
        };
        let head: String = text.chars().take(SHOWN_LIMIT).collect();
        let cut = head.len() < text.len();
        self.lines = server::behind_gutter(theme, &Untrusted::new(head), width);
        if cut {
            let rest = text.chars().count().saturating_sub(SHOWN_LIMIT);
            self.lines.push(Line::raw(format!(
                "{rest} characters more: o writes all of it to a file"
            )));
        }
    }

    /// How the name of its file ends.
    pub(super) fn ending(&self) -> &'static str {
        match &self.blob {
            _ if self.as_json => "json",
            None => "txt",
            Some((_, kind)) => match kind.as_str() {
                "image/png" => "png",
                "image/jpeg" => "jpg",
                "image/gif" => "gif",
                "image/webp" => "webp",
                "image/svg+xml" => "svg",
                "audio/wav" | "audio/x-wav" => "wav",
                "audio/mpeg" => "mp3",
                "application/pdf" => "pdf",
                _ => "bin",
            },
        }
    }

    /// What a file gets: the blob, or what is shown, whole.
    pub(super) fn bytes(&self) -> Vec<u8> {
        if self.as_json {
            return pretty(&self.answer.result).into_bytes();
        }
        match &self.blob {
            Some((bytes, _)) => bytes.clone(),
            None => self.text.clone().into_bytes(),
        }
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn content(result: &Value) -> &[Value] {
    result
        .get("content")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn string<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// The bytes and kind of a part that is no text (MCP `ImageContent`,
/// `AudioContent`, `BlobResourceContents`).
fn blob(part: &Value) -> Option<(Vec<u8>, String)> {
    let (data, holder) = match string(part, "type")? {
        "image" | "audio" => (string(part, "data")?, part),
        "resource" => {
            let resource = part.get("resource")?;
            (string(resource, "blob")?, resource)
        }
        _ => return None,
    };
    let bytes = STANDARD.decode(data).ok()?;
    let kind = string(holder, "mimeType").unwrap_or("application/octet-stream");
    Some((bytes, kind.to_owned()))
}

fn only_blob(result: &Value) -> Option<(Vec<u8>, String)> {
    match content(result) {
        [one] => blob(one),
        _ => None,
    }
}

/// An answer as text: its texts, and a line for everything else.
fn as_text(result: &Value) -> String {
    let mut parts: Vec<String> = content(result).iter().map(part_as_text).collect();
    if let Some(structured) = result.get("structuredContent")
        && parts.is_empty()
    {
        parts.push(pretty(structured));
    }
    if parts.is_empty() {
        return "(it answered with nothing)".to_owned();
    }
    parts.join("\n")
}

fn part_as_text(part: &Value) -> String {
    let kind = string(part, "type").unwrap_or("unknown");
    if let Some((bytes, mime)) = blob(part) {
        return format!(
            "({kind}, {mime}, {} bytes: o writes it to a file)",
            bytes.len()
        );
    }
    match kind {
        "text" => string(part, "text").unwrap_or_default().to_owned(),
        "resource_link" => format!(
            "(link to a resource, not fetched: {})",
            string(part, "uri").unwrap_or_default()
        ),
        "resource" => part
            .get("resource")
            .and_then(|resource| string(resource, "text"))
            .unwrap_or("(a resource without text)")
            .to_owned(),
        _ => pretty(part),
    }
}

/// A name for the file: the function's, as far as it is fit for one.
pub(super) fn file_name(function: &Untrusted, now: u64, ending: &str) -> String {
    let stem: String = function
        .raw()
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .take(48)
        .collect();
    let stem = if stem.is_empty() { "result" } else { &stem };
    format!("{stem}-{}.{ending}", now / 1000)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(result: Value) -> Outcome {
        Outcome::of(CallAnswer {
            result,
            bytes: 10,
            duration_ms: 5,
        })
    }

    #[test]
    fn texts_are_joined_and_the_rest_is_named() {
        let outcome = outcome(json!({ "content": [
            { "type": "text", "text": "one" },
            { "type": "resource_link", "uri": "https://x.example/a" },
            { "type": "image", "mimeType": "image/png", "data": "aGk=" },
        ]}));
        assert_eq!(
            outcome.text,
            "one\n(link to a resource, not fetched: https://x.example/a)\n(image, image/png, 2 bytes: o writes it to a file)"
        );
        assert_eq!(outcome.ending(), "txt");
    }

    #[test]
    fn a_lone_picture_is_written_as_its_bytes() {
        let mut outcome = outcome(json!({ "content": [
            { "type": "image", "mimeType": "image/png", "data": "aGk=" },
        ]}));
        assert_eq!((outcome.ending(), outcome.bytes()), ("png", b"hi".to_vec()));
        outcome.toggle();
        assert_eq!(outcome.ending(), "json");
    }

    #[test]
    fn structured_content_stands_in_for_missing_text() {
        let outcome = outcome(json!({ "content": [], "structuredContent": { "a": 1 } }));
        assert_eq!(outcome.text, "{\n  \"a\": 1\n}");
    }

    #[test]
    fn a_file_name_has_nothing_of_a_path() {
        let name = file_name(&Untrusted::new("../../etc/pass\u{1b}wd"), 12_345, "txt");
        assert_eq!(name, "etcpasswd-12.txt");
        assert_eq!(file_name(&Untrusted::new("…"), 0, "txt"), "result-0.txt");
    }
}
