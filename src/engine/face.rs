//! An attached face.

use std::collections::VecDeque;
use std::sync::Arc;

use super::Engine;
use super::board::Board;
use super::bus::{Attachment, Next};
use crate::protocol::{Event, EventKind};

/// A face's view of the stream of events. Dropping it detaches.
#[derive(Debug)]
pub struct Attached {
    board: Arc<Board>,
    attachment: Attachment,
    waiting: VecDeque<Arc<Event>>,
    snapshot_due: Option<u64>,
    ended: bool,
}

impl Engine {
    /// Attaches a face that saw events up to `after`, or none.
    pub fn attach(&self, after: Option<u64>) -> Attached {
        let mut attachment = self.board.bus.attach(after);
        let missed = attachment.missed.take();
        self.note_activity();
        Attached {
            board: Arc::clone(&self.board),
            snapshot_due: missed.is_none().then_some(attachment.last),
            waiting: missed.unwrap_or_default(),
            attachment,
            ended: false,
        }
    }
}

impl Attached {
    /// The next event; `None` once the board has said that it ends.
    pub async fn next(&mut self) -> Option<Event> {
        if let Some(id) = self.snapshot_due.take() {
            return Some(self.snapshot(id));
        }
        if self.ended {
            return None;
        }
        if let Some(event) = self.waiting.pop_front() {
            return Some((*event).clone());
        }
        match self.attachment.next().await {
            Next::Event(event) => {
                self.ended = matches!(event.kind, EventKind::Stopping);
                Some((*event).clone())
            }
            Next::FellBehind => Some(self.snapshot(self.board.bus.last())),
            Next::End => None,
        }
    }

    fn snapshot(&self, id: u64) -> Event {
        Event {
            id,
            kind: EventKind::Snapshot(Box::new(self.board.snapshot())),
        }
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.board.activity.notify_waiters();
    }
}
