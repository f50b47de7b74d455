//! Tab 4: the functions of one connector or of all, what they may do, and running
//! one.

mod arguments;
mod change;
mod click;
mod details;
mod filters;
mod list;
mod listing;
mod look;
mod marks;
mod permit;
mod picker;
mod place;
mod run;
mod run_view;
mod scope;
mod show;
mod view;

use std::collections::BTreeMap;

pub(in crate::tui) use arguments::edited;
pub(in crate::tui) use click::clicked;
pub(in crate::tui) use filters::Claim;
pub(in crate::tui) use look::{rested, seen};
pub(in crate::tui) use permit::{confirmed, permitted};
pub(in crate::tui) use place::{keep, recall};
pub(in crate::tui) use run::{VIEWER, approved, called, denied, step};
pub(in crate::tui) use scope::{heard, loaded, opened, show};
pub(in crate::tui) use show::{
    has_marks, show_function, show_unread, shown_connector, shows_change_of, shows_function,
    shows_run,
};
pub(in crate::tui) use view::view;

use filters::{Filters, Kind};
use listing::Listing;
use look::Look;
use marks::Marks;
use permit::Bulk;
use run::Run;
use scope::{arrived, close, toggle_all};

use crate::domain::{ConnectorId, Permission};
use crate::protocol::ConnectorView;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::focus::Focus;
use crate::tui::form::Draft;
use crate::tui::input::Key as Typing;
use crate::tui::mirror::{Link, Listed};
use crate::tui::model::Model;
use crate::tui::screen::{connectors, custom};
use crate::tui::tab::Tab;
use crate::tui::widget::cursor::{Cursor, scroll};
use crate::tui::widget::field::{Field, Typed};

/// What the tab remembers.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {
    /// The one connector whose functions are shown; `None`: those of all, or one is
    /// to be picked.
    connector: Option<ConnectorId>,
    /// Whether the functions of all connectors are shown.
    all: bool,
    picker: Cursor,
    cursor: Cursor,
    /// The row that is chosen; events may move it.
    chosen: Option<Key>,
    filter: Field,
    filters: Filters,
    listing: Listing,
    marks: Marks,
    look: Look,
    /// First line of the details on the screen.
    scroll: usize,
    /// Permissions that are being set.
    bulk: Option<Bulk>,
    /// The function that is being run, or was last.
    run: Option<Run>,
    /// Arguments that were filled in, by connector and function.
    drafts: BTreeMap<(ConnectorId, String), Draft>,
    /// The arguments of the chosen function are to be opened as soon as it is there.
    reopens: bool,
    /// The first function that nobody has accepted is to be chosen as soon as it is there.
    seeks_unread: bool,
}

impl State {
    /// Whether letters are typed into the arguments.
    pub(in crate::tui) fn is_typing(&self) -> bool {
        self.run.as_ref().is_some_and(Run::is_typing)
    }

    /// Whether the function that is tried has not answered yet.
    pub(in crate::tui) fn is_running(&self) -> bool {
        self.run.as_ref().is_some_and(Run::is_running)
    }

    /// Whether there is nothing to fill in for the function that is tried.
    pub(in crate::tui) fn takes_nothing(&self) -> bool {
        self.run.as_ref().is_some_and(Run::takes_nothing)
    }
}

/// What a row is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    connector: ConnectorId,
    /// `None`: the line of a connector that has listed nothing.
    function: Option<String>,
}

impl Key {
    fn of(row: listing::Row<'_>) -> Self {
        Self {
            connector: row.owner.id.clone(),
            function: row.function.map(|it| it.raw_name().to_owned()),
        }
    }

    fn is(&self, row: listing::Row<'_>) -> bool {
        self.connector == row.owner.id
            && self.function.as_deref() == row.function.map(Listed::raw_name)
    }
}

/// The connector that the chosen row belongs to.
fn connector(model: &Model) -> Option<&ConnectorView> {
    let state = &model.tabs.functions;
    let id = match &state.connector {
        Some(id) => id,
        None if state.all => &state.chosen.as_ref()?.connector,
        None => return None,
    };
    model.mirror.connector(id)
}

/// Whether a connector, or all, is still to be picked.
fn is_picking(model: &Model) -> bool {
    !model.tabs.functions.all && connector(model).is_none()
}

/// The function that is chosen.
fn chosen(model: &Model) -> Option<Listed<'_>> {
    function(model, model.tabs.functions.chosen.as_ref()?)
}

/// The function that a key stands for.
fn function<'a>(model: &'a Model, key: &Key) -> Option<Listed<'a>> {
    let state = &model.tabs.functions;
    // The chosen one is found at its place.
    if let Some(row) = state.listing.row(&model.mirror, state.cursor.row)
        && key.is(row)
    {
        return row.function;
    }
    let name = key.function.as_deref()?;
    model.mirror.functions_of(&key.connector).named(name)
}

/// Keeps what is chosen chosen, and everything within its bounds.
pub(in crate::tui) fn settle(model: &mut Model) {
    picker::settle(model);
    let lost = !model.tabs.functions.all && connector(model).is_none() && model.mirror.is_up();
    if model.tabs.functions.connector.is_some() && lost {
        close(model);
    }
    // Before anything is known, what was chosen the last time stays chosen.
    if !is_picking(model) && model.mirror.link != Link::Starting {
        choose(model);
    }
    if chosen(model).is_none() && model.focus == Focus::FunctionDetail {
        model.focus = Focus::Functions;
    }
    if model.tab == Tab::Functions {
        run::settle(model);
        look::settle(model);
    }
}

/// Brings the list up to date and finds the chosen row in it.
fn choose(model: &mut Model) {
    let height = list::height(model);
    let mirror = &model.mirror;
    let state = &mut model.tabs.functions;
    let differs = state.listing.refresh(
        mirror,
        state.connector.as_ref(),
        state.filter.text(),
        &state.filters,
    );
    if differs && let Some(key) = &state.chosen {
        let place = state
            .listing
            .position(mirror, &key.connector, key.function.as_deref());
        state.cursor.row = place.unwrap_or(state.cursor.row);
    }
    state.cursor.settle(state.listing.rows(), height);
    let row = state.listing.row(mirror, state.cursor.row);
    let same = match (&state.chosen, row) {
        (Some(key), Some(row)) => key.is(row),
        (None, None) => true,
        // What is still to come may be what was chosen.
        (Some(_), None) => state.listing.still_to_come(mirror) > 0,
        (None, Some(_)) => false,
    };
    if !same {
        state.chosen = row.map(Key::of);
    }
}

/// Whether an action has something to act on.
pub(in crate::tui) fn offers(model: &Model, action: Action) -> bool {
    let state = &model.tabs.functions;
    match action {
        Action::NewConnector | Action::FromDirectory => true,
        _ if model.focus.in_run() => run::offers(model, action),
        _ if model.focus == Focus::Picker => !model.mirror.connectors.is_empty(),
        Action::AcceptChange => permit::is_unread(model),
        _ if model.focus != Focus::Functions => true,
        Action::Reconnect | Action::Edit if state.all => {
            state.chosen.is_some() && chosen(model).is_none()
        }
        Action::Reconnect | Action::Edit => state.listing.total() == 0,
        Action::Back => true,
        Action::AllConnectors => model.mirror.connectors.len() > 1,
        Action::Filter | Action::ByPermission | Action::ByClaim | Action::ByState => {
            state.listing.total() > 0
        }
        Action::MarkShown | Action::InvertMarks => state.listing.matching() > 0,
        _ => chosen(model).is_some(),
    }
}

/// A key while a field here has them; `None` leaves it to the keymap.
pub(in crate::tui) fn key(model: &mut Model, key: Typing) -> Option<Vec<Effect>> {
    if model.focus != Focus::Filter {
        let typed = run::key(model, key)?;
        return (typed != Typed::NotMine).then(Vec::new);
    }
    match model.tabs.functions.filter.key(key) {
        Typed::Changed => Some(refiltered(model)),
        Typed::Taken => Some(vec![]),
        Typed::NotMine => None,
    }
}

/// The filters are others: the first row is chosen.
fn refiltered(model: &mut Model) -> Vec<Effect> {
    model.tabs.functions.cursor = Cursor::default();
    model.tabs.functions.chosen = None;
    look::moved(model)
}

/// A paste while a field here has the keys.
pub(in crate::tui) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    let said = match model.focus {
        Focus::Filter => {
            let said = model.tabs.functions.filter.paste(text);
            effects.extend(refiltered(model));
            said
        }
        _ => run::pasted(model, text),
    };
    effects.extend(said.map(|said| model.say(said)));
    effects
}

/// Does what a key stands for in this tab.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    model.tabs.functions.reopens = false;
    model.tabs.functions.seeks_unread = false;
    match model.focus {
        Focus::Picker => picker::act(model, action),
        Focus::Filter => {
            let cleared = action == Action::FilterClear;
            if cleared {
                model.tabs.functions.filter = Field::default();
            }
            if cleared || action == Action::FilterDone {
                model.focus = Focus::Functions;
            }
            arrived(model)
        }
        focus if focus.in_run() => run::act(model, action),
        Focus::FunctionDetail => {
            let (lines, height) = look::size(model);
            if scroll(&mut model.tabs.functions.scroll, action, lines, height) {
                return vec![];
            }
            on_function(model, action)
        }
        _ => {
            let height = list::height(model);
            let state = &mut model.tabs.functions;
            let rows = state.listing.rows();
            if state.cursor.go(action, rows, height) {
                let row = state.listing.row(&model.mirror, state.cursor.row);
                state.chosen = row.map(Key::of);
                return look::moved(model);
            }
            on_function(model, action)
        }
    }
}

fn on_function(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open if model.tabs.functions.chosen.is_some() => {
            model.focus = Focus::FunctionDetail;
            return arrived(model);
        }
        Action::Back => return back(model),
        Action::NextPane | Action::PreviousPane => {
            model.focus = match model.focus {
                Focus::Functions if chosen(model).is_some() => Focus::FunctionDetail,
                _ => Focus::Functions,
            };
            return arrived(model);
        }
        Action::Filter => model.focus = Focus::Filter,
        Action::ByPermission => return filter_by(model, Kind::Permission),
        Action::ByClaim => return filter_by(model, Kind::Claim),
        Action::ByState => return filter_by(model, Kind::State),
        Action::AllConnectors => return toggle_all(model),
        Action::Mark => return mark(model),
        Action::MarkShown => mark_shown(model, Marks::insert),
        Action::InvertMarks => mark_shown(model, Marks::toggle),
        Action::Always => return permit::set(model, Permission::Always),
        Action::Ask => return permit::set(model, Permission::Ask),
        Action::Block => return permit::set(model, Permission::Block),
        Action::AlwaysReading => return permit::always_reading(model),
        Action::AcceptChange => return permit::accept(model),
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

/// Esc takes the marks and the filters away, one after another, before it leaves.
fn back(model: &mut Model) -> Vec<Effect> {
    let state = &mut model.tabs.functions;
    if model.focus == Focus::FunctionDetail {
        model.focus = Focus::Functions;
    } else if !state.marks.is_empty() {
        state.marks.clear();
    } else if !state.filter.text().is_empty() {
        state.filter = Field::default();
    } else if !state.filters.take_last() {
        close(model);
    }
    arrived(model)
}

fn filter_by(model: &mut Model, kind: Kind) -> Vec<Effect> {
    model.tabs.functions.filters.cycle(kind);
    arrived(model)
}

/// Marks the chosen function, or takes the mark away, and goes on to the next.
fn mark(model: &mut Model) -> Vec<Effect> {
    let height = list::height(model);
    let state = &mut model.tabs.functions;
    let Some(row) = state.listing.row(&model.mirror, state.cursor.row) else {
        return vec![];
    };
    let Some(function) = row.function else {
        return vec![model.say("there is no function in this line to mark")];
    };
    state.marks.toggle(&row.owner.id, function.raw_name());
    let rows = state.listing.rows();
    state.cursor.go(Action::Down, rows, height);
    let row = state.listing.row(&model.mirror, state.cursor.row);
    state.chosen = row.map(Key::of);
    look::moved(model)
}

/// Does something to the mark of every function that is shown.
fn mark_shown(model: &mut Model, does: fn(&mut Marks, &ConnectorId, &str)) {
    let state = &mut model.tabs.functions;
    for row in state.listing.from(&model.mirror, 0) {
        if let Some(function) = row.function {
            does(&mut state.marks, &row.owner.id, function.raw_name());
        }
    }
}

/// Ctrl-c: stops the function that runs.
pub(in crate::tui) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    run::cancel(model)
}
