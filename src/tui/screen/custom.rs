//! Tab 3: the form that adds a connector, or edits one.
//!
//! Nothing typed is lost to a fault. Secrets live in fields that wipe themselves;
//! they are wiped when the form is left.

mod check;
mod click;
mod client;
mod connect;
mod detect;
mod entry;
mod form;
mod from_directory;
mod place;
mod reach;
mod sheet;
mod slot;
mod view;

pub(in crate::tui) use check::split_words;
pub(in crate::tui) use click::clicked;
pub(in crate::tui) use connect::{connect, connected, is_about, renamed};
pub(in crate::tui) use detect::{detect_now, detected};

pub(in crate::tui) use form::State;
pub(in crate::tui) use from_directory::begin_with;
pub(in crate::tui) use place::{heard, keep, listed, opened, recall};
pub(in crate::tui) use view::view;

use form::{Slot, SlotKind};

use crate::domain::Fault;
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::effect::{Answer, Effect, Ticket, WorkStep};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::layout;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors;
use crate::tui::tab::Tab;
use crate::tui::widget::field::Typed;
use crate::tui::widget::server;

/// What goes on once what the form names was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Next {
    /// The look of this number.
    Look(u64),
    /// Connecting.
    Connect,
}

/// What the form names was read.
pub(in crate::tui) fn gathered(
    model: &mut Model,
    next: Next,
    result: Result<Answer, Fault>,
) -> Vec<Effect> {
    match (result, next) {
        (Ok(Answer::Gathered(found)), Next::Look(number)) => detect::gathered(model, number, found),
        (Ok(Answer::Gathered(found)), Next::Connect) => connect::gathered(model, found),
        (Ok(_), _) => vec![],
        (Err(fault), _) => vec![model.complain(&fault)],
    }
}

/// Opens the form for a new connector; what was typed into it before is there.
pub(in crate::tui) fn begin_new(model: &mut Model) {
    if model.tabs.custom.is_edit() || model.tabs.custom.is_untouched_entry() {
        model.tabs.custom = model.tabs.custom.after_edit();
    }
    model.open_tab(Tab::Custom);
    model.focus = Focus::Form;
}

/// Opens the form filled in with a connector.
pub(in crate::tui) fn begin_edit(model: &mut Model, connector: &ConnectorView) {
    let before = std::mem::replace(&mut model.tabs.custom, State::of(connector));
    model.tabs.custom.parked = if before.is_edit() {
        before.parked
    } else {
        Some(Box::new(before))
    };
    model.tabs.custom.origin = Some(model.focus);
    model.open_tab(Tab::Custom);
    model.focus = Focus::Form;
}

/// The tab is left: secrets go.
pub(in crate::tui) fn left(model: &mut Model) -> Vec<Effect> {
    if !model.tabs.custom.wipe_secrets() {
        return vec![];
    }
    vec![model.say("the secret in the form was wiped; the rest is kept")]
}

/// Whether an action has something to act on.
pub(in crate::tui) fn offers(model: &Model, action: Action) -> bool {
    match action {
        Action::LeaveEdit => model.tabs.custom.took_a_place(),
        Action::ClearForm => !model.tabs.custom.took_a_place(),
        Action::ChoiceAfter => model.tabs.custom.is_choosing(),
        _ => true,
    }
}

/// A key while the form has them; `None` leaves it to the keymap.
pub(in crate::tui) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let slot = model.tabs.custom.here();
    let typed = match slot.kind() {
        SlotKind::Text => model.tabs.custom.field_mut(slot)?.key(key),
        SlotKind::Secret => model.tabs.custom.secret_mut(slot)?.key(key),
        SlotKind::Choice | SlotKind::Tick | SlotKind::Button => {
            return match key.typed() {
                Some(' ') => Some(press(model, slot)),
                _ if key.typed().is_none() || model.is_let_through(key) => None,
                // Whoever takes it for a field must not leave by a letter.
                _ => Some(vec![]),
            };
        }
    };
    match typed {
        Typed::NotMine => None,
        Typed::Taken => Some(vec![]),
        Typed::Changed => Some(changed(model, slot)),
    }
}

/// A paste while the form has the keys.
pub(in crate::tui) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let slot = model.tabs.custom.here();
    let said = if let Some(field) = model.tabs.custom.field_mut(slot) {
        field.paste(text)
    } else if let Some(field) = model.tabs.custom.secret_mut(slot) {
        field.paste(text)
    } else {
        Some("nothing is typed here; nothing was pasted")
    };
    let mut effects = changed(model, slot);
    effects.extend(said.map(|said| model.say(said)));
    effects
}

/// What follows from another text or choice in a slot.
fn changed(model: &mut Model, slot: Slot) -> Vec<Effect> {
    model.tabs.custom.fault = None;
    model.tabs.custom.touched = true;
    match slot {
        Slot::Remote | Slot::Variable(_) | Slot::SecretVariable(_) | Slot::ChosenVariable(_) => {
            model.tabs.custom.trust = false;
            model.tabs.custom.rewrite_url();
            detect::url_changed(model)
        }
        Slot::Name => {
            model.tabs.custom.sent = None;
            vec![]
        }
        Slot::Url | Slot::PlainHttp => {
            model.tabs.custom.trust = false;
            detect::url_changed(model)
        }
        Slot::Command => {
            model.tabs.custom.trust = false;
            vec![]
        }
        Slot::Authorities | Slot::KeepAuthorities | Slot::Proxy | Slot::TimeOut => {
            model.tabs.custom.reach.unread = None;
            detect::options_changed(model)
        }
        Slot::Variables => {
            model.tabs.custom.reach.unread = None;
            vec![]
        }
        _ => vec![],
    }
}

/// Presses what is chosen: the next choice, the tick, the button.
fn press(model: &mut Model, slot: Slot) -> Vec<Effect> {
    match slot {
        Slot::Connect => connect(model),
        Slot::Trust => {
            model.tabs.custom.trust = !model.tabs.custom.trust;
            changed(model, slot)
        }
        Slot::PlainHttp => {
            model.tabs.custom.plain_http = !model.tabs.custom.plain_http;
            changed(model, slot)
        }
        Slot::KeepAuthorities => {
            model.tabs.custom.reach.keep_authorities = !model.tabs.custom.reach.keep_authorities;
            changed(model, slot)
        }
        Slot::Machine | Slot::NoPkce | Slot::PrivateNetwork => {
            model.tabs.custom.client.tick(slot);
            changed(model, slot)
        }
        Slot::SignIn => {
            model.tabs.custom.client.open = !model.tabs.custom.client.open;
            vec![]
        }
        Slot::Options => {
            model.tabs.custom.reach.open = !model.tabs.custom.reach.open;
            vec![]
        }
        Slot::Kind | Slot::Auth | Slot::Remote | Slot::ChosenVariable(_) => {
            model.tabs.custom.choose(slot, true);
            changed(model, slot)
        }
        _ => {
            model.tabs.custom.step(true);
            vec![]
        }
    }
}

/// Does what a key stands for in this tab.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let slot = model.tabs.custom.here();
    match action {
        Action::NextPane | Action::FieldDown => {
            model.focus = Focus::Form;
            model.tabs.custom.step(true);
        }
        Action::PreviousPane | Action::FieldUp => {
            model.focus = Focus::Form;
            model.tabs.custom.step(false);
        }
        Action::ChoiceBefore | Action::ChoiceAfter if slot.kind() == SlotKind::Choice => {
            model
                .tabs
                .custom
                .choose(slot, action == Action::ChoiceAfter);
            return changed(model, slot);
        }
        Action::Press if matches!(slot.kind(), SlotKind::Tick | SlotKind::Button) => {
            return press(model, slot);
        }
        Action::Press => model.tabs.custom.step(true),
        Action::Connect => return connect(model),
        Action::LeaveField => model.focus = Focus::FormIdle,
        Action::EnterField => model.focus = Focus::Form,
        Action::ClearForm if model.tabs.custom.is_edit() => {
            let text = model.words("this is an edit: {connect} saves it, {leave-edit} leaves it");
            return vec![model.say(text)];
        }
        Action::ClearForm if model.tabs.custom.entry.is_some() => {
            let text = model.words("this is a server of the directory: {leave-edit} leaves it");
            return vec![model.say(text)];
        }
        Action::LeaveEdit => return leave_edit(model),
        Action::ClearForm => {
            let stopped = cancel(model);
            model.tabs.custom = model.tabs.custom.after_edit();
            model.focus = Focus::Form;
            return stopped.unwrap_or_default();
        }
        _ => {}
    }
    vec![]
}

/// Leaves an edit for where it was asked for. Nothing of it is kept.
fn leave_edit(model: &mut Model) -> Vec<Effect> {
    let Some(editing) = &model.tabs.custom.editing else {
        if let Some(entry) = &model.tabs.custom.entry {
            let name = server::quoted(model.theme, &entry.title, 40);
            return leave(
                model,
                &format!("{name} was left; nothing of it is kept"),
                Focus::Directory,
            );
        }
        let text = "the form stays as it is; {tab-connectors} opens My Connectors, {clear-form} empties it";
        return vec![model.say(model.words(text))];
    };
    let said = if model.tabs.custom.added {
        format!("{} stays on the board as it was added", editing.name)
    } else {
        format!("the edit of {} was left; nothing was saved", editing.name)
    };
    let id = editing.id.clone();
    let effects = leave(model, &said, Focus::Connectors);
    connectors::choose(model, &id);
    effects
}

/// Leaves what has taken the place of a new form, for where it was asked for.
fn leave(model: &mut Model, said: &str, otherwise: Focus) -> Vec<Effect> {
    let mut effects = cancel(model).unwrap_or_default();
    let of_the_form = |purpose: &Purpose| matches!(purpose, Purpose::Rename | Purpose::Gather(_));
    model
        .tasks
        .under_way
        .retain(|_, purpose| !of_the_form(purpose));
    let origin = model.tabs.custom.origin.unwrap_or(otherwise);
    model.tabs.custom = model.tabs.custom.after_edit();
    model.places.remove(&Tab::Custom);
    model.open_tab(origin.tab().unwrap_or(Tab::Connectors));
    model.places.remove(&Tab::Custom);
    model.focus = origin;
    effects.push(model.say(said));
    effects
}

/// Something under way here said a step.
pub(in crate::tui) fn step(model: &mut Model, ticket: Ticket, step: WorkStep) {
    match step {
        WorkStep::Evidence(evidence) => detect::seen(model, ticket, evidence),
        WorkStep::Stage(stage) => connect::stage(model, ticket, stage),
        WorkStep::Call(_) | WorkStep::Reading(_) => {}
    }
}

/// Ctrl-c: stops connecting, or else looking at the URL.
pub(in crate::tui) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    connect::cancel(model).or_else(|| detect::cancel(model))
}

/// Keeps the chosen slot on the screen.
pub(in crate::tui) fn settle(model: &mut Model) {
    connect::adopt(model);
    model.tabs.custom.settle_slot();
    if model.tab != Tab::Custom {
        return;
    }
    let inside = view::inside(layout::areas(model).body);
    let sheet = sheet::sheet(model, usize::from(inside.width));
    let height = usize::from(inside.height).max(1);
    let (first, last) = sheet.lines_of(model.tabs.custom.here());
    let lines = sheet.len();
    let top = &mut model.tabs.custom.top;
    if last >= top.saturating_add(height) {
        *top = last.saturating_add(1).saturating_sub(height);
    }
    *top = (*top).min(first).min(lines.saturating_sub(height));
    // The beginning is shown whenever there is room for it.
    if last < height {
        *top = 0;
    }
}
