//! The mouse: what is under it gets it. Nothing needs it, and it answers no
//! question: a click on one gives it the keys, as `!` does.

use ratatui::layout::Rect;

use super::action::Action;
use super::dock;
use super::effect::Effect;
use super::focus::Focus;
use super::input::{Mouse, MouseKind};
use super::layout;
use super::model::Model;
use super::overlay;
use super::update;
use super::view::{action_at, tab_at};

/// Something done with the mouse, as a tab gets it: a press of the first button, or a
/// step of the wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Click {
    /// What was done.
    pub(super) kind: MouseKind,
    /// Where, in cells of the screen.
    pub(super) column: u16,
    /// Where, in cells of the screen.
    pub(super) row: u16,
}

impl Click {
    /// Whether it is within an area of the screen.
    pub(super) fn is_in(self, area: Rect) -> bool {
        area.contains((self.column, self.row).into())
    }

    /// Whether a button went down; otherwise the wheel was turned.
    pub(super) fn is_press(self) -> bool {
        self.kind == MouseKind::Press
    }
}

/// Takes the mouse in.
pub(super) fn pointed(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    let Mouse { kind, column, row } = mouse;
    let click = Click { kind, column, row };
    let areas = layout::areas(model);
    let at_the_question = model.focus.in_dock() && click.is_in(areas.dock);
    // A hand on the mouse is busy elsewhere, as one that types there is.
    if click.is_press() || !at_the_question {
        model.dock.typed_elsewhere(model.clock.now);
    }
    let notice = model.notice.as_ref().map(|notice| notice.number);
    let effects = if click.is_in(areas.dock) {
        dock::clicked(model, click)
    } else if click.is_in(areas.body) {
        in_the_body(model, click)
    } else if !click.is_press() {
        vec![]
    } else if click.is_in(areas.bar) {
        match tab_at(model, column) {
            Some(tab) => update::open_tab(model, tab),
            None => vec![],
        }
    } else if click.is_in(areas.footer) {
        listed(model, column)
    } else if click.is_in(areas.notice) {
        model.notice = None;
        vec![]
    } else {
        vec![]
    };
    // What was said of the last thing is not said of this one.
    if click.is_press() && !effects.is_empty() {
        model.notice.take_if(|it| Some(it.number) == notice);
    }
    // A question that still has the keys counts anew, but for reading on in it.
    if model.focus.in_dock() && (click.is_press() || !at_the_question) {
        dock::take_focus(model);
    }
    effects
}

/// In the open tab, or in what is laid over it.
fn in_the_body(model: &mut Model, click: Click) -> Vec<Effect> {
    if model.overlay.is_some() {
        return overlay::clicked(model, click);
    }
    if click.is_press() && model.focus.in_dock() {
        model.focus_tab();
    }
    (model.tab.does().clicked)(model, click)
}

/// What the footer lists there is done, unless it answers a question.
fn listed(model: &mut Model, column: u16) -> Vec<Effect> {
    match action_at(model, column) {
        Some(Action::Help) => overlay::toggle_help(model),
        Some(action) if !model.focus.in_dock() => update::act(model, action),
        _ => vec![],
    }
}

/// Gives the keys to a list that was clicked. Returns whether it had them before:
/// then a click on what is chosen opens it.
pub(super) fn focus(model: &mut Model, click: Click, focus: Focus) -> bool {
    let had = model.focus == focus;
    if click.is_press() {
        model.focus = focus;
    }
    had
}
