//! What the board tells every attached face.

use serde::{Deserialize, Serialize};

use super::view::{ConnectorView, SnapshotView};
use crate::domain::{ConnectorId, Fault, JournalEntry, VaultState};

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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
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
