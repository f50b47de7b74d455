//! What drawing writes to: bytes, and nothing that asks the terminal.
//!
//! The usual backend asks for the cursor's place when the screen is cleared, and
//! waits for the reply for two seconds while its reader takes keys away from ours;
//! and it asks for the size, by a program if need be. Here both are known.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// A backend that gathers bytes for a terminal of a size that it is told.
#[derive(Debug)]
pub(in crate::tui) struct Gathering<W: Write> {
    bytes: CrosstermBackend<W>,
    size: Size,
}

impl<W: Write> Gathering<W> {
    /// Gathers into `bytes`.
    pub(in crate::tui) fn new(bytes: W, width: u16, height: u16) -> Self {
        Self {
            bytes: CrosstermBackend::new(bytes),
            size: Size { width, height },
        }
    }

    /// Takes note of another size.
    pub(in crate::tui) fn resize(&mut self, width: u16, height: u16) {
        self.size = Size { width, height };
    }
}

impl<W: Write> Backend for Gathering<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.bytes.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.bytes.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.bytes.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Drawing puts it where it belongs afterwards.
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.bytes.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.bytes.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.bytes.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.bytes)
    }
}
