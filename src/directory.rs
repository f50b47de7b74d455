//! Servers that are known before anybody has added them.
//!
//! A list comes inside the program, in the shape in which the official MCP registry
//! answers, so that one reader serves that list and a registry's. Everything in a
//! list is somebody else's text: bounded, unknown members kept out, and an entry
//! that makes no sense is left out and counted.

mod entry;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value;

use crate::domain::{DirectoryEntry, DirectorySource, Fault};
use crate::guard::json::{Limits, read_strict};

use entry::{Left, read_entry};

/// The list inside the program; `docs/directory.md` says how it is kept.
const BUNDLED: &str = include_str!("../assets/directory.json");

/// Largest list that is read, in bytes.
const LIST_LIMIT: usize = 64 * 1024 * 1024;

/// Most entries that are kept.
const ENTRY_LIMIT: usize = 100_000;

/// A list that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Its entries, sorted by title, whatever the case, and then by id.
    pub entries: Vec<DirectoryEntry>,
    /// How many were left out because they make no sense.
    pub skipped: usize,
}

/// The list inside the program, read at the first use.
pub fn bundled() -> &'static Listing {
    static LISTING: OnceLock<Listing> = OnceLock::new();
    // A test reads it too: what comes with the program has no fault.
    LISTING.get_or_init(|| read(BUNDLED.as_bytes(), DirectorySource::Curated).unwrap_or_default())
}

/// Reads what a registry answers to `GET /v0.1/servers`. Of several entries of one
/// name the first counts, of several versions the latest.
///
/// # Errors
/// `server`, where the text is no such answer at all.
pub fn read(text: &[u8], source: DirectorySource) -> Result<Listing, Fault> {
    let wrong = |why: String| {
        Fault::new(
            crate::domain::FaultKind::Server,
            format!("the list of servers cannot be read: {why}"),
        )
    };
    let list =
        read_strict(text, Limits::bytes(LIST_LIMIT)).map_err(|fault| wrong(fault.to_string()))?;
    let Some(Value::Array(items)) = list.get("servers") else {
        return Err(wrong("it has no array of servers".to_owned()));
    };
    let mut listing = Listing::default();
    let mut known = BTreeSet::new();
    for item in items {
        match read_entry(item, source) {
            Ok(entry) if listing.entries.len() < ENTRY_LIMIT && known.insert(entry.id.clone()) => {
                listing.entries.push(entry);
            }
            Ok(_) | Err(Left::Wrong) => listing.skipped += 1,
            Err(Left::NotMeant) => {}
        }
    }
    listing
        .entries
        .sort_by_cached_key(|entry| (entry.title.raw().to_lowercase(), entry.id.clone()));
    Ok(listing)
}
