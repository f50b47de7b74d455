//! A secret: a token, a password, a key.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroize;

/// A text that is never printed, logged or serialised, and is wiped when dropped.
///
/// There is no `Serialize`: where a secret has to cross the link to the board the
/// request says so with [`crate::protocol::CarriedSecret`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text in as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Every use is a place to look at in review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing_when_debugged() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(hidden)");
        assert_eq!(
            format!("{:?}", Some(vec![Secret::new("hunter2")])),
            "Some([Secret(hidden)])"
        );
    }
}
