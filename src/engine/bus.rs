//! Events, to every attached face.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::domain::Timestamp;
use crate::protocol::{Event, EventKind};

/// How many events are kept for faces that were away or are slow.
const KEPT: usize = 512;

/// The board's stream of events.
#[derive(Debug)]
pub(super) struct Bus {
    sender: broadcast::Sender<Arc<Event>>,
    past: Mutex<Past>,
}

#[derive(Debug)]
struct Past {
    last: u64,
    kept: VecDeque<Arc<Event>>,
}

impl Bus {
    /// A stream whose ids begin above those of any earlier board of this home, so
    /// that an id from then is never taken for one of now.
    pub(super) fn new(started_at: Timestamp) -> Self {
        let millis = u64::try_from(started_at.as_millis()).unwrap_or(0);
        Self {
            sender: broadcast::channel(KEPT).0,
            past: Mutex::new(Past {
                last: millis.saturating_mul(1000),
                kept: VecDeque::new(),
            }),
        }
    }

    /// Tells every face.
    pub(super) fn publish(&self, kind: EventKind) {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.last += 1;
        let event = Arc::new(Event {
            id: past.last,
            kind,
        });
        if past.kept.len() == KEPT {
            past.kept.pop_front();
        }
        past.kept.push_back(Arc::clone(&event));
        // Sent under the lock, so that the order of ids is the order of sending.
        // Nobody listening is no error.
        let _ = self.sender.send(event);
    }

    /// Attaches: what came after `after`, or `None` where that is not known any
    /// more and a snapshot has to serve; then everything that follows.
    pub(super) fn attach(&self, after: Option<u64>) -> Attachment {
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        let first_kept = past.kept.front().map_or(past.last + 1, |event| event.id);
        let missed = after
            .filter(|after| *after <= past.last && *after + 1 >= first_kept)
            .map(|after| {
                past.kept
                    .iter()
                    .filter(|event| event.id > after)
                    .cloned()
                    .collect()
            });
        Attachment {
            receiver,
            missed,
            last: past.last,
        }
    }

    /// The id of the last event.
    pub(super) fn last(&self) -> u64 {
        self.past
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .last
    }

    /// How many faces listen.
    pub(super) fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }
}

/// One face's place in the stream.
#[derive(Debug)]
pub(super) struct Attachment {
    receiver: broadcast::Receiver<Arc<Event>>,
    /// What it missed; `None`: too much.
    pub(super) missed: Option<VecDeque<Arc<Event>>>,
    /// The id of the last event before it attached.
    pub(super) last: u64,
}

/// What comes next for a face.
#[derive(Debug)]
pub(super) enum Next {
    /// This event.
    Event(Arc<Event>),
    /// It fell behind: a snapshot has to serve.
    FellBehind,
    /// The board has ended.
    End,
}

impl Attachment {
    /// Waits for what comes next.
    pub(super) async fn next(&mut self) -> Next {
        match self.receiver.recv().await {
            Ok(event) => Next::Event(event),
            Err(RecvError::Lagged(_)) => {
                self.receiver = self.receiver.resubscribe();
                Next::FellBehind
            }
            Err(RecvError::Closed) => Next::End,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bus() -> Bus {
        Bus::new(Timestamp::from_millis(1))
    }

    fn ids(attachment: &Attachment) -> Option<Vec<u64>> {
        let missed = attachment.missed.as_ref()?;
        Some(missed.iter().map(|event| event.id).collect())
    }

    #[test]
    fn a_face_that_was_away_gets_what_it_missed() {
        let bus = bus();
        for _ in 0..3 {
            bus.publish(EventKind::Stopping);
        }
        assert_eq!(ids(&bus.attach(Some(1001))), Some(vec![1002, 1003]));
        assert_eq!(ids(&bus.attach(Some(1003))), Some(vec![]));
    }

    #[test]
    fn a_face_that_is_new_or_was_away_too_long_gets_a_snapshot() {
        let bus = bus();
        for _ in 0..=KEPT {
            bus.publish(EventKind::Stopping);
        }
        assert_eq!(ids(&bus.attach(None)), None);
        assert_eq!(ids(&bus.attach(Some(1000))), None);
        assert!(ids(&bus.attach(Some(1001))).is_some());
        // From another board, earlier or with a clock ahead of this one's.
        assert_eq!(ids(&bus.attach(Some(7))), None);
        assert_eq!(ids(&bus.attach(Some(u64::MAX - 1))), None);
    }

    #[tokio::test]
    async fn a_face_that_fell_behind_is_told_so_and_goes_on() {
        let bus = bus();
        let mut slow = bus.attach(None);
        for _ in 0..=KEPT {
            bus.publish(EventKind::Stopping);
        }
        assert!(matches!(slow.next().await, Next::FellBehind));
        bus.publish(EventKind::Stopping);
        assert!(matches!(slow.next().await, Next::Event(event) if event.id == bus.last()));
    }
}
