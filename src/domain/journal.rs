//! The record of calls and decisions.

use serde::{Deserialize, Serialize};

use super::{CallOutcome, Timestamp};

/// What a journal line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JournalEvent {
    /// It was decided whether a call may run.
    Decision,
    /// A call ended.
    Call,
    /// A permission was set.
    Permission,
    /// A connector was added.
    Added,
    /// A connector was edited or renamed.
    Edited,
    /// A connector was removed.
    Removed,
    /// A connector was switched on.
    Enabled,
    /// A connector was switched off.
    Disabled,
    /// The definition of a function differs from the accepted one.
    Changed,
    /// The operator accepted a definition.
    Accepted,
    /// Somebody signed in or out, a sign-in failed, or its server ended it.
    SignIn,
    /// A vault was chosen, opened or closed.
    Vault,
    /// A server asked something back during a call, and what became of it. The
    /// answer itself is not written down.
    Question,
    /// The operator took a change back.
    Undone,
}

/// What was decided about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// A standing permission lets it through.
    Allowed,
    /// A person let it through this once.
    Approved,
    /// A person said no, or nobody could be asked.
    Denied,
    /// A standing permission forbids it.
    Blocked,
    /// The time to answer ran out.
    Expired,
    /// The asker took it back.
    Withdrawn,
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecidedBy {
    /// A standing permission.
    Rule,
    /// The person at the board.
    Operator,
    /// Nobody was there.
    Nobody,
}

/// One line of the journal. Arguments and results are never in it: only a digest
/// and a size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Its place in the journal, from 1; grows without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// About what.
    pub event: JournalEvent,
    /// Which agent, as it calls itself; `None` for the operator.
    pub agent: Option<String>,
    /// The connector's name at that time.
    pub connector: Option<String>,
    /// The function's name, as the server spells it.
    pub function: Option<super::Untrusted>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// By whom.
    pub by: Option<DecidedBy>,
    /// Which rule decided, in words (`permission always`).
    pub rule: Option<String>,
    /// How long the call took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// How the call ended.
    pub outcome: Option<CallOutcome>,
    /// SHA-256 of the canonical arguments (RFC 8785), in hex.
    pub arguments_digest: Option<String>,
    /// Size of the result, in bytes.
    pub result_bytes: Option<i64>,
}

impl JournalEntry {
    /// Whether it is the first line of a call that was let through; another one says
    /// how it ended.
    pub fn begins_a_call(&self) -> bool {
        self.event == JournalEvent::Decision
            && matches!(self.decision, Some(Decision::Allowed | Decision::Approved))
    }

    /// Whether it is the last line of a call: it ended, or was not let through.
    pub fn ends_a_call(&self) -> bool {
        match self.event {
            JournalEvent::Call => true,
            JournalEvent::Decision => !self.begins_a_call(),
            _ => false,
        }
    }
}
