//! Changing what is kept of a connector: one at a time, each from what the one
//! before left.

use tokio::sync::OwnedMutexGuard;

use super::board::Board;
use crate::domain::{ConnectorId, Fault, Target};
use crate::store::StoredConnector;

/// A turn at changing one connector. Nobody else changes it meanwhile.
#[derive(Debug)]
pub(super) struct Turn {
    /// The connector: as it is, then as it is to be.
    pub(super) stored: StoredConnector,
    _held: OwnedMutexGuard<()>,
}

impl Turn {
    /// Makes sure that the connector still points where a session came from.
    ///
    /// # Errors
    /// `config`, where it points elsewhere by now: what another server says must
    /// not be taken for what this one says.
    pub(super) fn points_at(&self, target: &Target) -> Result<(), Fault> {
        if self.stored.connector.target == *target {
            return Ok(());
        }
        Err(Fault::config("the connector points elsewhere by now").retryable())
    }
}

impl Board {
    /// Waits for a turn at changing a connector.
    ///
    /// # Errors
    /// `not-found`, where it was removed meanwhile.
    pub(super) async fn turn(&self, id: &ConnectorId) -> Result<Turn, Fault> {
        let turns = self
            .with_entry(id, |entry| entry.turns.clone())
            .ok_or_else(removed)?;
        let held = turns.lock_owned().await;
        Ok(Turn {
            stored: self.stored(id)?,
            _held: held,
        })
    }

    /// A connector as it is stored.
    ///
    /// # Errors
    /// `not-found`, where it was removed meanwhile.
    pub(super) fn stored(&self, id: &ConnectorId) -> Result<StoredConnector, Fault> {
        self.with_entry(id, |entry| entry.stored.clone())
            .ok_or_else(removed)
    }

    /// Writes a changed connector, then lets it count.
    ///
    /// # Errors
    /// `user` for a name that is taken, `config` where the database takes nothing.
    pub(super) async fn write(&self, turn: &Turn) -> Result<(), Fault> {
        self.store()
            .await
            .update_connector(&turn.stored)
            .await
            .map_err(|error| self.storage_failed(error))?;
        self.let_count(turn);
        Ok(())
    }

    /// The same for a connector that points at another server now: what was
    /// accepted and allowed there is forgotten in the same breath.
    ///
    /// # Errors
    /// As [`Board::write`].
    pub(super) async fn write_elsewhere(&self, turn: &Turn) -> Result<(), Fault> {
        self.store()
            .await
            .repoint_connector(&turn.stored)
            .await
            .map_err(|error| self.storage_failed(error))?;
        self.let_count(turn);
        Ok(())
    }

    fn let_count(&self, turn: &Turn) {
        self.with_entry(&turn.stored.connector.id, |entry| {
            entry.stored = turn.stored.clone();
        });
        self.activity.notify_waiters();
    }
}

/// The fault of a connector that is not there any more.
pub(super) fn removed() -> Fault {
    Fault::not_found("that connector was removed meanwhile")
        .hint("`callboard list` shows those that are there")
}
