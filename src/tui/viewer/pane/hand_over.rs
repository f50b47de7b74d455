//! What of a pane goes to the clipboard or to a file.

use super::{Pane, View};
use crate::tui::viewer::node::{Node, written};
use crate::tui::viewer::parts::{Part, PartKind};
use crate::tui::viewer::text;

/// What a file gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct File {
    /// How its name ends.
    pub(in crate::tui) ending: &'static str,
    pub(in crate::tui) bytes: Vec<u8>,
}

impl File {
    fn text(ending: &'static str, text: String) -> Self {
        Self {
            ending,
            bytes: text.into_bytes(),
        }
    }
}

/// Why nothing can be handed over.
type No = &'static str;

impl Pane {
    /// What is copied: what it is, and the text as it came.
    pub(in crate::tui::viewer) fn copied(&self) -> Result<(&'static str, String), No> {
        match self.view {
            View::Text | View::Markdown => Ok(("the text", self.all_text())),
            View::Raw => Ok(("the JSON", text::json(self.whole.value()))),
            View::Table => match &self.table {
                Some(table) => Ok(("the row", written(table.chosen().value()))),
                None => Err("there is nothing to copy"),
            },
            View::Json | View::Tree => {
                let tree = match self.view {
                    View::Json => self.json.as_ref(),
                    _ => self.all.as_ref(),
                };
                match tree {
                    Some(tree) => Ok(("the value", written(tree.chosen().value()))),
                    None => Err("there is nothing to copy"),
                }
            }
            View::Parts | View::Picture => {
                let part = self.part().ok_or("there is nothing to copy")?;
                match part.kind {
                    PartKind::Link => self
                        .parts
                        .says(part, "uri")
                        .map(|uri| ("the address", uri.raw().to_owned()))
                        .ok_or("it has no address"),
                    PartKind::Text | PartKind::Resource => self
                        .parts
                        .with_text(part, |text| ("the text", text.to_owned()))
                        .ok_or("it has no text"),
                    PartKind::Unknown => Ok(("the part", written(self.parts.node(part).value()))),
                    PartKind::Picture | PartKind::Audio | PartKind::Blob => {
                        Err("its bytes are no text: {save} writes them to a file")
                    }
                }
            }
        }
    }

    fn all_text(&self) -> String {
        match self.whole.value().as_str() {
            Some(text) => text.to_owned(),
            None => self.parts.all_text(),
        }
    }

    /// The part whose bytes a file gets: the one that is chosen, or the only one there
    /// is that is no text, where nothing else came.
    fn saved_part(&self) -> Option<Part> {
        match (self.view, &self.parts.list[..]) {
            (View::Parts | View::Picture, _) => self.part(),
            (View::Text, [one]) => Some(*one).filter(|part| {
                matches!(
                    part.kind,
                    PartKind::Picture | PartKind::Audio | PartKind::Blob
                )
            }),
            _ => None,
        }
    }

    /// How the name of a file ends, without making the file.
    pub(in crate::tui::viewer) fn ending(&self) -> &'static str {
        if let Some(part) = self.saved_part() {
            return match part.kind {
                PartKind::Link => "txt",
                PartKind::Unknown => "json",
                _ => self.parts.ending(part),
            };
        }
        match self.view {
            View::Markdown => "md",
            View::Json | View::Tree | View::Raw | View::Table => "json",
            View::Text | View::Parts | View::Picture => "txt",
        }
    }

    /// What a file gets: all of it, however much of it is on the screen.
    pub(in crate::tui::viewer) fn file(&self) -> Result<File, No> {
        let ending = self.ending();
        if let Some(part) = self.saved_part() {
            let bytes = match part.kind {
                PartKind::Picture | PartKind::Audio | PartKind::Blob => {
                    self.parts.bytes(part).ok_or(
                        "its bytes are not base64, as they should be; {view-raw} shows them as they came",
                    )
                }
                _ => self.copied_part(part).map(String::into_bytes),
            };
            return Ok(File {
                ending,
                bytes: bytes?,
            });
        }
        let json = |node: &Node| {
            let pretty = serde_json::to_string_pretty(node.value());
            File::text(ending, pretty.unwrap_or_default())
        };
        Ok(match self.view {
            View::Tree => json(&self.whole),
            View::Raw => File::text(ending, text::json(self.whole.value())),
            View::Json => json(self.data.as_ref().unwrap_or(&self.whole)),
            View::Table => match &self.table {
                Some(table) => json(&table.node),
                None => json(&self.whole),
            },
            _ => File::text(ending, self.all_text()),
        })
    }

    fn copied_part(&self, part: Part) -> Result<String, No> {
        match part.kind {
            PartKind::Link => Ok(self
                .parts
                .says(part, "uri")
                .map_or_else(String::new, |uri| uri.raw().to_owned())),
            PartKind::Unknown => Ok(written(self.parts.node(part).value())),
            _ => self
                .parts
                .with_text(part, str::to_owned)
                .ok_or("it has no text"),
        }
    }
}
