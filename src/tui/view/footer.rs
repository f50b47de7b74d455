//! The line at the bottom: the keys of what has the focus, from the table.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::keymap;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::offers::{offers, title};
use crate::tui::theme::Role;

/// A key that the footer lists.
struct Item {
    action: Action,
    key: String,
    title: &'static str,
    /// Its first cell, and the first behind it.
    cells: (usize, usize),
}

/// The keys that fit, each in its place.
fn items(model: &Model, width: usize) -> Vec<Item> {
    let listed: Vec<(Action, String, &'static str)> = keymap::footer(model.focus)
        .into_iter()
        .filter(|spec| offers(model, spec.action))
        .filter_map(|spec| {
            let key = model.shown_key(spec)?.to_string();
            Some((spec.action, key, title(model, spec)))
        })
        .collect();
    let cells_of = |key: &str, title: &str| sanitise::width(key) + 1 + title.len() + 2;
    // Help comes last and always has its place.
    let help = listed
        .iter()
        .find(|(action, _, _)| *action == Action::Help)
        .map_or(0, |(_, key, title)| cells_of(key, title));
    let mut used = 1;
    let mut items = Vec::new();
    for (action, key, title) in listed {
        let cells = cells_of(&key, title);
        let reserved = if action == Action::Help { 0 } else { help };
        if used + cells + reserved > width + 1 {
            continue;
        }
        let cells = (used, used + cells);
        used = cells.1;
        items.push(Item {
            action,
            key,
            title,
            cells,
        });
    }
    items
}

/// What is listed at a column.
pub(in crate::tui) fn action_at(model: &Model, column: u16) -> Option<Action> {
    let column = usize::from(column);
    let items = items(model, usize::from(model.size.width));
    // Not the blanks behind it.
    let mut items = items.into_iter();
    let item = items.find(|item| (item.cells.0..item.cells.1 - 2).contains(&column))?;
    Some(item.action)
}

/// Draws the keys, as many as fit, and at the right whose board this is.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let whose = whose(model);
    let width = usize::from(area.width);
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    for item in items(model, width) {
        used = item.cells.1;
        spans.push(Span::styled(item.key, theme.style(Role::Key)));
        spans.push(Span::raw(format!(" {}  ", item.title)));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
    let cells = sanitise::width(&whose) + 1;
    if used + cells <= width {
        let cells = u16::try_from(cells).unwrap_or(0);
        let place = Rect::new(area.width.saturating_sub(cells), area.y, cells, 1);
        frame.render_widget(Span::styled(whose, theme.style(Role::Quiet)), place);
    }
}

fn whose(model: &Model) -> String {
    match &model.mirror.person {
        Some(person) => format!("{}{}personal board", person.role.word(), model.theme.dot()),
        None => String::new(),
    }
}

/// Draws what is to be said in passing.
pub(super) fn notice(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let Some(notice) = &model.notice else {
        return;
    };
    let theme = model.theme;
    let (sign, role) = if notice.bad {
        (theme.pick("✕", "x"), Role::Bad)
    } else {
        (theme.pick("●", "*"), Role::Good)
    };
    let lines: Vec<Line<'static>> = layout::notice(model)
        .into_iter()
        .enumerate()
        .map(|(place, text)| {
            let sign = if place == 0 { sign } else { " " };
            Line::from(vec![
                Span::raw(" "),
                Span::styled(sign, theme.style(role)),
                Span::raw(format!(" {text}")),
            ])
        })
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}
