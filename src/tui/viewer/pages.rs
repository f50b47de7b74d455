//! Scrolling through a text of which only what is on the screen is laid out.
//!
//! A text comes in pieces, each of a bounded length; how many rows one takes is known
//! when it is laid out, and not before. So a place is a piece and a row of it, and
//! moving lays out no more than the screen that it moves over.

use ratatui::text::Line;

use crate::tui::action::Action;

/// What can be paged through.
pub(super) trait Paper {
    /// How many pieces there are.
    fn pieces(&self) -> usize;
    /// The rows of one.
    fn lay(&self, piece: usize) -> Vec<Line<'static>>;

    /// The rows of one: at least one.
    fn rows_of(&self, piece: usize) -> Vec<Line<'static>> {
        let rows = self.lay(piece);
        if rows.is_empty() {
            return vec![Line::default()];
        }
        rows
    }

    /// How many rows it takes.
    fn rows(&self, piece: usize) -> usize {
        self.rows_of(piece).len()
    }
}

/// The place at the top of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pages {
    /// Which piece.
    pub(super) piece: usize,
    /// Which row of it.
    pub(super) row: usize,
}

/// What is on the screen.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) lines: Vec<Line<'static>>,
    /// Whether there is more above.
    pub(super) above: bool,
    /// Whether there is more below.
    pub(super) below: bool,
    /// The pieces that have been seen down to the last row, in hundredths of all.
    pub(super) percent: usize,
}

impl Pages {
    /// Moves as an action says. Returns whether it is one of moving.
    pub(super) fn act(&mut self, action: Action, paper: &dyn Paper, height: usize) -> bool {
        let page = height.saturating_sub(1).max(1);
        let half = (height / 2).max(1);
        match action {
            Action::Up => self.up(paper, 1),
            Action::Down => self.down(paper, 1),
            Action::PageUp => self.up(paper, page),
            Action::PageDown => self.down(paper, page),
            Action::HalfUp => self.up(paper, half),
            Action::HalfDown => self.down(paper, half),
            Action::First => *self = Self::default(),
            Action::Last => *self = Self::end(paper, height),
            _ => return false,
        }
        true
    }

    fn up(&mut self, paper: &dyn Paper, mut rows: usize) {
        while rows > self.row {
            if self.piece == 0 {
                self.row = 0;
                return;
            }
            rows = rows.saturating_sub(self.row.saturating_add(1));
            self.piece = self.piece.saturating_sub(1);
            self.row = paper.rows(self.piece).saturating_sub(1);
        }
        self.row = self.row.saturating_sub(rows);
    }

    fn down(&mut self, paper: &dyn Paper, mut rows: usize) {
        loop {
            let last = paper.rows(self.piece).saturating_sub(1);
            let left = last.saturating_sub(self.row);
            if rows <= left {
                self.row = self.row.saturating_add(rows);
                return;
            }
            if self.piece.saturating_add(1) >= paper.pieces() {
                self.row = last;
                return;
            }
            rows = rows.saturating_sub(left.saturating_add(1));
            self.piece = self.piece.saturating_add(1);
            self.row = 0;
        }
    }

    /// The place from which the end fills the screen.
    fn end(paper: &dyn Paper, height: usize) -> Self {
        let Some(piece) = paper.pieces().checked_sub(1) else {
            return Self::default();
        };
        let mut end = Self {
            piece,
            row: paper.rows(piece).saturating_sub(1),
        };
        end.up(paper, height.saturating_sub(1));
        end
    }

    /// Keeps the place within the text, and the screen full where the text is long
    /// enough; what is on the screen then.
    pub(super) fn settle(&mut self, paper: &dyn Paper, height: usize) -> Window {
        if self.piece < paper.pieces() {
            let first = paper.rows_of(self.piece);
            self.row = self.row.min(first.len().saturating_sub(1));
            let window = self.window(first, paper, height);
            let full = window.lines.len() >= height;
            if full || !window.above {
                return window;
            }
        }
        *self = Self::end(paper, height);
        let first = paper.rows_of(self.piece);
        self.window(first, paper, height)
    }

    /// Puts a row of a piece on the screen, a third down.
    pub(super) fn show(&mut self, piece: usize, row: usize, paper: &dyn Paper, height: usize) {
        *self = Self { piece, row };
        self.up(paper, height / 3);
    }

    /// What is on the screen; `first` are the rows of the piece at its top.
    fn window(self, first: Vec<Line<'static>>, paper: &dyn Paper, height: usize) -> Window {
        let mut lines = Vec::with_capacity(height);
        let pieces = paper.pieces();
        let mut piece = self.piece;
        let mut rows = first;
        let mut skip = self.row;
        let mut whole = true;
        while piece < pieces {
            let room = height.saturating_sub(lines.len());
            whole = rows.len().saturating_sub(skip) <= room;
            lines.extend(rows.into_iter().skip(skip).take(room));
            skip = 0;
            piece = piece.saturating_add(1);
            if lines.len() >= height {
                break;
            }
            rows = if piece < pieces {
                paper.rows_of(piece)
            } else {
                Vec::new()
            };
        }
        let below = !whole || piece < pieces;
        let seen = piece.saturating_sub(usize::from(!whole));
        let percent = seen.saturating_mul(100).checked_div(pieces).unwrap_or(100);
        Window {
            lines,
            above: self.piece > 0 || self.row > 0,
            below,
            percent: if below { percent.min(99) } else { 100 },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Pieces with so many rows each.
    struct Rows(Vec<usize>);

    impl Paper for Rows {
        fn pieces(&self) -> usize {
            self.0.len()
        }

        fn lay(&self, piece: usize) -> Vec<Line<'static>> {
            (0..self.0[piece])
                .map(|row| Line::raw(format!("{piece}.{row}")))
                .collect()
        }
    }

    fn shown(pages: &mut Pages, paper: &Rows, height: usize) -> Vec<String> {
        let window = pages.settle(paper, height);
        window.lines.iter().map(Line::to_string).collect()
    }

    #[test]
    fn rows_are_moved_over_piece_by_piece() {
        let paper = Rows(vec![2, 1, 3]);
        let mut pages = Pages::default();
        pages.act(Action::Down, &paper, 3);
        assert_eq!(shown(&mut pages, &paper, 3), ["0.1", "1.0", "2.0"]);
        pages.act(Action::Last, &paper, 3);
        assert_eq!(shown(&mut pages, &paper, 3), ["2.0", "2.1", "2.2"]);
        assert_eq!(pages.settle(&paper, 3).percent, 100);
        pages.act(Action::Down, &paper, 3);
        assert_eq!(shown(&mut pages, &paper, 3), ["2.0", "2.1", "2.2"]);
        pages.act(Action::Up, &paper, 3);
        assert_eq!(shown(&mut pages, &paper, 3), ["1.0", "2.0", "2.1"]);
        pages.act(Action::First, &paper, 3);
        assert_eq!(shown(&mut pages, &paper, 3), ["0.0", "0.1", "1.0"]);
        assert!(!pages.act(Action::Open, &paper, 3));
    }

    proptest! {
        /// Against the plain way: all rows in one list.
        #[test]
        fn paging_is_what_scrolling_the_whole_would_be(
            rows in proptest::collection::vec(1usize..5, 1..12),
            moves in proptest::collection::vec(0usize..8, 0..30),
            height in 1usize..9,
        ) {
            let paper = Rows(rows);
            let all: Vec<String> = (0..paper.pieces())
                .flat_map(|piece| paper.lay(piece))
                .map(|line| line.to_string())
                .collect();
            let mut pages = Pages::default();
            let mut top = 0_usize;
            for one in moves {
                let action = [
                    Action::Up, Action::Down, Action::PageUp, Action::PageDown,
                    Action::HalfUp, Action::HalfDown, Action::First, Action::Last,
                ][one];
                pages.act(action, &paper, height);
                crate::tui::widget::cursor::scroll(&mut top, action, all.len(), height);
                let expected: Vec<String> = all.iter().skip(top).take(height).cloned().collect();
                prop_assert_eq!(shown(&mut pages, &paper, height), expected);
                let window = pages.settle(&paper, height);
                prop_assert_eq!(window.above, top > 0);
                prop_assert_eq!(window.below, top + height < all.len());
            }
        }
    }
}
