//! One frame: what the screen shows now, on its way to the terminal.

use super::{Leave, Shell};
use crate::tui::dock;
use crate::tui::view::view;
use crate::tui::viewer;

impl Shell {
    /// Draws, unless nothing changed or the last frame has not arrived yet.
    pub(super) fn draw_if_due(&mut self) {
        if !self.dirty || !self.frames.idle() || self.holds_frame().is_some() {
            return;
        }
        self.dirty = false;
        self.painted = true;
        let model = &self.model;
        if self.links {
            self.terminal.backend_mut().set_links(dock::links(model));
        }
        if self.terminal.draw(|frame| view(model, frame)).is_err() {
            self.leave = Some(Leave::Gone);
            return;
        }
        let drawn = self
            .canvas
            .frame(self.bytes.take(), viewer::placement(model));
        if drawn.is_empty() {
            return;
        }
        let mut frame = Vec::with_capacity(drawn.len().saturating_add(16));
        frame.extend_from_slice(b"\x1b[?2026h");
        frame.extend_from_slice(&drawn);
        frame.extend_from_slice(b"\x1b[?2026l");
        self.frames.send(frame);
    }
}
