//! Whose functions are shown: those of one connector or of all, asked for as they are
//! needed.

use std::collections::BTreeSet;

use super::run::Run;
use super::show::choose_unread;
use super::{State, arguments, cancel, connector, look, place, settle};
use crate::domain::ConnectorId;
use crate::protocol::EventKind;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::mirror::{Known, Listed};
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors;
use crate::tui::tab::Tab;
use crate::tui::update::load_functions;

/// So many lists of functions are asked for at a time.
const AT_A_TIME: usize = 8;

/// The tab was opened: what is to be shown is asked for.
pub(in crate::tui) fn opened(model: &mut Model) -> Vec<Effect> {
    let gone = model
        .tabs
        .functions
        .connector
        .as_ref()
        .is_some_and(|id| model.mirror.connector(id).is_none());
    if gone {
        close(model);
    }
    if model.tabs.functions.all {
        let mut effects = load_more(model);
        effects.extend(arrived(model));
        return effects;
    }
    match (
        model.tabs.functions.connector.clone(),
        connectors::chosen(model),
    ) {
        (Some(id), _) => {
            let mut effects = load(model, &id);
            effects.extend(arrived(model));
            effects
        }
        (None, Some(connector)) if model.mirror.is_up() => {
            let id = connector.id.clone();
            show(model, &id)
        }
        _ => vec![],
    }
}

/// Shows the functions of a connector.
pub(in crate::tui) fn show(model: &mut Model, id: &ConnectorId) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.tabs.functions.connector.as_ref() != Some(id) {
        effects.extend(anew(model));
        model.tabs.functions.connector = Some(id.clone());
        model.focus = Focus::Functions;
    } else if model.focus == Focus::Picker {
        model.focus = Focus::Functions;
    }
    effects.extend(load(model, id));
    effects.extend(arrived(model));
    effects
}

/// Shows the functions of all connectors.
pub(super) fn show_all(model: &mut Model) -> Vec<Effect> {
    let mut effects = anew(model);
    model.tabs.functions.all = true;
    model.focus = Focus::Functions;
    effects.extend(load_all(model));
    effects.extend(arrived(model));
    effects
}

/// Forgets everything but what was typed; stops what runs.
pub(super) fn anew(model: &mut Model) -> Vec<Effect> {
    arguments::remember(model);
    let stopped = cancel(model);
    let state = &mut model.tabs.functions;
    *state = State {
        picker: state.picker,
        drafts: std::mem::take(&mut state.drafts),
        ..State::default()
    };
    stopped.unwrap_or_default()
}

/// Between all connectors and the one that is chosen. The function, the filters and
/// the marks stay.
pub(super) fn toggle_all(model: &mut Model) -> Vec<Effect> {
    if model.tabs.functions.all {
        let Some(id) = connector(model).map(|connector| connector.id.clone()) else {
            return vec![];
        };
        let elsewhere = |run: &Run| run.connector != id;
        let mut effects = Vec::new();
        if model.tabs.functions.run.as_ref().is_some_and(elsewhere) {
            effects.extend(cancel(model).unwrap_or_default());
            model.tabs.functions.run = None;
        }
        model.tabs.functions.marks.keep_only(&id);
        model.tabs.functions.all = false;
        model.tabs.functions.connector = Some(id);
        effects.extend(arrived(model));
        return effects;
    }
    model.tabs.functions.all = true;
    model.tabs.functions.connector = None;
    let mut effects = load_all(model);
    effects.extend(arrived(model));
    effects
}

/// Another list is on the screen: something in it is chosen, and looked at.
pub(super) fn arrived(model: &mut Model) -> Vec<Effect> {
    settle(model);
    look::look(model)
}

fn load(model: &mut Model, id: &ConnectorId) -> Vec<Effect> {
    match model.mirror.functions.get(id) {
        Some(Known::Here(_) | Known::Loading) => vec![],
        Some(Known::Missing(_)) | None => load_functions(model, id).into_iter().collect(),
    }
}

/// Asks for the functions of all connectors, those that could not be had before
/// among them.
fn load_all(model: &mut Model) -> Vec<Effect> {
    for id in model.mirror.functions.known() {
        if matches!(model.mirror.functions.get(&id), Some(Known::Missing(_))) {
            model.mirror.functions.remove(&id);
        }
    }
    load_more(model)
}

/// Asks for more lists, a few at a time, while all are shown.
pub(super) fn load_more(model: &mut Model) -> Vec<Effect> {
    if !model.tabs.functions.all || !model.mirror.is_up() {
        return vec![];
    }
    let under_way = model.tasks.under_way.values();
    let asked = under_way.filter(|it| matches!(it, Purpose::Functions(_)));
    let room = AT_A_TIME.saturating_sub(asked.count());
    let wanted: Vec<ConnectorId> = model
        .mirror
        .connectors
        .iter()
        .map(|connector| &connector.id)
        .filter(|id| !model.mirror.functions.contains_key(id))
        .take(room)
        .cloned()
        .collect();
    wanted
        .iter()
        .filter_map(|id| load_functions(model, id))
        .collect()
}

/// Functions came.
pub(in crate::tui) fn loaded(model: &mut Model, id: &ConnectorId) -> Vec<Effect> {
    let names: BTreeSet<&str> = model
        .mirror
        .functions_of(id)
        .iter()
        .map(Listed::raw_name)
        .collect();
    let marks = &mut model.tabs.functions.marks;
    marks.retain(id, |name| names.contains(name));
    let mut effects = load_more(model);
    effects.extend(arrived(model));
    effects.extend(place::reopen(model));
    effects.extend(choose_unread(model));
    effects
}

/// The board said something.
pub(in crate::tui) fn heard(model: &mut Model, event: &EventKind) -> Vec<Effect> {
    match event {
        EventKind::Connector(_) | EventKind::Snapshot(_) => {
            // They may have been marked at another visit.
            let mirror = &model.mirror;
            let marks = &mut model.tabs.functions.marks;
            marks.retain_connectors(|id| mirror.connector(id).is_some());
            load_more(model)
        }
        EventKind::Journal(entry) => {
            look::written_down(model, entry);
            vec![]
        }
        _ => vec![],
    }
}

/// Goes back to the choice of a connector.
pub(super) fn close(model: &mut Model) {
    let state = &mut model.tabs.functions;
    // The choice stands where it was made.
    let id = state.connector.take();
    state.all = false;
    state.chosen = None;
    let connectors = &model.mirror.connectors;
    let place = connectors.iter().position(|it| Some(&it.id) == id.as_ref());
    state.picker.row = place.map_or(0, |place| place.saturating_add(1));
    if model.focus.tab() == Some(Tab::Functions) {
        model.focus = Focus::Picker;
    }
    model.places.insert(Tab::Functions, Focus::Picker);
}
