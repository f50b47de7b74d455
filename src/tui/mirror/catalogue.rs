//! The functions of the connectors that were looked at.

use std::collections::BTreeMap;

use super::packed::Packed;
use crate::domain::{ConnectorId, Fault};

/// The functions of a connector, as far as they are known.
#[derive(Clone, Debug)]
pub(in crate::tui) enum Known {
    /// They were asked for.
    Loading,
    /// These.
    Here(Packed),
    /// They could not be had.
    Missing(Fault),
}

/// Lists of functions by connector. What is made of them is made anew when the
/// version is another, and not otherwise.
#[derive(Clone, Debug, Default)]
pub(in crate::tui) struct Catalogue {
    lists: BTreeMap<ConnectorId, Known>,
    version: u64,
}

impl Catalogue {
    /// What is known of a connector's functions; `None`: nobody asked.
    pub(in crate::tui) fn get(&self, id: &ConnectorId) -> Option<&Known> {
        self.lists.get(id)
    }

    /// Whether anybody asked for them.
    pub(in crate::tui) fn contains_key(&self, id: &ConnectorId) -> bool {
        self.lists.contains_key(id)
    }

    /// Takes a list in.
    pub(in crate::tui) fn insert(&mut self, id: ConnectorId, known: Known) {
        self.version = self.version.wrapping_add(1);
        self.lists.insert(id, known);
    }

    /// Forgets a list.
    pub(in crate::tui) fn remove(&mut self, id: &ConnectorId) {
        self.version = self.version.wrapping_add(1);
        self.lists.remove(id);
    }

    /// The connectors that were looked at.
    pub(in crate::tui) fn known(&self) -> Vec<ConnectorId> {
        self.lists.keys().cloned().collect()
    }

    /// Another number after each change.
    pub(in crate::tui) fn version(&self) -> u64 {
        self.version
    }
}
