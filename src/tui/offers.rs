//! What an action is called where the keys go, and whether it has something to act
//! on there: the same answer for the footer and the palette.

use super::action::{Action, ActionSpec, Group};
use super::dock;
use super::focus::Focus;
use super::model::Model;
use super::screen::{connectors, directory};
use super::tab::TABS;
use super::viewer;

/// What an action is called here.
pub(super) fn title(model: &Model, spec: &ActionSpec) -> &'static str {
    match spec.action {
        Action::Connect if model.tabs.custom.is_edit() => "save",
        Action::LeaveEdit if !model.tabs.custom.is_edit() => "back to the directory",
        Action::OpenEntry if !directory::adds_at_once(model) => "preview",
        Action::LeaveField
            if model.focus == Focus::Arguments && model.tabs.functions.takes_nothing() =>
        {
            "back"
        }
        Action::Watch if connectors::is_watching(model) => "stop watching",
        _ => spec.title,
    }
}

/// Whether an action that counts where the keys go has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    match action {
        Action::Help => true,
        _ if action.is_a_yes() => dock::is_armed(model),
        Action::NextPrompt | Action::FormNextPrompt => model.dock.has_more(),
        Action::ReadOn | Action::ReadBack | Action::FormReadOn | Action::FormReadBack => {
            dock::reads_on(model)
        }
        Action::PasteAnswer | Action::CopyTunnel | Action::SeeReport => {
            dock::offers_in_box(model, action).unwrap_or(true)
        }
        Action::StartBoard => model.is_board_lost(),
        Action::Unlock => model.is_vault_locked(),
        Action::Cancel => model.focus == Focus::Outcome && model.tabs.functions.is_running(),
        _ => match viewer::offers(model, action) {
            Some(offers) => offers,
            None => of_the_tab(model, action),
        },
    }
}

fn of_the_tab(model: &Model, action: Action) -> bool {
    match model.focus.tab() {
        Some(tab) => (tab.does().offers)(model, action),
        None => true,
    }
}

/// Why an action does not work where the keys go; `None`: it does.
///
/// While a question has the keys nothing works that could answer it: only what
/// works everywhere, and what opens a tab.
pub(super) fn why_not(model: &Model, spec: &ActionSpec) -> Option<String> {
    let mut here = model.focus.contexts().iter();
    let place = here.find(|context| spec.contexts.contains(context));
    if model.focus.in_dock() {
        let everywhere = place.is_some_and(|context| context.group() == Group::Everywhere);
        let opens_a_tab = TABS.iter().any(|tab| tab.action == spec.action);
        let why = "not while a question has the keys";
        return (!everywhere && !opens_a_tab).then(|| why.to_owned());
    }
    let Some(place) = place else {
        let its = spec.contexts.first().and_then(|context| context.place());
        return Some(its.map_or_else(String::new, |place| format!("only {}", place.words())));
    };
    let why = match spec.action {
        Action::StartBoard if !model.is_board_lost() => "the board is there",
        Action::Unlock if !model.is_vault_locked() => "the vault is not locked",
        // What counts in many places is asked of none of them.
        _ if place.group() != Group::Here || offers(model, spec.action) => return None,
        _ => "there is nothing for it here",
    };
    Some(why.to_owned())
}
