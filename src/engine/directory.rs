//! The directory, and which of its servers are on this board already.

use super::Engine;
use super::board::Board;
use crate::directory::bundled;
use crate::domain::{ConnectorName, DirectoryEntry, Fault, Target};
use crate::guard::address::template::Destination;
use crate::guard::sanitise;
use crate::protocol::{DirectoryView, EntryView, SearchDirectory};
use crate::search::{Haystack, Words};

/// Longest id that a fault repeats, in characters.
const ID_SHOWN: usize = 80;

/// Where a connector leads.
type Led = (ConnectorName, String, bool);

impl Board {
    /// Where each connector leads that leads to a server, by name.
    fn addresses(&self) -> Vec<Led> {
        let mut addresses: Vec<Led> = self.with_entries(|entries| {
            let connectors = entries.values().map(|entry| &entry.stored.connector);
            connectors
                .filter_map(|connector| match &connector.target {
                    Target::Http { url, query } => {
                        Some((connector.name.clone(), url.clone(), *query))
                    }
                    Target::Program { .. } => None,
                })
                .collect()
        });
        addresses.sort_by_cached_key(|(name, _, _)| name.folded());
        addresses
    }
}

/// An entry with the connectors that lead there.
fn view(entry: &DirectoryEntry, addresses: &[Led]) -> EntryView {
    let destinations: Vec<Destination> = if addresses.is_empty() {
        Vec::new()
    } else {
        entry.remotes.iter().map(Destination::of).collect()
    };
    let leads = |(_, url, query): &&Led| destinations.iter().any(|it| it.is(url, *query));
    EntryView {
        added: addresses
            .iter()
            .filter(leads)
            .map(|(name, _, _)| name.clone())
            .collect(),
        entry: entry.clone(),
    }
}

impl Engine {
    /// All servers that are known, by title.
    pub fn directory(&self) -> DirectoryView {
        let listing = bundled();
        let addresses = self.board.addresses();
        DirectoryView {
            entries: listing
                .entries
                .iter()
                .map(|entry| view(entry, &addresses))
                .collect(),
            skipped: listing.skipped,
        }
    }

    /// The known servers that fit, the best first.
    pub fn search_directory(&self, search: &SearchDirectory) -> Vec<EntryView> {
        let addresses = self.board.addresses();
        let entries = &bundled().entries;
        let fits = |entry: &DirectoryEntry| {
            let authentication = search.authentication;
            (authentication.is_none() || entry.authentication == authentication)
                && search.transport.is_none_or(|it| entry.travels_by(it))
        };
        let haystacks: Vec<(usize, Haystack)> = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| fits(entry))
            .map(|(place, entry)| (place, Haystack::from(entry)))
            .collect();
        let limit = search.limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        Words::new(&search.words)
            .rank(haystacks.iter().map(|(place, haystack)| (*place, haystack)))
            .into_iter()
            .filter_map(|place| entries.get(place))
            .map(|entry| view(entry, &addresses))
            .filter(|view| search.added.is_none_or(|it| it != view.added.is_empty()))
            .take(limit)
            .collect()
    }

    /// One known server, whatever the case of its id.
    ///
    /// # Errors
    /// `not-found`.
    pub fn show_entry(&self, id: &str) -> Result<EntryView, Fault> {
        let entries = &bundled().entries;
        match entries
            .iter()
            .find(|entry| entry.id.as_str().eq_ignore_ascii_case(id))
        {
            Some(entry) => Ok(view(entry, &self.board.addresses())),
            None => {
                let shown = sanitise::line(&id.into(), ID_SHOWN);
                Err(Fault::not_found(format!(
                    "the directory has no entry {shown:?}"
                )))
            }
        }
    }
}
