//! What a server sent when it was read, as text behind the gutter.

use ratatui::text::Line;
use serde_json::Value;

use crate::domain::{Timestamp, Untrusted};
use crate::protocol::Reading;
use crate::tui::theme::Theme;
use crate::tui::widget::server;

/// Longest text that is shown, in characters.
const LONGEST: usize = 200_000;

/// See the module.
#[derive(Debug)]
pub(super) struct Content {
    /// When it was read.
    pub(super) at: Timestamp,
    /// Its size on the wire, in bytes.
    pub(super) bytes: u64,
    /// First line on the screen.
    pub(super) top: usize,
    text: Untrusted,
    /// Characters that are not shown.
    cut: usize,
}

impl Content {
    /// What came at a moment.
    pub(super) fn of(reading: Reading, at: Timestamp) -> Self {
        let text = as_text(&reading.result);
        let shown: String = text.chars().take(LONGEST).collect();
        let cut = text.chars().count().saturating_sub(LONGEST);
        Self {
            at,
            bytes: reading.bytes,
            top: 0,
            text: Untrusted::new(shown),
            cut,
        }
    }

    /// Its lines.
    pub(super) fn lines(&self, theme: Theme, width: usize) -> Vec<Line<'static>> {
        let mut lines = server::behind_gutter(theme, &self.text, width);
        if self.cut > 0 {
            lines.push(Line::raw(format!("{} characters more", self.cut)));
        }
        lines
    }
}

fn string<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn items<'a>(result: &'a Value, key: &str) -> &'a [Value] {
    result
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn as_text(result: &Value) -> String {
    let contents = items(result, "contents").iter().map(contents_as_text);
    let messages = items(result, "messages").iter().map(message_as_text);
    let parts: Vec<String> = contents.chain(messages).collect();
    if parts.is_empty() {
        return serde_json::to_string_pretty(result).unwrap_or_default();
    }
    parts.join("\n")
}

/// One of a resource's contents (MCP `ResourceContents`).
fn contents_as_text(contents: &Value) -> String {
    if let Some(text) = string(contents, "text") {
        return text.to_owned();
    }
    let mime = string(contents, "mimeType").unwrap_or("of no kind");
    let size = string(contents, "blob").map_or(0, |blob| blob.len() / 4 * 3);
    format!("(no text: {mime}, about {size} bytes)")
}

/// One message of a prompt (MCP `PromptMessage`).
fn message_as_text(message: &Value) -> String {
    let role = string(message, "role").unwrap_or("somebody");
    let content = message.get("content").unwrap_or(&Value::Null);
    let text = match string(content, "text") {
        Some(text) => text.to_owned(),
        None => serde_json::to_string_pretty(content).unwrap_or_default(),
    };
    format!("{role}:\n{text}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn contents_and_messages_are_texts() {
        let contents = json!({ "contents": [
            { "uri": "a", "text": "one" },
            { "uri": "b", "mimeType": "image/png", "blob": "aGkhaGkh" },
        ]});
        assert_eq!(
            as_text(&contents),
            "one\n(no text: image/png, about 6 bytes)"
        );
        let messages = json!({ "messages": [
            { "role": "user", "content": { "type": "text", "text": "hi" } },
        ]});
        assert_eq!(as_text(&messages), "user:\nhi\n");
    }
}
