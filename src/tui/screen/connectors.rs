//! Tab 1: the connectors of this board.

mod details;
mod view;

pub(in crate::tui) use view::{fault_lines, lacks_secret, view};

use crate::domain::{ConnectorId, Status};
use crate::protocol::{ConnectorView, Disable, Enable, Refresh};
use crate::tui::action::Action;
use crate::tui::dock;
use crate::tui::effect::{Ask, Effect, Ticket, Work};
use crate::tui::focus::Focus;
use crate::tui::layout;
use crate::tui::mirror::Link;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::{custom, functions};
use crate::tui::tab::Tab;
use crate::tui::widget::cursor::{Cursor, scroll};

/// What the tab remembers.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {
    cursor: Cursor,
    /// The connector that is chosen; events may move its row.
    chosen: Option<ConnectorId>,
    /// First line of the details on the screen.
    scroll: usize,
}

/// The connector that is chosen.
pub(in crate::tui) fn chosen(model: &Model) -> Option<&ConnectorView> {
    model.mirror.connectors.get(model.connectors.cursor.row)
}

/// Whether the details have the keys, or had them before a prompt took them.
fn in_detail(model: &Model) -> bool {
    let focus = match model.focus.tab() {
        Some(_) => Some(&model.focus),
        None => model.places.get(&Tab::Connectors),
    };
    focus == Some(&Focus::ConnectorDetail)
}

/// Chooses a connector.
pub(in crate::tui) fn choose(model: &mut Model, id: &ConnectorId) {
    model.connectors.chosen = Some(id.clone());
    settle(model);
}

/// Keeps the chosen connector chosen, wherever its row is now.
pub(in crate::tui) fn settle(model: &mut Model) {
    let place = model.connectors.chosen.as_ref().and_then(|id| {
        model
            .mirror
            .connectors
            .iter()
            .position(|connector| connector.id == *id)
    });
    if let Some(place) = place {
        model.connectors.cursor.row = place;
    }
    let (rows, height) = (model.mirror.connectors.len(), list_height(model));
    model.connectors.cursor.settle(rows, height);
    model.connectors.chosen = chosen(model).map(|connector| connector.id.clone());
    if rows == 0 && model.focus == Focus::ConnectorDetail {
        model.focus = Focus::Connectors;
    }
    let (lines, height) = detail_size(model);
    let last = lines.saturating_sub(height);
    model.connectors.scroll = model.connectors.scroll.min(last);
}

/// How many connectors fit.
fn list_height(model: &Model) -> usize {
    let body = layout::areas(model).body;
    usize::from(
        layout::inside(body)
            .height
            .saturating_sub(view::banner_height(model)),
    )
}

/// How many lines the details have, and how many fit.
fn detail_size(model: &Model) -> (usize, usize) {
    let panes = layout::panes(layout::areas(model).body, true);
    let inside = layout::padded(panes.detail.unwrap_or_default());
    let lines = chosen(model).map_or(0, |connector| {
        details::lines(model, connector, usize::from(inside.width)).len()
    });
    (lines, usize::from(inside.height))
}

/// Does what a key stands for in this tab.
pub(in crate::tui) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.focus == Focus::ConnectorDetail {
        let (lines, height) = detail_size(model);
        if scroll(&mut model.connectors.scroll, action, lines, height) {
            return vec![];
        }
    } else {
        let (rows, height) = (model.mirror.connectors.len(), list_height(model));
        if model.connectors.cursor.go(action, rows, height) {
            model.connectors.chosen = chosen(model).map(|connector| connector.id.clone());
            model.connectors.scroll = 0;
            return vec![];
        }
    }
    if action == Action::NewConnector {
        custom::begin_new(model);
        return vec![];
    }
    if action == Action::Reconnect && matches!(model.mirror.link, Link::Down { .. }) {
        let said = model.say("starting the board");
        return vec![said, Effect::Attach { start: true }];
    }
    let Some(connector) = chosen(model).cloned() else {
        return vec![model.say("there is no connector yet; c adds one")];
    };
    match action {
        Action::Open => model.focus = Focus::ConnectorDetail,
        Action::Back => model.focus = Focus::Connectors,
        Action::NextPane | Action::PreviousPane => {
            model.focus = match model.focus {
                Focus::ConnectorDetail => Focus::Connectors,
                _ => Focus::ConnectorDetail,
            };
        }
        Action::Toggle => return toggle(model, &connector),
        Action::Reconnect => return reconnect(model, &connector),
        Action::Edit => custom::begin_edit(model, &connector),
        Action::Remove => return dock::ask_removal(model, &connector),
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
        let purpose = Purpose::Connector(connector.id.clone(), "switching off");
        return vec![model.ask(purpose, Ask::Disable(Disable { name }))];
    }
    let purpose = Purpose::Connector(connector.id.clone(), "switching on");
    let (_, effect) = model.work(purpose, Work::Enable(Enable { name }));
    vec![effect]
}

fn reconnect(model: &mut Model, connector: &ConnectorView) -> Vec<Effect> {
    match connector.status {
        Status::Disabled => return toggle(model, connector),
        Status::Locked => return dock::ask_unlock(model),
        _ => {}
    }
    let purpose = Purpose::Connector(connector.id.clone(), "reconnecting");
    let name = connector.name.as_str().to_owned();
    let (_, effect) = model.work(purpose, Work::Refresh(Refresh { name }));
    vec![effect]
}

/// Stops what is under way for the chosen connector.
pub(in crate::tui) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    let ticket = of_chosen(model)?;
    Some(vec![model.cancel(ticket), model.say("cancelled")])
}

fn of_chosen(model: &Model) -> Option<Ticket> {
    let id = &chosen(model)?.id;
    model
        .under_way
        .iter()
        .find(|(_, purpose)| matches!(purpose, Purpose::Connector(of, _) if of == id))
        .map(|(ticket, _)| *ticket)
}
