//! What can be said of the vault without opening it.

use serde::{Deserialize, Serialize};

/// Where the key of the vault lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VaultKind {
    /// In the system keyring.
    Keyring,
    /// Derived from a passphrase.
    Passphrase,
    /// In a file beside the vault, mode 0600.
    File,
    /// Nowhere: secrets last as long as the board.
    Memory,
}

impl VaultKind {
    /// The word used on the command line and in the settings.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Passphrase => "passphrase",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Keyring, Self::Passphrase, Self::File, Self::Memory]
            .into_iter()
            .find(|kind| kind.word() == word)
    }
}

/// The vault as the faces show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultState {
    /// Which kind was chosen; `None` while nothing was chosen yet.
    pub kind: Option<VaultKind>,
    /// Whether secrets cannot be read right now.
    pub locked: bool,
    /// Why this kind and not a better one, in a sentence.
    pub why: String,
    /// A warning that stands for as long as the choice does.
    pub warning: Option<String>,
}
