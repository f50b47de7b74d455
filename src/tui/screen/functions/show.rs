//! What others want of this tab: to go to one function or to those that nobody has
//! looked at, and to know what is shown.

use super::{Filters, Key, arrived, connector, look, run, settle, show};
use crate::domain::{ConnectorId, FunctionState, Permission, Untrusted};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::tab::Tab;
use crate::tui::widget::field::Field;

/// Shows the functions of a connector, none left out, with this one chosen.
pub(in crate::tui) fn show_function(
    model: &mut Model,
    id: &ConnectorId,
    name: &Untrusted,
) -> Vec<Effect> {
    let mut effects = show(model, id);
    let state = &mut model.tabs.functions;
    state.filter = Field::default();
    state.filters = Filters::default();
    state.scroll = 0;
    settle(model);
    let (mirror, state) = (&model.mirror, &mut model.tabs.functions);
    if let Some(place) = state.listing.position(mirror, id, Some(name.raw())) {
        state.cursor.row = place;
        state.chosen = Some(Key {
            connector: id.clone(),
            function: Some(name.raw().to_owned()),
        });
    }
    effects.extend(arrived(model));
    effects
}

/// Shows the functions of a connector with the first one chosen that is not as it was
/// accepted. No filter hides it, and no answer of another one lies over it.
pub(in crate::tui) fn show_unread(model: &mut Model, id: &ConnectorId) -> Vec<Effect> {
    run::put_away(model);
    let mut effects = show(model, id);
    let state = &mut model.tabs.functions;
    state.filter = Field::default();
    state.filters = Filters::default();
    state.scroll = 0;
    state.seeks_unread = true;
    settle(model);
    effects.extend(choose_unread(model));
    effects
}

/// Chooses the first that nobody has accepted, where that was asked for and one is
/// there: the list that has it may still be on its way.
pub(super) fn choose_unread(model: &mut Model) -> Vec<Effect> {
    let state = &model.tabs.functions;
    let Some(id) = state.connector.clone().filter(|_| state.seeks_unread) else {
        return vec![];
    };
    let functions = model.mirror.functions_of(&id);
    let unread = functions.iter().find(|function| {
        // What never runs waits for nobody to read it.
        function.state() != FunctionState::Accepted && function.permission() != Permission::Block
    });
    let Some(name) = unread.map(|function| function.raw_name().to_owned()) else {
        return vec![];
    };
    let (mirror, state) = (&model.mirror, &mut model.tabs.functions);
    state.seeks_unread = false;
    if let Some(place) = state.listing.position(mirror, &id, Some(&name)) {
        state.cursor.row = place;
        state.chosen = Some(Key {
            connector: id,
            function: Some(name),
        });
    }
    arrived(model)
}

/// The name of the connector whose functions are on the screen.
pub(in crate::tui) fn shown_connector(model: &Model) -> Option<&str> {
    let open = model.tab == Tab::Functions;
    connector(model)
        .filter(|_| open)
        .map(|connector| connector.name.as_str())
}

/// Whether functions are marked.
pub(in crate::tui) fn has_marks(model: &Model) -> bool {
    !model.tabs.functions.marks.is_empty()
}

/// Whether the arguments of this function, or what came of it, are on the screen.
pub(in crate::tui) fn shows_run(model: &Model, function: &str) -> bool {
    let run = model.tabs.functions.run.as_ref();
    model.tab == Tab::Functions && run.is_some_and(|run| run.function.raw() == function)
}

/// Whether the details of this function are on the screen.
pub(in crate::tui) fn shows_function(model: &Model, function: &str) -> bool {
    look::shown(model).is_some_and(|view| view.function.name.raw() == function)
}

/// Whether what changed of this function is on the screen.
pub(in crate::tui) fn shows_change_of(model: &Model, function: &str) -> bool {
    look::shown(model)
        .is_some_and(|view| view.function.name.raw() == function && view.accepted.is_some())
}
