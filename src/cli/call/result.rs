//! The result of a call: as text, or into a file.
//!
//! A result is raw JSON as the server gave it; what does not have the shape that MCP
//! 2026-07-28 gives it is listed as what it is, never guessed at.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::cli::terminal::Terminal;
use crate::domain::{Fault, Untrusted};
use crate::guard::sanitise::{self, Form};

/// Longest name or address in a line, in characters.
const NAME_LIMIT: usize = 200;

/// One piece of content.
enum Piece<'a> {
    Text(&'a str),
    Binary { mime: &'a str, base64: &'a str },
    Link { uri: &'a str },
    Other(&'a str),
}

fn pieces(result: &Value) -> Vec<Piece<'_>> {
    result
        .get("content")
        .and_then(Value::as_array)
        .map(|content| content.iter().map(piece).collect())
        .unwrap_or_default()
}

fn piece(content: &Value) -> Piece<'_> {
    let text = |key: &str| content.get(key).and_then(Value::as_str);
    let kind = text("type").unwrap_or("unknown");
    let resource = |key: &str| content.pointer(&format!("/resource/{key}"))?.as_str();
    match kind {
        "text" => text("text").map(Piece::Text),
        "image" | "audio" => text("data").map(|base64| Piece::Binary {
            mime: text("mimeType").unwrap_or("unknown type"),
            base64,
        }),
        "resource_link" => text("uri").map(|uri| Piece::Link { uri }),
        "resource" => resource("text").map(Piece::Text).or_else(|| {
            Some(Piece::Binary {
                mime: resource("mimeType").unwrap_or("unknown type"),
                base64: resource("blob")?,
            })
        }),
        _ => None,
    }
    .unwrap_or(Piece::Other(kind))
}

/// The result for people: text as text, everything else listed.
pub(super) fn text(result: &Value, terminal: &Terminal) -> String {
    let form = terminal.form();
    let mut text = String::new();
    for piece in pieces(result) {
        text.push_str(&match piece {
            Piece::Text(said) => sanitise::block_as(&Untrusted::from(said), form),
            Piece::Binary { mime, base64 } => format!(
                "[{}, {} bytes; --output FILE keeps it]",
                line(mime, form),
                decoded_size(base64)
            ),
            Piece::Link { uri } => format!("[link to \"{}\"]", line(uri, form)),
            Piece::Other(kind) => format!(
                "[content of type \"{}\"; --json shows it]",
                line(kind, form)
            ),
        });
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    if text.is_empty()
        && let Some(structured) = result.get("structuredContent")
    {
        text = sanitise::json_ascii_safe_pretty(structured);
        text.push('\n');
    }
    text
}

fn line(text: &str, form: Form) -> String {
    sanitise::line_as(&Untrusted::from(text), NAME_LIMIT, form)
}

fn decoded_size(base64: &str) -> usize {
    let padding = base64.bytes().rev().take_while(|b| *b == b'=').count();
    (base64.len() / 4 * 3).saturating_sub(padding)
}

/// A new file that the result goes into. Opened before anything is sent, so that a
/// result is never lost to a name that is taken; gone again if nothing comes.
pub(super) struct Destination {
    path: PathBuf,
    file: File,
    kept: bool,
}

/// What was written.
pub(super) struct Written {
    pub(super) path: String,
    pub(super) bytes: usize,
    pub(super) mime_type: String,
}

impl Written {
    pub(super) fn sentence(&self) -> String {
        format!(
            "wrote {}: {} bytes, {}",
            self.path, self.bytes, self.mime_type
        )
    }
}

impl Destination {
    pub(super) fn open(path: &PathBuf) -> Result<Self, Fault> {
        let shown = path.display();
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        let file = file.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Fault::user(format!("{shown} is there already"))
                .hint("nothing is overwritten: move it away, or give another name"),
            _ => Fault::user(format!("cannot write {shown}: {error}")),
        })?;
        Ok(Self {
            path: path.clone(),
            file,
            kept: false,
        })
    }

    /// Writes one binary piece as it is, else the text; where there are several
    /// pieces that are not text, the whole result as JSON.
    pub(super) fn write(mut self, result: &Value) -> Result<Written, Fault> {
        let (bytes, mime) = contents(result);
        let shown = self.path.display().to_string();
        self.file
            .write_all(&bytes)
            .and_then(|()| self.file.sync_all())
            .map_err(|error| Fault::config(format!("cannot write {shown}: {error}")))?;
        self.kept = true;
        Ok(Written {
            path: shown,
            bytes: bytes.len(),
            mime_type: line(&mime, Form::Unicode),
        })
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        if !self.kept {
            remove(&self.path);
        }
    }
}

/// Nothing came: the empty file that held the place goes away. If it does not, an
/// empty file is left, which harms nobody.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn contents(result: &Value) -> (Vec<u8>, String) {
    let whole = || {
        (
            result.to_string().into_bytes(),
            "application/json".to_owned(),
        )
    };
    let pieces = pieces(result);
    match pieces.as_slice() {
        [Piece::Binary { mime, base64 }] => match STANDARD.decode(base64) {
            Ok(bytes) => (bytes, (*mime).to_owned()),
            Err(_) => whole(),
        },
        [] => whole(),
        pieces => {
            let mut texts = Vec::new();
            for piece in pieces {
                let Piece::Text(text) = piece else {
                    return whole();
                };
                texts.push(*text);
            }
            (texts.join("\n").into_bytes(), "text/plain".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::Environment;

    fn terminal() -> Terminal {
        Terminal::of_this_process(&Environment::default())
    }

    #[test]
    fn text_is_text_and_the_rest_is_listed() {
        let result = json!({"content": [
            {"type": "text", "text": "hello\u{1b}[31m\nworld"},
            {"type": "image", "mimeType": "image/png", "data": "AAAA"},
            {"type": "resource_link", "uri": "file:///x"},
            {"type": "resource", "resource": {"uri": "x", "text": "inside"}},
            {"type": "hologram"},
            {"type": "image"},
            7,
        ]});
        assert_eq!(
            text(&result, &terminal()),
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
    fn structured_content_is_shown_where_there_is_no_other() {
        let both =
            json!({"content": [{"type": "text", "text": "t"}], "structuredContent": {"a": 1}});
        assert_eq!(text(&both, &terminal()), "t\n");
        let alone = json!({"content": [], "structuredContent": {"a": 1}});
        assert_eq!(text(&alone, &terminal()), "{\n  \"a\": 1\n}\n");
    }

    #[test]
    fn a_file_gets_bytes_text_or_the_whole() {
        let image = json!({"type": "image", "mimeType": "image/png", "data": "aGk="});
        let note = json!({"type": "text", "text": "hi\u{1b}"});
        let file = |content: Value| contents(&json!({ "content": content }));
        assert_eq!(
            file(json!([image])),
            (b"hi".to_vec(), "image/png".to_owned())
        );
        assert_eq!(
            file(json!([note, note])),
            ("hi\u{1b}\nhi\u{1b}".into(), "text/plain".to_owned())
        );
        assert_eq!(file(json!([note, image])).1, "application/json");
        assert_eq!(file(json!([])).1, "application/json");
    }

    #[test]
    fn a_file_that_is_there_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.png");
        drop(Destination::open(&path).unwrap());
        assert!(!path.exists(), "nothing came, nothing is left");
        fs::write(&path, "mine").unwrap();
        let Err(fault) = Destination::open(&path) else {
            panic!("it is taken");
        };
        assert_eq!(fault.kind.exit_code(), 2);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }
}
