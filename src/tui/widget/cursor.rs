//! Which row of a list is chosen, and which is at the top.

use crate::tui::action::Action;

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::tui) struct Cursor {
    /// The row that is chosen, from 0.
    pub(in crate::tui) row: usize,
    /// The first row on the screen.
    pub(in crate::tui) top: usize,
}

impl Cursor {
    /// Moves as an action says. Returns whether the action was one of moving.
    pub(in crate::tui) fn go(&mut self, action: Action, rows: usize, height: usize) -> bool {
        let page = height.saturating_sub(1).max(1);
        let half = (height / 2).max(1);
        self.row = match action {
            Action::Up => self.row.saturating_sub(1),
            Action::Down => self.row.saturating_add(1),
            Action::First => 0,
            Action::Last => rows,
            Action::PageUp => self.row.saturating_sub(page),
            Action::PageDown => self.row.saturating_add(page),
            Action::HalfUp => self.row.saturating_sub(half),
            Action::HalfDown => self.row.saturating_add(half),
            _ => return false,
        };
        self.settle(rows, height);
        true
    }

    /// Keeps the chosen row among the rows and on the screen.
    pub(in crate::tui) fn settle(&mut self, rows: usize, height: usize) {
        self.row = self.row.min(rows.saturating_sub(1));
        let height = height.max(1);
        if self.row < self.top {
            self.top = self.row;
        } else if self.row >= self.top.saturating_add(height) {
            self.top = self.row.saturating_add(1).saturating_sub(height);
        }
        self.top = self.top.min(rows.saturating_sub(height.min(rows)));
    }
}

/// Moves a text that has no chosen row. Returns whether the action moved it.
pub(in crate::tui) fn scroll(top: &mut usize, action: Action, lines: usize, height: usize) -> bool {
    let page = height.saturating_sub(1).max(1);
    let half = (height / 2).max(1);
    let last = lines.saturating_sub(height);
    let next = match action {
        Action::Up => top.saturating_sub(1),
        Action::Down => top.saturating_add(1),
        Action::First => 0,
        Action::Last => last,
        Action::PageUp => top.saturating_sub(page),
        Action::PageDown => top.saturating_add(page),
        Action::HalfUp => top.saturating_sub(half),
        Action::HalfDown => top.saturating_add(half),
        _ => return false,
    };
    *top = next.min(last);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_row_stays_on_the_screen() {
        let mut cursor = Cursor::default();
        for _ in 0..7 {
            cursor.go(Action::Down, 20, 5);
        }
        assert_eq!(cursor, Cursor { row: 7, top: 3 });
        cursor.go(Action::Last, 20, 5);
        assert_eq!(cursor, Cursor { row: 19, top: 15 });
        cursor.settle(3, 5);
        assert_eq!(cursor, Cursor { row: 2, top: 0 });
        cursor.settle(0, 5);
        assert_eq!(cursor, Cursor::default());
    }

    #[test]
    fn a_text_never_scrolls_past_its_end() {
        let mut top = 0;
        assert!(scroll(&mut top, Action::PageDown, 12, 10));
        assert_eq!(top, 2);
        assert!(scroll(&mut top, Action::Last, 5, 10));
        assert_eq!(top, 0);
        assert!(!scroll(&mut top, Action::Open, 12, 10));
    }
}
