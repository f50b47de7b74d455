//! A resource that is watched: read again whenever its server says that it changed,
//! until somebody looks elsewhere.

use super::{Opened, Phase, What, opened, opened_mut};
use crate::domain::{Fault, Timestamp};
use crate::protocol::{Reading, WatchResource};
use crate::tui::effect::{Effect, Errand, Found, Ticket, Work};
use crate::tui::focus::Focus;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::connectors::chosen;
use crate::tui::screen::connectors::details::Wish;
use crate::tui::screen::connectors::details::offers::tells_changes;

/// Whether it is watched.
#[derive(Debug)]
pub(super) enum Watch {
    /// It is not.
    No,
    /// It was asked for, and has not been read yet.
    Begun(Ticket),
    /// It is.
    On {
        ticket: Ticket,
        /// How often it changed since.
        changes: u64,
        /// When it did last.
        last: Option<Timestamp>,
    },
    /// It was, and that ended by itself.
    Over(Option<Fault>),
}

impl Watch {
    /// What it is recognised by, while it goes on.
    pub(super) fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Begun(ticket) | Self::On { ticket, .. } => Some(*ticket),
            Self::No | Self::Over(_) => None,
        }
    }

    /// Ends it here. Returns what is to be cancelled.
    pub(super) fn end(&mut self) -> Option<Ticket> {
        let ticket = self.ticket();
        *self = Self::No;
        ticket
    }
}

impl Opened {
    /// Whether it can be watched, or is.
    pub(super) fn can_be_watched(&self, model: &Model) -> bool {
        let has_address = !matches!(self.what, What::Prompt(_));
        has_address && (tells_changes(model) || self.watch.ticket().is_some())
    }
}

/// Opens a resource and watches it.
pub(in crate::tui::screen::connectors::details) fn open_watched(
    model: &mut Model,
    what: What,
) -> Vec<Effect> {
    if !matches!(what, What::Resource(_)) {
        let text = model.words("only a resource can be watched; {open-row} opens this");
        return vec![model.say(text)];
    }
    if !tells_changes(model) {
        return vec![model.say("this server does not say when a resource changes")];
    }
    let Some(connector) = chosen(model) else {
        return vec![];
    };
    let opened = Opened::new(connector.id.clone(), connector.name.as_str(), what);
    let mut effects = super::close(model);
    model.tabs.connectors.details.opened = Some(opened);
    model.focus = Focus::OfferReading;
    effects.extend(begin(model));
    effects
}

/// Watches what is opened, or no longer.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let Some(opened) = opened(model) else {
        return vec![];
    };
    if opened.watch.ticket().is_some() {
        let mut effects = unwatch(model);
        let text = model.words("no longer watched; {watch} watches it again");
        effects.push(model.say(text));
        return effects;
    }
    if !opened.can_be_watched(model) {
        let why = match opened.what {
            What::Prompt(_) => "a prompt cannot be watched, only a resource",
            _ => "this server does not say when a resource changes",
        };
        return vec![model.say(why)];
    }
    begin(model)
}

fn begin(model: &mut Model) -> Vec<Effect> {
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    let uri = match opened.what.address(&opened.values) {
        Ok(uri) => uri,
        Err(fault) => return vec![model.complain(&fault)],
    };
    let errand = Errand::Watch(WatchResource {
        name: opened.name.clone(),
        uri: uri.raw().to_owned(),
    });
    let (ticket, effect) = model.work(Purpose::Details(Wish::Watch), Work::Details(errand));
    if let Some(opened) = opened_mut(model) {
        opened.watch = Watch::Begun(ticket);
    }
    vec![effect]
}

/// Watches it no longer.
pub(in crate::tui::screen::connectors::details) fn unwatch(model: &mut Model) -> Vec<Effect> {
    let ticket = opened_mut(model).and_then(|opened| opened.watch.end());
    ticket
        .map(|ticket| model.cancel(ticket))
        .into_iter()
        .collect()
}

/// It was read: the first time, or because it changed.
pub(in crate::tui::screen::connectors::details) fn changed(
    model: &mut Model,
    ticket: Ticket,
    reading: Reading,
) -> Vec<Effect> {
    let now = model.clock.wall;
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    if opened.watch.ticket() != Some(ticket) {
        return vec![];
    }
    opened.watch = match opened.watch {
        Watch::On { changes, .. } => Watch::On {
            ticket,
            changes: changes.saturating_add(1),
            last: Some(now),
        },
        _ => Watch::On {
            ticket,
            changes: 0,
            last: None,
        },
    };
    super::show(model, reading, now);
    vec![]
}

/// Watching ended, and nobody here ended it.
pub(in crate::tui::screen::connectors::details) fn unwatched(
    model: &mut Model,
    ticket: Ticket,
    result: Result<Found, Fault>,
) -> Vec<Effect> {
    let Some(opened) = opened_mut(model) else {
        return vec![];
    };
    if opened.watch.ticket() != Some(ticket) {
        return vec![];
    }
    let fault = result.err();
    if matches!(opened.phase, Phase::Waiting) && opened.asking.is_none() {
        let fault = fault.clone();
        opened.phase = Phase::Failed(
            fault.unwrap_or_else(|| Fault::internal("the board ended it before it was read")),
        );
    }
    opened.watch = Watch::Over(fault);
    vec![]
}
