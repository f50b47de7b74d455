//! The mouse in tab 2.

use super::{act, in_preview, preview_size, view};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::pointer::{self, Click};
use crate::tui::widget::cursor::{Hit, wheel};

/// Takes the mouse.
pub(in crate::tui) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let panes = layout::panes(layout::areas(model).body, in_preview(model));
    if panes.list.is_some_and(|area| click.is_in(area)) {
        return in_list(model, click);
    }
    if panes.detail.is_some_and(|area| click.is_in(area)) && model.tabs.directory.chosen.is_some() {
        pointer::focus(model, click, Focus::DirectoryDetail);
        let (lines, height) = preview_size(model);
        wheel(&mut model.tabs.directory.scroll, click, lines, height);
    }
    vec![]
}

fn in_list(model: &mut Model, click: Click) -> Vec<Effect> {
    if click.is_press() {
        if click.is_in(view::search_area(model)) {
            model.focus = Focus::DirectorySearch;
            return vec![];
        }
        if let Some(action) = view::filter_at(model, click) {
            model.focus = Focus::Directory;
            return act(model, action);
        }
    }
    let had = pointer::focus(model, click, Focus::Directory);
    let area = view::rows_area(model);
    let state = &mut model.tabs.directory;
    match state.cursor.click(click, area, state.shown.len()) {
        Hit::Other => {
            state.choose();
            vec![]
        }
        Hit::Chosen if had => act(model, Action::OpenEntry),
        Hit::Chosen | Hit::Nothing => vec![],
    }
}
