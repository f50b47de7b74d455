//! A sign-in that waits for a person: the address to open, what waits for the answer,
//! and a line for those whose browser is on another machine.
//!
//! The consent lives at the board, like a question: every face shows it, whatever
//! answers first has answered, and leaving takes nothing back. It permits nothing by
//! itself, since the person says yes in the browser; so it needs no arming. What is
//! pasted here goes into its line and nowhere else.

mod deed;
mod look;
mod over;

use ratatui::text::Line;

pub(in crate::tui) use deed::{SignInWish, answered};
pub(super) use deed::{act, is_of_the_box};
pub(in crate::tui) use look::names;
pub(super) use look::{cover, cursor, lines, links, title};
use over::ends_of;

use super::{Kind, Prompt};
use crate::domain::{ConnectorId, ConsentId, Fault};
use crate::protocol::{ConsentEnd, ConsentView, EventKind};
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Timer};
use crate::tui::focus::Focus;
use crate::tui::input::Key;
use crate::tui::layout;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::{connectors, custom};
use crate::tui::widget::field::{Field, Typed};

/// One minute, in milliseconds.
const MINUTE: i64 = 60_000;

/// See the module.
#[derive(Debug)]
pub(super) struct Consenting {
    pub(super) view: ConsentView,
    /// What the browser ended at, as far as it was typed or pasted here.
    paste: Field,
    /// The keys type into that line.
    typing: bool,
    /// What came of the last paste from here.
    verdict: Option<Fault>,
    /// One is on its way.
    sending: bool,
    /// What is shown as a QR code.
    code: Option<Shown>,
    /// It was stopped here, and the board has done it.
    stopped: bool,
    /// It waits no longer, which is shown until somebody has seen it.
    over: Option<ConsentEnd>,
    /// The minute for whose end a timer is set.
    tick: Option<i64>,
}

/// What can be shown as a QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// The address.
    Address,
    /// The address for another device.
    Device,
}

impl Consenting {
    fn of(view: ConsentView) -> Self {
        Self {
            view,
            paste: Field::default(),
            typing: false,
            verdict: None,
            sending: false,
            code: None,
            stopped: false,
            over: None,
            tick: None,
        }
    }

    /// Where the keys go.
    pub(super) fn focus(&self) -> Focus {
        match (&self.over, self.typing) {
            (Some(_), _) => Focus::DockConsentOver,
            (None, true) => Focus::DockPaste,
            (None, false) => Focus::DockConsent,
        }
    }

    /// Whether it waits still.
    pub(super) fn waits(&self) -> bool {
        self.over.is_none()
    }

    /// Whether there is a line for what a browser ends at.
    fn has_line(&self) -> bool {
        self.waits() && self.view.consent.url.is_some()
    }

    /// Whether its QR code is over everything.
    pub(super) fn is_covered(&self, model: &Model) -> bool {
        model.focus == Focus::DockConsent && self.in_code().is_some()
    }

    /// Whether it failed, and there is a report of it.
    pub(super) fn has_failed(&self) -> bool {
        matches!(self.over, Some(ConsentEnd::Failed(_)))
    }

    /// Takes a key that types. Returns whether it did.
    pub(super) fn key(&mut self, key: Key) -> bool {
        self.typing && self.paste.key(key) != Typed::NotMine
    }

    /// Takes a paste, wherever in the box the keys are.
    pub(super) fn paste(&mut self, text: &str) {
        if !self.has_line() {
            return;
        }
        self.code = None;
        self.typing = true;
        if let Some(said) = self.paste.paste(text) {
            self.verdict = Some(Fault::user(said));
        }
    }

    /// Minutes until it ends, begun ones counted; none once that is past.
    fn minutes_left(&self, model: &Model) -> Option<i64> {
        let end = self.view.consent.expires_at.as_millis();
        let left = end.saturating_sub(model.clock.wall.as_millis());
        (left > 0).then(|| left.saturating_add(MINUTE - 1) / MINUTE)
    }
}

/// The consent on the screen.
fn here(model: &mut Model) -> Option<&mut Consenting> {
    match model.dock.prompts.front_mut() {
        Some(Prompt {
            kind: Kind::Consent(consenting),
            ..
        }) => Some(consenting),
        _ => None,
    }
}

fn find<'a>(model: &'a mut Model, id: &ConsentId) -> Option<&'a mut Consenting> {
    let mut prompts = model.dock.prompts.iter_mut();
    prompts.find_map(|prompt| match &mut prompt.kind {
        Kind::Consent(consenting) if consenting.view.id == *id => Some(&mut **consenting),
        _ => None,
    })
}

/// Keeps the consents for which this says so, and whatever else waits.
fn retain(model: &mut Model, mut keep: impl FnMut(&Consenting) -> bool) {
    super::retain(model, |prompt| match &prompt.kind {
        Kind::Consent(consenting) => keep(consenting),
        _ => true,
    });
}

/// Hears what the board says of consents.
pub(super) fn heard(model: &mut Model, event: &EventKind) -> Vec<Effect> {
    match event {
        EventKind::Snapshot(board) => {
            let open = |id: &ConsentId| board.consents.iter().any(|one| one.id == *id);
            retain(model, |one| !one.waits() || open(&one.view.id));
            for view in &board.consents {
                opened(model, view);
            }
        }
        EventKind::ConsentOpened(view) | EventKind::ConsentChanged(view) => opened(model, view),
        EventKind::ConsentClosed { id, end, .. } => return over::closed(model, id, end),
        EventKind::Removed { id } => retain(model, |one| one.view.connector != *id),
        _ => {}
    }
    vec![]
}

fn opened(model: &mut Model, view: &ConsentView) {
    if let Some(known) = find(model, &view.id) {
        known.view = view.clone();
        return;
    }
    // What came of an earlier one is seen: somebody began anew.
    retain(model, |one| {
        one.waits() || one.view.connector != view.connector
    });
    super::join(model, Kind::Consent(Box::new(Consenting::of(view.clone()))));
    let free = model.focus.tab().is_some() && !model.is_typing();
    if free && is_ours(model, view) {
        // It is what the key that was pressed here asked for.
        show(model, &view.connector);
    }
}

/// Whether it was begun here.
fn is_ours(model: &Model, view: &ConsentView) -> bool {
    model.is_under_way(|purpose| match purpose {
        Purpose::Connector(id, what) => *id == view.connector && *what == connectors::SIGNING_IN,
        Purpose::Connect => custom::is_about(model, &view.name),
        _ => false,
    })
}

/// Brings the consent of a connector to the front, with the keys. Returns whether one
/// waits.
pub(in crate::tui) fn show(model: &mut Model, connector: &ConnectorId) -> bool {
    let place = model
        .dock
        .prompts
        .iter()
        .position(|prompt| match &prompt.kind {
            Kind::Consent(one) => one.waits() && one.view.connector == *connector,
            _ => false,
        });
    let Some(prompt) = place.and_then(|place| model.dock.prompts.remove(place)) else {
        return false;
    };
    model.dock.prompts.push_front(prompt);
    super::take_focus(model);
    true
}

/// Whether what became of a connector's sign-in stands in a box already.
pub(in crate::tui) fn tells_of(model: &Model, connector: &ConnectorId) -> bool {
    model.dock.prompts.iter().any(|prompt| match &prompt.kind {
        Kind::Consent(one) => !one.waits() && one.view.connector == *connector,
        _ => false,
    })
}

/// Whether an action of the box on the screen has something to act on; `None` where it
/// is none of the box.
pub(in crate::tui) fn offers(model: &Model, action: Action) -> Option<bool> {
    let Kind::Consent(one) = &model.dock.prompts.front()?.kind else {
        return None;
    };
    match action {
        Action::PasteAnswer => Some(one.has_line()),
        Action::CopyTunnel => Some(one.has_line() && one.view.consent.callback_port.is_some()),
        Action::SeeReport => Some(one.has_failed()),
        _ => None,
    }
}

/// What stays in sight above the keys: whether something is on its way.
pub(super) fn head(model: &Model, consenting: &Consenting) -> Vec<Line<'static>> {
    look::head(model, consenting)
}

/// Has the box drawn again when a minute is over, while it is on the screen.
pub(in crate::tui) fn tick_later(model: &mut Model) -> Option<Effect> {
    if !layout::fits(model.size) {
        return None;
    }
    let wall = model.clock.wall.as_millis();
    let number = model.dock.prompts.front()?.number;
    let one = here(model)?;
    let left = one.view.consent.expires_at.as_millis().saturating_sub(wall);
    if !one.waits() || left <= 0 {
        return None;
    }
    let minute = left.saturating_sub(1) / MINUTE;
    if one.tick == Some(minute) {
        return None;
    }
    one.tick = Some(minute);
    let rest = left.saturating_sub(minute.saturating_mul(MINUTE));
    let rest = u64::try_from(rest).unwrap_or(0);
    let after = std::time::Duration::from_millis(rest);
    Some(Effect::Timer(Timer::Minute(number), after))
}

/// A minute is over: the next one has a timer of its own.
pub(in crate::tui) fn ticked(model: &mut Model, number: u64) {
    for prompt in &mut model.dock.prompts {
        if prompt.number == number
            && let Kind::Consent(one) = &mut prompt.kind
        {
            one.tick = None;
        }
    }
}
