//! Details that are a text: scrolled, never chosen from.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::area;
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::screen::connectors::chosen;
use crate::tui::widget::cursor::scroll;
use crate::tui::widget::rows;

/// The text of a connector, in lines of so many cells.
pub(super) type Lines = fn(&Model, &ConnectorView, usize) -> Vec<Line<'static>>;

/// Where a text goes: a blank at either side.
pub(super) fn inside(area: Rect) -> Rect {
    Rect::new(
        area.x.saturating_add(1),
        area.y,
        area.width.saturating_sub(2),
        area.height,
    )
}

/// Draws one.
pub(super) fn view(
    model: &Model,
    frame: &mut Frame<'_>,
    area: Rect,
    lines: impl Fn(usize) -> Vec<Line<'static>>,
) {
    let inside = inside(area);
    let lines = lines(usize::from(inside.width));
    let top = model.tabs.connectors.details.scroll;
    rows::text(frame, inside, model.theme, lines, top);
}

/// How many lines there are, and how many fit.
fn size(model: &Model, lines: Lines) -> (usize, usize) {
    let inside = inside(area(model));
    let count = chosen(model).map_or(0, |connector| {
        lines(model, connector, usize::from(inside.width)).len()
    });
    (count, usize::from(inside.height))
}

/// Scrolls; `None` where an action does something else.
pub(super) fn act(model: &mut Model, action: Action, lines: Lines) -> Option<Vec<Effect>> {
    let (count, height) = size(model, lines);
    let top = &mut model.tabs.connectors.details.scroll;
    scroll(top, action, count, height).then(Vec::new)
}

/// Keeps the text on the screen.
pub(super) fn settle(model: &mut Model, lines: Lines) {
    let (count, height) = size(model, lines);
    let top = &mut model.tabs.connectors.details.scroll;
    *top = (*top).min(count.saturating_sub(height));
}
