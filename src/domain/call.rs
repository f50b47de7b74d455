//! Running one function.

use serde::{Deserialize, Serialize};

use super::Untrusted;

/// How far a running call says it is. Both numbers are the server's claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Done so far, in the server's own unit; only ever grows within one call.
    pub progress: f64,
    /// Of how much, where the server says.
    pub total: Option<f64>,
    /// The server's words.
    pub message: Option<Untrusted>,
}

/// How a call ended, for the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallOutcome {
    /// The function answered.
    Ok,
    /// The function answered with an error.
    Error,
    /// It was never sent.
    NotSent,
    /// The operator or the agent took it back while it ran.
    Cancelled,
    /// It was sent and the answer was lost: it may have run.
    Unknown,
}
