//! Tab 4: the functions of one connector, what they may do, and running one.

mod details;
mod listing;
mod outcome;
mod permit;
mod run;
mod run_view;
mod schema;
mod view;

use std::collections::{BTreeMap, BTreeSet};

pub(in crate::tui) use listing::hint_word;
pub(in crate::tui) use permit::permitted;
pub(in crate::tui) use run::{approved, called, denied, saved, step};
pub(in crate::tui) use view::view;

use run::Run;

use crate::domain::{ConnectorId, Function, Permission, Untrusted};
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::layout;
use crate::tui::mirror::Known;
use crate::tui::model::Model;
use crate::tui::screen::{connectors, custom};
use crate::tui::update::load_functions;
use crate::tui::widget::cursor::{Cursor, scroll};
use crate::tui::widget::field::{Field, Typed};

/// What the tab remembers.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {
    /// Whose functions are shown; `None`: one is to be picked.
    connector: Option<ConnectorId>,
    picker: Cursor,
    cursor: Cursor,
    /// The function that is chosen; events may move its row.
    chosen: Option<String>,
    filter: Field,
    /// Functions that are marked, by name.
    marks: BTreeSet<String>,
    /// First line of the details on the screen.
    scroll: usize,
    /// The function that is being run, or was last.
    run: Option<Run>,
    /// Arguments that were typed, by connector and function.
    drafts: BTreeMap<(ConnectorId, String), String>,
}

/// The connector whose functions are shown.
fn connector(model: &Model) -> Option<&ConnectorView> {
    model
        .mirror
        .connector(model.tabs.functions.connector.as_ref()?)
}

/// The function that is chosen.
fn chosen(model: &Model) -> Option<&Function> {
    let name = model.tabs.functions.chosen.as_ref()?;
    all(model)
        .iter()
        .find(|function| function.name.raw() == name)
}

/// All functions of the connector, shown or not.
fn all(model: &Model) -> &[Function] {
    match &model.tabs.functions.connector {
        Some(id) => model.mirror.functions_of(id),
        None => &[],
    }
}

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
    match (
        model.tabs.functions.connector.clone(),
        connectors::chosen(model),
    ) {
        (Some(id), _) => load(model, &id),
        (None, Some(connector)) if model.mirror.is_up() => {
            let id = connector.id.clone();
            show(model, &id)
        }
        _ => vec![],
    }
}

/// Shows the functions of a connector.
pub(in crate::tui) fn show(model: &mut Model, id: &ConnectorId) -> Vec<Effect> {
    if model.tabs.functions.connector.as_ref() != Some(id) {
        let drafts = std::mem::take(&mut model.tabs.functions.drafts);
        let stopped = cancel(model);
        model.tabs.functions = State {
            connector: Some(id.clone()),
            picker: model.tabs.functions.picker,
            drafts,
            ..State::default()
        };
        model.focus = Focus::Functions;
        let mut effects = stopped.unwrap_or_default();
        effects.extend(load(model, id));
        return effects;
    }
    if model.focus == Focus::Picker {
        model.focus = Focus::Functions;
    }
    load(model, id)
}

/// Shows the functions of a connector, with this one chosen.
pub(in crate::tui) fn show_function(
    model: &mut Model,
    id: &ConnectorId,
    name: &Untrusted,
) -> Vec<Effect> {
    let effects = show(model, id);
    model.tabs.functions.filter = Field::default();
    model.tabs.functions.chosen = Some(name.raw().to_owned());
    model.tabs.functions.scroll = 0;
    effects
}

fn load(model: &mut Model, id: &ConnectorId) -> Vec<Effect> {
    match model.mirror.functions.get(id) {
        Some(Known::Here(_) | Known::Loading) => vec![],
        Some(Known::Missing(_)) | None => load_functions(model, id).into_iter().collect(),
    }
}

/// Functions came.
pub(in crate::tui) fn loaded(model: &mut Model, id: &ConnectorId) {
    if model.tabs.functions.connector.as_ref() == Some(id) {
        let names: BTreeSet<String> = all(model)
            .iter()
            .map(|function| function.name.raw().to_owned())
            .collect();
        model
            .tabs
            .functions
            .marks
            .retain(|name| names.contains(name));
    }
}

/// Goes back to the choice of a connector.
fn close(model: &mut Model) {
    model.tabs.functions.connector = None;
    if model.focus.tab() == Some(crate::tui::tab::Tab::Functions) {
        model.focus = Focus::Picker;
    }
    model
        .places
        .insert(crate::tui::tab::Tab::Functions, Focus::Picker);
}

/// Keeps what is chosen chosen, and everything within its bounds.
pub(in crate::tui) fn settle(model: &mut Model) {
    let body = layout::inside(layout::areas(model).body);
    let height = usize::from(body.height);
    let connectors = model.mirror.connectors.len();
    model.tabs.functions.picker.settle(connectors, height);
    if model.tabs.functions.connector.is_some()
        && connector(model).is_none()
        && model.mirror.is_up()
    {
        close(model);
    }
    let shown = listing::shown(model);
    let place = model.tabs.functions.chosen.as_ref().and_then(|name| {
        shown
            .iter()
            .position(|function| function.name.raw() == name)
    });
    let rows = shown.len();
    if let Some(place) = place {
        model.tabs.functions.cursor.row = place;
    }
    model
        .tabs
        .functions
        .cursor
        .settle(rows, listing::height(model));
    let name = listing::shown(model)
        .get(model.tabs.functions.cursor.row)
        .map(|function| function.name.raw().to_owned());
    if rows > 0 || matches!(known(model), Some(Known::Here(_))) {
        model.tabs.functions.chosen = name;
    }
    if chosen(model).is_none() && model.focus == Focus::FunctionDetail {
        model.focus = Focus::Functions;
    }
    if model.tab == crate::tui::tab::Tab::Functions {
        run::settle(model);
        let (lines, height) = detail_size(model);
        let last = lines.saturating_sub(height);
        model.tabs.functions.scroll = model.tabs.functions.scroll.min(last);
    }
}

/// Whether an action has something to act on in the list.
pub(in crate::tui) fn offers(model: &Model, action: Action) -> bool {
    let listed = !all(model).is_empty();
    match action {
        Action::NewConnector => true,
        Action::ToggleView | Action::Save => run::has_answer(model),
        _ if model.focus == Focus::Picker => !model.mirror.connectors.is_empty(),
        _ if model.focus != Focus::Functions => true,
        Action::Reconnect | Action::Edit => !listed,
        Action::Back => true,
        Action::Filter => listed,
        _ => !listing::shown(model).is_empty(),
    }
}

fn known(model: &Model) -> Option<&Known> {
    model
        .mirror
        .functions
        .get(model.tabs.functions.connector.as_ref()?)
}

/// How many lines the details have, and how many fit.
fn detail_size(model: &Model) -> (usize, usize) {
    let inside = view::detail_area(model);
    let lines = chosen(model).map_or(0, |function| {
        details::lines(model, function, usize::from(inside.width)).len()
    });
    (lines, usize::from(inside.height))
}

/// A key while a field here has them; `None` leaves it to the keymap.
pub(in crate::tui) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let typed = match model.focus {
        Focus::Filter => {
            let typed = model.tabs.functions.filter.key(key);
            if typed == Typed::Changed {
                model.tabs.functions.cursor = Cursor::default();
                model.tabs.functions.chosen = None;
            }
            typed
        }
        _ => run::key(model, key)?,
    };
    (typed != Typed::NotMine).then(Vec::new)
}

/// A paste while a field here has the keys.
pub(in crate::tui) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let said = match model.focus {
        Focus::Filter => {
            model.tabs.functions.chosen = None;
            model.tabs.functions.filter.paste(text)
        }
        _ => run::pasted(model, text),
    };
    said.map(|said| model.say(said)).into_iter().collect()
}

/// Does what a key stands for in this tab.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match model.focus {
        Focus::Picker => pick(model, action),
        Focus::Filter => {
            if action == Action::FilterClear {
                model.tabs.functions.filter = Field::default();
            }
            if matches!(action, Action::FilterClear | Action::FilterDone) {
                model.focus = Focus::Functions;
            }
            vec![]
        }
        Focus::Arguments | Focus::Outcome | Focus::SavePath => run::act(model, action),
        Focus::FunctionDetail => {
            let (lines, height) = detail_size(model);
            if scroll(&mut model.tabs.functions.scroll, action, lines, height) {
                return vec![];
            }
            on_function(model, action)
        }
        _ => {
            let (rows, height) = (listing::shown(model).len(), listing::height(model));
            if model.tabs.functions.cursor.go(action, rows, height) {
                model.tabs.functions.chosen = listing::shown(model)
                    .get(model.tabs.functions.cursor.row)
                    .map(|function| function.name.raw().to_owned());
                model.tabs.functions.scroll = 0;
                return vec![];
            }
            on_function(model, action)
        }
    }
}

fn pick(model: &mut Model, action: Action) -> Vec<Effect> {
    let rows = model.mirror.connectors.len();
    let height = usize::from(layout::inside(layout::areas(model).body).height);
    if model.tabs.functions.picker.go(action, rows, height) {
        return vec![];
    }
    match action {
        Action::PickConnector => {
            let picked = model.mirror.connectors.get(model.tabs.functions.picker.row);
            match picked.map(|connector| connector.id.clone()) {
                Some(id) => show(model, &id),
                None => vec![],
            }
        }
        Action::NewConnector => {
            custom::begin_new(model);
            vec![]
        }
        _ => vec![],
    }
}

fn on_function(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open if chosen(model).is_some() => model.focus = Focus::FunctionDetail,
        Action::Back if model.focus == Focus::FunctionDetail => model.focus = Focus::Functions,
        // Esc takes the marks and the filter away before it leaves.
        Action::Back if !model.tabs.functions.marks.is_empty() => {
            model.tabs.functions.marks.clear()
        }
        Action::Back if !model.tabs.functions.filter.text().is_empty() => {
            model.tabs.functions.filter = Field::default();
        }
        Action::Back => close(model),
        Action::NextPane | Action::PreviousPane => {
            model.focus = match (model.focus, model.tabs.functions.run.is_some()) {
                (Focus::Functions, _) if chosen(model).is_some() => Focus::FunctionDetail,
                _ => Focus::Functions,
            };
        }
        Action::Filter => model.focus = Focus::Filter,
        Action::Mark => mark(model),
        Action::Always => return permit::set(model, Permission::Always),
        Action::Ask => return permit::set(model, Permission::Ask),
        Action::Block => return permit::set(model, Permission::Block),
        Action::AlwaysReading => return permit::always_reading(model),
        Action::Try => return run::begin(model),
        Action::Reconnect | Action::Edit => {
            let Some(connector) = connector(model).cloned() else {
                return vec![];
            };
            if action == Action::Reconnect {
                return connectors::reconnect(model, &connector);
            }
            custom::begin_edit(model, &connector);
        }
        _ => {}
    }
    vec![]
}

/// Marks the chosen function, or takes the mark away, and goes on to the next.
fn mark(model: &mut Model) {
    let Some(name) = model.tabs.functions.chosen.clone() else {
        return;
    };
    if !model.tabs.functions.marks.remove(&name) {
        model.tabs.functions.marks.insert(name);
    }
    let (rows, height) = (listing::shown(model).len(), listing::height(model));
    model.tabs.functions.cursor.go(Action::Down, rows, height);
    model.tabs.functions.chosen = listing::shown(model)
        .get(model.tabs.functions.cursor.row)
        .map(|function| function.name.raw().to_owned());
}

/// Ctrl-c: stops the function that runs.
pub(in crate::tui) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    run::cancel(model)
}

/// The name of the connector whose functions are on the screen.
pub(in crate::tui) fn shown_connector(model: &Model) -> Option<&str> {
    let open = model.tab == crate::tui::tab::Tab::Functions;
    connector(model)
        .filter(|_| open)
        .map(|connector| connector.name.as_str())
}
