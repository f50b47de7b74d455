//! What a server offers besides functions: its prompts, and resources with the
//! templates of their addresses. They are listed once somebody looks; nothing is read
//! before somebody says so.

mod row;
mod view;

pub(super) use row::{description, id, kind};
pub(super) use view::view;

use super::picked::First;
use super::{Wish, area, opened};
use crate::domain::{
    ConnectorId, Fault, Prompt, Resource, ResourceTemplate, Resources, Status, Timestamp,
};
use crate::protocol::{ConnectorView, ListPrompts, ListResources};
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Errand, Found, Work};
use crate::tui::model::{Model, Purpose};
use crate::tui::pointer::Click;
use crate::tui::screen::connectors::{chosen, in_detail};
use crate::tui::widget::cursor::Hit;

/// What one server offers, as far as it is known.
#[derive(Debug)]
pub(super) struct Offered {
    of: ConnectorId,
    resources: Known<Resources>,
    prompts: Known<Vec<Prompt>>,
    /// Since when the connector was as it was when they were listed.
    since: Timestamp,
    /// They may differ by now: to be listed again.
    is_stale: bool,
}

/// Something that is asked for.
#[derive(Debug)]
pub(super) enum Known<T> {
    /// It is under way.
    Loading,
    /// This.
    Here(T),
    /// It could not be had.
    Missing(Fault),
}

impl<T> Known<T> {
    fn here(&self) -> Option<&T> {
        match self {
            Self::Here(value) => Some(value),
            Self::Loading | Self::Missing(_) => None,
        }
    }

    /// Takes what came. A fault leaves what is known.
    fn take(&mut self, result: Result<T, Fault>) {
        match (result, &self) {
            (Ok(value), _) => *self = Self::Here(value),
            (Err(_), Self::Here(_)) => {}
            (Err(fault), _) => *self = Self::Missing(fault),
        }
    }
}

impl Offered {
    /// Whether it is about this connector.
    pub(super) fn is_of(&self, id: &ConnectorId) -> bool {
        self.of == *id
    }

    /// What is known may differ by now.
    pub(super) fn doubt(&mut self) {
        self.is_stale = true;
    }

    /// Whether something could not be had, for another reason than that the server
    /// has none.
    pub(super) fn has_failed(&self) -> bool {
        let resources = matches!(&self.resources, Known::Missing(fault) if !is_none(fault));
        resources || matches!(&self.prompts, Known::Missing(fault) if !is_none(fault))
    }
}

/// Whether a fault says that a server has none of it.
fn is_none(fault: &Fault) -> bool {
    fault.kind == crate::domain::FaultKind::NotFound
}

/// One row of the list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Offer<'a> {
    Prompt(&'a Prompt),
    Resource(&'a Resource),
    Template(&'a ResourceTemplate),
}

impl Offer<'_> {
    /// What it is known by, whatever its row is.
    pub(super) fn key(self) -> String {
        match self {
            Self::Prompt(prompt) => format!("prompt {}", prompt.name.raw()),
            Self::Resource(resource) => format!("resource {}", resource.uri.raw()),
            Self::Template(template) => format!("template {}", template.uri_template.raw()),
        }
    }
}

/// What the chosen connector's server offers.
fn offered(model: &Model) -> Option<&Offered> {
    let id = &chosen(model)?.id;
    let details = &model.tabs.connectors.details;
    details.offered.as_ref().filter(|offered| offered.of == *id)
}

/// Whether the server says when a resource changes.
pub(super) fn tells_changes(model: &Model) -> bool {
    offered(model)
        .and_then(|offered| offered.resources.here())
        .is_some_and(|resources| resources.subscribe)
}

/// All of it: prompts first, for they are few.
fn all(model: &Model) -> impl Iterator<Item = Offer<'_>> {
    let offered = offered(model);
    let prompts = offered.and_then(|offered| offered.prompts.here());
    let resources = offered.and_then(|offered| offered.resources.here());
    prompts
        .into_iter()
        .flatten()
        .map(Offer::Prompt)
        .chain(
            resources
                .into_iter()
                .flat_map(|it| &it.resources)
                .map(Offer::Resource),
        )
        .chain(
            resources
                .into_iter()
                .flat_map(|it| &it.templates)
                .map(Offer::Template),
        )
}

/// Those that have all these words.
fn shown<'a>(model: &'a Model, words: &[String]) -> Vec<Offer<'a>> {
    all(model)
        .filter(|offer| {
            words.is_empty() || {
                let text = row::searched(*offer);
                words.iter().all(|word| text.contains(word))
            }
        })
        .collect()
}

fn key_of(offers: &[Offer<'_>], row: usize) -> Option<String> {
    offers.get(row).map(|offer| offer.key())
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let height = usize::from(view::divide(model, area(model)).rows.height);
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.offers);
    let offers = shown(model, &picked.words());
    let moved = picked.go(
        action,
        offers.len(),
        height,
        |row| key_of(&offers, row),
        First::Stays,
    );
    let here = offers.get(picked.cursor.row).copied();
    let what = here.map(opened::What::of);
    model.tabs.connectors.details.offers = picked;
    if moved {
        return Some(vec![]);
    }
    match action {
        Action::OpenRow | Action::Watch if what.is_none() => {
            Some(vec![model.say("there is nothing to open here")])
        }
        Action::OpenRow => Some(opened::open(model, what?)),
        Action::Watch => Some(opened::open_watched(model, what?)),
        _ => None,
    }
}

/// Takes the mouse over the list.
pub(super) fn clicked(model: &mut Model, click: Click) -> Hit {
    let rows = view::divide(model, area(model)).rows;
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.offers);
    let offers = shown(model, &picked.words());
    let hit = picked.click(
        click,
        rows,
        offers.len(),
        |row| key_of(&offers, row),
        First::Stays,
    );
    model.tabs.connectors.details.offers = picked;
    hit
}

/// Keeps the list within its bounds.
pub(super) fn settle(model: &mut Model) {
    opened::settle(model);
    let height = usize::from(view::divide(model, area(model)).rows.height);
    let mut picked = std::mem::take(&mut model.tabs.connectors.details.offers);
    let offers = shown(model, &picked.words());
    picked.settle(
        offers.len(),
        height,
        |row| key_of(&offers, row),
        First::Stays,
    );
    model.tabs.connectors.details.offers = picked;
}

/// Whether a server can be asked now.
fn is_connected(connector: &ConnectorView) -> bool {
    matches!(connector.status, Status::Connected | Status::Changed)
}

/// What it still has to be told: the lists, once somebody looks.
pub(super) fn wants(model: &mut Model) -> Vec<Effect> {
    let Some(connector) = chosen(model).cloned() else {
        return vec![];
    };
    if !in_detail(model) || !is_connected(&connector) {
        return vec![];
    }
    let since = connector.since;
    let mut effects = Vec::new();
    let details = &mut model.tabs.connectors.details;
    match details.offered.as_mut().filter(|it| it.of == connector.id) {
        Some(offered) if !offered.is_stale && offered.since == since => return vec![],
        Some(offered) => {
            offered.is_stale = false;
            offered.since = since;
        }
        None => {
            details.offered = Some(Offered {
                of: connector.id.clone(),
                resources: Known::Loading,
                prompts: Known::Loading,
                since,
                is_stale: false,
            });
        }
    }
    // What was asked for another connector, or of this one before, is not waited for.
    let is_list = |wish: &Purpose| {
        matches!(
            wish,
            Purpose::Details(Wish::Resources(_) | Wish::Prompts(_))
        )
    };
    let before: Vec<_> = model
        .tasks
        .under_way
        .iter()
        .filter(|(_, purpose)| is_list(purpose))
        .map(|(ticket, _)| *ticket)
        .collect();
    effects.extend(before.into_iter().map(|ticket| model.cancel(ticket)));
    let (id, name) = (connector.id, connector.name.as_str().to_owned());
    let errands = [
        (
            Wish::Resources(id.clone()),
            Errand::Resources(ListResources { name: name.clone() }),
        ),
        (Wish::Prompts(id), Errand::Prompts(ListPrompts { name })),
    ];
    for (wish, errand) in errands {
        let (_, effect) = model.work(Purpose::Details(wish), Work::Details(errand));
        effects.push(effect);
    }
    effects
}

fn of_mut<'a>(model: &'a mut Model, id: &ConnectorId) -> Option<&'a mut Offered> {
    let details = &mut model.tabs.connectors.details;
    details.offered.as_mut().filter(|offered| offered.of == *id)
}

fn other() -> Fault {
    Fault::internal("the board answered something else")
}

/// What can be read was listed, or was not.
pub(super) fn found_resources(model: &mut Model, id: &ConnectorId, result: Result<Found, Fault>) {
    if let Some(offered) = of_mut(model, id) {
        offered.resources.take(result.and_then(|found| match found {
            Found::Resources(resources) => Ok(resources),
            _ => Err(other()),
        }));
    }
}

/// The prompts were listed, or were not.
pub(super) fn found_prompts(model: &mut Model, id: &ConnectorId, result: Result<Found, Fault>) {
    if let Some(offered) = of_mut(model, id) {
        offered.prompts.take(result.and_then(|found| match found {
            Found::Prompts(prompts) => Ok(prompts),
            _ => Err(other()),
        }));
    }
}

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    let has_any = || all(model).next().is_some();
    match action {
        Action::OpenRow | Action::Filter => has_any(),
        Action::Watch => {
            let picked = &model.tabs.connectors.details.offers;
            let here = shown(model, &picked.words());
            let here = here.get(picked.cursor.row);
            tells_changes(model) && matches!(here, Some(Offer::Resource(_)))
        }
        _ => true,
    }
}
