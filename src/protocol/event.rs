//! What the board tells every attached face.

use serde::{Deserialize, Serialize};

use super::sign_in::{ConsentEnd, ConsentView};
use super::view::{ConnectorView, SnapshotView};
use crate::domain::{
    Agent, AgentId, ConnectorId, ConsentId, Fault, HeldCall, HeldEnd, JournalEntry, Question,
    QuestionEnd, QuestionId, VaultState,
};

/// An event with its place in the board's stream.
///
/// A face that reconnects sends the last id it saw; what it missed follows, or a
/// snapshot where that is no longer kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Grows by one with each event of this board process.
    pub id: u64,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. A face that does not know a kind leaves it out.
///
/// The word and what goes with it stand apart, because some of what goes with it has
/// a key `event` of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "kebab-case")]
pub enum EventKind {
    /// Everything; first on a stream, and again to whoever fell behind.
    Snapshot(Box<SnapshotView>),
    /// A connector is new or differs.
    Connector(Box<ConnectorView>),
    /// A connector is gone.
    Removed {
        /// Which.
        id: ConnectorId,
    },
    /// Functions of a connector, or their permissions, differ: to be read again.
    Functions {
        /// Whose.
        id: ConnectorId,
    },
    /// A line was written to the journal.
    Journal(Box<JournalEntry>),
    /// A question waits for the operator.
    QuestionOpened(Box<Question>),
    /// A question waits no longer.
    QuestionClosed {
        /// Which.
        id: QuestionId,
        /// How it ended.
        end: QuestionEnd,
    },
    /// A sign-in waits for a person.
    ConsentOpened(Box<ConsentView>),
    /// Something of a consent that waits differs.
    ConsentChanged(Box<ConsentView>),
    /// A consent waits no longer.
    ConsentClosed {
        /// Which.
        id: ConsentId,
        /// Whose sign-in it was.
        connector: ConnectorId,
        /// How it ended.
        end: ConsentEnd,
    },
    /// A call of an agent waits for the operator.
    HeldOpened(Box<HeldCall>),
    /// Something of a held call differs: how many are identical, or how long its agent
    /// waits.
    HeldChanged(Box<HeldCall>),
    /// A held call waits no longer.
    HeldClosed {
        /// Which.
        id: QuestionId,
        /// How it ended.
        end: HeldEnd,
    },
    /// An agent came, or says more of itself.
    Agent(Box<Agent>),
    /// An agent is gone.
    AgentGone {
        /// Which.
        id: AgentId,
    },
    /// What a server offers to be read, or its prompts, differ: to be listed again.
    Offers {
        /// Whose.
        id: ConnectorId,
    },
    /// The vault differs.
    Vault(VaultState),
    /// The database broke or healed.
    Storage {
        /// What is wrong; `None`: nothing.
        fault: Option<Fault>,
    },
    /// The board is about to end.
    Stopping,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{JournalEvent, Timestamp};

    fn crosses(kind: EventKind) {
        let event = Event { id: 7, kind };
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
    }

    #[test]
    fn a_line_of_the_journal_crosses_the_link_with_its_own_event() {
        crosses(EventKind::Journal(Box::new(JournalEntry {
            seq: 1,
            at: Timestamp::from_millis(1),
            event: JournalEvent::Call,
            agent: None,
            connector: Some("wiki".to_owned()),
            function: None,
            decision: None,
            by: None,
            rule: None,
            duration_ms: None,
            outcome: None,
            arguments_digest: None,
            result_bytes: None,
        })));
    }

    #[test]
    fn what_goes_without_anything_crosses_too() {
        crosses(EventKind::Stopping);
        crosses(EventKind::Storage { fault: None });
        crosses(EventKind::Functions {
            id: ConnectorId::new("c1"),
        });
    }
}
