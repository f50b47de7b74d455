//! What can go wrong with the database.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::domain::Fault;

/// Why the database cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StoreError {
    /// It is no SQLite database, or its pages do not hold together.
    #[error("the database {} is damaged: {reason}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// SQLite's words.
        reason: String,
    },
    /// A newer callboard has written it.
    #[error("the database {} was written by a newer callboard (its layout is {found}, this one knows {known})", path.display())]
    Newer {
        /// Which file.
        path: PathBuf,
        /// The newest migration in it.
        found: i64,
        /// The newest migration known here.
        known: i64,
    },
    /// Another program holds it.
    #[error("the database {} is locked by another program", path.display())]
    Locked {
        /// Which file.
        path: PathBuf,
    },
    /// It, or its folder, may not be written.
    #[error("the database {} cannot be written", path.display())]
    ReadOnly {
        /// Which file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error("there is no space left for the database {}", path.display())]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// The system refuses a write: a failing disk, a quota, a limit on file sizes.
    #[error("the database {} cannot be written: {reason}", path.display())]
    Failing {
        /// Which file.
        path: PathBuf,
        /// SQLite's words.
        reason: String,
    },
    /// It cannot be opened or read at all.
    #[error("the database {} cannot be read: {reason}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A name is taken; the one unique rule that a request can break.
    #[error("that name is taken")]
    NameTaken,
    /// Something in it does not read back as what was written.
    #[error("the database {} holds something unexpected: {what}", path.display())]
    Unexpected {
        /// Which file.
        path: PathBuf,
        /// What.
        what: String,
    },
}

/// Codes of input errors that are about reading.
const READING: [u32; 2] = [266, 522];

impl StoreError {
    /// Reads what sqlx says by SQLite's result codes
    /// (<https://www.sqlite.org/rescode.html>).
    pub(super) fn from_sqlx(path: &Path, error: &sqlx::Error) -> Self {
        let path = path.to_owned();
        if let sqlx::Error::Database(database) = error {
            let code = database
                .code()
                .and_then(|code| code.parse::<u32>().ok())
                .unwrap_or(0);
            if database.is_unique_violation() && database.message().contains("folded_name") {
                return Self::NameTaken;
            }
            match code & 0xff {
                5 | 6 => return Self::Locked { path },
                8 => return Self::ReadOnly { path },
                10 if !READING.contains(&code) => {
                    return Self::Failing {
                        path,
                        reason: database.message().to_owned(),
                    };
                }
                11 | 26 => {
                    return Self::Damaged {
                        path,
                        reason: database.message().to_owned(),
                    };
                }
                13 => return Self::Full { path },
                _ => {}
            }
        }
        Self::Unreadable {
            path,
            reason: error.to_string(),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let fault = Self::config(error.to_string());
        match error {
            StoreError::Damaged { path, .. } => fault.hint(format!(
                "it is kept as it is; move {} away to begin anew, or put a copy in its place, then `callboard stop`",
                path.display()
            )),
            StoreError::Newer { .. } => {
                fault.hint("run the newer callboard; this one changes nothing in it")
            }
            StoreError::Locked { .. } => fault
                .hint("end the program that holds it, then try again")
                .retryable(),
            StoreError::ReadOnly { path } => fault.hint(format!(
                "give yourself the right to write {} and its folder",
                path.display()
            )),
            StoreError::Full { .. } => fault.hint("make room on that disk, then try again").retryable(),
            StoreError::Failing { .. } => fault
                .hint("look at its disk: room, quota, and the limit on file sizes (`ulimit -f`)")
                .retryable(),
            StoreError::Unreadable { path, .. } | StoreError::Unexpected { path, .. } => {
                fault.hint(format!("look at {} with `callboard doctor`", path.display()))
            }
            StoreError::NameTaken => Self::user("that name is taken on this board")
                .hint("choose another; names differ whatever their case"),
        }
    }
}
