//! A lasting permission with a scope.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AgentId, AgentKey, ConnectorId, Timestamp, Untrusted};

/// What a grant is revoked by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GrantId(String);

impl GrantId {
    /// Wraps an id that a board gave.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as it is typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GrantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How an argument is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// It is this value (`=`).
    Equals,
    /// It is a text that begins so (`^=`).
    StartsWith,
    /// It is a number that is not larger (`<=`).
    AtMost,
}

/// What one argument has to be. Written `path.to.arg=value`, `path^=prefix` or
/// `path<=number`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The way to it: names of members from the outermost.
    pub path: Vec<String>,
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub value: Value,
}

/// How far a grant reaches. Every part that is there must hold: each narrows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GrantScope {
    /// Only calls whose arguments are so.
    pub when: Vec<Condition>,
    /// Only this agent.
    pub agent: Option<AgentKey>,
    /// Only while this agent is connected.
    pub session: Option<AgentId>,
    /// Only until then.
    pub until: Option<Timestamp>,
    /// Only so many calls.
    pub uses: Option<u32>,
}

/// A lasting permission with a scope: such calls of an otherwise *ask* function run
/// without asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What it is revoked by.
    pub id: GrantId,
    /// Of which connector.
    pub connector: ConnectorId,
    /// For which function.
    pub function: Untrusted,
    /// How far it reaches.
    pub scope: GrantScope,
    /// Digest of the definition it was given for: it ends with it.
    pub digest: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// By whom.
    pub given_by: String,
    /// How many calls it let through.
    pub used: u32,
    /// When it last did.
    pub last_used: Option<Timestamp>,
}
