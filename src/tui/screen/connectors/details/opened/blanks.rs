//! The blanks of a prompt or a template: a line of text each.

use std::collections::BTreeMap;

use ratatui::text::{Line, Span};
use serde_json::Value;

use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::input::Key;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::field::{Field, Typed};
use crate::tui::widget::{rows, server};

/// One of them.
#[derive(Debug)]
struct Blank {
    name: Untrusted,
    description: Option<Untrusted>,
    required: bool,
    field: Field,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Blanks {
    blanks: Vec<Blank>,
    here: usize,
    /// Whether it was tried to send them: what is missing is named now.
    tried: bool,
}

/// Lines, and where the cursor is among them.
pub(super) struct Drawn {
    pub(super) lines: Vec<Line<'static>>,
    /// Line and cell.
    pub(super) cursor: (usize, usize),
}

impl Blanks {
    /// Those of an object of texts, with what was typed before.
    pub(super) fn new(schema: &Value, draft: Option<&BTreeMap<String, String>>) -> Self {
        let required = |name: &str| {
            let names = schema.get("required").and_then(Value::as_array);
            names.is_some_and(|names| names.iter().any(|it| it.as_str() == Some(name)))
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        let blanks = properties
            .into_iter()
            .flatten()
            .map(|(name, property)| Blank {
                name: Untrusted::new(name.as_str()),
                description: property
                    .get("description")
                    .and_then(Value::as_str)
                    .map(Untrusted::new),
                required: required(name),
                field: draft
                    .and_then(|draft| draft.get(name))
                    .map_or_else(Field::default, |text| Field::with(text)),
            })
            .collect();
        Self {
            blanks,
            here: 0,
            tried: false,
        }
    }

    /// What was typed, empty ones left out.
    pub(super) fn values(&self) -> BTreeMap<String, String> {
        let filled = self
            .blanks
            .iter()
            .filter(|blank| !blank.field.text().is_empty());
        filled
            .map(|blank| (blank.name.raw().to_owned(), blank.field.text().to_owned()))
            .collect()
    }

    /// Whether the last one has the keys.
    pub(super) fn is_last(&self) -> bool {
        self.here.saturating_add(1) == self.blanks.len()
    }

    /// Whether all that are needed are there; if not, the first that is missing gets
    /// the keys.
    pub(super) fn check(&mut self) -> bool {
        self.tried = true;
        let missing = self.blanks.iter().position(Blank::is_missing);
        self.here = missing.unwrap_or(self.here);
        missing.is_none()
    }

    /// Takes a key. Returns whether it was one for a field.
    pub(super) fn key(&mut self, key: Key) -> bool {
        let blank = self.blanks.get_mut(self.here);
        blank.is_some_and(|blank| blank.field.key(key) != Typed::NotMine)
    }

    /// Takes a paste. Returns what is to be said of it.
    pub(super) fn paste(&mut self, text: &str) -> Option<&'static str> {
        self.blanks.get_mut(self.here)?.field.paste(text)
    }

    /// Goes from one to another.
    pub(super) fn act(&mut self, action: Action) {
        let count = self.blanks.len().max(1);
        match action {
            Action::NextPane | Action::FieldDown | Action::Press => {
                self.here = self.here.saturating_add(1) % count;
            }
            Action::PreviousPane | Action::FieldUp => {
                self.here = self.here.saturating_add(count).saturating_sub(1) % count;
            }
            _ => {}
        }
    }

    /// All of them as lines.
    pub(super) fn draw(&self, theme: Theme, width: usize) -> Drawn {
        let longest = self
            .blanks
            .iter()
            .map(|blank| sanitise::width(&server::name(theme, &blank.name, 200)))
            .max()
            .unwrap_or(0);
        let names = longest.clamp(4, (width / 3).max(8));
        let room = width.saturating_sub(names + 7).max(8);
        let mut lines = Vec::new();
        let mut cursor = (0, 0);
        for (place, blank) in self.blanks.iter().enumerate() {
            let here = place == self.here;
            let (text, cell) = blank.field.window(room);
            if here {
                cursor = (lines.len(), names + 5 + cell);
            }
            let frame = theme.style(if here { Role::Focus } else { Role::Quiet });
            let used = sanitise::width(&text);
            lines.push(Line::from(vec![
                Span::styled(
                    if here { theme.pick("▸", ">") } else { " " },
                    theme.style(Role::Focus),
                ),
                Span::styled(
                    rows::cell(&server::name(theme, &blank.name, names), names),
                    theme.style(Role::Strong),
                ),
                Span::styled("  [ ", frame),
                Span::raw(text),
                Span::styled(
                    "_".repeat(room.saturating_sub(used)),
                    theme.style(Role::Quiet),
                ),
                Span::styled(" ]", frame),
            ]));
            if self.tried && blank.is_missing() {
                let text = format!("  {} this one is needed", theme.pick("✕", "x"));
                lines.push(Line::styled(text, theme.style(Role::Bad)));
            } else if blank.required && blank.field.text().is_empty() {
                lines.push(Line::styled("  needed", theme.style(Role::Quiet)));
            }
            if let Some(words) = blank.description.as_ref().filter(|it| !it.is_empty()) {
                for mut line in server::behind_gutter(theme, words, width.saturating_sub(2)) {
                    line.spans.insert(0, Span::raw("  "));
                    lines.push(line);
                }
            }
        }
        Drawn { lines, cursor }
    }
}

impl Blank {
    fn is_missing(&self) -> bool {
        self.required && self.field.text().is_empty()
    }
}
