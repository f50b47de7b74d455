//! Taking back: the last changes of each person, in memory alone.
//!
//! What an undo does is never more than was there before. Letting a function run
//! accepts the definition that the function has; taking it back takes that back too
//! and says so. Otherwise an undo could leave a function on *always* with a
//! definition that was only ever looked at for *ask*.

mod said;

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use self::said::Said;
use super::Engine;
use super::board::{Board, Entry};
use super::keeper::Order;
use crate::domain::{
    ConnectorId, Fault, FaultKind, FunctionCounts, JournalEvent, Permission, PersonId,
};
use crate::protocol::{EventKind, Undone};
use crate::store::{FunctionBefore, NewEntry, StoreError, WholeConnector};

/// Changes of one person that can be taken back.
const CHANGES: usize = 50;
/// What these may take in memory altogether, in bytes.
const BYTES: usize = 16 * 1024 * 1024;
/// What one may take; a larger one cannot be taken back, in bytes.
const BYTES_OF_ONE: usize = 8 * 1024 * 1024;

/// Something that was done and can be taken back.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// A permission was set.
    Permission {
        /// Whose functions.
        connector: ConnectorId,
        /// What was set.
        set: Permission,
        /// Whether that accepted the definitions.
        accepted: bool,
        /// How they were before.
        before: Vec<FunctionBefore>,
    },
    /// A connector was switched on.
    Enabled(ConnectorId),
    /// A connector was switched off.
    Disabled(ConnectorId),
    /// A connector was removed.
    Removed(Box<WholeConnector>),
    /// Something too large to be kept: it stands in the place of it, so that no
    /// earlier change is taken back for it.
    TooLarge,
}

impl Change {
    fn bytes(&self) -> usize {
        match self {
            Self::Permission { before, .. } => before.iter().map(FunctionBefore::bytes).sum(),
            Self::Removed(whole) => whole.bytes(),
            Self::Enabled(_) | Self::Disabled(_) | Self::TooLarge => 0,
        }
    }
}

/// The changes of everybody.
#[derive(Debug, Default)]
pub(super) struct Past(Mutex<HashMap<PersonId, VecDeque<Change>>>);

impl Past {
    /// Remembers a change; the oldest make room.
    pub(super) fn push(&self, person: &PersonId, change: Change) {
        let change = match change.bytes() {
            bytes if bytes > BYTES_OF_ONE => Change::TooLarge,
            _ => change,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.entry(person.clone()).or_default();
        kept.push_back(change);
        let mut bytes: usize = kept.iter().map(Change::bytes).sum();
        while kept.len() > CHANGES || bytes > BYTES {
            let Some(oldest) = kept.pop_front() else {
                break;
            };
            bytes -= oldest.bytes();
        }
    }

    fn pop(&self, person: &PersonId) -> Option<Change> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get_mut(person)?.pop_back()
    }
}

/// Why a change was not taken back.
enum Failed {
    /// It cannot be any more.
    Over(Fault),
    /// It can be tried again.
    NotNow(Fault),
}

impl Engine {
    /// Takes the last change of whoever asks back.
    ///
    /// # Errors
    /// `not-found` where there is none, or where somebody changed the same since;
    /// `config` where the database takes nothing: then it can be tried again.
    pub async fn undo(&self) -> Result<Undone, Fault> {
        let person = self.board.whoever_asks().id.clone();
        let Some(change) = self.board.past.pop(&person) else {
            return Err(Fault::not_found("there is nothing to take back").hint(
                "the board remembers changes of permissions, enabling and removals until it ends",
            ));
        };
        let undone = match change.clone() {
            Change::Permission {
                connector,
                set,
                accepted,
                before,
            } => {
                let set = (set, accepted);
                self.undo_permission(connector, set, &before).await
            }
            Change::Enabled(id) => self.switch(id, false).await,
            Change::Disabled(id) => self.switch(id, true).await,
            Change::Removed(whole) => self.bring_back(*whole).await,
            Change::TooLarge => Err(Failed::Over(Fault::not_found(
                "the last change was too large to be remembered, and cannot be taken back",
            ))),
        };
        match undone {
            Ok(undone) => Ok(undone),
            Err(Failed::Over(fault)) => Err(fault),
            Err(Failed::NotNow(fault)) => {
                self.board.past.push(&person, change);
                Err(fault)
            }
        }
    }

    async fn undo_permission(
        &self,
        id: ConnectorId,
        (set, accepted): (Permission, bool),
        before: &[FunctionBefore],
    ) -> Result<Undone, Failed> {
        let board = &self.board;
        let turn = board.turn(&id).await.map_err(|_| gone())?;
        let store = board.store().await;
        let person = &board.whoever_asks().id;
        let put_back = store
            .put_back(&id, person, before, set, accepted)
            .await
            .map_err(|error| Failed::NotNow(board.storage_failed(error)))?;
        let name = turn.stored.connector.name.to_string();
        drop(turn);
        if put_back.done.is_empty() {
            return Err(Failed::Over(Fault::not_found(format!(
                "what was set for {name} was changed since, and stays as it is"
            ))));
        }
        board.recount(&id).await.map_err(Failed::NotNow)?;
        board.bus.publish(EventKind::Functions { id: id.clone() });
        board.publish(&id);
        let said = said::of_permissions(&name, before, &put_back);
        let function = match put_back.done.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        };
        Ok(self.noted(id, name, function, said).await)
    }

    /// Switches a connector on or off again.
    async fn switch(&self, id: ConnectorId, on: bool) -> Result<Undone, Failed> {
        let board = &self.board;
        board
            .require_admin("switch connectors on and off")
            .map_err(Failed::Over)?;
        let mut turn = board.turn(&id).await.map_err(|_| gone())?;
        let name = turn.stored.connector.name.to_string();
        let word = if on { "on" } else { "off" };
        if turn.stored.connector.enabled == on {
            return Err(Failed::Over(Fault::not_found(format!(
                "{name} was switched {word} meanwhile"
            ))));
        }
        turn.stored.connector.enabled = on;
        board.write(&turn).await.map_err(Failed::NotNow)?;
        let order = if on { Order::renew() } else { Order::Disable };
        board.order(&id, order);
        drop(turn);
        let said = Said {
            what: format!("{name} is switched {word} again"),
            rule: format!("switched {word}"),
        };
        Ok(self.noted(id, name, None, said).await)
    }

    async fn bring_back(&self, whole: WholeConnector) -> Result<Undone, Failed> {
        let board = &self.board;
        let admin = board.require_admin("bring connectors back");
        let person = admin.map_err(Failed::Over)?.id.clone();
        let connector = &whole.stored.connector;
        let (id, name) = (connector.id.clone(), connector.name.to_string());
        let store = board.store().await;
        let restored = store.restore_connector(&whole, &person).await;
        restored.map_err(|error| match error {
            StoreError::NameTaken => Failed::NotNow(
                Fault::user(format!("another connector is named {name} by now")).hint(format!(
                    "`callboard rename {name} OTHER`, then take it back again"
                )),
            ),
            error => Failed::NotNow(board.storage_failed(error)),
        })?;
        let what = said::what_came_back(&whole);
        board.with_entries(|entries| {
            let entry = Entry::new(whole.stored, FunctionCounts::default());
            entries.insert(id.clone(), entry);
        });
        // What cannot be counted now is counted with the next list.
        let _ = board.recount(&id).await;
        self.begin(&id);
        board.publish(&id);
        board.bus.publish(EventKind::Functions { id: id.clone() });
        self.note_activity();
        let said = Said {
            what,
            rule: "not removed".to_owned(),
        };
        Ok(self.noted(id, name, None, said).await)
    }

    async fn noted(
        &self,
        id: ConnectorId,
        name: String,
        function: Option<String>,
        said: Said,
    ) -> Undone {
        let entry = NewEntry {
            connector: Some((id.clone(), name)),
            function,
            rule: Some(said.rule),
            ..NewEntry::default()
        };
        self.board.note(JournalEvent::Undone, entry).await;
        Undone {
            what: said.what,
            connector: id,
        }
    }
}

impl Board {
    /// How functions are before a permission is set for them, and their definitions
    /// accepted or not: those for which that changes anything.
    ///
    /// # Errors
    /// `config` where the database cannot be read.
    pub(super) async fn before_permitting(
        &self,
        id: &ConnectorId,
        names: &[String],
        (permission, accepts): (Permission, bool),
    ) -> Result<Vec<FunctionBefore>, Fault> {
        let person = &self.whoever_asks().id;
        let store = self.store().await;
        let all = store
            .before_permitting(id, person)
            .await
            .map_err(|error| self.storage_failed(error))?;
        let meant = |before: FunctionBefore| FunctionBefore {
            accepted: before.accepted.filter(|_| accepts),
            ..before
        };
        Ok(all
            .into_iter()
            .filter(|before| names.contains(&before.name))
            .map(meant)
            .filter(|before| before.differs_from(permission))
            .collect())
    }

    /// Remembers a change of whoever asks.
    pub(super) fn remember(&self, change: Change) {
        self.past.push(&self.whoever_asks().id, change);
    }
}

fn gone() -> Failed {
    Failed::Over(Fault::new(
        FaultKind::NotFound,
        "that connector was removed meanwhile, and its permissions with it",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_fifty_are_remembered_by_person() {
        let past = Past::default();
        let (ann, bob) = (PersonId::new("ann"), PersonId::new("bob"));
        for place in 0..60 {
            past.push(&ann, Change::Enabled(ConnectorId::new(format!("c{place}"))));
        }
        past.push(&bob, Change::Disabled(ConnectorId::new("c1")));
        let popped: Vec<Change> = std::iter::from_fn(|| past.pop(&ann)).collect();
        assert_eq!(popped.len(), CHANGES);
        assert!(matches!(&popped[0], Change::Enabled(id) if id.as_str() == "c59"));
        assert!(matches!(past.pop(&bob), Some(Change::Disabled(_))));
        assert!(past.pop(&bob).is_none());
    }

    #[test]
    fn what_is_too_large_is_not_passed_over_in_silence() {
        let past = Past::default();
        let ann = PersonId::new("ann");
        past.push(&ann, Change::Enabled(ConnectorId::new("c1")));
        let huge = FunctionBefore {
            name: "x".repeat(BYTES_OF_ONE),
            digest: String::new(),
            accepted: None,
            permission: None,
        };
        past.push(
            &ann,
            Change::Permission {
                connector: ConnectorId::new("c1"),
                set: Permission::Ask,
                accepted: true,
                before: vec![huge],
            },
        );
        assert!(matches!(past.pop(&ann), Some(Change::TooLarge)));
        assert!(matches!(past.pop(&ann), Some(Change::Enabled(_))));
    }
}
