//! Lines under construction: a label, a value, wrapped.

use ratatui::text::{Line, Span};

use crate::guard::sanitise;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::rows;

/// Width of the labels.
const LABELS: usize = 11;

/// See the module.
pub(super) struct Sheet {
    pub(super) theme: Theme,
    pub(super) width: usize,
    pub(super) lines: Vec<Line<'static>>,
}

impl Sheet {
    /// An empty one of so many cells.
    pub(super) fn new(theme: Theme, width: usize) -> Self {
        Self {
            theme,
            width,
            lines: Vec::new(),
        }
    }

    /// A label and a text of callboard's.
    pub(super) fn fact(&mut self, label: &str, text: &str) {
        self.styled(label, text, Role::Text);
    }

    /// The same in a role.
    pub(super) fn styled(&mut self, label: &str, text: &str, role: Role) {
        let room = self.room().max(16);
        for (place, line) in sanitise::wrap(text, room).into_iter().enumerate() {
            let label = if place == 0 { label } else { "" };
            let value = vec![Span::styled(line, self.theme.style(role))];
            self.spans(label, value);
        }
    }

    /// A label and what stands behind it, as it is.
    pub(super) fn spans(&mut self, label: &str, value: Vec<Span<'static>>) {
        self.lines
            .push(rows::labelled(self.theme, label, LABELS, value));
    }

    /// A text of callboard's over the whole width.
    pub(super) fn text(&mut self, text: &str, role: Role, indent: &str) {
        let lines = rows::wrapped(self.theme, role, text, self.width, indent);
        self.lines.extend(lines);
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        self.lines.push(Line::raw(""));
    }

    /// A heading with an empty line above it.
    pub(super) fn heading(&mut self, text: &str) {
        self.blank();
        self.lines.push(Line::styled(
            text.to_owned(),
            self.theme.style(Role::Strong),
        ));
    }

    /// Cells for a value.
    pub(super) fn room(&self) -> usize {
        self.width.saturating_sub(LABELS + 1)
    }
}
