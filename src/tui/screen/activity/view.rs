//! How it looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::widget::rows;

/// Draws it.
pub(in crate::tui) fn view(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let title = vec![Span::styled(" Activity ", model.theme.style(Role::Strong))];
    rows::pane(
        frame,
        area,
        model.theme,
        title,
        model.focus == Focus::Activity,
    );
}
