//! What was opened of what a server offers: a prompt or a template that is filled in,
//! a resource that is read, and again whenever it changes.

mod blanks;
mod view;
mod watch;
mod what;

use std::collections::BTreeMap;

use serde_json::Value;

pub(super) use blanks::{key, pasted};
pub(super) use view::view;
pub(super) use watch::{changed, open_watched, unwatch, unwatched};
pub(super) use what::What;

use watch::Watch;

use crate::domain::{ConnectorId, Fault, Timestamp, Untrusted};
use crate::protocol::{GetPrompt, ReadResource, Reading};
use crate::tui::action::Action;
use crate::tui::dock;
use crate::tui::effect::{Effect, Errand, Found, Ticket, Work};
use crate::tui::focus::Focus;
use crate::tui::form::{Draft, Filling, Prefill};
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors::chosen;
use crate::tui::tab::Tab;
use crate::tui::update::locked_here;
use crate::tui::viewer::{self, Viewer};

use super::{DetailTab, Wish};

/// What was typed into forms, by connector and offer.
pub(super) type Drafts = BTreeMap<(ConnectorId, String), Draft>;

/// What is filled in, as it is sent.
type Values = BTreeMap<String, String>;

/// See the module.
#[derive(Debug)]
pub(super) struct Opened {
    of: ConnectorId,
    /// The connector's name.
    name: String,
    what: What,
    /// What it is filled in with, if it has blanks.
    filling: Option<Filling>,
    /// First line of the form on the screen.
    form_top: usize,
    /// The same as it was sent last.
    values: Values,
    phase: Phase,
    /// The reading that is under way, and since when by the face's clock.
    asking: Option<(Ticket, u64)>,
    watch: Watch,
}

/// How far it is.
#[derive(Debug)]
enum Phase {
    /// It is being filled in.
    Filling,
    /// It was asked for.
    Waiting,
    /// It is here.
    Shown(Box<Viewer>),
    /// It could not be had.
    Failed(Fault),
}

/// Where what was read is kept and shown.
pub(in crate::tui) const VIEWER: viewer::Place = viewer::Place {
    get: |model| {
        // It is on the screen with its tab alone.
        opened(model)
            .filter(|_| model.tabs.connectors.details.tab == DetailTab::Offers)
            .and_then(Opened::viewer)
    },
    get_mut: |model| match &mut opened_mut(model)?.phase {
        Phase::Shown(viewer) => Some(viewer),
        _ => None,
    },
    area: view::content_area,
    focus: Focus::OfferReading,
    open: |model, uri| open(model, What::at(&uri)),
};

/// What is opened of the chosen connector.
/// Whether what has the keys is a resource that is watched.
pub(in crate::tui) fn is_watching(model: &Model) -> bool {
    model.focus == Focus::OfferReading
        && opened(model).is_some_and(|opened| opened.watch.ticket().is_some())
}

fn opened(model: &Model) -> Option<&Opened> {
    let id = &chosen(model)?.id;
    let details = &model.tabs.connectors.details;
    details.opened.as_ref().filter(|opened| opened.of == *id)
}

fn opened_mut(model: &mut Model) -> Option<&mut Opened> {
    model.tabs.connectors.details.opened.as_mut()
}

/// Where the keys go while something is opened.
pub(super) fn focus(model: &Model) -> Option<Focus> {
    opened(model).map(|opened| match opened.phase {
        Phase::Filling => Focus::OfferForm,
        _ => Focus::OfferReading,
    })
}

/// Opens something: what has blanks is filled in first.
pub(super) fn open(model: &mut Model, what: What) -> Vec<Effect> {
    let Some(connector) = chosen(model) else {
        return vec![];
    };
    let mut opened = Opened::new(connector.id.clone(), connector.name.as_str(), what);
    let schema = match opened.what.schema() {
        Ok(schema) => schema,
        Err(fault) => return vec![model.complain(&fault)],
    };
    let mut effects = close(model);
    let key = (opened.of.clone(), opened.what.key());
    let draft = model.tabs.connectors.details.drafts.get(&key);
    opened.filling = schema.map(|schema| match draft {
        Some(draft) => Filling::of_draft(&schema, Prefill::Required, draft),
        None => Filling::new(&schema, Prefill::Required),
    });
    let is_ready = opened.filling.is_none();
    if !is_ready {
        opened.phase = Phase::Filling;
    }
    model.tabs.connectors.details.opened = Some(opened);
    if is_ready {
        effects.extend(ask(model));
    }
    model.focus = focus(model).unwrap_or(model.focus);
    effects
}

/// Asks for it.
fn ask(model: &mut Model) -> Vec<Effect> {
    let now = model.clock.now;
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    let errand = match opened.errand() {
        Ok(errand) => errand,
        Err(fault) => {
            opened.phase = Phase::Failed(fault);
            return vec![];
        }
    };
    if !matches!(opened.phase, Phase::Shown(_)) {
        opened.phase = Phase::Waiting;
    }
    let before = opened.asking.take();
    let mut effects: Vec<Effect> = before
        .into_iter()
        .map(|(ticket, _)| model.cancel(ticket))
        .collect();
    let (ticket, effect) = model.work(Purpose::Details(Wish::Reading), Work::Details(errand));
    effects.push(effect);
    if let Some(opened) = opened_mut(model) {
        opened.asking = Some((ticket, now));
    }
    effects
}

/// It came, or did not.
pub(super) fn read(model: &mut Model, ticket: Ticket, result: Result<Found, Fault>) -> Vec<Effect> {
    let at = model.clock.wall;
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    if opened.asking.is_none_or(|(asked, _)| asked != ticket) {
        return vec![];
    }
    opened.asking = None;
    let fault = match result {
        Ok(Found::Reading(reading)) => {
            show(model, *reading, at);
            if model.tab == Tab::Connectors {
                return vec![];
            }
            let text = model.words("what you asked for is here: {tab-connectors} shows it");
            return vec![model.say(text)];
        }
        Ok(_) => Fault::internal("the board answered something else"),
        Err(fault) => fault,
    };
    let has_old = opened.viewer().is_some();
    if !has_old {
        opened.phase = Phase::Failed(fault.clone());
    }
    if locked_here(model, &fault) {
        return dock::ask_unlock(model);
    }
    if has_old {
        // What was read before stays in sight.
        return vec![model.complain(&fault)];
    }
    vec![]
}

/// Shows what came. What was looked at before it is looked at the same way.
fn show(model: &mut Model, reading: Reading, at: Timestamp) {
    let when = super::entry::moment(model, at);
    let note = format!("{when}{}{} bytes", model.theme.dot(), reading.bytes);
    let Some(opened) = opened_mut(model) else {
        return;
    };
    let viewer = match opened.what {
        What::Prompt(_) => Viewer::of_messages(reading.result),
        What::Resource(_) | What::Template(_) => Viewer::of_contents(reading.result),
    };
    let name = match &opened.what {
        What::Prompt(prompt) => &prompt.name,
        What::Resource(resource) => &resource.name,
        What::Template(template) => &template.name,
    };
    let mut viewer = viewer.with_note(note).named(name);
    if let Phase::Shown(before) = &opened.phase {
        viewer = viewer.in_place_of(before);
    }
    opened.phase = Phase::Shown(Box::new(viewer));
}

impl Opened {
    fn new(of: ConnectorId, name: &str, what: What) -> Self {
        Self {
            of,
            name: name.to_owned(),
            what,
            filling: None,
            form_top: 0,
            values: Values::new(),
            phase: Phase::Waiting,
            asking: None,
            watch: Watch::No,
        }
    }

    fn viewer(&self) -> Option<&Viewer> {
        match &self.phase {
            Phase::Shown(viewer) => Some(viewer),
            _ => None,
        }
    }

    /// What was typed so far, secrets left out: what may be shown.
    fn typed(&self) -> Values {
        let draft = self.filling.as_ref().map(Filling::draft);
        draft
            .as_ref()
            .map(Draft::value)
            .map(texts)
            .unwrap_or_default()
    }

    /// What the board is asked for.
    fn errand(&self) -> Result<Errand, Fault> {
        let name = self.name.clone();
        Ok(match &self.what {
            What::Prompt(prompt) => Errand::Fill(GetPrompt {
                name,
                prompt: prompt.name.raw().to_owned(),
                arguments: self.values.clone(),
            }),
            what => Errand::Read(ReadResource {
                name,
                uri: what.address(&self.values)?.raw().to_owned(),
            }),
        })
    }
}

/// The members of an object that are texts.
fn texts(object: &serde_json::Map<String, Value>) -> Values {
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    object.iter().filter_map(text).collect()
}

/// Keeps what was typed for the next time, secrets left out.
fn remember(model: &mut Model) {
    let details = &mut model.tabs.connectors.details;
    let Some(opened) = &details.opened else {
        return;
    };
    let Some(filling) = &opened.filling else {
        return;
    };
    let key = (opened.of.clone(), opened.what.key());
    let draft = filling.draft();
    if draft.is_empty() {
        details.drafts.remove(&key);
    } else {
        details.drafts.insert(key, draft);
    }
}

/// Closes it; what is under way for it ends.
fn close(model: &mut Model) -> Vec<Effect> {
    remember(model);
    let Some(opened) = model.tabs.connectors.details.opened.take() else {
        return vec![];
    };
    let asked = opened.asking.map(|(ticket, _)| ticket);
    let watched = opened.watch.ticket();
    asked
        .into_iter()
        .chain(watched)
        .map(|ticket| model.cancel(ticket))
        .collect()
}

/// Closes it where another connector is chosen by now, or none.
pub(super) fn leave_if_elsewhere(model: &mut Model) -> Vec<Effect> {
    if model.tabs.connectors.details.opened.is_some() && opened(model).is_none() {
        return close(model);
    }
    vec![]
}

/// Goes back to what the server offers.
fn leave(model: &mut Model) -> Vec<Effect> {
    let effects = close(model);
    model.focus = Focus::ConnectorOffers;
    effects
}

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if matches!(model.focus, Focus::OfferForm | Focus::OfferFormIdle) {
        return blanks::act(model, action);
    }
    match action {
        Action::ReadAgain => again(model),
        Action::Watch => watch::toggle(model),
        Action::Back => leave(model),
        _ => vec![],
    }
}

/// Reads it again; what has blanks is filled in again first.
fn again(model: &mut Model) -> Vec<Effect> {
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    if opened.filling.is_none() {
        return ask(model);
    }
    let asked = opened.asking.take().map(|(ticket, _)| ticket);
    let watched = opened.watch.end();
    opened.phase = Phase::Filling;
    model.focus = Focus::OfferForm;
    let tickets = asked.into_iter().chain(watched);
    tickets.map(|ticket| model.cancel(ticket)).collect()
}

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    let Some(opened) = opened(model) else {
        return false;
    };
    match (action, &opened.filling) {
        (Action::Watch, _) => opened.can_be_watched(model),
        (Action::ReadAgain, _) => opened.asking.is_none(),
        (_, Some(filling)) if model.focus == Focus::OfferForm => filling.offers(action),
        _ => true,
    }
}

/// Ctrl-c: stops what was asked for.
pub(super) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    let opened = opened_mut(model)?;
    let (ticket, _) = opened.asking.take()?;
    if matches!(opened.phase, Phase::Waiting) {
        opened.phase = Phase::Failed(
            Fault::user("you cancelled it before it came").hint("{read-again} asks for it again"),
        );
    }
    Some(vec![model.cancel(ticket), model.say("cancelled")])
}

/// Keeps the form within its bounds; what was read the viewer keeps itself.
pub(super) fn settle(model: &mut Model) {
    view::settle_form(model);
}

/// Whether letters are typed into the form.
pub(in crate::tui) fn is_typing(model: &Model) -> bool {
    let filling = opened(model).and_then(|opened| opened.filling.as_ref());
    filling.is_some_and(Filling::is_typing)
}

/// The name of a resource where nothing else is known of it.
fn unnamed(uri: &Untrusted) -> Untrusted {
    let last = uri.raw().rsplit('/').find(|part| !part.is_empty());
    Untrusted::new(last.unwrap_or("resource"))
}
