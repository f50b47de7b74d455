//! The mouse in tab 5.

use super::{call, moved, open, view};
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::model::Model;
use crate::tui::pointer::{self, Click};
use crate::tui::widget::cursor::Hit;

/// Takes the mouse.
pub(in crate::tui) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    if view::in_detail(model) {
        return call::clicked(model, click);
    }
    let area = view::rows_area(model);
    // The filter stands above the heading of the rows.
    let on_filter = view::has_filter(model) && click.row.saturating_add(2) == area.y;
    if click.is_press() && on_filter {
        model.focus = Focus::ActivityFilter;
        return vec![];
    }
    let had = pointer::focus(model, click, Focus::Activity);
    let state = &mut model.tabs.activity;
    match state.cursor.click(click, area, state.rows.len()) {
        Hit::Other => moved(model),
        Hit::Chosen if had => open(model),
        Hit::Chosen | Hit::Nothing => vec![],
    }
}
