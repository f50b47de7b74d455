//! Text that a server or an agent sent.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A text from outside, exactly as it came.
///
/// It has no `Display`: only [`crate::guard::sanitise`] turns it into something
/// that can be drawn or printed. Its `Debug` shows a length and nothing else, so
/// that a log line cannot carry it either.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    /// Marks a text as coming from outside.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it came, for comparing, hashing and sending back. Never for a
    /// screen, a terminal or a log.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Whether nothing was sent.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Untrusted({} bytes)", self.0.len())
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
