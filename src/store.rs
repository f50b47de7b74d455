//! What is kept on disk, in SQL that SQLite and PostgreSQL both understand.
//!
//! The only home of sqlx. A write that returned `Ok` is on disk (WAL with
//! `synchronous = FULL`): what was acknowledged survives `kill -9`.
//!
//! A database that is damaged, newer than this callboard, locked by another
//! program or not writable is never overwritten. The store then opens *impaired*:
//! it reads what can be read, refuses every write with the reason, and says so by
//! [`Store::impairment`], upon which the engine treats every permission as *ask*.

mod codec;
mod connectors;
mod error;
mod functions;
mod journal;
mod open;
mod people;

#[cfg(test)]
mod tests;

pub use connectors::StoredConnector;
pub use error::StoreError;
pub use functions::{Listed, ListingChange, StoredFunction};
pub use journal::{JournalQuery, NewEntry};

use std::path::PathBuf;

use sqlx::AnyPool;

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    /// `None` where not even reading is possible.
    pool: Option<AnyPool>,
    impairment: Option<StoreError>,
    path: PathBuf,
}

impl Store {
    /// What keeps this store from being written, if anything does.
    pub fn impairment(&self) -> Option<&StoreError> {
        self.impairment.as_ref()
    }

    /// The pool, for reading.
    fn reading(&self) -> Result<&AnyPool, StoreError> {
        self.pool.as_ref().ok_or_else(|| self.reason())
    }

    /// The pool, for writing.
    fn writing(&self) -> Result<&AnyPool, StoreError> {
        match (&self.impairment, &self.pool) {
            (None, Some(pool)) => Ok(pool),
            _ => Err(self.reason()),
        }
    }

    fn reason(&self) -> StoreError {
        self.impairment.clone().unwrap_or(StoreError::Unreadable {
            path: self.path.clone(),
            reason: "it is not open".to_owned(),
        })
    }

    /// Closes the database, so that nothing of it is left in a write-ahead log.
    pub async fn close(&self) {
        if let Some(pool) = &self.pool {
            pool.close().await;
        }
    }
}
