//! What a running board writes into its lock file.

use serde::{Deserialize, Serialize};

use crate::domain::Timestamp;

/// Who holds the lock, for faces that look for the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRecord {
    /// Its process id.
    pub pid: u32,
    /// The host it runs on; a home shared by hosts has one board at a time.
    pub host: String,
    /// callboard's version there.
    pub version: String,
    /// The protocol version it speaks.
    pub protocol: u32,
    /// Where it listens.
    pub socket: String,
    /// Since when.
    pub started_at: Timestamp,
}
