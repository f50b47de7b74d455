//! How tab 3 looks.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::sheet::sheet;
use crate::guard::sanitise;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::widget::field::visible;
use crate::tui::widget::{rows, server};

/// Widest form, in columns: longer lines are hard to read.
const WIDEST: u16 = 110;

/// Rows below which a form that connects is only told of.
const SHORTEST: u16 = 8;

/// Where the lines of the form go.
pub(super) fn inside(body: Rect) -> Rect {
    let inside = layout::inside(body);
    Rect::new(inside.x, inside.y, inside.width.min(WIDEST), inside.height)
}

/// Whether what is under way stands in place of the form: a prompt that belongs to it
/// leaves no room for more.
pub(super) fn is_brief(model: &Model, area: Rect) -> bool {
    let connects = model.tabs.custom.connecting.is_some();
    connects && model.focus.in_dock() && area.height < SHORTEST
}

/// What is connected, how far that is, and what it waits for.
fn brief(model: &Model, width: usize) -> Vec<Line<'static>> {
    let (theme, form) = (model.theme, &model.tabs.custom);
    let name = format!("{}  ", form.name.text().trim());
    let room = width.saturating_sub(sanitise::width(&name).saturating_add(1));
    let whom = if form.program {
        form.command.text().to_owned()
    } else {
        form.host().unwrap_or_default()
    };
    let whom = sanitise::cut(&visible(&whom), room);
    let mut lines = vec![Line::from(vec![
        Span::styled(name, theme.style(Role::Strong)),
        Span::styled(whom, theme.style(Role::Quiet)),
    ])];
    let stages = form.stages.lines(theme, model.tasks.spin, width);
    lines.extend(stages.into_iter().map(Line::from));
    let text = "What you filled in is kept; it goes on with your answer below.";
    lines.push(Line::styled(text, theme.style(Role::Quiet)));
    for line in &mut lines {
        line.spans.insert(0, Span::raw(" "));
    }
    lines
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
    if is_brief(model, area) {
        rows::text(frame, area, theme, brief(model, usize::from(area.width)), 0);
        return;
    }
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
