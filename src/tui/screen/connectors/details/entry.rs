//! A line of the journal in a row.

use ratatui::text::{Line, Span};

use crate::domain::{JournalEntry, Timestamp};
use crate::guard::sanitise;
use crate::tui::model::Model;
use crate::tui::screen::activity::told;
use crate::tui::theme::Role;
use crate::tui::widget::{rows, server};

/// Cells for a moment.
const MOMENT: usize = 11;

/// A moment in a list: the time, or the day where it is not today's.
pub(super) fn moment(model: &Model, at: Timestamp) -> String {
    let (then, now) = (model.zone.local(at), model.zone.local(model.clock.wall));
    if then.date == now.date {
        then.time
    } else {
        format!("{} {}", then.day(), then.minute())
    }
}

/// A row: when, which function, what became of it, and for whom.
pub(super) fn row(model: &Model, entry: &JournalEntry, width: usize) -> Line<'static> {
    let theme = model.theme;
    let names = (width.saturating_sub(MOMENT + 4) * 2 / 5).clamp(8, 28);
    let name = match &entry.function {
        Some(function) => server::name(theme, function, names),
        None => String::new(),
    };
    let (sign, role, mut text) = told::ending(theme, entry);
    if let Some(took) = entry.duration_ms {
        text.push_str(&format!("{}{}", theme.dot(), told::duration(took)));
    }
    if told::is_call(entry) {
        text.push_str(&format!("{}{}", theme.dot(), told::who(theme, entry, 20)));
    }
    let room = width.saturating_sub(1 + MOMENT + 1 + names + 1 + 2);
    Line::from(vec![
        Span::styled(
            format!(" {} ", rows::cell(&moment(model, entry.at), MOMENT)),
            theme.style(Role::Quiet),
        ),
        Span::raw(rows::cell(&name, names)),
        Span::raw(" "),
        Span::styled(format!("{sign} "), theme.style(role)),
        Span::raw(sanitise::cut(&text, room)),
    ])
}
