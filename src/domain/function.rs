//! A function of a server, and what may be done with it.

use serde::{Deserialize, Serialize};

use super::{Schema, Untrusted};

/// What the operator allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Permission {
    /// Runs without asking.
    Always,
    /// Somebody has to say yes each time.
    Ask,
    /// Never runs.
    Block,
}

impl Permission {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Ask => "ask",
            Self::Block => "block",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Always, Self::Ask, Self::Block]
            .into_iter()
            .find(|permission| permission.word() == word)
    }
}

/// Whether a function's definition is the one that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FunctionState {
    /// It is.
    Accepted,
    /// It appeared after the connector was added.
    New,
    /// It differs.
    Changed,
}

impl FunctionState {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::New => "new",
            Self::Changed => "changed",
        }
    }
}

/// What a server claims about a function (MCP `ToolAnnotations`). `None`: it
/// claims nothing. A claim never lowers a permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    /// Changes nothing.
    pub read_only: Option<bool>,
    /// May destroy something.
    pub destructive: Option<bool>,
    /// Running it twice does the same as once.
    pub idempotent: Option<bool>,
    /// Reaches beyond the server.
    pub open_world: Option<bool>,
}

/// A function with everything that is known about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// What it is called by; unique within its connector.
    pub name: Untrusted,
    /// What the server calls it where people read.
    pub title: Option<Untrusted>,
    /// What the server says it does.
    pub description: Untrusted,
    /// What is allowed.
    pub permission: Permission,
    /// Whether its definition was accepted.
    pub state: FunctionState,
    /// What the server claims about it.
    pub hints: Hints,
    /// JSON Schema of its arguments, as the server sent it.
    pub input_schema: Schema,
    /// JSON Schema of its structured result, as the server sent it.
    #[serde(default)]
    pub output_schema: Option<Schema>,
    /// SHA-256 of the canonical definition (RFC 8785), in hex: what a permission
    /// was given for.
    pub digest: String,
}
