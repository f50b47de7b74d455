//! A part in callboard's words; what the server says of it stands in quotes.

use ratatui::text::{Line, Span};

use super::{Part, PartKind, Parts};
use crate::domain::Untrusted;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{amount, server};

/// Cells for a name or a media type in quotes.
const NAME: usize = 48;
/// Cells for an address: addresses are what links are judged by.
const ADDRESS: usize = 400;

impl PartKind {
    /// What it is called.
    pub(in crate::tui::viewer) fn word(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Picture => "Picture",
            Self::Audio => "Sound",
            Self::Blob => "File",
            Self::Link => "Link, not fetched",
            Self::Resource => "Resource",
            Self::Unknown => "Content of an unknown kind",
        }
    }
}

impl Parts {
    /// What a part is, in one line: kind, name, address, media type, size, and what
    /// the server says whom it is for.
    pub(in crate::tui::viewer) fn words(&self, theme: Theme, part: Part) -> Line<'static> {
        let mut spans = vec![Span::styled(part.kind.word(), theme.style(Role::Strong))];
        let mut say = |text: String| {
            spans.push(Span::styled(theme.dot(), theme.style(Role::Quiet)));
            spans.push(Span::raw(text));
        };
        if let Some(role) = self.role(part) {
            say(match role.raw() {
                "user" => "said by the user".to_owned(),
                "assistant" => "said by the assistant".to_owned(),
                _ => format!("said by {}", server::quoted(theme, &role, NAME)),
            });
        }
        for key in ["name", "title"] {
            if let Some(name) = self.says(part, key) {
                say(server::quoted(theme, &name, NAME));
            }
        }
        if let Some(uri) = self.says(part, "uri") {
            say(server::quoted(theme, &uri, ADDRESS));
        }
        let media = self.media(part);
        if !media.is_empty() {
            say(server::quoted(theme, &Untrusted::new(media), NAME));
        }
        if let Some(size) = self.size(part) {
            let claim = if part.kind == PartKind::Link {
                ", the server says"
            } else {
                ""
            };
            say(format!("{}{claim}", amount::bytes(size)));
        }
        for word in self.annotations(part).unwrap_or_default() {
            say(word.written(theme));
        }
        if part.kind == PartKind::Link
            && let Some(text) = self.says(part, "description")
        {
            say(server::quoted(theme, &text, ADDRESS));
        }
        Line::from(spans)
    }

    /// What the server says whom a part is for and how much it matters (MCP
    /// `Annotations`). `None` where it says nothing.
    pub(super) fn annotations(&self, part: Part) -> Option<Vec<Word>> {
        let holder = self.holder(part);
        let node = self.node(part);
        let said = node
            .value()
            .get("annotations")
            .or_else(|| holder.value().get("annotations"))?
            .as_object()?;
        let mut words = Vec::new();
        if let Some(audience) = said.get("audience").and_then(serde_json::Value::as_array) {
            for who in audience.iter().take(4) {
                words.push(match who.as_str() {
                    Some("user") => Word::Own("for you"),
                    Some("assistant") => Word::Own("for the model"),
                    Some(other) => Word::Theirs("for", Untrusted::new(other)),
                    None => continue,
                });
            }
        }
        if let Some(priority) = said.get("priority").and_then(serde_json::Value::as_f64) {
            words.push(Word::Priority(priority));
        }
        if let Some(when) = said.get("lastModified").and_then(serde_json::Value::as_str) {
            words.push(Word::Theirs("changed", Untrusted::new(when)));
        }
        Some(words)
    }
}

/// One thing that an annotation says.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::tui::viewer) enum Word {
    /// All of it callboard's.
    Own(&'static str),
    /// A word of callboard's, then one of the server's.
    Theirs(&'static str, Untrusted),
    /// From 0, optional, to 1, required.
    Priority(f64),
}

impl Word {
    fn written(self, theme: Theme) -> String {
        match self {
            Self::Own(word) => word.to_owned(),
            Self::Theirs(word, text) => format!("{word} {}", server::quoted(theme, &text, NAME)),
            Self::Priority(value) => format!("priority {value:.2}"),
        }
    }
}
