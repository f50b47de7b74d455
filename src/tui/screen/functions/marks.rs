//! Functions that are marked, to be set at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::ConnectorId;

/// Names of functions, by connector.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    names: BTreeMap<ConnectorId, BTreeSet<String>>,
}

impl Marks {
    /// Whether none is.
    pub(super) fn is_empty(&self) -> bool {
        self.names.values().all(BTreeSet::is_empty)
    }

    /// How many are.
    pub(super) fn len(&self) -> usize {
        self.names.values().map(BTreeSet::len).sum()
    }

    /// Whether a function is.
    pub(super) fn contains(&self, id: &ConnectorId, name: &str) -> bool {
        self.names.get(id).is_some_and(|names| names.contains(name))
    }

    /// Marks a function.
    pub(super) fn insert(&mut self, id: &ConnectorId, name: &str) {
        self.names
            .entry(id.clone())
            .or_default()
            .insert(name.to_owned());
    }

    /// Marks a function, or takes its mark away.
    pub(super) fn toggle(&mut self, id: &ConnectorId, name: &str) {
        let names = self.names.entry(id.clone()).or_default();
        if !names.remove(name) {
            names.insert(name.to_owned());
        }
    }

    /// All marks, by connector.
    pub(super) fn all(&self) -> impl Iterator<Item = (&ConnectorId, &BTreeSet<String>)> {
        self.names.iter().filter(|(_, names)| !names.is_empty())
    }

    /// Keeps the marks of those connectors that pass.
    pub(super) fn retain_connectors(&mut self, mut keep: impl FnMut(&ConnectorId) -> bool) {
        self.names.retain(|id, _| keep(id));
    }

    /// Takes all marks away.
    pub(super) fn clear(&mut self) {
        self.names.clear();
    }

    /// Takes the marks of a connector away.
    pub(super) fn forget(&mut self, id: &ConnectorId) {
        self.names.remove(id);
    }

    /// Keeps the marks of one connector alone.
    pub(super) fn keep_only(&mut self, id: &ConnectorId) {
        self.names.retain(|other, _| other == id);
    }

    /// Keeps those marks of a connector that pass.
    pub(super) fn retain(&mut self, id: &ConnectorId, mut keep: impl FnMut(&str) -> bool) {
        if let Some(names) = self.names.get_mut(id) {
            names.retain(|name| keep(name));
        }
    }
}
