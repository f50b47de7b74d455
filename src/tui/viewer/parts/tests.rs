use serde_json::json;

use super::*;
use crate::tui::tests::theme;

fn parts(value: Value, origin: Origin) -> Parts {
    Parts::of(&Arc::new(value), origin)
}

fn words(parts: &Parts) -> Vec<String> {
    parts
        .list
        .iter()
        .map(|part| parts.words(theme(), *part).to_string())
        .collect()
}

#[test]
fn a_result_is_taken_apart() {
    let parts = parts(
        json!({ "content": [
            { "type": "text", "text": "hello" },
            { "type": "image", "mimeType": "image/png", "data": "aGk=" },
            { "type": "audio", "mimeType": "audio/wav", "data": "aGlo" },
            { "type": "resource_link", "uri": "https://x.example/a", "name": "A", "size": 5 },
            { "type": "resource", "resource": { "uri": "a:b", "text": "inside" } },
            { "type": "resource", "resource": { "uri": "a:c", "blob": "aGk=", "mimeType": "application/pdf" } },
            { "type": "hologram" },
            7,
        ] }),
        Origin::Result,
    );
    assert_eq!(
        words(&parts),
        [
            "Text · 5 bytes",
            "Picture · \"image/png\" · 2 bytes",
            "Sound · \"audio/wav\" · 3 bytes",
            "Link, not fetched · \"A\" · \"https://x.example/a\" · 5 bytes, the server says",
            "Resource · \"a:b\" · 6 bytes",
            "File · \"a:c\" · \"application/pdf\" · 2 bytes",
            "Content of an unknown kind",
            "Content of an unknown kind",
        ]
    );
    assert_eq!(parts.all_text(), "hello\ninside");
    assert_eq!(parts.bytes(parts.list[1]), Some(b"hi".to_vec()));
    assert_eq!(parts.ending(parts.list[5]), "pdf");
    assert_eq!(parts.pictures().len(), 1);
}

#[test]
fn annotations_are_said() {
    let parts = parts(
        json!({ "content": [{ "type": "text", "text": "x", "annotations":
            { "audience": ["user", "assistant", "cat"], "priority": 0.5, "lastModified": "2026" } }] }),
        Origin::Result,
    );
    assert_eq!(
        words(&parts),
        [
            "Text · 1 byte · for you · for the model · for \"cat\" · priority 0.50 · changed \"2026\""
        ]
    );
    assert!(parts.needs_heading(parts.list[0]));
}

#[test]
fn contents_and_messages_are_taken_apart_too() {
    let contents = parts(
        json!({ "contents": [{ "uri": "a:b", "mimeType": "text/markdown", "text": "# A" },
            { "uri": "a:c", "mimeType": "image/png", "blob": "aGk=" }] }),
        Origin::Contents,
    );
    assert_eq!(contents.all_text(), "# A");
    assert_eq!(contents.ending(contents.list[0]), "md");
    assert_eq!(contents.list[1].kind, PartKind::Picture);
    let messages = parts(
        json!({ "messages": [
            { "role": "user", "content": { "type": "text", "text": "do" } },
            { "role": "cat", "content": [{ "type": "text", "text": "a" }, { "type": "text", "text": "b" }] },
        ] }),
        Origin::Messages,
    );
    assert_eq!(messages.all_text(), "do\na\nb");
    assert_eq!(
        words(&messages),
        [
            "Text · said by the user · 2 bytes",
            "Text · said by \"cat\" · 1 byte",
            "Text · said by \"cat\" · 1 byte"
        ]
    );
}

#[test]
fn what_is_no_result_has_no_parts() {
    for value in [json!(null), json!([]), json!({ "content": "text" })] {
        assert!(parts(value, Origin::Result).list.is_empty());
    }
}

#[test]
fn base64_is_read_with_and_without_filling_and_line_breaks() {
    assert_eq!(decode("aGk="), Some(b"hi".to_vec()));
    assert_eq!(decode("aG\nk"), Some(b"hi".to_vec()));
    assert_eq!(decode("§"), None);
}
