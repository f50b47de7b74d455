//! The line at the bottom: the keys of what has the focus, from the table.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::guard::sanitise;
use crate::tui::action::{Action, ActionSpec};
use crate::tui::dock;
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::keymap;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// Draws the keys, as many as fit, and at the right whose board this is.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let whose = whose(model);
    let width = usize::from(area.width);
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    let listed: Vec<(&str, String, &str)> = keymap::footer(model.focus)
        .into_iter()
        .filter(|spec| offers(model, spec.action))
        .filter_map(|spec| Some((spec.name, key_here(model, spec)?, title(model, spec))))
        .collect();
    let cells_of = |key: &str, title: &str| sanitise::width(key) + 1 + title.len() + 2;
    // Help comes last and always has its place.
    let help = listed
        .iter()
        .find(|(name, _, _)| *name == "help")
        .map_or(0, |(_, key, title)| cells_of(key, title));
    for (name, key, title) in listed {
        let cells = cells_of(&key, title);
        let reserved = if name == "help" { 0 } else { help };
        if used + cells + reserved > width + 1 {
            continue;
        }
        used += cells;
        spans.push(Span::styled(key, theme.style(Role::Key)));
        spans.push(Span::raw(format!(" {title}  ")));
    }
    frame.render_widget(Paragraph::new(Line::from(spans)), area);
    let cells = sanitise::width(&whose) + 1;
    if used + cells <= width {
        let cells = u16::try_from(cells).unwrap_or(0);
        let place = Rect::new(area.width.saturating_sub(cells), area.y, cells, 1);
        frame.render_widget(Span::styled(whose, theme.style(Role::Quiet)), place);
    }
}

/// What an action is called here.
fn title(model: &Model, spec: &ActionSpec) -> &'static str {
    match spec.action {
        Action::Connect if model.tabs.custom.is_edit() => "save",
        _ => spec.title,
    }
}

/// The key to show for an action: while something is typed, one that types
/// nothing.
fn key_here(model: &Model, spec: &ActionSpec) -> Option<String> {
    let typing = model.is_typing();
    // A choice of the form takes letters too, but for the one that helps.
    let takes = |letter: char| typing || (model.focus == Focus::Form && letter != '?');
    spec.keys
        .iter()
        .filter_map(|text| Key::parse(text))
        .find(|key| key.typed().is_none_or(|letter| !takes(letter)))
        .map(|key| key.to_string())
}

/// Whether an action has something to act on.
fn offers(model: &Model, action: Action) -> bool {
    match action {
        Action::Help => true,
        Action::AllowCall | Action::ConfirmSeveral => dock::is_armed(model),
        Action::StartBoard => model.is_board_lost(),
        Action::Unlock => model.is_vault_locked(),
        _ => match model.focus.tab() {
            Some(tab) => (tab.does().offers)(model, action),
            None => true,
        },
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
