//! The parts of what came: texts, pictures, sounds, files, links.
//!
//! A part is a place in the value that came; its text and bytes stay there.

mod words;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::node::{Node, Step};
use crate::domain::Untrusted;

/// What the parts were taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The result of a function: `content`.
    Result,
    /// A call whole: `arguments`, and the same under `result`.
    Call,
    /// A resource that was read: `contents` (MCP `ReadResourceResult`).
    Contents,
    /// A prompt that was filled in: `messages` (MCP `GetPromptResult`).
    Messages,
    /// A JSON value of which nothing else is known.
    Value,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum PartKind {
    /// Text.
    Text,
    /// A picture.
    Picture,
    /// Sound.
    Audio,
    /// Other bytes.
    Blob,
    /// The address of a resource.
    Link,
    /// The text of a resource that came along.
    Resource,
    /// Something that the protocol did not know when this was written.
    Unknown,
}

/// One part, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    place: u32,
    /// The place in the content of a message that has several.
    inner: Option<u32>,
    pub(super) kind: PartKind,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    whole: Node,
    pub(super) origin: Origin,
    pub(super) list: Vec<Part>,
}

fn string<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

impl Parts {
    /// Takes a value apart.
    pub(super) fn of(whole: &Arc<Value>, origin: Origin) -> Self {
        let mut parts = Self {
            whole: Node::root(Arc::clone(whole)),
            origin,
            list: Vec::new(),
        };
        let Some(base) = parts.base() else {
            return parts;
        };
        let Value::Array(items) = base.value() else {
            return parts;
        };
        let mut list = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let Ok(place) = u32::try_from(place) else {
                break;
            };
            match (origin, item.get("content")) {
                (Origin::Messages, Some(Value::Array(inner))) => {
                    list.extend(inner.iter().zip(0..).map(|(item, inner)| Part {
                        place,
                        inner: Some(inner),
                        kind: kind_of(item),
                    }));
                }
                (Origin::Messages, Some(content)) => list.push(Part {
                    place,
                    inner: None,
                    kind: kind_of(content),
                }),
                (Origin::Contents, _) => list.push(Part {
                    place,
                    inner: None,
                    kind: kind_of_resource(item),
                }),
                _ => list.push(Part {
                    place,
                    inner: None,
                    kind: kind_of(item),
                }),
            }
        }
        parts.list = list;
        parts
    }

    /// The array that they stand in.
    fn base(&self) -> Option<Node> {
        Some(match self.origin {
            Origin::Result => self.whole.member("content"),
            Origin::Call => self.whole.member("result").member("content"),
            Origin::Contents => self.whole.member("contents"),
            Origin::Messages => self.whole.member("messages"),
            Origin::Value => return None,
        })
    }

    /// The place of a part as it came.
    pub(super) fn node(&self, part: Part) -> Node {
        let Some(base) = self.base() else {
            return self.whole.clone();
        };
        let place = |place: u32| Step::Place(usize::try_from(place).unwrap_or(usize::MAX));
        let item = base.then(place(part.place));
        match (self.origin, part.inner) {
            (Origin::Messages, None) => item.member("content"),
            (Origin::Messages, Some(inner)) => item.member("content").then(place(inner)),
            _ => item,
        }
    }

    /// The object that has its text, bytes or address: the embedded resource where
    /// there is one.
    pub(super) fn holder(&self, part: Part) -> Node {
        let node = self.node(part);
        if string(node.value(), "type") == Some("resource") {
            node.member("resource")
        } else {
            node
        }
    }

    /// The place of its text, if it has one.
    pub(super) fn text_node(&self, part: Part) -> Option<Node> {
        matches!(part.kind, PartKind::Text | PartKind::Resource)
            .then(|| self.holder(part).member("text"))
    }

    /// Runs something over its text.
    pub(super) fn with_text<T>(&self, part: Part, with: impl FnOnce(&str) -> T) -> Option<T> {
        self.text_node(part)?.value().as_str().map(with)
    }

    /// The place of its bytes, in base64, if it has any.
    pub(super) fn data_node(&self, part: Part) -> Option<Node> {
        let holder = self.holder(part);
        ["data", "blob"]
            .into_iter()
            .find(|key| string(holder.value(), key).is_some())
            .map(|key| holder.member(key))
            .filter(|_| {
                matches!(
                    part.kind,
                    PartKind::Picture | PartKind::Audio | PartKind::Blob
                )
            })
    }

    /// Its bytes. `None` where it has none, or what should be base64 (RFC 4648) is not.
    pub(super) fn bytes(&self, part: Part) -> Option<Vec<u8>> {
        let node = self.data_node(part)?;
        decode(node.value().as_str()?)
    }

    /// How many bytes it has, by the length of its text or of its base64.
    pub(super) fn size(&self, part: Part) -> Option<usize> {
        if let Some(size) = self.with_text(part, str::len) {
            return Some(size);
        }
        if let Some(node) = self.data_node(part) {
            let data = node.value().as_str().unwrap_or_default();
            let filling = data.bytes().rev().take_while(|byte| *byte == b'=').count();
            return Some((data.len() / 4 * 3).saturating_sub(filling));
        }
        // A link's size is a claim of the server.
        let size = self.holder(part).value().get("size")?.as_u64()?;
        usize::try_from(size).ok()
    }

    /// A string member, as the server sent it.
    pub(super) fn says(&self, part: Part, key: &str) -> Option<Untrusted> {
        string(self.holder(part).value(), key).map(Untrusted::new)
    }

    /// Its media type, as the server claims.
    pub(super) fn media(&self, part: Part) -> String {
        string(self.holder(part).value(), "mimeType")
            .unwrap_or_default()
            .to_owned()
    }

    /// How the name of its file ends.
    pub(super) fn ending(&self, part: Part) -> &'static str {
        let media = self.media(part);
        let media = media.split(';').next().unwrap_or_default().trim();
        match media.to_ascii_lowercase().as_str() {
            "image/png" => "png",
            "image/jpeg" => "jpg",
            "image/gif" => "gif",
            "image/webp" => "webp",
            "image/svg+xml" => "svg",
            "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
            "audio/mpeg" => "mp3",
            "audio/ogg" => "ogg",
            "audio/flac" => "flac",
            "application/pdf" => "pdf",
            "application/zip" => "zip",
            "application/json" => "json",
            "text/markdown" => "md",
            "text/html" => "html",
            "text/csv" => "csv",
            _ if matches!(part.kind, PartKind::Text | PartKind::Resource) => "txt",
            _ => "bin",
        }
    }

    /// Whose words a message is.
    fn role(&self, part: Part) -> Option<Untrusted> {
        if self.origin != Origin::Messages {
            return None;
        }
        let place = usize::try_from(part.place).ok()?;
        let message = self.base()?.then(Step::Place(place));
        string(message.value(), "role").map(Untrusted::new)
    }

    /// Whether something of it has to be said besides its text.
    pub(super) fn needs_heading(&self, part: Part) -> bool {
        self.list.len() > 1
            || part.kind != PartKind::Text
            || self.origin == Origin::Messages
            || self
                .annotations(part)
                .is_some_and(|words| !words.is_empty())
    }

    /// Those that have text.
    pub(super) fn texts(&self) -> impl Iterator<Item = Part> + '_ {
        self.list
            .iter()
            .copied()
            .filter(|part| self.with_text(*part, |_| ()).is_some())
    }

    /// Those that are pictures.
    pub(super) fn pictures(&self) -> Vec<Part> {
        self.of_kind(PartKind::Picture)
    }

    /// Those of a kind.
    pub(super) fn of_kind(&self, kind: PartKind) -> Vec<Part> {
        self.list
            .iter()
            .copied()
            .filter(|part| part.kind == kind)
            .collect()
    }

    /// All texts, one behind the other.
    pub(super) fn all_text(&self) -> String {
        let mut all = String::new();
        for (place, part) in self.texts().enumerate() {
            if place > 0 {
                all.push('\n');
            }
            self.with_text(part, |text| all.push_str(text));
        }
        all
    }
}

/// Bytes of base64, with its filling or without, line breaks left out.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    if let Ok(bytes) = STANDARD.decode(text) {
        return Some(bytes);
    }
    let bare: String = text
        .chars()
        .filter(|letter| !letter.is_ascii_whitespace() && *letter != '=')
        .collect();
    base64::engine::general_purpose::STANDARD_NO_PAD
        .decode(bare)
        .ok()
}

fn kind_of(item: &Value) -> PartKind {
    match string(item, "type") {
        Some("text") if string(item, "text").is_some() => PartKind::Text,
        Some("image") if string(item, "data").is_some() => PartKind::Picture,
        Some("audio") if string(item, "data").is_some() => PartKind::Audio,
        Some("resource_link") if string(item, "uri").is_some() => PartKind::Link,
        Some("resource") => item
            .get("resource")
            .map_or(PartKind::Unknown, kind_of_resource),
        _ => PartKind::Unknown,
    }
}

fn kind_of_resource(resource: &Value) -> PartKind {
    let media = string(resource, "mimeType").unwrap_or_default();
    if string(resource, "text").is_some() {
        return PartKind::Resource;
    }
    match string(resource, "blob") {
        Some(_) if media.starts_with("image/") => PartKind::Picture,
        Some(_) if media.starts_with("audio/") => PartKind::Audio,
        Some(_) => PartKind::Blob,
        None => PartKind::Unknown,
    }
}

#[cfg(test)]
mod tests;
