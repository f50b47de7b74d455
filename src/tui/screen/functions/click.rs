//! The mouse in tab 4.

use super::{Key, chosen, is_picking, list, look, on_function, picker, run, view};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pointer::{self, Click};
use crate::tui::widget::cursor::{Hit, wheel};

/// Takes the mouse.
pub(in crate::tui) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    if is_picking(model) {
        return picker::clicked(model, click);
    }
    let body = layout::areas(model).body;
    let panes = layout::panes(body, view::in_detail(model));
    if panes.list.is_some_and(|area| click.is_in(area)) {
        return in_list(model, click);
    }
    if panes.detail.is_some_and(|area| click.is_in(area)) {
        if view::shows_run(model) {
            return run::clicked(model, click);
        }
        if chosen(model).is_some() {
            pointer::focus(model, click, Focus::FunctionDetail);
            let (lines, height) = look::size(model);
            wheel(&mut model.tabs.functions.scroll, click, lines, height);
        }
    }
    vec![]
}

fn in_list(model: &mut Model, click: Click) -> Vec<Effect> {
    let area = list::area(model);
    // The filter's line is the one above the rows.
    let on_filter = list::has_filter(model) && click.row.saturating_add(1) == area.y;
    if click.is_press() && on_filter {
        model.focus = Focus::Filter;
        return vec![];
    }
    let had = pointer::focus(model, click, Focus::Functions);
    let rows = model.tabs.functions.listing.rows();
    match model.tabs.functions.cursor.click(click, area, rows) {
        Hit::Other => {
            let state = &model.tabs.functions;
            let row = state.listing.row(&model.mirror, state.cursor.row);
            model.tabs.functions.chosen = row.map(Key::of);
            look::moved(model)
        }
        Hit::Chosen if had => on_function(model, Action::Open),
        Hit::Chosen | Hit::Nothing => vec![],
    }
}
