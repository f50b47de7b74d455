//! The line at the bottom: the keys of what has the focus, from the table.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::guard::sanitise;
use crate::tui::keymap;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// Draws the keys, as many as fit, and at the right whose board this is.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let theme = model.theme;
    let whose = whose(model);
    let width = usize::from(area.width);
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    // Help comes last and always has its place.
    let specs = keymap::footer(model.focus);
    let help = specs
        .iter()
        .find(|spec| spec.name == "help")
        .filter(|_| !model.is_typing())
        .map_or(0, |spec| {
            keymap::shown_key(spec).len() + spec.title.len() + 1
        });
    for spec in specs {
        if model.is_typing() && spec.name == "help" {
            continue;
        }
        let key = keymap::shown_key(spec);
        let cells = sanitise::width(&key) + 1 + spec.title.len() + 2;
        let reserved = if spec.name == "help" { 0 } else { help };
        if used + cells + reserved > width {
            continue;
        }
        used += cells;
        spans.push(Span::styled(key, theme.style(Role::Key)));
        spans.push(Span::raw(format!(" {}  ", spec.title)));
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
    let room = usize::from(area.width).saturating_sub(4);
    let line = Line::from(vec![
        Span::raw(" "),
        Span::styled(sign, theme.style(role)),
        Span::raw(format!(" {}", sanitise::cut(&notice.text, room))),
    ]);
    frame.render_widget(Paragraph::new(line), area);
}
