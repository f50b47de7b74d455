//! How tab 3 looks.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use super::sheet::sheet;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::widget::{rows, server};

/// Widest form, in columns: longer lines are hard to read.
const WIDEST: u16 = 110;

/// Where the lines of the form go.
pub(super) fn inside(body: Rect) -> Rect {
    let inside = layout::inside(body);
    Rect::new(inside.x, inside.y, inside.width.min(WIDEST), inside.height)
}

/// Draws the tab.
pub(in crate::tui) fn view(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    let theme = model.theme;
    let form = &model.tabs.custom;
    let title = match (&form.editing, &form.entry) {
        (Some(editing), _) => format!(" Edit {} ", editing.name),
        (None, Some(entry)) => {
            let room = usize::from(body.width).saturating_sub(24);
            let name = server::quoted(theme, &entry.title, room);
            format!(" {name} from the directory ")
        }
        (None, None) => " Custom MCP Connector ".to_owned(),
    };
    let title = vec![Span::styled(title, theme.style(Role::Strong))];
    let focused = matches!(model.focus, Focus::Form | Focus::FormIdle);
    rows::pane(frame, body, theme, title, focused);
    let area = inside(body);
    let sheet = sheet(model, usize::from(area.width));
    let cursor = sheet.cursor();
    let top = model.tabs.custom.top;
    rows::text(frame, area, theme, sheet.into_lines(), top);
    if let Some((line, cell)) = cursor
        && line >= top
        && line - top < usize::from(area.height)
    {
        let x = u16::try_from(cell).unwrap_or(0).saturating_add(area.x);
        let y = u16::try_from(line - top)
            .unwrap_or(0)
            .saturating_add(area.y);
        frame.set_cursor_position(Position::new(x, y));
    }
}
