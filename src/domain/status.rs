//! How a connector fares.

use serde::{Deserialize, Serialize};

/// The word a connector's row begins with (`list --json`, key `status`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// A session is up and its functions are known.
    Connected,
    /// A session is being made, or is waited for after a failure that heals.
    Connecting,
    /// The server wants a person to sign in.
    SignIn,
    /// Its secret is in a vault that is closed.
    Locked,
    /// Connected, and some definitions differ from what was accepted.
    Changed,
    /// Cannot be reached or used; the fault says why.
    Failed,
    /// Switched off by the operator.
    Disabled,
}

impl Status {
    /// Whether it stays so until somebody does something.
    pub fn needs_a_person(self) -> bool {
        match self {
            Self::SignIn | Self::Locked | Self::Changed | Self::Failed => true,
            Self::Connected | Self::Connecting | Self::Disabled => false,
        }
    }

    /// The word for it, in prose.
    pub fn word(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Connecting => "connecting",
            Self::SignIn => "sign-in needed",
            Self::Locked => "locked",
            Self::Changed => "changed",
            Self::Failed => "failed",
            Self::Disabled => "disabled",
        }
    }
}

/// How many functions a connector has, by permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionCounts {
    /// All that the server lists at present.
    pub total: usize,
    /// On *always*.
    pub always: usize,
    /// On *ask*.
    pub ask: usize,
    /// On *block*.
    pub block: usize,
    /// Whose definition differs from the accepted one, or that are new; those on
    /// *block* left out.
    pub changed: usize,
}
