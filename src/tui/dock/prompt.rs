//! One prompt: what it asks, how far it was read, and when it may be answered.

use super::arming::Arming;
use super::call::Question;
use super::several::Several;
use super::{asked, consent, logout, removal, step_up, vault, warning};
use crate::tui::focus::Focus;

/// One prompt.
#[derive(Debug)]
pub(super) struct Prompt {
    /// Which, for its timer.
    pub(super) number: u64,
    pub(super) kind: Kind,
    pub(super) arming: Arming,
    /// First line on the screen, where it scrolls.
    pub(super) top: usize,
    /// How many of its lines have been on the screen, from the first on.
    pub(super) seen: usize,
    /// It is read from `top` on; a form follows its chosen field otherwise.
    pub(super) reading: bool,
    /// It was put off, and is a line until it is gone back to.
    pub(super) put_off: bool,
    /// When its keys light up, as far as a timer is set for it.
    pub(super) lights_at: Option<u64>,
}

/// What is asked.
#[derive(Debug)]
pub(super) enum Kind {
    /// Where secrets are to be kept, or the passphrase.
    Vault(vault::Question),
    /// Whether a connector is to be forgotten.
    Remove(removal::Question),
    /// Whether somebody is to be signed out.
    Logout(logout::Question),
    /// Whether somebody signs in for more.
    StepUp(step_up::Question),
    /// A sign-in that waits for a person.
    Consent(Box<consent::Consenting>),
    /// Whether several functions are to run without asking.
    Several(Several),
    /// Whether a function may run this once.
    Call(Question),
    /// What a server asks back.
    Asked(asked::Asking),
    /// Something that happened.
    Warning(warning::Warning),
}

impl Prompt {
    /// Where the keys go when it has them.
    pub(super) fn focus(&self) -> Focus {
        match &self.kind {
            Kind::Vault(question) => question.focus(),
            Kind::Remove(_) => Focus::DockRemove,
            Kind::Logout(_) => Focus::DockLogout,
            Kind::StepUp(_) => Focus::DockStepUp,
            Kind::Consent(consenting) => consenting.focus(),
            Kind::Several(_) => Focus::DockSeveral,
            Kind::Call(_) => Focus::DockCall,
            Kind::Asked(asking) => asking.focus(),
            Kind::Warning(_) => Focus::DockWarning,
        }
    }

    pub(super) fn new(number: u64, kind: Kind, now: u64) -> Self {
        Self {
            number,
            kind,
            arming: Arming::new(now),
            top: 0,
            seen: 0,
            reading: true,
            put_off: false,
            lights_at: None,
        }
    }

    /// From when on a yes is taken, as far as that is a matter of time.
    pub(super) fn ready_at(&self) -> Option<u64> {
        match &self.kind {
            // What is typed into its own fields is no key typed ahead.
            Kind::Asked(asking) if asking.form.is_some() => self.arming.rested_at(),
            _ => self.arming.ready_at(),
        }
    }

    /// Whether a yes in it lets something happen, so that it has to be armed.
    pub(super) fn permits(&self) -> bool {
        matches!(self.kind, Kind::Call(_) | Kind::Several(_) | Kind::Asked(_))
    }
}

impl Prompt {
    /// Reads on by so many lines; where there is something to be permitted, not past
    /// what has been on the screen: typed ahead reads nothing.
    pub(super) fn read_on(&mut self, lines: usize) {
        self.reading = true;
        let most = if self.permits() {
            self.seen
        } else {
            usize::MAX
        };
        self.top = self.top.saturating_add(lines).min(most);
    }

    /// Reads back by so many lines.
    pub(super) fn read_back(&mut self, lines: usize) {
        self.reading = true;
        self.top = self.top.saturating_sub(lines);
    }
}
