//! What the face knows of the board: a copy fed by events, never by wishes.

mod catalogue;
mod packed;

use crate::domain::{ConnectorId, Fault, Question, Status, VaultState};
use crate::protocol::{BoardInfo, ConnectorView, ConsentView, EventKind, Person};

pub(super) use catalogue::{Catalogue, Known};
pub(super) use packed::{Listed, Packed};

/// Whether the board answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// It is being reached for the first time.
    Starting,
    /// It answers.
    Up,
    /// It does not, and is tried again.
    Down {
        /// Why.
        fault: Fault,
        /// How often it was tried since.
        attempts: u32,
        /// Whether it said that it would end.
        stopped: bool,
    },
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Mirror {
    /// Whether the board answers.
    pub(super) link: Link,
    /// The board process; `None` until it answered once.
    pub(super) board: Option<BoardInfo>,
    /// Whom it takes us for.
    pub(super) person: Option<Person>,
    /// All connectors, by name.
    pub(super) connectors: Vec<ConnectorView>,
    /// The functions of those that were looked at.
    pub(super) functions: Catalogue,
    /// The vault.
    pub(super) vault: Option<VaultState>,
    /// What is wrong with the database.
    pub(super) storage: Option<Fault>,
    /// The questions that wait, in the order they were asked.
    pub(super) questions: Vec<Question>,
    /// The sign-ins that wait for a person, in the order they were begun.
    pub(super) consents: Vec<ConsentView>,
}

/// How many connectors fare how, for the bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// With a session.
    pub(super) up: usize,
    /// That need a person: a sign-in, a key, a review.
    pub(super) attention: usize,
    /// That cannot be reached or used.
    pub(super) failed: usize,
    /// On their way.
    pub(super) moving: usize,
}

impl Mirror {
    /// Knows nothing yet.
    pub(super) fn new() -> Self {
        Self {
            link: Link::Starting,
            board: None,
            person: None,
            connectors: Vec::new(),
            functions: Catalogue::default(),
            vault: None,
            storage: None,
            questions: Vec::new(),
            consents: Vec::new(),
        }
    }

    /// Takes an event in. Returns the connectors whose functions must be read
    /// again.
    pub(super) fn apply(&mut self, event: EventKind) -> Vec<ConnectorId> {
        match event {
            EventKind::Snapshot(snapshot) => {
                self.link = Link::Up;
                self.board = Some(snapshot.board);
                self.person = Some(snapshot.person);
                self.connectors = snapshot.connectors;
                self.vault = Some(snapshot.vault);
                self.storage = snapshot.storage;
                self.questions = snapshot.questions;
                self.consents = snapshot.consents;
                self.sort();
                let known: Vec<ConnectorId> = self.functions.known();
                let (stale, gone): (Vec<_>, Vec<_>) = known
                    .into_iter()
                    .partition(|id| self.connector(id).is_some());
                for id in gone {
                    self.functions.remove(&id);
                }
                stale
            }
            EventKind::Connector(connector) => {
                self.put(*connector);
                Vec::new()
            }
            EventKind::Removed { id } => {
                self.connectors.retain(|connector| connector.id != id);
                self.functions.remove(&id);
                Vec::new()
            }
            EventKind::Functions { id } if self.functions.contains_key(&id) => vec![id],
            EventKind::Functions { .. } | EventKind::Journal(_) => Vec::new(),
            EventKind::QuestionOpened(question) => {
                self.questions.retain(|known| known.id != question.id);
                self.questions.push(*question);
                Vec::new()
            }
            EventKind::QuestionClosed { id, .. } => {
                self.questions.retain(|known| known.id != id);
                Vec::new()
            }
            EventKind::Offers { .. }
            | EventKind::HeldOpened(_)
            | EventKind::HeldChanged(_)
            | EventKind::HeldClosed { .. }
            | EventKind::Agent(_)
            | EventKind::AgentGone { .. } => Vec::new(),
            EventKind::ConsentOpened(consent) | EventKind::ConsentChanged(consent) => {
                match self
                    .consents
                    .iter_mut()
                    .find(|known| known.id == consent.id)
                {
                    Some(known) => *known = *consent,
                    None => self.consents.push(*consent),
                }
                Vec::new()
            }
            EventKind::ConsentClosed { id, .. } => {
                self.consents.retain(|known| known.id != id);
                Vec::new()
            }
            EventKind::Vault(vault) => {
                self.vault = Some(vault);
                Vec::new()
            }
            EventKind::Storage { fault } => {
                self.storage = fault;
                Vec::new()
            }
            EventKind::Stopping => {
                self.link = Link::Down {
                    fault: Fault::new(crate::domain::FaultKind::Network, "the board has ended")
                        .retryable(),
                    attempts: 0,
                    stopped: true,
                };
                Vec::new()
            }
        }
    }

    /// Puts a connector in its place.
    pub(super) fn put(&mut self, connector: ConnectorView) {
        match self
            .connectors
            .iter_mut()
            .find(|old| old.id == connector.id)
        {
            Some(old) => *old = connector,
            None => self.connectors.push(connector),
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.connectors
            .sort_by_cached_key(|connector| connector.name.folded());
    }

    /// A connector by its identifier.
    pub(super) fn connector(&self, id: &ConnectorId) -> Option<&ConnectorView> {
        self.connectors.iter().find(|connector| connector.id == *id)
    }

    /// The functions of a connector, where they are known.
    pub(super) fn functions_of(&self, id: &ConnectorId) -> &Packed {
        static NONE: Packed = Packed::NONE;
        match self.functions.get(id) {
            Some(Known::Here(functions)) => functions,
            _ => &NONE,
        }
    }

    /// Whether the board answers.
    pub(super) fn is_up(&self) -> bool {
        self.link == Link::Up
    }

    /// The counts for the bar.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for connector in &self.connectors {
            match connector.status {
                Status::Connected => counts.up += 1,
                Status::Changed => {
                    counts.up += 1;
                    counts.attention += 1;
                }
                Status::SignIn | Status::Locked => counts.attention += 1,
                Status::Failed => counts.failed += 1,
                Status::Connecting => counts.moving += 1,
                Status::Disabled => {}
            }
        }
        counts
    }
}
