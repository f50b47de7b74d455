//! The mouse over the details of a connector.

use super::{DetailTab, VIEWER, act, area, enter, home, show, view};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::input::MouseKind;
use crate::tui::model::Model;
use crate::tui::pointer::{self, Click};
use crate::tui::viewer;
use crate::tui::widget::cursor::Hit;

/// Rows that the wheel turns a text by.
const WHEEL: usize = 3;

/// Takes the mouse: a tab is shown, a row is chosen and then opened, a text scrolls.
pub(in crate::tui::screen::connectors) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let area = area(model);
    if click.is_press() && click.row.saturating_add(1) == area.y {
        if let Some(tab) = view::tab_at(model, click.column) {
            show(model, tab);
        }
        return vec![];
    }
    let tab = model.tabs.connectors.details.tab;
    let is_list = home(model) == tab.focus() && tab != DetailTab::Overview;
    let had = model.focus == home(model);
    if click.is_press() && !model.focus.in_connector_details() {
        enter(model);
    }
    if shows_viewer(model) {
        return viewer::clicked(model, click);
    }
    let home = home(model);
    pointer::focus(model, click, home);
    let hit = if is_list {
        (tab.does().clicked)(model, click)
    } else {
        Hit::Nothing
    };
    match (hit, click.kind) {
        (Hit::Chosen, _) if had => act(model, Action::OpenRow).unwrap_or_default(),
        (Hit::Nothing, MouseKind::WheelUp) => turn(model, Action::Up),
        (Hit::Nothing, MouseKind::WheelDown) => turn(model, Action::Down),
        _ => vec![],
    }
}

/// Whether what was read is there to take the mouse itself.
fn shows_viewer(model: &Model) -> bool {
    home(model) == VIEWER.focus && (VIEWER.get)(model).is_some()
}

/// Scrolls a text.
fn turn(model: &mut Model, action: Action) -> Vec<Effect> {
    let focus = model.focus;
    let home = home(model);
    if super::picked(model).is_some() && home == model.tabs.connectors.details.tab.focus() {
        return vec![];
    }
    // The wheel turns what is under it, whatever has the keys.
    model.focus = home;
    let mut effects = Vec::new();
    for _ in 0..WHEEL {
        effects.extend(act(model, action).unwrap_or_default());
    }
    model.focus = focus;
    effects
}
