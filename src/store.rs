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
mod past;
mod people;

#[cfg(test)]
mod tests;

pub use connectors::StoredConnector;
pub use error::StoreError;
pub use functions::{Listed, ListingChange, StoredFunction};
pub use journal::{JournalQuery, NewEntry};
pub use past::{FunctionBefore, PutBack, WholeConnector};

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

    /// The same store that takes no writes for this reason, if there is one.
    #[must_use]
    pub fn impaired_by(mut self, reason: Option<StoreError>) -> Self {
        self.impairment = self.impairment.or(reason);
        self
    }

    /// Takes and gives back the write lock.
    ///
    /// # Errors
    /// Where the database cannot be written now.
    pub async fn probe(&self) -> Result<(), StoreError> {
        let failed = |error: sqlx::Error| StoreError::from_sqlx(&self.path, &error);
        let mut connection = self.writing()?.acquire().await.map_err(failed)?;
        open::probe_write(&mut connection).await.map_err(failed)
    }

    /// Closes the database, so that nothing of it is left in a write-ahead log.
    pub async fn close(&self) {
        if let Some(pool) = &self.pool {
            pool.close().await;
        }
    }
}
