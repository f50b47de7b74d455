//! The mouse in tab 1.

use super::{act, chosen, details, in_detail, shown, view};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pointer::{self, Click};
use crate::tui::widget::cursor::Hit;

/// Takes the mouse.
pub(in crate::tui) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let panes = layout::panes(layout::areas(model).body, in_detail(model));
    if panes.list.is_some_and(|area| click.is_in(area)) {
        return in_list(model, click);
    }
    if panes.detail.is_some_and(|area| click.is_in(area)) && chosen(model).is_some() {
        return details::clicked(model, click);
    }
    vec![]
}

fn in_list(model: &mut Model, click: Click) -> Vec<Effect> {
    let (area, rows) = (view::list_area(model), shown(model).len());
    // The filter's line is the one above the rows.
    let on_filter = super::has_filter(model) && click.row.saturating_add(1) == area.y;
    if click.is_press() && on_filter {
        model.focus = Focus::ConnectorFilter;
        return vec![];
    }
    let had = pointer::focus(model, click, Focus::Connectors);
    match model.tabs.connectors.cursor.click(click, area, rows) {
        Hit::Other => {
            model.tabs.connectors.chosen = chosen(model).map(|connector| connector.id.clone());
            vec![]
        }
        Hit::Chosen if had => act(model, Action::Open),
        Hit::Chosen | Hit::Nothing => vec![],
    }
}
