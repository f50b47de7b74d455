//! What can go wrong with the vault, and what mends it.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::domain::Fault;

/// Why the vault did not do what was asked. Never holds a secret.
///
/// Becomes a [`Fault`] at the edge; the engine looks at it first, so that a
/// connector whose secret is behind [`SecretsError::Locked`] shows *locked* and not
/// *failed*.
#[derive(Debug, Error)]
pub enum SecretsError {
    /// The key is not at hand.
    #[error("the vault is locked{}", because(.why))]
    Locked {
        /// Why it did not open by itself; `None` where that is plain.
        why: Option<String>,
    },
    /// No kind was chosen yet, so there is nowhere to put a secret.
    #[error("nobody has chosen yet where secrets are kept{}", because(.why))]
    NotChosen {
        /// Why it was not chosen by itself.
        why: Option<String>,
    },
    /// The passphrase is not the vault's.
    #[error("the passphrase does not open the vault")]
    WrongPassphrase,
    /// Others could read or swap the file or its folder.
    #[error("{} {what}", .path.display())]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it, as the end of a sentence.
        what: String,
        /// What mends it.
        mend: String,
    },
    /// The file is not as it was written. It is kept as it is.
    #[error("{} is damaged: {how}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was noticed.
        how: &'static str,
    },
    /// A later version of callboard wrote the file.
    #[error("{} was written by a newer callboard (format {version})", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        version: u32,
    },
    /// The system keyring cannot be used.
    #[error("the system keyring cannot keep the vault's key: {reason}")]
    Keyring {
        /// Why not.
        reason: String,
    },
    /// Another process holds the folder.
    #[error("another callboard is writing {} and does not finish", .path.display())]
    Busy {
        /// The vault.
        path: PathBuf,
    },
    /// What was asked for does not make sense.
    #[error("{what}")]
    Refused {
        /// Why, as a sentence.
        what: String,
        /// What mends it.
        mend: String,
    },
    /// The system refused.
    #[error("cannot {doing} {}: {source}", .path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A fault of callboard's own.
    #[error("the vault failed: {0}")]
    Internal(&'static str),
}

impl SecretsError {
    /// Whether unlocking the vault would mend it.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }

    pub(super) fn io(doing: &'static str, path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Io {
            doing,
            path: path.to_owned(),
            source: source.into(),
        }
    }

    pub(super) fn damaged(path: &Path, how: &'static str) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            how,
        }
    }

    pub(super) fn refused(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Refused {
            what: what.into(),
            mend: mend.into(),
        }
    }
}

fn because(why: &Option<String>) -> String {
    why.as_ref().map_or_else(String::new, |w| format!(": {w}"))
}

impl From<SecretsError> for Fault {
    fn from(error: SecretsError) -> Self {
        let message = error.to_string();
        match error {
            SecretsError::Locked { .. } => Self::config(message).hint("run `callboard unlock`"),
            SecretsError::NotChosen { .. } => Self::config(message).hint(
                "set CALLBOARD_VAULT to keyring, passphrase, file or memory, or choose in the settings",
            ),
            SecretsError::WrongPassphrase => {
                Self::config(message).hint("try again with `callboard unlock`")
            }
            SecretsError::Exposed { mend, .. } => Self::config(message).hint(mend),
            SecretsError::Damaged { path, .. } => Self::config(message)
                .hint(format!(
                    "put a backup of {} back; the damaged file is kept as it is",
                    path.display()
                ))
                .hint("or move it away and sign in again"),
            SecretsError::Newer { .. } => Self::config(message).hint("update callboard"),
            SecretsError::Keyring { .. } => {
                Self::config(message).hint("set CALLBOARD_VAULT=passphrase, or mend the keyring")
            }
            SecretsError::Busy { .. } => Self::config(message)
                .hint("wait for it, then try again")
                .retryable(),
            SecretsError::Refused { mend, .. } => Self::user(message).hint(mend),
            SecretsError::Io { .. } => {
                Self::config(message).hint("check the folder's owner, mode and free space")
            }
            SecretsError::Internal(_) => Self::internal(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FaultKind;

    #[test]
    fn a_locked_vault_names_the_command_that_opens_it() {
        let locked = SecretsError::Locked { why: None };
        assert!(locked.is_locked());
        let fault = Fault::from(locked);
        assert_eq!(fault.kind, FaultKind::Config);
        assert_eq!(fault.message, "the vault is locked");
        assert_eq!(fault.hints, ["run `callboard unlock`"]);
    }

    #[test]
    fn an_exposed_file_carries_the_chmod_that_mends_it() {
        let fault = Fault::from(SecretsError::Exposed {
            path: "/v".into(),
            what: "can be read by others".into(),
            mend: "run `chmod 600 /v`".into(),
        });
        assert_eq!(fault.message, "/v can be read by others");
        assert_eq!(fault.hints, ["run `chmod 600 /v`"]);
    }
}
