//! A call of an agent that waits for the operator.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Agent, ConnectorId, GrantScope, Hints, QuestionId, Timestamp, Untrusted};

/// A call that waits. What is shown is what is judged, hashed and sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCall {
    /// What it is answered by.
    pub id: QuestionId,
    /// Whose function.
    pub connector: ConnectorId,
    /// What that connector was called when it was asked.
    pub connector_name: String,
    /// Which function.
    pub function: Untrusted,
    /// Digest of the definition it is bound to.
    pub digest: String,
    /// What the server claims about the function.
    pub hints: Hints,
    /// Who calls.
    pub agent: Agent,
    /// With what.
    pub arguments: Map<String, Value>,
    /// When it came.
    pub opened_at: Timestamp,
    /// Until when its agent waits on the line; `None`: for as long as it lives.
    pub deadline: Option<Timestamp>,
    /// Whether its agent was told to repeat the call: a yes lets the repetition through,
    /// once.
    pub repeat: bool,
    /// Further calls that are the same in all it is bound to, and share its answer.
    pub identical: Vec<QuestionId>,
    /// Arguments in which it differs from the last call of this function by this agent
    /// that was allowed; `None`: there was none.
    pub differs: Option<Vec<String>>,
    /// Why it is held, in one line.
    pub why: String,
}

/// What the operator says to a held call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum HeldAnswer {
    /// Yes, this once; with other arguments, where they were edited.
    Once {
        /// What is sent instead of what came.
        #[serde(default)]
        arguments: Option<Map<String, Value>>,
    },
    /// Yes, and all calls of this function while this agent is connected.
    Session,
    /// Yes, and what this reaches from now on. An empty scope sets the function's
    /// permission to *always*.
    Always {
        /// How far.
        scope: GrantScope,
    },
    /// No.
    Deny {
        /// What the model reads.
        #[serde(default)]
        reason: Option<String>,
    },
}

impl HeldAnswer {
    /// Whether it lets the call through.
    pub fn allows(&self) -> bool {
        !matches!(self, Self::Deny { .. })
    }
}

/// How a held call ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum HeldEnd {
    /// Somebody let it through.
    Approved {
        /// Who.
        by: String,
    },
    /// Somebody did not.
    Denied {
        /// Who.
        by: String,
    },
    /// Nobody answered in time.
    Expired,
    /// Its agent took it back, or is gone; or what it was bound to is no more.
    Withdrawn,
}
