//! Which functions are listed, in which order, and what is said of each.
//!
//! Made once when what it is made of changes, and asked for afterwards: neither a
//! frame nor a key goes through all functions.

use super::filters::{Claim, Facets, Filters};
use crate::domain::{ConnectorId, FunctionState, Hints};
use crate::protocol::ConnectorView;
use crate::tui::mirror::{Known, Listed, Mirror};

/// A connector among whose functions is looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    /// Which.
    pub(super) id: ConnectorId,
    /// Its name.
    pub(super) name: String,
}

/// A function that may be shown, or the line of a connector that has none.
#[derive(Debug)]
struct Entry {
    /// Its connector's place among the owners.
    owner: u32,
    /// Its place in the connector's list; `None`: the connector's own line.
    place: Option<u32>,
    /// Where what the words of the filter are looked for in ends; it begins where that
    /// of the one before ends.
    end: u32,
    facets: Option<Facets>,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// Whose it is.
    pub(super) owner: &'a Owner,
    /// The function; `None`: this is the line of a connector that has none.
    pub(super) function: Option<Listed<'a>>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Listing {
    owners: Vec<Owner>,
    /// Whether connectors without functions have a line.
    all: bool,
    /// The version of the catalogue that this was made of.
    version: Option<u64>,
    entries: Vec<Entry>,
    /// What the words of the filter are looked for in, in small letters: one text after
    /// another, as there may be thousands.
    texts: String,
    typed: String,
    filters: Filters,
    /// Places among the entries.
    shown: Vec<u32>,
    total: usize,
    matching: usize,
}

impl Listing {
    /// Makes it anew where anything that it is made of differs: the connectors, all
    /// of them or one; their functions; the filters. Says whether it did.
    pub(super) fn refresh(
        &mut self,
        mirror: &Mirror,
        one: Option<&ConnectorId>,
        typed: &str,
        filters: &Filters,
    ) -> bool {
        let version = mirror.functions.version();
        let wanted = || {
            let connectors = mirror.connectors.iter();
            connectors.filter(move |connector| one.is_none_or(|id| *id == connector.id))
        };
        let same = self.version == Some(version)
            && self.all == one.is_none()
            && self
                .owners
                .iter()
                .map(|owner| (&owner.id, owner.name.as_str()))
                .eq(wanted().map(|connector| (&connector.id, connector.name.as_str())));
        if !same {
            self.all = one.is_none();
            self.owners = wanted().map(Owner::of).collect();
            self.version = Some(version);
            self.gather(mirror);
        }
        if same && self.typed == typed && self.filters == *filters {
            return false;
        }
        // What did not match before does not match when more is typed behind it.
        let narrower = same && self.filters == *filters && typed.starts_with(&self.typed);
        typed.clone_into(&mut self.typed);
        self.filters.clone_from(filters);
        self.sift(narrower);
        true
    }

    fn gather(&mut self, mirror: &Mirror) {
        self.entries.clear();
        self.texts.clear();
        self.total = 0;
        let owners = std::mem::take(&mut self.owners);
        for (number, owner) in (0_u32..).zip(&owners) {
            let functions = mirror.functions_of(&owner.id);
            self.total = self.total.saturating_add(functions.len());
            if functions.is_empty() && self.all {
                self.add(number, None, None, &[&owner.name]);
            }
            for (place, function) in (0_u32..).zip(functions.iter()) {
                let texts = [function.raw_name(), function.raw_title().unwrap_or("")];
                self.add(number, Some(place), Some(facets(function)), &texts);
            }
        }
        self.owners = owners;
        self.entries.shrink_to_fit();
        self.texts.shrink_to_fit();
    }

    fn add(&mut self, owner: u32, place: Option<u32>, facets: Option<Facets>, texts: &[&str]) {
        for text in texts {
            let text = text.to_lowercase();
            self.texts.push_str(&text);
            // No word of a filter has a line end in it, so none spans two texts.
            self.texts.push('\n');
        }
        self.entries.push(Entry {
            owner,
            place,
            end: u32::try_from(self.texts.len()).unwrap_or(u32::MAX),
            facets,
        });
    }

    fn sift(&mut self, among_the_shown: bool) {
        let typed = self.typed.to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let (entries, filters) = (&self.entries, &self.filters);
        let owners: Vec<String> = match self.all {
            true => self
                .owners
                .iter()
                .map(|it| it.name.to_lowercase())
                .collect(),
            false => vec![],
        };
        let has = |place: usize, entry: &Entry, word: &str| {
            let before = place.checked_sub(1).and_then(|place| entries.get(place));
            let start = before.map_or(0, |before| before.end as usize);
            let text = self.texts.get(start..entry.end as usize);
            let owner = owners.get(entry.owner as usize);
            text.is_some_and(|text| text.contains(word))
                || entry.facets.is_some_and(|facets| is_said(facets, word))
                || owner.is_some_and(|owner| owner.contains(word))
        };
        let passes = |place: &u32| {
            let place = *place as usize;
            let Some(entry) = entries.get(place) else {
                return false;
            };
            let passes = match entry.facets {
                Some(facets) => filters.lets(facets),
                None => filters.is_empty(),
            };
            passes && words.iter().all(|word| has(place, entry, word))
        };
        if among_the_shown {
            self.shown.retain(passes);
        } else {
            let all = 0..u32::try_from(entries.len()).unwrap_or(u32::MAX);
            self.shown = all.filter(passes).collect();
        }
        let is_function = |place: &&u32| {
            entries
                .get(**place as usize)
                .is_some_and(|entry| entry.place.is_some())
        };
        self.matching = self.shown.iter().filter(is_function).count();
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.shown.len()
    }

    /// How many functions there are, shown or not.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// How many functions are shown.
    pub(super) fn matching(&self) -> usize {
        self.matching
    }

    /// The connectors that were looked at.
    pub(super) fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// What stands in a row.
    pub(super) fn row<'a>(&'a self, mirror: &'a Mirror, row: usize) -> Option<Row<'a>> {
        self.at(mirror, *self.shown.get(row)? as usize)
    }

    fn at<'a>(&'a self, mirror: &'a Mirror, entry: usize) -> Option<Row<'a>> {
        let entry = self.entries.get(entry)?;
        let owner = self.owners.get(entry.owner as usize)?;
        let function = match entry.place {
            Some(place) => Some(mirror.functions_of(&owner.id).get(place as usize)?),
            None => None,
        };
        Some(Row { owner, function })
    }

    /// The rows from one on, the first one at the top of the screen.
    pub(super) fn from<'a>(
        &'a self,
        mirror: &'a Mirror,
        top: usize,
    ) -> impl Iterator<Item = Row<'a>> {
        let shown = self.shown.iter().skip(top);
        shown.filter_map(move |place| self.at(mirror, *place as usize))
    }

    /// All functions, shown or not, in their order.
    pub(super) fn functions<'a>(
        &'a self,
        mirror: &'a Mirror,
    ) -> impl Iterator<Item = (&'a Owner, Listed<'a>)> {
        (0..self.entries.len())
            .filter_map(move |place| self.at(mirror, place))
            .filter_map(|row| Some((row.owner, row.function?)))
    }

    /// The row of a function, or of a connector.
    pub(super) fn position(
        &self,
        mirror: &Mirror,
        id: &ConnectorId,
        name: Option<&str>,
    ) -> Option<usize> {
        let owner = self.owners.iter().position(|owner| owner.id == *id)?;
        let place = match name {
            Some(name) => {
                let mut names = mirror.functions_of(id).iter().map(Listed::raw_name);
                Some(names.position(|other| other == name)?)
            }
            None => None,
        };
        let is_meant = |entry: &Entry| {
            entry.owner as usize == owner && entry.place.map(|place| place as usize) == place
        };
        self.shown
            .iter()
            .position(|entry| self.entries.get(*entry as usize).is_some_and(is_meant))
    }

    /// How many of its connectors have not told their functions yet.
    pub(super) fn still_to_come(&self, mirror: &Mirror) -> usize {
        let owners = self.owners.iter();
        owners
            .filter(|owner| matches!(mirror.functions.get(&owner.id), Some(Known::Loading) | None))
            .count()
    }
}

impl Owner {
    fn of(connector: &ConnectorView) -> Self {
        Self {
            id: connector.id.clone(),
            name: connector.name.as_str().to_owned(),
        }
    }
}

fn facets(function: Listed<'_>) -> Facets {
    Facets {
        permission: function.permission(),
        claim: Claim::of(function.hints()),
        state: function.state(),
    }
}

/// Whether a word of the filter is in the permission, the claim or the state.
fn is_said(facets: Facets, word: &str) -> bool {
    let state = match facets.state {
        FunctionState::Accepted => "",
        state => state.word(),
    };
    let mut said = [facets.permission.word(), facets.claim.word(), state].into_iter();
    said.any(|said| said.contains(word))
}

/// Everything that the server claims, in words.
pub(super) fn claims(hints: Hints) -> String {
    let mut words: Vec<&str> = Vec::new();
    match Claim::of(hints) {
        Claim::Nothing => {}
        claim => words.push(claim.word()),
    }
    match hints.idempotent {
        Some(true) => words.push("twice is the same as once"),
        Some(false) => words.push("twice is not the same as once"),
        None => {}
    }
    match hints.open_world {
        Some(true) => words.push("reaches beyond the server"),
        Some(false) => words.push("stays within the server"),
        None => {}
    }
    if words.is_empty() {
        return "nothing".to_owned();
    }
    words.join(", ")
}

/// Whether the server says that it only reads, and does not say that it destroys.
pub(super) fn only_reads(function: Listed<'_>) -> bool {
    Claim::of(function.hints()) == Claim::Reads
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_claimed_is_said_to_be_nothing() {
        assert_eq!(claims(Hints::default()), "nothing");
    }
}
