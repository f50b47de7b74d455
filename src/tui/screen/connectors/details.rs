//! The details of one connector: what is known of it, in tabs of their own.

mod calls;
mod click;
mod entry;
mod functions;
mod history;
mod journal;
mod offers;
mod opened;
mod overview;
mod picked;
mod progress;
mod sheet;
mod sign_in;
mod tab;
mod text;
mod view;

use std::collections::BTreeMap;

pub(super) use click::clicked;
pub(in crate::tui) use opened::{VIEWER, is_typing, is_watching};
pub(super) use progress::begin;
pub(in crate::tui) use progress::{moved, stage};
pub(super) use sign_in::method;
pub(super) use tab::DetailTab;
pub(super) use view::view;

use journal::Book;
use offers::Offered;
use opened::Opened;
use picked::Picked;
use progress::Moving;

use super::{chosen, in_detail};
use crate::domain::{ConnectorId, Fault};
use crate::protocol::EventKind;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Ticket, WorkEnd, WorkStep};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::layout;
use crate::tui::model::{Model, Purpose};
use crate::tui::tab::Tab;
use crate::tui::widget::field::Typed;
use ratatui::layout::Rect;

/// What the details remember.
#[derive(Debug, Default)]
pub(in crate::tui) struct State {
    /// The tab that is shown, of whichever connector is chosen.
    tab: DetailTab,
    /// The connector that the rest is about.
    of: Option<ConnectorId>,
    /// First line of a text on the screen.
    scroll: usize,
    /// Whether the overview shows the evidence.
    evidence: bool,
    functions: Picked,
    offers: Picked,
    history: Picked,
    book: Book,
    offered: Option<Offered>,
    /// What was opened of it.
    opened: Option<Opened>,
    /// What prompts and templates were filled in with, by connector and offer.
    drafts: opened::Drafts,
    /// The line of the journal that is shown whole.
    line: Option<i64>,
    /// What connects because somebody asked here.
    moving: BTreeMap<ConnectorId, Moving>,
}

impl State {
    /// The tab that is shown.
    pub(super) fn tab(&self) -> DetailTab {
        self.tab
    }

    /// Shows a tab, of whichever connector will be chosen.
    pub(super) fn recall(&mut self, tab: DetailTab) {
        self.tab = tab;
    }
}

/// What the details asked the board for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Wish {
    /// Lines of the journal.
    Lines(ConnectorId),
    /// Lines from before those.
    Older(ConnectorId),
    /// Lines of the journal, only to be counted.
    Calls(ConnectorId),
    /// What a server offers to be read.
    Resources(ConnectorId),
    /// Its prompts.
    Prompts(ConnectorId),
    /// What was opened.
    Reading,
    /// The same, for as long as it changes.
    Watch,
}

impl Wish {
    /// Whether it only waits to be told.
    pub(in crate::tui) fn is_watching(&self) -> bool {
        *self == Self::Watch
    }
}

/// The inside of the pane.
fn inside(pane: Rect) -> Rect {
    layout::inside(pane)
}

/// Where the tab that is shown goes: below the line of tabs.
fn area(model: &Model) -> Rect {
    let panes = layout::panes(layout::areas(model).body, true);
    let inside = inside(panes.detail.unwrap_or_default());
    Rect::new(
        inside.x,
        inside.y.saturating_add(1),
        inside.width,
        inside.height.saturating_sub(1),
    )
}

/// Whether the details are on the screen.
fn is_seen(model: &Model) -> bool {
    let body = layout::areas(model).body;
    model.tab == Tab::Connectors && layout::panes(body, in_detail(model)).detail.is_some()
}

/// The list of the tab that is shown, if it is a list.
fn picked(model: &Model) -> Option<&Picked> {
    let details = &model.tabs.connectors.details;
    match details.tab {
        DetailTab::Functions => Some(&details.functions),
        DetailTab::Offers => Some(&details.offers),
        DetailTab::History => Some(&details.history),
        DetailTab::Overview | DetailTab::SignIn => None,
    }
}

fn picked_mut(model: &mut Model) -> Option<&mut Picked> {
    let details = &mut model.tabs.connectors.details;
    match details.tab {
        DetailTab::Functions => Some(&mut details.functions),
        DetailTab::Offers => Some(&mut details.offers),
        DetailTab::History => Some(&mut details.history),
        DetailTab::Overview | DetailTab::SignIn => None,
    }
}

/// Whether the filter over the list has a line.
fn has_filter(model: &Model) -> bool {
    model.focus == Focus::ConnectorRowFilter || picked(model).is_some_and(Picked::is_filtered)
}

/// Where the keys go in what is shown.
fn home(model: &Model) -> Focus {
    let details = &model.tabs.connectors.details;
    match details.tab {
        DetailTab::Offers => opened::focus(model),
        DetailTab::History if details.line.is_some() => Some(Focus::JournalLine),
        _ => None,
    }
    .unwrap_or(details.tab.focus())
}

/// Gives the details the keys.
pub(super) fn enter(model: &mut Model) {
    model.focus = home(model);
    entered(model);
}

/// Somebody looks: what could not be had before is tried again.
fn entered(model: &mut Model) {
    let Some(id) = chosen(model).map(|connector| connector.id.clone()) else {
        return;
    };
    let details = &mut model.tabs.connectors.details;
    details.book.try_again(&id);
    if details.offered.as_ref().is_some_and(Offered::has_failed) {
        details.offered = None;
    }
    if matches!(
        model.mirror.functions.get(&id),
        Some(crate::tui::mirror::Known::Missing(_))
    ) {
        model.mirror.functions.remove(&id);
    }
}

/// Shows how the connector signs in, with the keys.
pub(super) fn show_sign_in(model: &mut Model) {
    show(model, DetailTab::SignIn);
}

/// Shows the overview, whatever was shown before.
pub(super) fn show_overview(model: &mut Model) {
    model.tabs.connectors.details.tab = DetailTab::Overview;
    model.tabs.connectors.details.scroll = 0;
    model.focus = home(model);
}

/// Shows what it offers besides functions.
pub(super) fn show_offers(model: &mut Model) {
    show(model, DetailTab::Offers);
}

fn show(model: &mut Model, tab: DetailTab) {
    model.tabs.connectors.details.tab = tab;
    model.tabs.connectors.details.scroll = 0;
    enter(model);
}

/// Does what a key stands for; `None` where it stands for nothing here.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    match model.focus {
        Focus::OfferForm
        | Focus::OfferFormIdle
        | Focus::OfferReading
        | Focus::ViewerSearch(_)
        | Focus::ViewerPath(_) => return Some(opened::act(model, action)),
        Focus::JournalLine => return Some(history::act_on_line(model, action)),
        _ => {}
    }
    match action {
        Action::Filter => model.focus = Focus::ConnectorRowFilter,
        Action::FilterDone => model.focus = home(model),
        Action::FilterClear => {
            unfilter(model);
            model.focus = home(model);
        }
        Action::NextDetail => show(model, model.tabs.connectors.details.tab.next()),
        Action::PreviousDetail => match model.tabs.connectors.details.tab.before() {
            Some(before) => show(model, before),
            None => model.focus = Focus::Connectors,
        },
        // Esc takes the filter away before it leaves.
        Action::LeaveDetails if picked(model).is_some_and(Picked::is_filtered) => unfilter(model),
        Action::LeaveDetails => model.focus = Focus::Connectors,
        _ => return (model.tabs.connectors.details.tab.does().act)(model, action),
    }
    Some(vec![])
}

fn unfilter(model: &mut Model) {
    if let Some(picked) = picked_mut(model) {
        picked.unfilter();
    }
}

/// A key while a field of the details has them; `None` leaves it to the keymap.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    if model.focus == Focus::OfferForm {
        return opened::key(model, key);
    }
    let picked = picked_mut(model)?;
    let typed = picked.filter.key(key);
    if typed == Typed::Changed {
        picked.go_first();
    }
    (typed != Typed::NotMine).then(Vec::new)
}

/// A paste while a field of the details has the keys.
pub(super) fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let said = if model.focus == Focus::OfferForm {
        opened::pasted(model, text)
    } else {
        picked_mut(model).and_then(|picked| {
            picked.go_first();
            picked.filter.paste(text)
        })
    };
    said.map(|said| model.say(said)).into_iter().collect()
}

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    match (action, model.focus) {
        // There it would be taken for something about this connector.
        (Action::NewConnector, _) => false,
        (_, Focus::OfferForm | Focus::OfferFormIdle | Focus::OfferReading) => {
            opened::offers(model, action)
        }
        (_, Focus::JournalLine | Focus::ConnectorRowFilter) => true,
        _ => (model.tabs.connectors.details.tab.does().offers)(model, action),
    }
}

/// Keeps everything within its bounds.
pub(super) fn settle(model: &mut Model) {
    let id = chosen(model).map(|connector| connector.id.clone());
    if model.tabs.connectors.details.of != id {
        let details = &mut model.tabs.connectors.details;
        details.of = id;
        details.scroll = 0;
        details.evidence = false;
        details.line = None;
        for picked in [
            &mut details.functions,
            &mut details.offers,
            &mut details.history,
        ] {
            *picked = Picked::default();
        }
    }
    progress::settle(model);
    let is_home = match model.focus {
        Focus::ConnectorRowFilter => {
            picked(model).is_some() && home(model) == model.tabs.connectors.details.tab.focus()
        }
        Focus::OfferFormIdle => home(model) == Focus::OfferForm,
        Focus::ViewerSearch(Tab::Connectors) | Focus::ViewerPath(Tab::Connectors) => {
            home(model) == Focus::OfferReading
        }
        focus => !focus.in_connector_details() || focus == home(model),
    };
    if !is_home {
        model.focus = home(model);
    }
    if model.tab == Tab::Connectors {
        (model.tabs.connectors.details.tab.does().settle)(model);
    }
}

/// Asks for what the details on the screen still have to be told.
pub(in crate::tui) fn wants(model: &mut Model) -> Vec<Effect> {
    let mut effects = opened::leave_if_elsewhere(model);
    if model.mirror.is_up() && is_seen(model) {
        let tab = model.tabs.connectors.details.tab;
        effects.extend((tab.does().wants)(model));
    }
    effects
}

/// The board said something.
pub(super) fn heard(model: &mut Model, event: &EventKind) {
    let mirror = &model.mirror;
    let details = &mut model.tabs.connectors.details;
    match event {
        EventKind::Snapshot(_) => {
            details.book.doubt();
            if let Some(offered) = &mut details.offered {
                offered.doubt();
            }
        }
        EventKind::Connector(connector) => details.book.renamed(connector),
        EventKind::Journal(line) => {
            let named = |name: &str| {
                let same = |it: &&crate::protocol::ConnectorView| it.name.as_str() == name;
                mirror.connectors.iter().find(same)
            };
            if let Some(connector) = line.connector.as_deref().and_then(named) {
                details.book.heard(&connector.id, line);
            }
        }
        EventKind::Offers { id } => {
            if let Some(offered) = details.offered.as_mut().filter(|it| it.is_of(id)) {
                offered.doubt();
            }
        }
        _ => {}
    }
}

/// Something under way for the details said a step.
pub(in crate::tui) fn step(model: &mut Model, ticket: Ticket, step: WorkStep) -> Vec<Effect> {
    match step {
        WorkStep::Reading(reading) => opened::changed(model, ticket, *reading),
        _ => vec![],
    }
}

/// Something under way for the details ended.
pub(in crate::tui) fn ended(
    model: &mut Model,
    ticket: Ticket,
    wish: Wish,
    result: Result<WorkEnd, Fault>,
) -> Vec<Effect> {
    let result = result.and_then(|end| match end {
        WorkEnd::Details(found) => Ok(found),
        _ => Err(Fault::internal("the board answered something else")),
    });
    let now = model.clock.wall;
    let details = &mut model.tabs.connectors.details;
    match wish {
        Wish::Lines(id) => details.book.found(&id, result, now),
        Wish::Older(id) => details.book.older(&id, result),
        Wish::Calls(id) => details.book.counted(&id, result),
        Wish::Resources(id) => offers::found_resources(model, &id, result),
        Wish::Prompts(id) => offers::found_prompts(model, &id, result),
        Wish::Reading => return opened::read(model, ticket, result),
        Wish::Watch => return opened::unwatched(model, ticket, result),
    }
    vec![]
}

/// Ctrl-c: stops what was asked for here.
pub(super) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    opened::cancel(model)
}

/// The same where lists of what the chosen server offers are under way.
pub(super) fn cancel_lists(model: &mut Model) -> Option<Vec<Effect>> {
    let id = chosen(model)?.id.clone();
    let is_list =
        |wish: &Wish| *wish == Wish::Prompts(id.clone()) || *wish == Wish::Resources(id.clone());
    let under_way = model.tasks.under_way.iter();
    let lists: Vec<(Ticket, Wish)> = under_way
        .filter_map(|(ticket, purpose)| match purpose {
            Purpose::Details(wish) if is_list(wish) => Some((*ticket, wish.clone())),
            _ => None,
        })
        .collect();
    if lists.is_empty() {
        return None;
    }
    let mut effects = Vec::new();
    for (ticket, wish) in lists {
        effects.push(model.cancel(ticket));
        let stopped = Fault::user("you cancelled it before it came")
            .hint("{reconnect} connects anew and asks for it again");
        match wish {
            Wish::Prompts(id) => offers::found_prompts(model, &id, Err(stopped)),
            Wish::Resources(id) => offers::found_resources(model, &id, Err(stopped)),
            _ => {}
        }
    }
    effects.push(model.say("cancelled"));
    Some(effects)
}

/// The tab is left for another: what is watched is watched no longer.
pub(super) fn left(model: &mut Model) -> Vec<Effect> {
    opened::unwatch(model)
}
