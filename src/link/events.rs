//! The stream of events, at a face's end.

use super::client::Lines;
use crate::protocol::Event;

/// The events of a board, from the moment of attaching on.
#[derive(Debug)]
pub struct EventStream {
    lines: Lines,
}

impl EventStream {
    pub(super) fn new(lines: Lines) -> Self {
        Self { lines }
    }

    /// The next event; `None` when the board ended or the link broke. An event of
    /// a kind that this face does not know is left out.
    ///
    /// Each is one `data:` line, as the board writes them; ids, names and comments
    /// around it are for other readers (WHATWG HTML, server-sent events).
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let line = self.lines.next().await.ok()??;
            if let Some(data) = line.strip_prefix(b"data:")
                && let Ok(event) = serde_json::from_slice(data)
            {
                return Some(event);
            }
        }
    }
}
