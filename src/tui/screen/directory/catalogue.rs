//! The list as it is searched, and what of it is on the board.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::domain::{AuthKind, ConnectorName, DirectoryEntry, DirectoryId, Target, Transport};
use crate::guard::address::template::Destination;
use crate::protocol::{ConnectorView, DirectoryView};
use crate::search::{Haystack, Words};
use crate::tui::action::Action;

/// See the module.
#[derive(Debug)]
pub(super) struct Catalogue {
    rows: Vec<Row>,
    /// Which are on the board, and as what, by place.
    added: BTreeMap<usize, Vec<ConnectorName>>,
    /// The connectors that this was found out from: name, address, query.
    board: Vec<(ConnectorName, String, bool)>,
    /// How many the board left out because they make no sense.
    pub(super) skipped: usize,
}

#[derive(Debug)]
struct Row {
    entry: DirectoryEntry,
    haystack: Haystack,
    destinations: Vec<Destination>,
}

/// Which entries are wanted, besides the search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Filters {
    pub(super) auth: Option<AuthKind>,
    pub(super) transport: Option<Transport>,
    /// `true`: on the board already.
    pub(super) added: Option<bool>,
}

/// The steps of the filters, each beginning and ending with everything.
const AUTHS: &[Option<AuthKind>] = &[
    None,
    Some(AuthKind::None),
    Some(AuthKind::Bearer),
    Some(AuthKind::Basic),
    Some(AuthKind::Header),
    Some(AuthKind::Oauth),
];
const TRANSPORTS: &[Option<Transport>] =
    &[None, Some(Transport::StreamableHttp), Some(Transport::Sse)];
const ADDED: &[Option<bool>] = &[None, Some(false), Some(true)];

impl Filters {
    /// Takes the next step of one of them.
    pub(super) fn step(&mut self, action: Action) {
        match action {
            Action::FilterAuth => self.auth = next(AUTHS, self.auth),
            Action::FilterTransport => self.transport = next(TRANSPORTS, self.transport),
            Action::FilterAdded => self.added = next(ADDED, self.added),
            _ => {}
        }
    }
}

fn next<T: Copy + PartialEq>(steps: &[Option<T>], now: Option<T>) -> Option<T> {
    let place = steps.iter().position(|step| *step == now);
    let next = place.map_or(0, |place| place.saturating_add(1));
    steps.get(next).copied().flatten()
}

impl Catalogue {
    /// What the board answered, ready to be searched.
    pub(super) fn new(view: DirectoryView) -> Self {
        let rows = view.entries.into_iter().map(|it| Row {
            haystack: Haystack::from(&it.entry),
            destinations: it.entry.remotes.iter().map(Destination::of).collect(),
            entry: it.entry,
        });
        Self {
            rows: rows.collect(),
            added: BTreeMap::new(),
            board: Vec::new(),
            skipped: view.skipped,
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The entry at a place.
    pub(super) fn entry(&self, place: usize) -> Option<&DirectoryEntry> {
        self.rows.get(place).map(|row| &row.entry)
    }

    /// The place of an entry.
    pub(super) fn place_of(&self, id: &DirectoryId) -> Option<usize> {
        self.rows.iter().position(|row| row.entry.id == *id)
    }

    /// The connectors that lead to an entry.
    pub(super) fn added(&self, place: usize) -> &[ConnectorName] {
        self.added.get(&place).map_or(&[], Vec::as_slice)
    }

    /// Places of the entries that fit, the best first.
    pub(super) fn fitting(&self, typed: &str, filters: Filters) -> Vec<usize> {
        let wanted = |place: usize, entry: &DirectoryEntry| {
            (filters.auth.is_none() || entry.authentication == filters.auth)
                && filters.transport.is_none_or(|it| entry.travels_by(it))
                && filters
                    .added
                    .is_none_or(|it| it == self.added.contains_key(&place))
        };
        let rows = self.rows.iter().enumerate();
        let rows = rows.filter(|(place, row)| wanted(*place, &row.entry));
        Words::new(typed).rank(rows.map(|(place, row)| (place, &row.haystack)))
    }

    /// Finds out which entries are on the board, where its connectors or their
    /// addresses differ from before. Returns whether they do.
    pub(super) fn compare(&mut self, connectors: &[ConnectorView]) -> bool {
        let leads = |connector: &'_ ConnectorView| match &connector.target {
            Target::Http { query, .. } => Some(*query),
            Target::Program { .. } => None,
        };
        let servers = || {
            connectors.iter().filter_map(move |it| match &it.target {
                Target::Http { url, .. } => Some((&it.name, url, leads(it)?)),
                Target::Program { .. } => None,
            })
        };
        let known = self
            .board
            .iter()
            .map(|(name, url, query)| (name, url, *query));
        if servers().eq(known) {
            return false;
        }
        self.board = servers()
            .map(|(name, url, query)| (name.clone(), url.clone(), query))
            .collect();
        self.added.clear();
        for (place, row) in self.rows.iter().enumerate() {
            let names: Vec<ConnectorName> = self
                .board
                .iter()
                .filter(|(_, url, query)| row.destinations.iter().any(|it| it.is(url, *query)))
                .map(|(name, _, _)| name.clone())
                .collect();
            if !names.is_empty() {
                self.added.insert(place, names);
            }
        }
        true
    }
}
