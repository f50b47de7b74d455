//! The mouse in tab 4.

use super::{chosen, connector, detail_size, listing, on_function, pick, run, view};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pointer::{self, Click};
use crate::tui::widget::cursor::{Hit, wheel};

/// Takes the mouse.
pub(in crate::tui) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let body = layout::areas(model).body;
    if connector(model).is_none() {
        return in_picker(model, click);
    }
    let panes = layout::panes(body, view::in_detail(model));
    if panes.list.is_some_and(|area| click.is_in(area)) {
        return in_list(model, click);
    }
    if panes.detail.is_some_and(|area| click.is_in(area)) {
        if view::shows_run(model) {
            run::clicked(model, click);
        } else if chosen(model).is_some() {
            pointer::focus(model, click, Focus::FunctionDetail);
            let (lines, height) = detail_size(model);
            wheel(&mut model.tabs.functions.scroll, click, lines, height);
        }
    }
    vec![]
}

fn in_picker(model: &mut Model, click: Click) -> Vec<Effect> {
    let area = layout::inside(layout::areas(model).body);
    let rows = model.mirror.connectors.len();
    let had = pointer::focus(model, click, Focus::Picker);
    match model.tabs.functions.picker.click(click, area, rows) {
        Hit::Chosen if had => pick(model, Action::PickConnector),
        _ => vec![],
    }
}

fn in_list(model: &mut Model, click: Click) -> Vec<Effect> {
    let (area, rows) = (view::list_area(model), listing::shown(model).len());
    // The filter's line is the one above the rows.
    let on_filter = view::has_filter(model) && click.row.saturating_add(1) == area.y;
    if click.is_press() && on_filter {
        model.focus = Focus::Filter;
        return vec![];
    }
    let had = pointer::focus(model, click, Focus::Functions);
    match model.tabs.functions.cursor.click(click, area, rows) {
        Hit::Other => {
            model.tabs.functions.chosen = listing::shown(model)
                .get(model.tabs.functions.cursor.row)
                .map(|function| function.name.raw().to_owned());
            model.tabs.functions.scroll = 0;
            vec![]
        }
        Hit::Chosen if had => on_function(model, Action::Open),
        Hit::Chosen | Hit::Nothing => vec![],
    }
}
