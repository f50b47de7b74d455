//! How tab 4 looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::run::Run;
use super::{is_picking, list, picker, run_view};
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::widget::rows;

/// Whether the right-hand side has the keys.
pub(super) fn in_detail(model: &Model) -> bool {
    model.focus == Focus::FunctionDetail
        || model.focus.in_run()
        || (model.focus.tab().is_none() && side_was_open(model))
}

/// Whether the right-hand side is a function that runs, or is to.
pub(super) fn shows_run(model: &Model) -> bool {
    let run = model.tabs.functions.run.as_ref();
    run.is_some_and(|run| run.connector_is_shown(model))
}

/// While a prompt or the help has the keys, the side that had them stays open.
fn side_was_open(model: &Model) -> bool {
    let place = model.places.get(&model.tab);
    place.is_some_and(|place| *place == Focus::FunctionDetail || place.in_run())
}

/// Where the details go.
pub(super) fn detail_area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, true);
    layout::padded(panes.detail.unwrap_or_default())
}

/// Whether there is room for the details now.
pub(super) fn shows_detail(model: &Model) -> bool {
    let body = layout::areas(model).body;
    layout::panes(body, in_detail(model)).detail.is_some()
}

/// The run that takes the place of the details.
fn run(model: &Model) -> Option<&Run> {
    let state = &model.tabs.functions;
    let run = state.run.as_ref()?;
    (state.all || run.connector_is_shown(model)).then_some(run)
}

/// Draws the tab.
pub(in crate::tui) fn view(model: &Model, frame: &mut Frame<'_>, body: Rect) {
    if is_picking(model) {
        picker::view(model, frame, body);
        return;
    }
    let detail = in_detail(model);
    let focused = model.focus.tab().is_some();
    let panes = layout::panes(body, detail);
    if let Some(area) = panes.list {
        list::view(model, frame, area, focused && !detail);
    }
    if let Some(area) = panes.detail {
        match run(model) {
            Some(run) => run_view::view(model, run, frame, area),
            None => one(model, frame, area, focused && detail),
        }
    }
    // The pane with the keys owns the line between the two.
    if let (Some(area), true) = (panes.list, focused && !detail) {
        rows::light_edge(frame, area, model.theme);
    }
}

fn one(model: &Model, frame: &mut Frame<'_>, area: Rect, focused: bool) {
    let theme = model.theme;
    let state = &model.tabs.functions;
    let sheet = state.look.sheet();
    let title = if sheet.title.is_empty() {
        vec![]
    } else {
        let title = format!(" {} ", sheet.title);
        vec![Span::styled(title, theme.style(Role::Strong))]
    };
    rows::pane(frame, area, theme, title, focused);
    let inside = layout::padded(area);
    rows::lines(frame, inside, theme, &sheet.lines, state.scroll);
}
