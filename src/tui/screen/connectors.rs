//! Tab 1: the connectors of this board.

mod click;
mod details;
mod login;
mod place;
mod view;

pub(in crate::tui) use click::clicked;
pub(in crate::tui) use details::{
    VIEWER, Wish, ended, is_typing, is_watching, moved, stage, step, wants,
};
pub(in crate::tui) use login::{SIGNING_IN, show_sign_in, sign_in, stop_sign_in};
pub(in crate::tui) use place::{keep, recall};
pub(in crate::tui) use view::{fault_lines, lacks_secret, view};

use crate::domain::{ConnectorId, Status};
use crate::protocol::{ConnectorView, Disable, Enable, EventKind, Refresh};
use crate::tui::action::Action;
use crate::tui::dock;
use crate::tui::effect::{Ask, Effect, Ticket, Work};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::mirror::Link;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::{custom, directory, functions};
use crate::tui::tab::Tab;
use crate::tui::update::{open_tab, start_board};
use crate::tui::widget::cursor::Cursor;
use crate::tui::widget::field::{Field, Typed};

/// What is under way for a connector that is switched.
const SWITCHING_ON: &str = "switching on";
const SWITCHING_OFF: &str = "switching off";

/// What the tab remembers.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {
    cursor: Cursor,
    /// The connector that is chosen; events may move its row.
    chosen: Option<ConnectorId>,
    filter: Field,
    details: details::State,
}

/// The connector that is chosen.
pub(in crate::tui) fn chosen(model: &Model) -> Option<&ConnectorView> {
    shown(model).get(model.tabs.connectors.cursor.row).copied()
}

/// The connectors that the filter lets through.
fn shown(model: &Model) -> Vec<&ConnectorView> {
    let filter = model.tabs.connectors.filter.text().to_lowercase();
    let words: Vec<&str> = filter.split_whitespace().collect();
    let fits = |connector: &ConnectorView, word: &str| {
        let texts = [
            connector.name.as_str(),
            &connector.url,
            &connector.description,
        ];
        texts.iter().any(|text| text.to_lowercase().contains(word))
    };
    model
        .mirror
        .connectors
        .iter()
        .filter(|connector| words.iter().all(|word| fits(connector, word)))
        .collect()
}

/// Whether an action has something to act on.
pub(in crate::tui) fn offers(model: &Model, action: Action) -> bool {
    match action {
        Action::NewConnector | Action::FromDirectory => !model.focus.in_connector_details(),
        Action::ShowAll => is_filtered(model),
        Action::SignIn | Action::SignInByDevice | Action::SignOut => login::offers(model, action),
        _ if model.focus.in_connector_details() => details::offers(model, action),
        _ => model.focus != Focus::Connectors || !model.mirror.connectors.is_empty(),
    }
}

/// Whether not all are shown, or soon may not be.
fn is_filtered(model: &Model) -> bool {
    !model.tabs.connectors.filter.text().is_empty()
}

/// Whether the filter has a line.
fn has_filter(model: &Model) -> bool {
    model.focus == Focus::ConnectorFilter || is_filtered(model)
}

/// A key while the filter has them; `None` leaves it to the keymap.
pub(in crate::tui) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    if model.focus.in_connector_details() {
        return details::key(model, key);
    }
    let typed = model.tabs.connectors.filter.key(key);
    if typed == Typed::Changed {
        refiltered(model);
    }
    (typed != Typed::NotMine).then(Vec::new)
}

/// A paste while the filter has the keys.
pub(in crate::tui) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.focus.in_connector_details() {
        return details::pasted(model, text);
    }
    let said = model.tabs.connectors.filter.paste(text);
    refiltered(model);
    said.map(|said| model.say(said)).into_iter().collect()
}

fn refiltered(model: &mut Model) {
    model.tabs.connectors.cursor = Cursor::default();
    model.tabs.connectors.chosen = None;
}

/// Whether the details have the keys, or had them before a prompt took them.
fn in_detail(model: &Model) -> bool {
    let focus = match model.focus.tab() {
        Some(_) => Some(&model.focus),
        None => model.places.get(&Tab::Connectors),
    };
    focus.is_some_and(|focus| focus.in_connector_details())
}

/// Chooses a connector.
pub(in crate::tui) fn choose(model: &mut Model, id: &ConnectorId) {
    model.tabs.connectors.chosen = Some(id.clone());
    if !shown(model).iter().any(|connector| connector.id == *id) {
        model.tabs.connectors.filter = Field::default();
    }
    settle(model);
}

/// Keeps the chosen connector chosen, wherever its row is now.
pub(in crate::tui) fn settle(model: &mut Model) {
    if model.mirror.link == Link::Starting {
        // What was chosen the last time may be there as soon as anything is.
        return;
    }
    let place = model.tabs.connectors.chosen.as_ref().and_then(|id| {
        shown(model)
            .iter()
            .position(|connector| connector.id == *id)
    });
    if let Some(place) = place {
        model.tabs.connectors.cursor.row = place;
    }
    let (rows, height) = (shown(model).len(), list_height(model));
    model.tabs.connectors.cursor.settle(rows, height);
    model.tabs.connectors.chosen = chosen(model).map(|connector| connector.id.clone());
    if rows == 0 && model.focus.in_connector_details() {
        model.focus = Focus::Connectors;
    }
    details::settle(model);
}

/// How many connectors fit.
fn list_height(model: &Model) -> usize {
    usize::from(view::list_area(model).height)
}

/// Shows the overview of the chosen connector, with the keys.
pub(in crate::tui) fn show_overview(model: &mut Model) {
    details::show_overview(model);
}

/// Shows what the chosen connector offers besides functions, whatever tab is open.
pub(in crate::tui) fn show_offers(model: &mut Model) -> Vec<Effect> {
    let effects = open_tab(model, Tab::Connectors);
    model.focus = Focus::Connectors;
    if chosen(model).is_some() {
        details::show_offers(model);
    }
    effects
}

/// The board said something.
pub(in crate::tui) fn heard(model: &mut Model, event: &EventKind) -> Vec<Effect> {
    details::heard(model, event);
    vec![]
}

/// The tab is left for another.
pub(in crate::tui) fn left(model: &mut Model) -> Vec<Effect> {
    details::left(model)
}

/// Does what a key stands for in this tab.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.focus.in_connector_details() {
        if let Some(effects) = details::act(model, action) {
            return effects;
        }
        return act_on(model, action);
    }
    match action {
        Action::Filter => model.focus = Focus::ConnectorFilter,
        Action::FilterDone => model.focus = Focus::Connectors,
        Action::FilterClear | Action::ShowAll => {
            model.tabs.connectors.filter = Field::default();
            model.focus = Focus::Connectors;
        }
        _ => {
            let (rows, height) = (shown(model).len(), list_height(model));
            if model.tabs.connectors.cursor.go(action, rows, height) {
                model.tabs.connectors.chosen = chosen(model).map(|connector| connector.id.clone());
                return vec![];
            }
            return act_on(model, action);
        }
    }
    vec![]
}

/// Does what a key stands for on the chosen connector.
fn act_on(model: &mut Model, action: Action) -> Vec<Effect> {
    if action == Action::NewConnector {
        custom::begin_new(model);
        return vec![];
    }
    if action == Action::FromDirectory {
        return directory::visit(model);
    }
    if action == Action::Reconnect && model.is_board_lost() {
        return start_board(model);
    }
    let Some(connector) = chosen(model).cloned() else {
        let why = if is_filtered(model) {
            "nothing matches; {show-all} shows all again"
        } else {
            "there is no connector yet; {from-directory} opens the directory, {new-connector} adds one by its address"
        };
        let why = model.words(why);
        return vec![model.say(why)];
    };
    match action {
        Action::Open | Action::NextPane | Action::PreviousPane => details::enter(model),
        Action::Toggle => return toggle(model, &connector),
        Action::Reconnect => return reconnect(model, &connector),
        Action::Edit => custom::begin_edit(model, &connector),
        Action::Remove => return dock::ask_removal(model, &connector),
        Action::SignIn | Action::SignInByDevice | Action::SignOut => {
            return login::act(model, &connector, action);
        }
        Action::ShowFunctions => {
            model.open_tab(Tab::Functions);
            return functions::show(model, &connector.id);
        }
        _ => {}
    }
    vec![]
}

fn toggle(model: &mut Model, connector: &ConnectorView) -> Vec<Effect> {
    let name = connector.name.as_str().to_owned();
    if connector.enabled {
        let purpose = Purpose::Connector(connector.id.clone(), SWITCHING_OFF);
        return vec![model.ask(purpose, Ask::Disable(Disable { name }))];
    }
    details::begin(model, &connector.id);
    let purpose = Purpose::Connector(connector.id.clone(), SWITCHING_ON);
    let (_, effect) = model.work(purpose, Work::Enable(Enable { name }));
    vec![effect]
}

/// What was wished for a connector has come true. That it was switched is said, for
/// it can be taken back; the rest shows in its row.
pub(in crate::tui) fn switched(model: &mut Model, wish: &str) -> Vec<Effect> {
    let text = match wish {
        SWITCHING_ON => "switched on",
        SWITCHING_OFF => "switched off",
        SIGNING_IN => return vec![model.say("signed in")],
        _ => return vec![],
    };
    vec![model.say_undoable(text, "")]
}

/// Connects a connector anew, or does what has to come first.
pub(in crate::tui) fn reconnect(model: &mut Model, connector: &ConnectorView) -> Vec<Effect> {
    match connector.status {
        Status::Disabled => return toggle(model, connector),
        Status::Locked => return dock::ask_unlock(model),
        _ => {}
    }
    details::begin(model, &connector.id);
    let purpose = Purpose::Connector(connector.id.clone(), "reconnecting");
    let name = connector.name.as_str().to_owned();
    let (_, effect) = model.work(purpose, Work::Refresh(Refresh { name }));
    vec![effect]
}

/// Stops what was asked for in the details, or is under way for the chosen connector.
pub(in crate::tui) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    if let Some(effects) = details::cancel(model) {
        return Some(effects);
    }
    let Some(ticket) = of_chosen(model) else {
        return details::cancel_lists(model);
    };
    let id = chosen(model)?.id.clone();
    let effects = login::cancelled(model, ticket);
    moved(model, &id, true);
    if let Some(effects) = effects {
        return Some(effects);
    }
    Some(vec![model.cancel(ticket), model.say("cancelled")])
}

fn of_chosen(model: &Model) -> Option<Ticket> {
    let id = &chosen(model)?.id;
    model
        .tasks
        .under_way
        .iter()
        .find(|(_, purpose)| matches!(purpose, Purpose::Connector(of, _) if of == id))
        .map(|(ticket, _)| *ticket)
}
