//! Requests under way: a board does not end in the middle of one.

use std::sync::Arc;

use tokio_util::task::task_tracker::TaskTrackerToken;

use super::Engine;
use super::board::Board;

/// A request under way, until it is dropped.
#[derive(Debug)]
pub struct Busy {
    token: Option<TaskTrackerToken>,
    board: Arc<Board>,
}

impl Engine {
    /// Notes that a request begins.
    pub fn busy(&self) -> Busy {
        self.note_activity();
        Busy {
            token: Some(self.board.requests.token()),
            board: Arc::clone(&self.board),
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.token = None;
        self.board.activity.notify_waiters();
    }
}
