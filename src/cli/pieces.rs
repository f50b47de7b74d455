//! Pieces of content, as results, resources and prompts have them: text, pictures,
//! sound, links.
//!
//! They come as raw JSON, as the server gave them; what does not have the shape that
//! MCP 2026-07-28 gives it is listed as what it is, never guessed at.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::domain::Untrusted;
use crate::guard::sanitise::{self, Form};

/// Longest name or address in a line, in characters.
pub(super) const NAME_LIMIT: usize = 200;

/// One piece of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Binary { mime: &'a str, base64: &'a str },
    Link { uri: &'a str },
    Other(&'a str),
}

impl<'a> Piece<'a> {
    /// One of what a function answers or a prompt says (MCP `ContentBlock`).
    pub(super) fn of_block(block: &'a Value) -> Self {
        let text = |key: &str| block.get(key).and_then(Value::as_str);
        let kind = text("type").unwrap_or("unknown");
        match kind {
            "text" => text("text").map(Self::Text),
            "image" | "audio" => text("data").map(|base64| Self::Binary {
                mime: text("mimeType").unwrap_or("unknown type"),
                base64,
            }),
            "resource_link" => text("uri").map(|uri| Self::Link { uri }),
            "resource" => block.get("resource").and_then(Self::inside),
            _ => None,
        }
        .unwrap_or(Self::Other(kind))
    }

    /// One of what a resource holds (MCP `ResourceContents`).
    pub(super) fn of_contents(contents: &'a Value) -> Self {
        Self::inside(contents).unwrap_or(Self::Other("unknown"))
    }

    fn inside(contents: &'a Value) -> Option<Self> {
        let text = |key: &str| contents.get(key).and_then(Value::as_str);
        text("text").map(Self::Text).or_else(|| {
            Some(Self::Binary {
                mime: text("mimeType").unwrap_or("unknown type"),
                base64: text("blob")?,
            })
        })
    }

    /// For people: text as text, everything else on a line that says what it is and,
    /// in `kept`, how to have it.
    pub(super) fn shown(&self, kept: &str, form: Form) -> String {
        match self {
            Self::Text(said) => sanitise::block_as(&Untrusted::from(*said), form),
            Self::Binary { mime, base64 } => format!(
                "[{}, {} bytes; {kept}]",
                line(mime, form),
                decoded_size(base64)
            ),
            Self::Link { uri } => format!("[link to \"{}\"]", line(uri, form)),
            Self::Other(kind) => format!(
                "[content of type \"{}\"; --json shows it]",
                line(kind, form)
            ),
        }
    }
}

/// Everything for people, each piece on lines of its own.
pub(super) fn shown(pieces: &[Piece<'_>], form: Form) -> String {
    let mut text = String::new();
    for piece in pieces {
        text.push_str(&piece.shown("--output FILE keeps it", form));
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

/// A text from outside on one line.
pub(super) fn line(text: &str, form: Form) -> String {
    sanitise::line_as(&Untrusted::from(text), NAME_LIMIT, form)
}

/// How many bytes a text in base64 stands for.
pub(super) fn decoded_size(base64: &str) -> usize {
    let padding = base64.bytes().rev().take_while(|b| *b == b'=').count();
    (base64.len() / 4 * 3).saturating_sub(padding)
}

/// Everything in one run of bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    pub(super) mime: String,
}

impl Whole {
    /// One binary piece as it is, or all the texts; `None` where they cannot stand in
    /// one run, or there are none.
    pub(super) fn of(pieces: &[Piece<'_>]) -> Option<Self> {
        match pieces {
            [Piece::Binary { mime, base64 }] => Some(Self {
                bytes: STANDARD.decode(base64).ok()?,
                mime: (*mime).to_owned(),
            }),
            [] => None,
            pieces => {
                let texts: Option<Vec<&str>> = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Text(text) => Some(*text),
                        _ => None,
                    })
                    .collect();
                Some(Self {
                    bytes: texts?.join("\n").into_bytes(),
                    mime: "text/plain".to_owned(),
                })
            }
        }
    }

    /// The same; where they cannot stand in one run, the JSON of the whole result.
    pub(super) fn or_json(pieces: &[Piece<'_>], result: &Value) -> Self {
        Self::of(pieces).unwrap_or_else(|| Self {
            bytes: result.to_string().into_bytes(),
            mime: "application/json".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_text_and_the_rest_is_listed() {
        let content = json!([
            {"type": "text", "text": "hello\u{1b}[31m\nworld"},
            {"type": "image", "mimeType": "image/png", "data": "AAAA"},
            {"type": "resource_link", "uri": "file:///x"},
            {"type": "resource", "resource": {"uri": "x", "text": "inside"}},
            {"type": "hologram"},
            {"type": "image"},
            7,
        ]);
        let pieces: Vec<_> = content
            .as_array()
            .unwrap()
            .iter()
            .map(Piece::of_block)
            .collect();
        assert_eq!(
            shown(&pieces, Form::Unicode),
            "hello⟨U+001B⟩[31m\nworld\n\
             [image/png, 3 bytes; --output FILE keeps it]\n\
             [link to \"file:///x\"]\n\
             inside\n\
             [content of type \"hologram\"; --json shows it]\n\
             [content of type \"image\"; --json shows it]\n\
             [content of type \"unknown\"; --json shows it]\n"
        );
    }

    #[test]
    fn a_resource_holds_text_or_bytes_or_what_nobody_knows() {
        assert_eq!(
            Piece::of_contents(&json!({"uri": "x://a", "text": "hi"})),
            Piece::Text("hi")
        );
        assert_eq!(
            Piece::of_contents(&json!({"uri": "x://a", "blob": "aGk=", "mimeType": "image/x"})),
            Piece::Binary {
                mime: "image/x",
                base64: "aGk="
            }
        );
        for odd in [json!(7), json!({"uri": "x://a"}), json!({"text": 7})] {
            assert_eq!(Piece::of_contents(&odd), Piece::Other("unknown"));
        }
    }

    #[test]
    fn a_run_of_bytes_is_one_binary_piece_or_texts() {
        let image = Piece::Binary {
            mime: "image/png",
            base64: "aGk=",
        };
        let note = Piece::Text("hi\u{1b}");
        let whole = |bytes: &str, mime: &str| Whole {
            bytes: bytes.as_bytes().to_vec(),
            mime: mime.to_owned(),
        };
        assert_eq!(Whole::of(&[image]), Some(whole("hi", "image/png")));
        assert_eq!(
            Whole::of(&[note, note]),
            Some(whole("hi\u{1b}\nhi\u{1b}", "text/plain"))
        );
        let broken = Piece::Binary {
            mime: "image/png",
            base64: "%",
        };
        for odd in [&[note, image][..], &[image, image], &[], &[broken]] {
            assert_eq!(Whole::of(odd), None);
            let json = Whole::or_json(odd, &json!({"a": 1}));
            assert_eq!(json, whole("{\"a\":1}", "application/json"));
        }
    }
}
