//! The board itself.
//!
//! The engine owns connectors, their sessions, permissions, secrets and the
//! journal, and decides; faces show. Each connector is looked after by a task of
//! its own ([`keeper`]), so that a bad server slows nobody else, and lives by a
//! pure step ([`lifecycle`]).

mod add;
mod attempt;
mod board;
mod bus;
mod calls;
mod connectors;
mod credentials;
mod edit;
mod face;
mod functions;
mod journal;
mod keeper;
#[doc(hidden)] // public for the benchmarks alone
pub mod lifecycle;
mod listing;
mod people;
mod steps;
mod storage;
mod vault;
mod views;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::config::Home;
use crate::domain::{ConnectorId, Fault};
use crate::protocol::EventKind;

pub use face::Attached;
pub use steps::Steps;

use board::Board;

/// A board. Cheap to clone; every clone is the same board.
#[derive(Clone, Debug)]
pub struct Engine {
    board: Arc<Board>,
}

impl Engine {
    /// Opens the board of this home. Nothing is connected yet.
    ///
    /// # Errors
    /// Where not even an impaired board is possible.
    pub async fn open(home: &Home) -> Result<Self, Fault> {
        let board = Board::open(home).await?;
        Ok(Self {
            board: Arc::new(board),
        })
    }

    /// Begins the life of every connector.
    pub fn start(&self) {
        let enabled: Vec<(ConnectorId, bool)> = self.board.with_entries(|entries| {
            entries
                .iter()
                .map(|(id, entry)| (id.clone(), entry.stored.connector.enabled))
                .collect()
        });
        for (id, enabled) in enabled {
            keeper::begin(&self.board, &id);
            if enabled {
                self.board.order(&id, keeper::Order::renew());
            }
        }
    }

    /// Asks the process to end; returns at once.
    pub fn ask_to_stop(&self) {
        self.board.stopping.cancel();
    }

    /// Is cancelled when somebody asked the board to end.
    pub fn stopping(&self) -> CancellationToken {
        self.board.stopping.clone()
    }

    /// Ends every session politely, tells the faces, closes the database.
    pub async fn shut_down(&self) {
        self.board.bus.publish(EventKind::Stopping);
        self.board.stopping.cancel();
        self.board.tasks.close();
        self.board.tasks.wait().await;
        self.board.storage.close().await;
    }

    /// Notes that somebody wants something of this board.
    pub fn note_activity(&self) {
        self.board.activity.notify_waiters();
    }

    /// Returns at the next sign of activity after this call.
    pub fn activity(&self) -> impl Future<Output = ()> + Send + '_ {
        self.board.activity.notified()
    }

    /// Whether anything is enabled or anybody attached.
    pub fn in_use(&self) -> bool {
        self.board.bus.listeners() > 0
            || self.board.with_entries(|entries| {
                entries.values().any(|entry| entry.stored.connector.enabled)
            })
    }
}
