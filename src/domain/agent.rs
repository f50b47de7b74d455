//! An MCP client of the gateway, as far as the board knows it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Timestamp, Untrusted};

/// An agent while it is connected. Never given twice by one board.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgentId(String);

impl AgentId {
    /// Wraps an id that a board gave.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as it is typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What about an agent is more than its own claim: what a grant can be bound to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "kebab-case")]
pub enum AgentKey {
    /// The token it showed, by the token's name.
    Token(String),
    /// The program that runs it, by its absolute path.
    Executable(String),
}

/// By which door an agent came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// `callboard mcp`, on its standard input and output.
    Stdio,
    /// The agents' socket itself.
    Socket,
    /// Streamable HTTP on loopback.
    Http,
}

/// An agent, as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// While it is connected.
    pub id: AgentId,
    /// What it is called. A claim, unless `key` is a token.
    pub name: Untrusted,
    /// What is certain about it, if anything is.
    pub key: Option<AgentKey>,
    /// By which door it came.
    pub door: Door,
    /// The process that talks, where it is on this machine and could be found out.
    pub pid: Option<u32>,
    /// Its working folder.
    pub cwd: Option<Untrusted>,
    /// Since when.
    pub since: Timestamp,
}

impl Agent {
    /// The path of the program that runs it.
    pub fn executable(&self) -> Option<&str> {
        match &self.key {
            Some(AgentKey::Executable(path)) => Some(path),
            Some(AgentKey::Token(_)) | None => None,
        }
    }
}
