//! A line of the journal as a row of columns.

use ratatui::text::{Line, Span};

use super::told;
use crate::domain::{JournalEntry, Timestamp, Untrusted, short_duration};
use crate::guard::sanitise;
use crate::tui::model::Model;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// From so many cells on, every column has a place.
const WIDE: usize = 100;

/// Below so many, what was decided and how long it took have none.
const NARROW: usize = 74;

/// How wide the columns are, each with the blank behind it; 0: it has no place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    time: usize,
    agent: usize,
    connector: usize,
    function: usize,
    decision: usize,
    duration: usize,
    size: usize,
    outcome: usize,
    wide: bool,
}

impl Columns {
    /// Columns for so many cells; a time may need a day before it.
    pub(super) fn of(width: usize, with_days: bool) -> Self {
        let wide = width >= WIDE;
        let time = if with_days { 12 } else { 9 };
        let mut columns = if wide {
            Self {
                time,
                agent: 12,
                connector: 13,
                function: 0,
                decision: 16,
                duration: 12,
                size: 9,
                outcome: 15,
                wide,
            }
        } else {
            let narrow = width < NARROW;
            Self {
                time,
                agent: 8,
                connector: 10,
                function: 0,
                decision: if narrow { 0 } else { 10 },
                duration: if narrow { 0 } else { 8 },
                size: 0,
                outcome: 15,
                wide,
            }
        };
        let others = 1
            + columns.time
            + columns.agent
            + columns.connector
            + columns.decision
            + columns.duration
            + columns.size
            + columns.outcome;
        columns.function = width.saturating_sub(others).max(6);
        columns
    }

    /// What stands above them.
    pub(super) fn heading(self, theme: Theme) -> Line<'static> {
        let mut text = String::from(" ");
        for (word, cells) in [
            ("time", self.time),
            ("agent", self.agent),
            ("connector", self.connector),
            ("function", self.function),
            ("decision", self.decision),
        ] {
            text.push_str(&rows::cell(word, cells));
        }
        if self.duration > 0 {
            text.push_str(&right("took", self.duration));
        }
        if self.size > 0 {
            text.push_str(&right("size", self.size));
        }
        text.push_str("outcome");
        Line::styled(text, theme.style(Role::Quiet))
    }

    /// A line of the journal.
    pub(super) fn row(self, model: &Model, entry: &JournalEntry) -> Line<'static> {
        let theme = model.theme;
        let mut spans = vec![
            Span::styled(
                format!(" {}", rows::cell(&self.time_of(model, entry.at), self.time)),
                theme.style(Role::Quiet),
            ),
            Span::raw(column(&told::who(theme, entry, self.agent - 1), self.agent)),
            Span::styled(
                column(entry.connector.as_deref().unwrap_or(""), self.connector),
                theme.style(Role::Text),
            ),
            Span::styled(
                self.function_of(theme, entry.function.as_ref()),
                theme.style(Role::Strong),
            ),
        ];
        let (sign, role, how) = told::ending(theme, entry);
        if !told::is_call(entry) {
            let rest = self.decision + self.duration + self.size + self.outcome;
            let text = format!("{sign} {how}");
            let role = if role == Role::Quiet {
                Role::Text
            } else {
                role
            };
            spans.push(Span::styled(rows::cell(&text, rest), theme.style(role)));
            return Line::from(spans);
        }
        let decided = entry.decision.map_or("", |decision| {
            if self.wide {
                told::decision(decision, entry.by)
            } else {
                told::decision_in_short(decision, entry.by)
            }
        });
        spans.push(Span::raw(column(decided, self.decision)));
        if self.duration > 0 {
            let took = entry.duration_ms.map(|it| self.took(it));
            spans.push(Span::raw(right(&took.unwrap_or_default(), self.duration)));
        }
        if self.size > 0 {
            let size = entry.result_bytes.map(told::size).unwrap_or_default();
            spans.push(Span::raw(right(&size, self.size)));
        }
        // What was not let through says so in its decision, where that has a place.
        let refused = told::failed(entry) && entry.outcome.is_none();
        let how = match (refused, entry.decision) {
            (true, Some(decision)) if self.decision == 0 => {
                told::decision_in_short(decision, entry.by).to_owned()
            }
            (true, _) => "not run".to_owned(),
            (false, _) => how,
        };
        spans.push(Span::styled(
            rows::cell(&format!("{sign} {how}"), self.outcome),
            theme.style(role),
        ));
        Line::from(spans)
    }

    /// How long it took, whole where that fits.
    fn took(self, milliseconds: i64) -> String {
        let took = told::duration(milliseconds);
        if sanitise::width(&took).saturating_add(2) <= self.duration {
            return took;
        }
        short_duration(milliseconds)
    }

    fn time_of(self, model: &Model, at: Timestamp) -> String {
        let local = model.zone.local(at);
        if is_today(model, at) {
            local.time
        } else {
            format!("{} {}", local.day(), local.minute())
        }
    }

    fn function_of(self, theme: Theme, name: Option<&Untrusted>) -> String {
        let room = self.function.saturating_sub(1);
        column(
            &name.map_or_else(String::new, |name| server::name(theme, name, room)),
            self.function,
        )
    }
}

/// Whether a moment is of this day.
pub(super) fn is_today(model: &Model, at: Timestamp) -> bool {
    model.zone.local(at).date == model.zone.local(model.clock.wall).date
}

/// A text at the left of its column, with a blank behind it.
fn column(text: &str, cells: usize) -> String {
    rows::cell(&rows::cell(text, cells.saturating_sub(1)), cells)
}

/// A text at the right of its column, with two blanks behind it.
fn right(text: &str, cells: usize) -> String {
    let room = cells.saturating_sub(2);
    let text = sanitise::cut(text, room);
    let before = room.saturating_sub(sanitise::width(&text));
    format!("{}{text}  ", " ".repeat(before))
}
