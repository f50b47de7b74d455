//! Links: parts of the screen that a terminal opens in a browser of its own machine
//! (OSC 8, <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>).
//!
//! A frame is drawn as if there were none. Behind it each part that is a link and was
//! written anew, or was no such link before, is written once more between the two marks
//! of one, and what is a link no more is written without them. So no link is ever left
//! open, and a frame that changes nothing sends nothing.

use std::io::{self, Write};

use ratatui::buffer::Cell;

use super::columns::Changed;
use super::{Gathering, Pen};

/// Longest address of a link, in bytes; terminals take no longer ones.
const LONGEST: usize = 2083;

/// What begins a link. Lines of one address are one link: its name is the same.
const OPEN: &[u8] = b"\x1b]8;id=callboard;";
/// What ends the sequence.
const END: &[u8] = b"\x1b\\";
/// What ends the link.
const CLOSE: &[u8] = b"\x1b]8;;\x1b\\";

/// A part of a row that is a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tui) struct Link {
    x: u16,
    y: u16,
    width: u16,
    address: String,
}

impl Link {
    /// So many cells from a place on; `None` where the address is no web address of
    /// visible ASCII alone, which nothing in it can end.
    pub(in crate::tui) fn new(x: u16, y: u16, width: u16, address: &str) -> Option<Self> {
        let web = address.starts_with("https://") || address.starts_with("http://");
        let plain = address.bytes().all(|byte| byte.is_ascii_graphic());
        (web && plain && address.len() <= LONGEST).then(|| Self {
            x,
            y,
            width,
            address: address.to_owned(),
        })
    }

    fn end(&self) -> u16 {
        self.x.saturating_add(self.width)
    }

    fn covers(&self, x: u16, y: u16) -> bool {
        self.y == y && (self.x..self.end()).contains(&x)
    }
}

impl<W: Write> Gathering<W> {
    /// What is to be a link in the frames to come.
    pub(in crate::tui) fn set_links(&mut self, links: Vec<Link>) {
        self.wanted = links;
    }

    /// Whether a part of a row is a link on the screen: what is written there again
    /// would be none.
    pub(super) fn is_linked(&self, y: u16, from: u16, to: u16) -> bool {
        let touches = |link: &Link| link.y == y && link.x < to && from < link.end();
        self.links.iter().any(touches)
    }

    /// Makes links of what is to be one, and text of what is one no more.
    pub(super) fn link(
        &mut self,
        changed: &[Changed<'_>],
        pen: &mut Option<Pen>,
    ) -> io::Result<()> {
        let before = std::mem::replace(&mut self.links, self.wanted.clone());
        let now = self.wanted.clone();
        for link in before.iter().filter(|link| !now.contains(link)) {
            self.write_part(link, pen)?;
        }
        for link in &now {
            let written = |(x, y, _): &Changed<'_>| link.covers(*x, *y);
            if before.contains(link) && !changed.iter().any(written) {
                continue;
            }
            self.bytes.write_all(OPEN)?;
            self.bytes.write_all(link.address.as_bytes())?;
            self.bytes.write_all(END)?;
            self.write_part(link, pen)?;
            self.bytes.write_all(CLOSE)?;
        }
        Ok(())
    }

    /// Writes again what the screen shows in the place of a link.
    fn write_part(&mut self, link: &Link, pen: &mut Option<Pen>) -> io::Result<()> {
        let cells: Vec<Cell> = self.row(link.y, link.x, link.end()).to_vec();
        for (x, cell) in (link.x..).zip(&cells) {
            // The second half of a wide character is written with its first.
            if cell.symbol().is_empty() {
                continue;
            }
            self.go(x, link.y)?;
            self.take_up(Pen::of(cell), pen)?;
            self.symbol(cell, pen)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
