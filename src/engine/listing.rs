//! What a server lists, kept.

use std::sync::Arc;
use std::time::Instant;

use super::board::{Board, Live};
use crate::domain::{ConnectorId, Fault, JournalEvent, Target, Timestamp};
use crate::guard::definition;
use crate::mcp::session::RawFunction;
use crate::protocol::EventKind;
use crate::store::{Listed, NewEntry};

/// Of one changed listing, at most so many functions get a line in the journal.
const LINES_A_LISTING: usize = 50;

impl Board {
    /// Keeps what a server lists now. The first list is accepted with the
    /// operator's trust, everything on *ask*; later ones wait, function by
    /// function, for somebody to look. `from` is where the session that listed
    /// them leads.
    ///
    /// # Errors
    /// `config` where the database cannot be written, or the connector points
    /// elsewhere by now.
    pub(super) async fn keep_listing(
        self: &Arc<Self>,
        id: &ConnectorId,
        from: &Target,
        functions: &[RawFunction],
    ) -> Result<(), Fault> {
        let turn = self.turn(id).await?;
        turn.points_at(from)?;
        let store = self.store().await;
        let change = store
            .save_listing(id, &readable(functions))
            .await
            .map_err(|error| self.storage_failed(error))?;
        self.with_entry(id, |entry| {
            if change.first {
                entry.stored.connector.pinned_at = Some(Timestamp::now());
            }
            if let Some(live) = &mut entry.live {
                live.listed_at = Instant::now();
            }
        });
        self.recount(id).await?;
        if change.any {
            self.bus.publish(EventKind::Functions { id: id.clone() });
        }
        let name = turn.stored.connector.name.to_string();
        let differing = if change.first { &[][..] } else { &change.new };
        for function in change.changed.iter().chain(differing).take(LINES_A_LISTING) {
            let entry = NewEntry {
                connector: Some((id.clone(), name.clone())),
                function: Some(function.clone()),
                ..NewEntry::default()
            };
            self.note(JournalEvent::Changed, entry).await;
        }
        Ok(())
    }

    /// Lists a connector's functions again before one of them is used, where that
    /// was last done a while ago: a server that says nothing of a change, or is
    /// another one by now, is noticed at the next use, and no timer wakes an idle
    /// board.
    ///
    /// # Errors
    /// Where the list cannot be read: what nobody can check is not run.
    pub(super) async fn look_again(
        self: &Arc<Self>,
        id: &ConnectorId,
        live: &Live,
    ) -> Result<(), Fault> {
        if live.listed_at.elapsed() < self.list_age {
            return Ok(());
        }
        let functions = live.session.list_functions().await?;
        self.keep_listing(id, &live.target, &functions).await?;
        self.publish(id);
        Ok(())
    }

    /// Counts a connector's functions anew and tells the faces.
    ///
    /// # Errors
    /// `config` where the database cannot be read.
    pub(super) async fn recount(&self, id: &ConnectorId) -> Result<(), Fault> {
        let counts = self
            .storage
            .store()
            .await
            .counts(&self.person.id)
            .await
            .map_err(|error| self.storage_failed(error))?;
        self.with_entry(id, |entry| {
            entry.counts = counts.get(id).copied().unwrap_or_default();
        });
        Ok(())
    }
}

/// Those functions that can be used at all; of several with one name, the first.
fn readable(functions: &[RawFunction]) -> Vec<Listed> {
    let mut names = std::collections::HashSet::new();
    let mut listed = Vec::new();
    for function in functions {
        let Ok(definition) = definition::read(&function.definition) else {
            tracing::warn!("a function whose definition cannot be read was left out");
            continue;
        };
        let name = definition.name.raw().to_owned();
        // PostgreSQL takes no NUL in text, and no honest name has one.
        if name.contains('\0') || !names.insert(name.clone()) {
            tracing::warn!("a function whose name cannot be used was left out");
            continue;
        }
        listed.push(Listed {
            name,
            definition: serde_json::Value::Object(function.definition.clone()).to_string(),
            digest: definition.digest,
        });
    }
    listed
}
