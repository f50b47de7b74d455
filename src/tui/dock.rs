//! Prompts at the bottom of whichever tab is open. One is shown, the others wait
//! behind it.
//!
//! A prompt never takes the keys from what has them, unless the key just pressed
//! asked for it. Esc always means *not now*; what permits something is bound by
//! [`arming`].

mod arming;
mod asked;
mod call;
mod consent;
mod drafts;
mod keys;
mod logout;
mod prompt;
mod removal;
mod several;
mod shown;
mod step_up;
mod vault;
mod view;
mod warning;

use std::collections::VecDeque;
use std::time::Duration;

use super::action::Action;
use super::effect::{Effect, Timer};
use super::focus::Focus;
use super::input::{Key, MouseKind};
use super::layout;
use super::model::Model;
use super::pointer::Click;
use crate::domain::VaultKind;
use crate::protocol::EventKind;

pub(super) use asked::answered as question_answered;
pub(super) use call::{Question, ask_call};
pub(super) use consent::{
    SignInWish, answered as sign_in_answered, names as scope_names, offers as offers_in_box,
    show as show_consent, tells_of, tick_later, ticked,
};
pub(super) use drafts::{drafts, restore};
pub(super) use logout::ask_logout;
use prompt::{Kind, Prompt};
pub(super) use removal::{ask_removal, removed};
pub(super) use several::{Several, ask_several};
pub(super) use vault::{Then, ask_unlock, ask_vault, vault_answered};
pub(super) use view::{cover, height, links, view};

/// The prompts, the one on the screen first.
#[derive(Debug, Default)]
pub(super) struct Dock {
    /// Where the settings say that secrets are to be kept.
    pub(super) vault_wish: Option<VaultKind>,
    /// Why the system keyring cannot be one of them, once it was tried.
    no_keyring: Option<String>,
    /// What was typed into forms that are not open here.
    left: drafts::Left,
    prompts: VecDeque<Prompt>,
}

impl Dock {
    /// Whether more than one prompt waits.
    pub(super) fn has_more(&self) -> bool {
        self.prompts.len() > 1
    }

    /// The number of the one on the screen.
    #[cfg(test)]
    pub(super) fn front(&self) -> Option<u64> {
        self.prompts.front().map(|prompt| prompt.number)
    }

    /// Whether a prompt is there.
    #[cfg(test)]
    pub(super) fn is_open(&self) -> bool {
        !self.prompts.is_empty()
    }

    /// A key was typed, or something pasted, elsewhere.
    pub(super) fn typed_elsewhere(&mut self, now: u64) {
        for prompt in &mut self.prompts {
            prompt.arming.typed_elsewhere(now);
        }
    }
}

/// Puts a prompt on the screen that the key just pressed asked for.
fn open(model: &mut Model, kind: Kind) {
    let number = model.number();
    let prompt = Prompt::new(number, kind, model.clock.now);
    model.dock.prompts.push_front(prompt);
    take_focus(model);
}

/// Puts a prompt behind those that wait, without taking the keys from anything. What
/// asks comes before what merely says.
fn join(model: &mut Model, kind: Kind) {
    let number = model.number();
    let prompt = Prompt::new(number, kind, model.clock.now);
    let prompts = &mut model.dock.prompts;
    let says = |prompt: &Prompt| matches!(prompt.kind, Kind::Warning(_));
    let place = if says(&prompt) {
        prompts.len()
    } else {
        prompts.iter().position(says).unwrap_or(prompts.len())
    };
    // One that has the keys keeps its place, whatever it is.
    let place = match prompts.front() {
        _ if place == 0 && model.focus.in_dock() => 1,
        // What was put off makes way for what is new.
        Some(front) if front.put_off => 0,
        _ => place,
    };
    prompts.insert(place.min(prompts.len()), prompt);
}

/// Takes prompts away that are over, and gives the keys back where the one that had
/// them is among them.
fn retain(model: &mut Model, keep: impl FnMut(&Prompt) -> bool) {
    let before = model.dock.prompts.front().map(|prompt| prompt.number);
    model.dock.prompts.retain(keep);
    let after = model.dock.prompts.front().map(|prompt| prompt.number);
    // The keys typed for one prompt must not reach the next.
    if model.focus.in_dock() && before != after {
        model.focus_tab();
    }
}

/// The board says something; the mirror does not know it yet.
pub(super) fn heard(model: &mut Model, event: &EventKind) -> Vec<Effect> {
    warning::heard(model, event);
    step_up::heard(model, event);
    let mut effects = asked::heard(model, event);
    effects.extend(consent::heard(model, event));
    effects
}

/// Goes on to the next prompt; the one on the screen waits behind the others.
fn next(model: &mut Model) {
    if model.dock.prompts.len() > 1 {
        model.dock.prompts.rotate_left(1);
        take_focus(model);
    }
}

/// Whether a prompt is there.
pub(super) fn has_prompt(model: &Model) -> bool {
    !model.dock.prompts.is_empty()
}

/// Gives the keys to the prompt on the screen, if there is one.
pub(super) fn take_focus(model: &mut Model) {
    model.leave_overlay();
    let now = model.clock.now;
    let Some(prompt) = model.dock.prompts.front_mut() else {
        return;
    };
    prompt.put_off = false;
    prompt.arming.focused(now);
    let focus = prompt.focus();
    model.borrow_focus(focus);
}

/// Takes the prompt on the screen away, and gives the keys back.
fn close(model: &mut Model) -> Option<Prompt> {
    let prompt = model.dock.prompts.pop_front();
    if model.focus.in_dock() {
        model.focus_tab();
    }
    prompt
}

/// Whether the step wants to know when the present frame is on the screen.
pub(super) fn awaits_paint(model: &Model) -> bool {
    model.dock.prompts.front().is_some_and(|prompt| {
        prompt.permits()
            && !prompt.put_off
            && (!prompt.arming.is_painted() || prompt.seen < view::bottom(model, prompt))
    })
}

/// What was drawn has reached the terminal.
pub(super) fn painted(model: &mut Model) {
    let now = model.clock.now;
    let bottom = model
        .dock
        .prompts
        .front()
        .map_or(0, |prompt| view::bottom(model, prompt));
    if let Some(prompt) = model.dock.prompts.front_mut()
        && bottom > 0
    {
        prompt.arming.painted(now);
        // What was passed over was not seen.
        if prompt.top <= prompt.seen {
            prompt.seen = prompt.seen.max(bottom);
        }
    }
}

/// Has the prompt drawn again when its keys light up.
pub(super) fn light_later(model: &mut Model) -> Option<Effect> {
    let now = model.clock.now;
    let prompt = model.dock.prompts.front_mut()?;
    let at = prompt.ready_at().filter(|at| *at > now)?;
    if !prompt.permits() || prompt.lights_at == Some(at) {
        return None;
    }
    prompt.lights_at = Some(at);
    let after = Duration::from_millis(at.saturating_sub(now));
    Some(Effect::Timer(Timer::Arm(prompt.number), after))
}

/// Whether the keys are in something of a prompt that has to be in sight.
fn is_in_form(focus: Focus) -> bool {
    matches!(focus, Focus::DockForm | Focus::DockPaste)
}

/// Keeps the prompt within its bounds, and the keys where they belong.
pub(super) fn settle(model: &mut Model) {
    let last = model
        .dock
        .prompts
        .front()
        .map_or(0, |prompt| view::last_top(model, prompt));
    let of_form = model
        .dock
        .prompts
        .front()
        .filter(|prompt| is_in_form(model.focus) && !prompt.reading)
        .and_then(|prompt| view::top_of_form(model, prompt));
    if let Some(prompt) = model.dock.prompts.front_mut() {
        prompt.top = of_form.unwrap_or(prompt.top).min(last);
    }
    if model.focus.in_dock() {
        match model.dock.prompts.front().map(Prompt::focus) {
            Some(focus) => model.focus = focus,
            None => model.focus_tab(),
        }
    }
    let (now, here) = (model.clock.now, model.focus.in_dock());
    let fits = layout::fits(model.size);
    for (place, prompt) in model.dock.prompts.iter_mut().enumerate() {
        let first = place == 0;
        if !first || !fits || prompt.put_off {
            prompt.arming.hidden();
        }
        if first && here {
            prompt.arming.keeps_focus(now);
        } else {
            prompt.arming.unfocused();
        }
    }
}

/// A key while a prompt has them; `None` leaves it to the keymap.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let now = model.clock.now;
    let action = model.keymap.find(model.focus, key);
    let armed = is_armed(model);
    let prompt = model.dock.prompts.front_mut()?;
    prompt.arming.key(now);
    if prompt.permits() && action.is_some_and(Action::is_a_yes) {
        if armed {
            return Some(permit(model));
        }
        // Typed ahead: thrown away, and the quiet begins anew.
        return Some(vec![]);
    }
    // What the prompt's own keys do, no field of it may take.
    let own = matches!(
        action,
        Some(
            Action::DeclineQuestion
                | Action::FormReadOn
                | Action::FormReadBack
                | Action::FormNextPrompt
        )
    );
    if own && key.typed().is_none() {
        return None;
    }
    match &mut prompt.kind {
        Kind::Call(_) | Kind::Several(_) if action.is_none() => Some(vec![]),
        Kind::Vault(question) => question.key(key).then(Vec::new),
        Kind::Consent(consenting) => consenting.key(key).then(|| {
            prompt.reading = false;
            vec![]
        }),
        Kind::Asked(asking) => asking.key(key).then(|| {
            // Whoever types is at the field.
            prompt.reading = false;
            vec![]
        }),
        _ => None,
    }
}

/// Does what the prompt on the screen asks to be allowed.
fn permit(model: &mut Model) -> Vec<Effect> {
    match model.dock.prompts.front().map(|prompt| &prompt.kind) {
        Some(Kind::Call(_)) => call::allow(model),
        Some(Kind::Several(_)) => several::confirm(model),
        Some(Kind::Asked(_)) => asked::accept(model),
        _ => vec![],
    }
}

/// Whether the prompt on the screen does not fit into its place.
pub(super) fn reads_on(model: &Model) -> bool {
    let prompt = model.dock.prompts.front();
    prompt.is_some_and(|prompt| view::last_top(model, prompt) > 0)
}

/// Whether the prompt on the screen may be answered with yes.
pub(super) fn is_armed(model: &Model) -> bool {
    model.dock.prompts.front().is_some_and(|prompt| {
        let lines = view::lines_to_see(model, prompt);
        let now = model.clock.now;
        model.focus.in_dock()
            && prompt.permits()
            && prompt.seen >= lines
            && prompt.ready_at().is_some_and(|at| now >= at)
    })
}

/// The mouse over the prompt: a click gives it the keys, the wheel reads on. Neither
/// answers it.
pub(super) fn clicked(model: &mut Model, click: Click) -> Vec<Effect> {
    let now = model.clock.now;
    let Some(prompt) = model.dock.prompts.front_mut() else {
        return vec![];
    };
    // A line at a time: none is passed that was not on the screen.
    match click.kind {
        MouseKind::Press => take_focus(model),
        MouseKind::WheelUp => prompt.read_back(1),
        MouseKind::WheelDown => prompt.read_on(1),
    }
    if let Some(prompt) = model.dock.prompts.front_mut() {
        prompt.arming.key(now);
    }
    vec![]
}

/// Whether letters are typed into the form of the prompt on the screen.
pub(super) fn is_typing(model: &Model) -> bool {
    match model.dock.prompts.front().map(|prompt| &prompt.kind) {
        Some(Kind::Asked(asking)) => asking.form.as_ref().is_some_and(|form| form.is_typing()),
        _ => false,
    }
}

/// A paste into a field of the prompt on the screen. It never answers anything.
pub(super) fn pasted(model: &mut Model, text: &str) {
    match model
        .dock
        .prompts
        .front_mut()
        .map(|prompt| &mut prompt.kind)
    {
        Some(Kind::Vault(question)) => question.paste(text),
        Some(Kind::Asked(asking)) => asking.paste(text),
        Some(Kind::Consent(consenting)) => consenting.paste(text),
        _ => {}
    }
    if let Some(prompt) = model.dock.prompts.front_mut() {
        prompt.reading = false;
    }
}

/// Does what a key stands for in the prompt on the screen.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::ReadOn | Action::FormReadOn => {
            let step = view::page(model);
            if let Some(prompt) = model.dock.prompts.front_mut() {
                prompt.read_on(step);
            }
            vec![]
        }
        Action::ReadBack | Action::FormReadBack => {
            let step = if action == Action::ReadBack {
                1
            } else {
                view::page(model)
            };
            if let Some(prompt) = model.dock.prompts.front_mut() {
                prompt.read_back(step);
            }
            vec![]
        }
        Action::DenyCall => call::deny(model),
        Action::DeclineQuestion => asked::decline(model),
        Action::CopyLink => asked::copy_link(model),
        Action::SeeWarning => warning::look(model),
        Action::NextPrompt | Action::FormNextPrompt => {
            next(model);
            vec![]
        }
        Action::ConfirmRemove => removal::confirm(model),
        Action::ConfirmLogout => logout::confirm(model),
        Action::GiveMore => step_up::give(model),
        Action::GiveNoMore => step_up::refuse(model),
        _ if consent::is_of_the_box(action) => {
            if let Some(prompt) = model.dock.prompts.front_mut() {
                prompt.reading = false;
            }
            consent::act(model, action)
        }
        Action::ChoosePlace | Action::PlaceUp | Action::PlaceDown | Action::PassphraseNext => {
            vault::act(model, action)
        }
        Action::DockBack | Action::LeaveField => back(model),
        _ => {
            if let Some(prompt) = model.dock.prompts.front_mut() {
                prompt.reading = false;
            }
            asked::act(model, action)
        }
    }
}

/// Esc: not now. Nothing that was asked happens.
fn back(model: &mut Model) -> Vec<Effect> {
    match model.dock.prompts.front().map(|prompt| &prompt.kind) {
        Some(Kind::Call(_)) => call::deny(model),
        Some(Kind::Vault(_)) => vault::back(model),
        Some(Kind::Consent(_)) => consent::act(model, Action::PutAway),
        Some(
            Kind::Remove(_)
            | Kind::Logout(_)
            | Kind::StepUp(_)
            | Kind::Several(_)
            | Kind::Warning(_),
        ) => {
            close(model);
            vec![]
        }
        // It waits at the board, and here, for as long as its asker does.
        Some(Kind::Asked(_)) => {
            if let Some(prompt) = model.dock.prompts.front_mut() {
                prompt.put_off = true;
            }
            model.focus_tab();
            vec![]
        }
        None => vec![],
    }
}
