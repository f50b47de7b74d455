//! Writing down what happened.

use super::Engine;
use super::board::Board;
use crate::domain::{Fault, JournalEntry, JournalEvent};
use crate::protocol::{EventKind, Journal};
use crate::store::{JournalQuery, NewEntry};

/// How many lines are answered where no limit is given.
const USUAL_LIMIT: u32 = 500;

/// How many lines are answered at most.
const HIGHEST_LIMIT: u32 = 10_000;

impl Board {
    /// Writes a line and tells the faces.
    ///
    /// # Errors
    /// Where the database cannot be written.
    pub(super) async fn write_down(
        &self,
        event: JournalEvent,
        mut entry: NewEntry,
    ) -> Result<JournalEntry, Fault> {
        entry
            .person
            .get_or_insert_with(|| self.whoever_asks().id.clone());
        let line = self
            .store()
            .await
            .write_journal(event, entry)
            .await
            .map_err(|error| self.storage_failed(error))?;
        self.bus.publish(EventKind::Journal(Box::new(line.clone())));
        Ok(line)
    }

    /// Writes a line about something that has happened already: where that fails
    /// it is said in the log, and what happened stands. Gives back its place.
    pub(super) async fn note(&self, event: JournalEvent, entry: NewEntry) -> Option<i64> {
        match self.write_down(event, entry).await {
            Ok(line) => Some(line.seq),
            Err(fault) => {
                tracing::error!(?event, %fault, "the journal cannot be written");
                None
            }
        }
    }
}

impl Engine {
    /// Lines of the journal.
    ///
    /// # Errors
    /// `not-found` for an unknown connector; `config` where it cannot be read.
    pub async fn journal(&self, query: Journal) -> Result<Vec<JournalEntry>, Fault> {
        let connector = query
            .connector
            .as_deref()
            .map(|name| self.board.find(name))
            .transpose()?;
        let query = JournalQuery {
            connector,
            function: None,
            agent: query.agent,
            since: query.since,
            after_seq: query.after_seq,
            before_seq: query.before_seq,
            limit: query.limit.unwrap_or(USUAL_LIMIT).min(HIGHEST_LIMIT),
        };
        let store = self.board.store().await;
        store
            .journal(&query)
            .await
            .map_err(|error| self.board.storage_failed(error))
    }
}
