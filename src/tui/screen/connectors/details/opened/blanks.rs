//! What a prompt, or the address of a resource, is filled in with.

use super::{Phase, ask, leave, opened_mut, remember, texts};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::form::{Done, Filling};
use crate::tui::input::Key;
use crate::tui::model::Model;
use crate::tui::widget::field::Typed;

fn filling(model: &mut Model) -> Option<&mut Filling> {
    let opened = opened_mut(model)?;
    let is_shown = matches!(opened.phase, Phase::Filling);
    opened.filling.as_mut().filter(|_| is_shown)
}

/// A key while the form has them; `None` leaves it to the keymap.
pub(in crate::tui::screen::connectors::details) fn key(
    model: &mut Model,
    key: Key,
) -> Option<Vec<Effect>> {
    let let_through = model.is_let_through(key);
    let typed = filling(model)?.key(key);
    // Whoever takes something else for a field must not leave by a letter.
    let swallowed = typed == Typed::NotMine && key.typed().is_some() && !let_through;
    (typed != Typed::NotMine || swallowed).then(Vec::new)
}

/// A paste while the form has the keys.
pub(in crate::tui::screen::connectors::details) fn pasted(
    model: &mut Model,
    text: &str,
) -> Option<&'static str> {
    filling(model)?.paste(text)
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::FillIn => return submit(model),
        Action::LeaveField => {
            model.focus = Focus::OfferFormIdle;
            return vec![];
        }
        Action::EnterField => {
            model.focus = Focus::OfferForm;
            return vec![];
        }
        Action::LeaveOfferForm => return leave(model),
        _ => {}
    }
    let steps = matches!(action, Action::NextPane | Action::PreviousPane);
    let Some(filling) = filling(model) else {
        return vec![];
    };
    let done = filling.act(action);
    if steps || action == Action::ClearForm {
        model.focus = Focus::OfferForm;
    }
    match done {
        Done::Said(why) => vec![model.say(why)],
        Done::NotMine | Done::Moved | Done::Changed => vec![],
    }
}

/// Asks for it with what was typed, unless something is wrong, which is then said at
/// its field.
fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    let Some(values) = opened.filling.as_mut().and_then(Filling::submit) else {
        // What is wrong stands where the keys are now.
        model.focus = Focus::OfferForm;
        return vec![];
    };
    opened.values = texts(&values);
    remember(model);
    model.focus = Focus::OfferReading;
    ask(model)
}
