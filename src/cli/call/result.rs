//! The result of a call: as text, or into a file.

use serde_json::Value;

use crate::cli::pieces::{Piece, Whole, shown};
use crate::guard::sanitise::{self, Form};

fn pieces(result: &Value) -> Vec<Piece<'_>> {
    let content = result.get("content").and_then(Value::as_array);
    content
        .map(|content| content.iter().map(Piece::of_block).collect())
        .unwrap_or_default()
}

/// The result for people: text as text, everything else listed.
pub(super) fn text(result: &Value, form: Form) -> String {
    let mut text = shown(&pieces(result), form);
    if text.is_empty()
        && let Some(structured) = result.get("structuredContent")
    {
        text = sanitise::json_ascii_safe_pretty(structured);
        text.push('\n');
    }
    text
}

/// One binary piece as it is, else the text; where there are several pieces that are
/// not text, the whole result as JSON.
pub(super) fn whole(result: &Value) -> Whole {
    Whole::or_json(&pieces(result), result)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn structured_content_is_shown_where_there_is_no_other() {
        let both =
            json!({"content": [{"type": "text", "text": "t"}], "structuredContent": {"a": 1}});
        assert_eq!(text(&both, Form::Unicode), "t\n");
        let alone = json!({"content": [], "structuredContent": {"a": 1}});
        assert_eq!(text(&alone, Form::Unicode), "{\n  \"a\": 1\n}\n");
        assert_eq!(text(&json!(null), Form::Unicode), "");
    }

    #[test]
    fn a_file_gets_bytes_text_or_the_whole() {
        let image = json!({"type": "image", "mimeType": "image/png", "data": "aGk="});
        let file = |content: Value| whole(&json!({ "content": content }));
        assert_eq!(file(json!([image])).bytes, b"hi");
        assert_eq!(file(json!([image, image])).mime, "application/json");
    }
}
