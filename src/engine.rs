//! The board itself.
//!
//! The engine owns connectors, their sessions, permissions, secrets and the
//! journal, and decides; faces show. Each connector is looked after by a task of
//! its own (`keeper`), so that a bad server slows nobody else, and lives by a
//! pure step (`lifecycle`).

mod add;
mod agent_calls;
mod agents;
mod asking;
mod attempt;
mod board;
mod broker;
mod bus;
mod calls;
mod changing;
mod connectors;
mod credentials;
mod directory;
mod edit;
mod face;
mod functions;
mod journal;
mod keeper;
#[doc(hidden)] // public for the benchmarks alone
pub mod lifecycle;
mod listing;
mod offers;
mod people;
mod questions;
mod recent;
mod requests;
mod sign_in;
mod steps;
mod storage;
mod undo;
mod vault;
mod views;
mod watching;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::config::Home;
use crate::domain::{ConnectorId, Fault};
use crate::protocol::EventKind;

pub use agent_calls::{AgentAnswer, AgentCall, Patience};
pub use agents::{Introduction, Presence};
pub use face::Attached;
pub use requests::Busy;
pub use steps::Steps;

use board::Board;

/// How long requests under way may take to end when the board does.
const LAST_REQUESTS: Duration = Duration::from_secs(3);

/// A board. Cheap to clone; every clone is the same board.
#[derive(Clone, Debug)]
pub struct Engine {
    board: Arc<Board>,
}

impl Engine {
    /// Opens the board of this home. Nothing is connected yet. Functions that were
    /// listed longer than `list_age` ago are listed again before one is run.
    /// `client_metadata_url` is where callboard's client ID metadata document is
    /// published, where it is to be used.
    ///
    /// # Errors
    /// Where not even an impaired board is possible.
    pub async fn open(
        home: &Home,
        list_age: Duration,
        client_metadata_url: Option<String>,
    ) -> Result<Self, Fault> {
        let board = Board::open(home, list_age, client_metadata_url).await?;
        Ok(Self {
            board: Arc::new(board),
        })
    }

    /// Begins the life of every connector.
    pub fn start(&self) {
        let ids: Vec<ConnectorId> = self
            .board
            .with_entries(|entries| entries.keys().cloned().collect());
        for id in ids {
            self.begin(&id);
        }
    }

    /// Begins the life of one connector.
    fn begin(&self, id: &ConnectorId) {
        keeper::begin(&self.board, id);
        let enabled = self
            .board
            .with_entry(id, |entry| entry.stored.connector.enabled);
        if enabled == Some(true) {
            self.board.order(id, keeper::Order::renew());
        }
    }

    /// Looks whether what was wrong with the database is over. Connectors that
    /// could not be read when the board began come to life then.
    pub async fn look_after_storage(&self) {
        if self.board.is_loaded() && self.board.storage_fault().is_none() {
            return;
        }
        for id in self.board.load().await {
            self.begin(&id);
            self.board.publish(&id);
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

    /// Takes back what runs and writes down how it ended, tells the faces, ends
    /// every session politely, closes the database.
    pub async fn shut_down(&self) {
        self.board.stopping.cancel();
        // Nobody is asked any more: what waits is answered with no.
        self.board.end_questions();
        self.board.requests.close();
        // Sessions stand while calls are cancelled, so that the servers hear of it.
        let _ = timeout(LAST_REQUESTS, self.board.requests.wait()).await;
        self.board.bus.publish(EventKind::Stopping);
        self.board.hanging_up.cancel();
        self.board.tasks.close();
        self.board.tasks.wait().await;
        // A call that only the end of its session ended is written down yet.
        let _ = timeout(LAST_REQUESTS, self.board.requests.wait()).await;
        let _ = timeout(LAST_REQUESTS, self.board.tasks.wait()).await;
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

    /// Whether anything is enabled, anybody attached, or any request under way.
    pub fn in_use(&self) -> bool {
        self.board.bus.listeners() > 0
            || self.board.agents.any()
            || !self.board.requests.is_empty()
            || self.board.sign_ins.any_running()
            || self.board.with_entries(|entries| {
                entries.values().any(|entry| entry.stored.connector.enabled)
            })
    }
}
