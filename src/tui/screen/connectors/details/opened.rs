//! What was opened of what a server offers: a prompt or a template that is filled in,
//! a resource that is read, and again whenever it changes.

mod blanks;
mod content;
mod view;
mod watch;
mod what;

use std::collections::BTreeMap;

pub(super) use view::view;
pub(super) use watch::{changed, open_watched, unwatch, unwatched};
pub(super) use what::What;

use blanks::Blanks;
use content::Content;
use watch::Watch;

use crate::domain::{ConnectorId, Fault, Untrusted};
use crate::protocol::{GetPrompt, ReadResource};
use crate::tui::action::Action;
use crate::tui::dock;
use crate::tui::effect::{Effect, Errand, Found, Ticket, Work};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors::chosen;
use crate::tui::tab::Tab;
use crate::tui::update::locked_here;

use super::Wish;

/// What was typed into forms, by connector and offer.
pub(super) type Drafts = BTreeMap<(ConnectorId, String), BTreeMap<String, String>>;

/// See the module.
#[derive(Debug)]
pub(super) struct Opened {
    of: ConnectorId,
    /// The connector's name.
    name: String,
    what: What,
    /// What it is filled in with, if it has blanks.
    blanks: Option<Blanks>,
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
    Shown(Box<Content>),
    /// It could not be had.
    Failed(Fault),
}

/// What is opened of the chosen connector.
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
    let (of, name) = (connector.id.clone(), connector.name.as_str().to_owned());
    let schema = match what.schema() {
        Ok(schema) => schema,
        Err(fault) => return vec![model.complain(&fault)],
    };
    let mut effects = close(model);
    let key = (of.clone(), what.key());
    let draft = model.tabs.connectors.details.drafts.get(&key);
    let blanks = schema.map(|schema| Blanks::new(&schema, draft));
    let is_ready = blanks.is_none();
    model.tabs.connectors.details.opened = Some(Opened {
        of,
        name,
        what,
        blanks,
        phase: if is_ready {
            Phase::Waiting
        } else {
            Phase::Filling
        },
        asking: None,
        watch: Watch::No,
    });
    if is_ready {
        effects.extend(ask(model));
    }
    model.focus = focus(model).unwrap_or(model.focus);
    effects
}

/// Reads the resource at an address that stood in something else.
pub(in crate::tui) fn open_address(model: &mut Model, uri: &Untrusted) -> Vec<Effect> {
    open(model, What::at(uri))
}

/// Asks for it.
fn ask(model: &mut Model) -> Vec<Effect> {
    let now = model.clock.now;
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    let values = opened.values();
    let name = opened.name.clone();
    let errand = match &opened.what {
        What::Prompt(prompt) => Errand::Fill(GetPrompt {
            name,
            prompt: prompt.name.raw().to_owned(),
            arguments: values,
        }),
        what => match what.address(&values) {
            Ok(uri) => Errand::Read(ReadResource {
                name,
                uri: uri.raw().to_owned(),
            }),
            Err(fault) => {
                opened.phase = Phase::Failed(fault);
                return vec![];
            }
        },
    };
    let before = opened.asking.take();
    let mut effects: Vec<Effect> = before
        .into_iter()
        .map(|(ticket, _)| model.cancel(ticket))
        .collect();
    let (ticket, effect) = model.work(Purpose::Details(Wish::Reading), Work::Details(errand));
    effects.push(effect);
    if let Some(opened) = opened_mut(model) {
        opened.asking = Some((ticket, now));
        if !matches!(opened.phase, Phase::Shown(_)) {
            opened.phase = Phase::Waiting;
        }
    }
    effects
}

/// It came, or did not.
pub(super) fn read(model: &mut Model, ticket: Ticket, result: Result<Found, Fault>) -> Vec<Effect> {
    let now = model.clock.wall;
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    if opened.asking.is_none_or(|(asked, _)| asked != ticket) {
        return vec![];
    }
    opened.asking = None;
    let fault = match result {
        Ok(Found::Reading(reading)) => {
            opened.show(Content::of(*reading, now));
            if model.tab == Tab::Connectors {
                return vec![];
            }
            return vec![model.say("what you asked for is here: 1 shows it")];
        }
        Ok(_) => Fault::internal("the board answered something else"),
        Err(fault) => fault,
    };
    let has_old = matches!(opened.phase, Phase::Shown(_));
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

impl Opened {
    fn values(&self) -> BTreeMap<String, String> {
        self.blanks.as_ref().map(Blanks::values).unwrap_or_default()
    }

    /// Shows what came. What was looked at before keeps its place.
    fn show(&mut self, mut content: Content) {
        if let Phase::Shown(before) = &self.phase {
            content.top = before.top;
        }
        self.phase = Phase::Shown(Box::new(content));
    }
}

/// Keeps what was typed for the next time.
fn remember(model: &mut Model) {
    let details = &mut model.tabs.connectors.details;
    let Some(opened) = &details.opened else {
        return;
    };
    let key = (opened.of.clone(), opened.what.key());
    let values = opened.values();
    if values.is_empty() {
        details.drafts.remove(&key);
    } else {
        details.drafts.insert(key, values);
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

/// Does what a key stands for.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.focus == Focus::OfferForm {
        return fill(model, action);
    }
    match action {
        Action::ReadAgain => return again(model),
        Action::Watch => return watch::toggle(model),
        Action::LeaveReading => {
            let effects = close(model);
            model.focus = Focus::ConnectorOffers;
            return effects;
        }
        _ => view::scroll_content(model, action),
    }
    vec![]
}

/// Reads it again; what has blanks is filled in again first.
fn again(model: &mut Model) -> Vec<Effect> {
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    if opened.blanks.is_none() {
        return ask(model);
    }
    let asked = opened.asking.take().map(|(ticket, _)| ticket);
    let watched = opened.watch.end();
    opened.phase = Phase::Filling;
    model.focus = Focus::OfferForm;
    let tickets = asked.into_iter().chain(watched);
    tickets.map(|ticket| model.cancel(ticket)).collect()
}

/// Does what a key stands for in the blanks.
fn fill(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::FillIn => return submit(model),
        Action::LeaveOfferForm => {
            let effects = close(model);
            model.focus = Focus::ConnectorOffers;
            return effects;
        }
        _ => {}
    }
    let Some(blanks) = opened_mut(model).and_then(|opened| opened.blanks.as_mut()) else {
        return vec![];
    };
    if action == Action::Press && blanks.is_last() {
        return submit(model);
    }
    blanks.act(action);
    vec![]
}

fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    if opened.blanks.as_mut().is_some_and(|it| !it.check()) {
        return vec![];
    }
    remember(model);
    let effects = ask(model);
    model.focus = Focus::OfferReading;
    effects
}

/// A key while the blanks have them; `None` leaves it to the keymap.
pub(super) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let blanks = opened_mut(model)?.blanks.as_mut()?;
    blanks.key(key).then(Vec::new)
}

/// A paste while the blanks have the keys.
pub(super) fn pasted(model: &mut Model, text: &str) -> Option<&'static str> {
    opened_mut(model)?.blanks.as_mut()?.paste(text)
}

/// Whether an action has something to act on.
pub(super) fn offers(model: &Model, action: Action) -> bool {
    let Some(opened) = opened(model) else {
        return false;
    };
    match action {
        Action::Watch => opened.can_be_watched(model),
        _ => true,
    }
}

/// Ctrl-c: stops what was asked for.
pub(super) fn cancel(model: &mut Model) -> Option<Vec<Effect>> {
    let opened = opened_mut(model)?;
    let (ticket, _) = opened.asking.take()?;
    if matches!(opened.phase, Phase::Waiting) {
        opened.phase = Phase::Failed(
            Fault::user("you cancelled it before it came").hint("r asks for it again"),
        );
    }
    Some(vec![model.cancel(ticket), model.say("cancelled")])
}

/// Keeps what is shown within its bounds.
pub(super) fn settle(model: &mut Model) {
    view::settle_content(model);
}
