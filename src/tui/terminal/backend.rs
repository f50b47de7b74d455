//! What drawing writes to: bytes, and nothing that asks the terminal.
//!
//! The usual backend asks for the cursor's place when the screen is cleared, and
//! waits for the reply for two seconds while its reader takes keys away from ours;
//! and it asks for the size, by a program if need be. Here both are known.
//!
//! It also writes little, because the line may be slow: one sequence for all
//! that differs in style, the shorter of two ways to a place, an erasure for a run
//! of blanks, and nothing at all where a frame changes nothing. It uses only what
//! ECMA-48 has and every terminal since the VT220 knows: `CUP`, `CHA`, `ED`, `EL`,
//! `ECH`, `SGR`; and OSC 8 where something is a link.

mod columns;
mod links;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::iter::Peekable;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};

use super::pen::Pen;
use columns::{Changed, columns};
pub(in crate::tui) use links::Link;

/// From so many blanks on, erasing them is shorter than writing them, even with the
/// move behind it.
const WORTH_ERASING: u16 = 11;

/// From so many blanks on, erasing to the end of a line is shorter.
const WORTH_ENDING: u16 = 4;

/// So many cells that stay as they are cost no more to write again than to pass over.
const WORTH_REPEATING: u16 = 4;

/// A backend that gathers bytes for a terminal of a size that it is told.
#[derive(Debug)]
pub(in crate::tui) struct Gathering<W: Write> {
    bytes: W,
    size: Size,
    /// Where the terminal's cursor is, as far as that is certain.
    at: Option<Position>,
    /// Whether it is to be seen, as far as that is certain.
    shown: Option<bool>,
    /// What the terminal shows, row by row. What lies under the second half of a wide
    /// character has no text here.
    screen: Vec<Cell>,
    /// Whether a picture was drawn since the screen was cleared: cells under one are
    /// none that were drawn, and what is known of them is not true.
    pictures: bool,
    /// What is a link on the screen, and what is to be one.
    links: Vec<Link>,
    wanted: Vec<Link>,
}

impl Gathering<Vec<u8>> {
    /// What was gathered since it was last asked.
    pub(in crate::tui) fn taken(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

impl<W: Write> Gathering<W> {
    /// Gathers into `bytes`.
    pub(in crate::tui) fn new(bytes: W, width: u16, height: u16) -> Self {
        Self {
            bytes,
            size: Size { width, height },
            at: None,
            shown: None,
            screen: cleared(width, height),
            pictures: false,
            links: Vec::new(),
            wanted: Vec::new(),
        }
    }

    /// Takes note of another size, and that the terminal may have been used by
    /// another program meanwhile. It has to be cleared before the next frame.
    pub(in crate::tui) fn resize(&mut self, width: u16, height: u16) {
        self.size = Size { width, height };
        self.at = None;
        self.shown = None;
        self.screen = cleared(width, height);
        self.links.clear();
        self.pictures = false;
    }

    /// What the terminal shows in a part of a row.
    fn row(&self, y: u16, from: u16, to: u16) -> &[Cell] {
        let begin = usize::from(y).saturating_mul(usize::from(self.size.width));
        let from = begin.saturating_add(usize::from(from));
        let to = begin.saturating_add(usize::from(to.min(self.size.width)));
        self.screen.get(from..to).unwrap_or_default()
    }

    /// Takes note of what the terminal shows in a cell.
    fn note(&mut self, x: u16, y: u16, cell: &Cell) {
        let place = usize::from(y)
            .saturating_mul(usize::from(self.size.width))
            .saturating_add(usize::from(x));
        if let Some(shown) = self.screen.get_mut(place) {
            shown.clone_from(cell);
        }
        let within = self.size.width.saturating_sub(x);
        for covered in 1..usize::from(cells(cell).min(within)) {
            if let Some(shown) = self.screen.get_mut(place.saturating_add(covered)) {
                shown.set_symbol("");
            }
        }
    }

    /// Goes on to a place in the row by writing again what stands before it, where
    /// that is no longer than to go there.
    fn repeat_up_to(&mut self, x: u16, y: u16, pen: Option<Pen>) -> io::Result<()> {
        let Some(at) = self.at.filter(|at| at.y == y && at.x < x) else {
            return Ok(());
        };
        let gap = x.saturating_sub(at.x);
        let same = |cell: &Cell| {
            cell.symbol().len() == 1
                && (pen == Some(Pen::of(cell))
                    || (is_blank(cell) && pen.is_some_and(Pen::leaves_blanks_blank)))
        };
        let between = self.row(y, at.x, x);
        let linked = self.is_linked(y, at.x, x);
        if self.pictures || linked || gap > WORTH_REPEATING || !between.iter().all(same) {
            return Ok(());
        }
        let text: String = between.iter().map(Cell::symbol).collect();
        self.bytes.write_all(text.as_bytes())?;
        self.passed(gap);
        Ok(())
    }

    /// How many cells from a blank on are to be blank, this one included. Those that
    /// are so already count, where others follow or the row ends.
    fn run_of_blanks<'a, I>(&mut self, content: &mut Peekable<I>, x: u16, y: u16) -> u16
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut end = x.saturating_add(1);
        loop {
            let next = content.next_if(|(next_x, next_y, cell)| {
                *next_y == y && is_blank(cell) && self.is_blank_between(y, end, *next_x)
            });
            let Some((next_x, _, cell)) = next else { break };
            self.note(next_x, y, cell);
            end = next_x.saturating_add(1);
        }
        let another = content.peek().is_some_and(|(_, next_y, _)| *next_y == y);
        if !another && self.is_blank_between(y, end, self.size.width) {
            end = self.size.width.max(end);
        } else if self.is_half(end, y) && !comes_next(content, end, y) {
            self.note(end, y, &Cell::EMPTY);
            end = end.saturating_add(1);
        }
        end.saturating_sub(x)
    }

    /// Whether the terminal shows nothing in a part of a row, for certain.
    fn is_blank_between(&self, y: u16, from: u16, to: u16) -> bool {
        let blank = || self.row(y, from, to).iter().all(is_blank);
        from >= to || (!self.pictures && !self.is_linked(y, from, to) && blank())
    }

    /// Whether the second half of a wide character was there, whose first half may be
    /// gone.
    fn is_half(&self, x: u16, y: u16) -> bool {
        let cell = self.row(y, x, x.saturating_add(1)).first();
        cell.is_some_and(|cell| cell.symbol().is_empty())
    }

    /// Takes away what is left of a wide character that was written over: terminals
    /// differ in what that looks like.
    fn mend_half(&mut self, x: u16, y: u16, pen: &mut Option<Pen>) -> io::Result<()> {
        self.go(x, y)?;
        if *pen != Some(Pen::default()) {
            Pen::default().write(*pen, &mut self.bytes)?;
            *pen = Some(Pen::default());
        }
        self.bytes.write_all(b" ")?;
        self.note(x, y, &Cell::EMPTY);
        self.passed(1);
        Ok(())
    }

    /// Goes to a place, unless the cursor is there.
    fn go(&mut self, x: u16, y: u16) -> io::Result<()> {
        let to = Position { x, y };
        let (row, column) = (y.saturating_add(1), x.saturating_add(1));
        match self.at {
            Some(at) if at == to => return Ok(()),
            Some(at) if at.y == y && x == 0 => write!(self.bytes, "\x1b[G")?,
            Some(at) if at.y == y => write!(self.bytes, "\x1b[{column}G")?,
            _ if x == 0 && y == 0 => write!(self.bytes, "\x1b[H")?,
            _ if x == 0 => write!(self.bytes, "\x1b[{row}H")?,
            _ => write!(self.bytes, "\x1b[{row};{column}H")?,
        }
        self.at = Some(to);
        Ok(())
    }

    /// Takes note that so many cells were written behind the cursor. At the right
    /// edge terminals differ in where it is then.
    fn passed(&mut self, cells: u16) {
        self.at = self
            .at
            .map(|at| Position {
                x: at.x.saturating_add(cells),
                y: at.y,
            })
            .filter(|at| at.x < self.size.width);
    }

    /// Writes a run of blanks that begins at the cursor.
    fn blanks(&mut self, x: u16, count: u16) -> io::Result<()> {
        let ends = x.saturating_add(count) >= self.size.width;
        if ends && count >= WORTH_ENDING {
            return self.bytes.write_all(b"\x1b[K");
        }
        if count >= WORTH_ERASING {
            return write!(self.bytes, "\x1b[{count}X");
        }
        for _ in 0..count {
            self.bytes.write_all(b" ")?;
        }
        self.passed(count);
        Ok(())
    }

    /// Writes the columns among the cells. Returns which cells that were.
    fn columns(
        &mut self,
        cells: &[Changed<'_>],
        pen: &mut Option<Pen>,
    ) -> io::Result<BTreeSet<usize>> {
        let mut written = BTreeSet::new();
        if self.pictures {
            return Ok(written);
        }
        for column in columns(cells) {
            let of_column = || column.iter().filter_map(|place| cells.get(*place));
            // What is left of a wide character is mended in the order of the row.
            if of_column()
                .any(|(x, y, _)| self.is_half(*x, *y) || self.is_half(x.saturating_add(1), *y))
            {
                continue;
            }
            for (x, y, cell) in of_column() {
                self.go(*x, *y)?;
                self.note(*x, *y, cell);
                self.take_up(Pen::of(cell), pen)?;
                self.symbol(cell, pen)?;
            }
            written.extend(column);
        }
        Ok(written)
    }

    /// Takes a pen, unless it is in hand.
    fn take_up(&mut self, wanted: Pen, pen: &mut Option<Pen>) -> io::Result<()> {
        if *pen != Some(wanted) {
            wanted.write(*pen, &mut self.bytes)?;
            *pen = Some(wanted);
        }
        Ok(())
    }

    /// Writes one cell at the cursor.
    fn symbol(&mut self, cell: &Cell, pen: &mut Option<Pen>) -> io::Result<()> {
        let symbol = cell.symbol();
        self.bytes.write_all(symbol.as_bytes())?;
        if symbol.contains('\x1b') {
            // A picture brings its own sequences: what they leave is not known.
            *pen = None;
            self.at = None;
            self.pictures = true;
        } else if cell.cell_width() == 1 {
            self.passed(1);
        } else {
            // Terminals differ in how wide some characters are.
            self.at = None;
        }
        Ok(())
    }
}

/// Whether a cell shows nothing but the background that every terminal begins with.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && Pen::of(cell).leaves_blanks_blank()
}

/// How many cells a symbol covers. The sequences of a picture are no text: the cells
/// under it are none that were drawn.
fn cells(cell: &Cell) -> u16 {
    if cell.symbol().contains('\x1b') {
        return 1;
    }
    cell.cell_width().max(1)
}

/// Whether a cell is the next one that differs.
fn comes_next<'a, I>(content: &mut Peekable<I>, x: u16, y: u16) -> bool
where
    I: Iterator<Item = (u16, u16, &'a Cell)>,
{
    content
        .peek()
        .is_some_and(|(next_x, next_y, _)| (*next_x, *next_y) == (x, y))
}

/// A screen with nothing on it.
fn cleared(width: u16, height: u16) -> Vec<Cell> {
    vec![Cell::EMPTY; usize::from(width).saturating_mul(usize::from(height))]
}

impl<W: Write> Backend for Gathering<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        // Every frame begins and ends with the plain pen.
        let mut pen = Some(Pen::default());
        let changed: Vec<Changed<'a>> = content.collect();
        let written = self.columns(&changed, &mut pen)?;
        let mut content = changed
            .iter()
            .enumerate()
            .filter(|(place, _)| !written.contains(place))
            .map(|(_, cell)| *cell)
            .peekable();
        while let Some((x, y, cell)) = content.next() {
            self.repeat_up_to(x, y, pen)?;
            self.go(x, y)?;
            self.note(x, y, cell);
            if is_blank(cell) {
                let count = self.run_of_blanks(&mut content, x, y);
                if !pen.is_some_and(Pen::leaves_blanks_blank) {
                    Pen::default().write(pen, &mut self.bytes)?;
                    pen = Some(Pen::default());
                }
                self.blanks(x, count)?;
                continue;
            }
            self.take_up(Pen::of(cell), &mut pen)?;
            self.symbol(cell, &mut pen)?;
            let behind = x.saturating_add(cells(cell));
            if self.is_half(behind, y) && !comes_next(&mut content, behind, y) {
                self.mend_half(behind, y, &mut pen)?;
            }
        }
        self.link(&changed, &mut pen)?;
        if pen != Some(Pen::default()) {
            Pen::default().write(pen, &mut self.bytes)?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.shown == Some(false) {
            return Ok(());
        }
        self.shown = Some(false);
        self.bytes.write_all(b"\x1b[?25l")
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.shown == Some(true) {
            return Ok(());
        }
        self.shown = Some(true);
        self.bytes.write_all(b"\x1b[?25h")
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Drawing puts it where it belongs afterwards.
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        self.go(x, y)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        // Whoever clears a part draws everything anew.
        self.screen = cleared(self.size.width, self.size.height);
        self.links.clear();
        self.pictures = false;
        self.bytes.write_all(match clear_type {
            ClearType::All => b"\x1b[2J",
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        })
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
        self.bytes.flush()
    }
}

#[cfg(test)]
mod tests;
