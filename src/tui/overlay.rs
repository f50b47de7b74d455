//! What is laid over the open tab: the list of keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::action::Action;
use super::focus::Focus;
use super::keymap;
use super::layout;
use super::model::Model;
use super::theme::Role;
use super::widget::cursor::scroll;
use super::widget::rows;
use crate::guard::sanitise;

/// The list of keys.
#[derive(Debug)]
pub(super) struct Help {
    /// Where the keys went before; whose keys are listed.
    pub(super) from: Focus,
    top: usize,
}

/// Opens or closes it.
pub(super) fn toggle(model: &mut Model) {
    if model.help.is_some() {
        model.leave_help();
        return;
    }
    let from = model.focus;
    model.help = Some(Help { from, top: 0 });
    model.borrow_focus(Focus::Help);
}

/// Does what a key stands for while it is open.
pub(super) fn act(model: &mut Model, action: Action) {
    if matches!(action, Action::Back | Action::Open) {
        model.leave_help();
        return;
    }
    let (lines, height) = size(model);
    if let Some(help) = &mut model.help {
        scroll(&mut help.top, action, lines, height);
    }
}

/// Keeps it within its bounds.
pub(super) fn settle(model: &mut Model) {
    let (lines, height) = size(model);
    if let Some(help) = &mut model.help {
        help.top = help.top.min(lines.saturating_sub(height));
    }
}

fn size(model: &Model) -> (usize, usize) {
    let height = usize::from(layout::inside(layout::areas(model).body).height);
    (lines(model).len(), height)
}

fn lines(model: &Model) -> Vec<Line<'static>> {
    let Some(help) = &model.help else {
        return vec![];
    };
    let theme = model.theme;
    let room = usize::from(model.size.width).saturating_sub(26);
    keymap::here(help.from)
        .map(|spec| {
            Line::from(vec![
                Span::styled(
                    format!(" {} ", rows::cell(&keymap::shown_keys(spec), 20)),
                    theme.style(Role::Key),
                ),
                Span::raw(sanitise::cut(spec.doc, room)),
            ])
        })
        .collect()
}

/// Draws it.
pub(super) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let Some(help) = &model.help else {
        return;
    };
    let theme = model.theme;
    let title = vec![Span::styled(" Keys here ", theme.style(Role::Strong))];
    let inside = rows::pane(frame, area, theme, title, true);
    rows::text(frame, inside, theme, lines(model), help.top);
}
