//! What the terminal was asked, and what becomes of a reply that is late.
//!
//! A reply that comes when the face has left is read by whoever comes next, as if
//! somebody had typed it. So leaving waits for it, and not for long: everything that is
//! asked ends with the device attributes (DA1), which every terminal answers.

use std::time::{Duration, Instant};

use super::Shell;
use crate::tui::input::{Decoder, Raw};
use crate::tui::terminal::{self, Frames};

/// How long after it was asked a terminal's reply is worth to wait for when leaving.
/// Longer than the way there and back over any line that somebody works on.
const REPLY_WAIT: Duration = Duration::from_secs(1);

/// How long after it was asked an Escape may still be the begin of a reply. A terminal
/// that has said nothing by then is one that says nothing.
const DOUBT: Duration = Duration::from_secs(5);

/// How long after it was asked the second frame waits for the reply: a terminal that is
/// near has answered by then, and nothing has to be drawn twice.
const HOLD: Duration = Duration::from_millis(12);

/// Asks for the colour of the background. Returns when.
pub(super) fn ask_for_background(frames: &mut Frames, decoder: &mut Decoder) -> Instant {
    frames.send(terminal::ASK_BACKGROUND.to_vec());
    decoder.expect_replies(true);
    Instant::now()
}

impl Shell {
    /// Expects no more replies where they would have come long ago: an Escape is a key
    /// at once again.
    pub(super) fn give_up_late_replies(&mut self) {
        if self.asked.is_some_and(|asked| asked.elapsed() > DOUBT) {
            self.asked = None;
            self.decoder.expect_replies(false);
        }
    }

    /// How long the next frame is to wait for a reply that may change its colours. The
    /// first one never does.
    pub(super) fn holds_frame(&self) -> Option<Duration> {
        let asked = self.asked.filter(|_| self.painted)?;
        if !self.dirty || !self.decoder.expects_replies() {
            return None;
        }
        HOLD.checked_sub(asked.elapsed())
    }

    /// Waits for the replies that are still to come, before the terminal is somebody
    /// else's. What is typed meanwhile was typed into this face.
    pub(super) async fn wait_for_replies(&mut self) {
        let Some(asked) = self.asked.take() else {
            return;
        };
        let end = tokio::time::Instant::from_std(asked + REPLY_WAIT);
        let mut dropped = Vec::new();
        while self.decoder.expects_replies() {
            match tokio::time::timeout_at(end, self.raw.recv()).await {
                Ok(Some(Raw::Bytes(bytes))) => self.decoder.feed(&bytes, &mut dropped),
                // Nothing came in time, or nothing can come any more.
                Ok(Some(Raw::Gone) | None) | Err(_) => return,
            }
            dropped.clear();
        }
    }
}
