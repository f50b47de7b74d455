//! The mouse over a viewer, whichever tab it stands in.

use super::hands::{act, look, place, shown_mut};
use super::pane::View;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::input::MouseKind;
use crate::tui::model::Model;
use crate::tui::pointer::{self, Click};
use crate::tui::widget::cursor::Hit;

/// Steps that the wheel turns a text by.
const WHEEL: usize = 3;

/// Takes the mouse over what is shown: a click on the line at the top shows it another
/// way, a click on a row chooses it and a second one opens it, the wheel scrolls.
pub(in crate::tui) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let Some(place) = place(model) else {
        return vec![];
    };
    let look = look(model, place);
    let had = model.focus == place.focus;
    // A field that is typed in keeps the keys: what was typed is not lost.
    if !model.focus.in_viewer_field() {
        pointer::focus(model, click, place.focus);
    }
    let Some(viewer) = shown_mut(model) else {
        return vec![];
    };
    if click.is_press() && click.row.saturating_add(1) == look.body.y {
        let column = usize::from(click.column.saturating_sub(look.body.x));
        let view = viewer.view_at(look.theme, usize::from(look.body.width), column);
        return by(model, view.map(View::action), 1);
    }
    match (viewer.front_mut().click(click, look), click.kind) {
        (Some(Hit::Chosen), _) if had => by(model, Some(Action::ViewOpen), 1),
        (Some(_), _) | (None, MouseKind::Press) => vec![],
        (None, MouseKind::WheelUp) => by(model, Some(Action::Up), WHEEL),
        (None, MouseKind::WheelDown) => by(model, Some(Action::Down), WHEEL),
    }
}

/// Does something so many times as a key would, whatever has the keys.
fn by(model: &mut Model, action: Option<Action>, times: usize) -> Vec<Effect> {
    let (Some(action), Some(place)) = (action, place(model)) else {
        return vec![];
    };
    let before = std::mem::replace(&mut model.focus, place.focus);
    let mut effects = Vec::new();
    for _ in 0..times {
        effects.extend(act(model, action).unwrap_or_default());
    }
    // What was opened may have taken the keys.
    if model.focus == place.focus {
        model.focus = before;
    }
    effects
}
