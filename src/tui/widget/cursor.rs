//! Which row of a list is chosen, and which is at the top.

use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::input::MouseKind;
use crate::tui::pointer::Click;

/// Rows that one step of the wheel goes.
const WHEEL: usize = 3;

/// What the mouse did to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum Hit {
    /// Nothing: it was elsewhere, or there is no row.
    Nothing,
    /// Another row may be chosen now.
    Other,
    /// The row that was chosen already was clicked: what Enter does is meant.
    Chosen,
}

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

    /// Takes the mouse over rows that are drawn in `area`, one a line: a click chooses
    /// the row under it, the wheel scrolls and takes the chosen row along.
    ///
    /// A tab calls it from its `clicked` hook, with the area of its rows as its view
    /// draws them; on [`Hit::Other`] it takes note of what is chosen, on
    /// [`Hit::Chosen`] it does what Enter would, if the list had the keys before (see
    /// [`crate::tui::pointer::focus`]).
    pub(in crate::tui) fn click(&mut self, click: Click, area: Rect, rows: usize) -> Hit {
        if !click.is_in(area) || rows == 0 {
            return Hit::Nothing;
        }
        let height = usize::from(area.height).max(1);
        let before = *self;
        match click.kind {
            MouseKind::Press => {
                let under = usize::from(click.row.saturating_sub(area.y));
                let row = self.top.saturating_add(under);
                if row >= rows {
                    return Hit::Nothing;
                }
                self.row = row;
                if row == before.row {
                    return Hit::Chosen;
                }
            }
            MouseKind::WheelUp => self.top = self.top.saturating_sub(WHEEL),
            MouseKind::WheelDown => {
                let last = rows.saturating_sub(height);
                self.top = self.top.saturating_add(WHEEL).min(last);
            }
        }
        let last = self.top.saturating_add(height).saturating_sub(1);
        self.row = self.row.clamp(self.top, last);
        self.settle(rows, height);
        if *self == before {
            return Hit::Nothing;
        }
        Hit::Other
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

/// Moves a text by the wheel.
pub(in crate::tui) fn wheel(top: &mut usize, click: Click, lines: usize, height: usize) {
    let action = match click.kind {
        MouseKind::Press => return,
        MouseKind::WheelUp => Action::Up,
        MouseKind::WheelDown => Action::Down,
    };
    for _ in 0..WHEEL {
        scroll(top, action, lines, height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(kind: MouseKind, row: u16) -> Click {
        Click {
            kind,
            column: 5,
            row,
        }
    }

    #[test]
    fn a_click_chooses_the_row_under_it_and_a_second_one_opens() {
        let area = Rect::new(1, 2, 20, 5);
        let mut cursor = Cursor { row: 3, top: 3 };
        assert_eq!(cursor.click(at(MouseKind::Press, 4), area, 20), Hit::Other);
        assert_eq!(cursor, Cursor { row: 5, top: 3 });
        assert_eq!(cursor.click(at(MouseKind::Press, 4), area, 20), Hit::Chosen);
        for (row, rows) in [(1, 20), (7, 20), (6, 6), (2, 0)] {
            let hit = cursor.click(at(MouseKind::Press, row), area, rows);
            assert_eq!(hit, Hit::Nothing, "{row} of {rows}");
        }
    }

    #[test]
    fn the_wheel_scrolls_within_the_rows_and_takes_the_chosen_one_along() {
        let area = Rect::new(0, 0, 20, 5);
        let mut cursor = Cursor::default();
        assert_eq!(
            cursor.click(at(MouseKind::WheelDown, 0), area, 7),
            Hit::Other
        );
        assert_eq!(cursor, Cursor { row: 2, top: 2 });
        assert_eq!(
            cursor.click(at(MouseKind::WheelDown, 0), area, 7),
            Hit::Nothing
        );
        cursor.row = 6;
        assert_eq!(cursor.click(at(MouseKind::WheelUp, 0), area, 7), Hit::Other);
        assert_eq!(cursor, Cursor { row: 4, top: 0 });
        cursor.row = 1;
        assert_eq!(
            cursor.click(at(MouseKind::WheelDown, 0), area, 3),
            Hit::Nothing
        );
    }

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
