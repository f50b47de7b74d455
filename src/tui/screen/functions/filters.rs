//! Filters over the functions that a key each cycles.

use serde::{Deserialize, Serialize};

use crate::domain::{FunctionState, Hints, Permission};

/// What a server claims that a function does, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::tui) enum Claim {
    /// It only reads.
    Reads,
    /// It changes something and destroys nothing.
    Writes,
    /// It may destroy something.
    Destroys,
    /// It says nothing of use.
    Nothing,
}

impl Claim {
    /// The word of a function's hints. Read-only together with destructive is a
    /// contradiction: the worse counts.
    pub(in crate::tui) fn of(hints: Hints) -> Self {
        match (hints.read_only, hints.destructive) {
            (_, Some(true)) => Self::Destroys,
            (Some(true), _) => Self::Reads,
            (Some(false), _) | (None, Some(false)) => Self::Writes,
            (None, None) => Self::Nothing,
        }
    }

    /// The word; empty where nothing is claimed.
    pub(in crate::tui) fn word(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Destroys => "destroys",
            Self::Nothing => "",
        }
    }
}

/// Which states are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Standing {
    /// Changed or new: what nobody has accepted.
    Unread,
    /// Changed.
    Changed,
    /// New.
    New,
}

impl Standing {
    fn lets(self, state: FunctionState) -> bool {
        match self {
            Self::Unread => state != FunctionState::Accepted,
            Self::Changed => state == FunctionState::Changed,
            Self::New => state == FunctionState::New,
        }
    }
}

/// What the filters look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facets {
    /// What is allowed.
    pub(super) permission: Permission,
    /// What is claimed.
    pub(super) claim: Claim,
    /// Whether it was accepted.
    pub(super) state: FunctionState,
}

/// One of the filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    /// By permission.
    Permission,
    /// By claim.
    Claim,
    /// By state.
    State,
}

/// The filters that are set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Filters {
    permission: Option<Permission>,
    claim: Option<Claim>,
    state: Option<Standing>,
    /// In the order in which they were set.
    order: Vec<Kind>,
}

impl Filters {
    /// Whether none is set.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Whether a function is shown.
    pub(super) fn lets(&self, facets: Facets) -> bool {
        self.permission.is_none_or(|it| it == facets.permission)
            && self.claim.is_none_or(|it| it == facets.claim)
            && self.state.is_none_or(|it| it.lets(facets.state))
    }

    /// Sets a filter to its next value; after the last one it is gone.
    pub(super) fn cycle(&mut self, kind: Kind) {
        let is_set = match kind {
            Kind::Permission => {
                self.permission = match self.permission {
                    None => Some(Permission::Always),
                    Some(Permission::Always) => Some(Permission::Ask),
                    Some(Permission::Ask) => Some(Permission::Block),
                    Some(Permission::Block) => None,
                };
                self.permission.is_some()
            }
            Kind::Claim => {
                self.claim = match self.claim {
                    None => Some(Claim::Reads),
                    Some(Claim::Reads) => Some(Claim::Writes),
                    Some(Claim::Writes) => Some(Claim::Destroys),
                    Some(Claim::Destroys) => Some(Claim::Nothing),
                    Some(Claim::Nothing) => None,
                };
                self.claim.is_some()
            }
            Kind::State => {
                self.state = match self.state {
                    None => Some(Standing::Unread),
                    Some(Standing::Unread) => Some(Standing::Changed),
                    Some(Standing::Changed) => Some(Standing::New),
                    Some(Standing::New) => None,
                };
                self.state.is_some()
            }
        };
        if !is_set {
            self.order.retain(|other| *other != kind);
        } else if !self.order.contains(&kind) {
            self.order.push(kind);
        }
    }

    /// Takes the filter away that was set last. Returns whether there was one.
    pub(super) fn take_last(&mut self) -> bool {
        match self.order.pop() {
            Some(Kind::Permission) => self.permission = None,
            Some(Kind::Claim) => self.claim = None,
            Some(Kind::State) => self.state = None,
            None => return false,
        }
        true
    }

    /// What is set, in words, in the order in which it was.
    pub(super) fn words(&self) -> Vec<&'static str> {
        let word = |kind: &Kind| match kind {
            Kind::Permission => self.permission.map(|it| match it {
                Permission::Always => "on always",
                Permission::Ask => "on ask",
                Permission::Block => "on block",
            }),
            Kind::Claim => self.claim.map(|it| match it {
                Claim::Nothing => "claim nothing",
                claim => claim.word(),
            }),
            Kind::State => self.state.map(|it| match it {
                Standing::Unread => "changed or new",
                Standing::Changed => "changed",
                Standing::New => "new",
            }),
        };
        self.order.iter().filter_map(word).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_of_two_claims_counts() {
        let both = Hints {
            read_only: Some(true),
            destructive: Some(true),
            ..Hints::default()
        };
        assert_eq!(Claim::of(both), Claim::Destroys);
        assert_eq!(Claim::of(Hints::default()), Claim::Nothing);
    }

    #[test]
    fn a_filter_goes_through_its_values_and_away() {
        let mut filters = Filters::default();
        for kind in [Kind::Permission, Kind::Claim, Kind::State] {
            let mut steps = 0;
            loop {
                filters.cycle(kind);
                steps += 1;
                if filters.is_empty() {
                    break;
                }
            }
            let values = if kind == Kind::Claim { 5 } else { 4 };
            assert_eq!(steps, values, "{kind:?}");
            assert_eq!(filters, Filters::default());
        }
    }

    #[test]
    fn the_last_one_set_goes_first() {
        let mut filters = Filters::default();
        filters.cycle(Kind::State);
        filters.cycle(Kind::Permission);
        filters.cycle(Kind::State);
        assert_eq!(filters.words(), ["changed", "on always"]);
        let facets = Facets {
            permission: Permission::Always,
            claim: Claim::Reads,
            state: FunctionState::New,
        };
        assert!(!filters.lets(facets));
        assert!(filters.take_last());
        assert_eq!(filters.words(), ["changed"]);
        assert!(filters.take_last());
        assert!(filters.lets(facets));
        assert!(!filters.take_last());
    }
}
