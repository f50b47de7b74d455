//! Which row of a list in the details is chosen, what the list is filtered by, and
//! where its parts are.

use ratatui::layout::Rect;

use crate::tui::action::Action;
use crate::tui::pointer::Click;
use crate::tui::widget::cursor::{Cursor, Hit};
use crate::tui::widget::field::Field;

/// Which row is chosen.
#[derive(Debug, Default)]
pub(super) struct Picked {
    pub(super) cursor: Cursor,
    /// What the row is known by; events may move it. `None`: the first row, whatever
    /// it is.
    key: Option<String>,
    pub(super) filter: Field,
}

/// Whether the first row stays chosen when another comes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// It does.
    Stays,
    /// The new one is chosen then: the list goes on at its top.
    Follows,
}

impl Picked {
    /// The words of the filter, in lower case.
    pub(super) fn words(&self) -> Vec<String> {
        let text = self.filter.text().to_lowercase();
        text.split_whitespace().map(str::to_owned).collect()
    }

    /// Whether not all rows are shown, or soon may not be.
    pub(super) fn is_filtered(&self) -> bool {
        !self.filter.text().is_empty()
    }

    /// Back to the first row: the list is another.
    pub(super) fn go_first(&mut self) {
        self.cursor = Cursor::default();
        self.key = None;
    }

    /// Shows all rows again.
    pub(super) fn unfilter(&mut self) {
        self.filter = Field::default();
    }

    /// Moves as an action says. Returns whether the action was one of moving.
    pub(super) fn go(
        &mut self,
        action: Action,
        rows: usize,
        height: usize,
        key_of: impl Fn(usize) -> Option<String>,
        first: First,
    ) -> bool {
        if !self.cursor.go(action, rows, height) {
            return false;
        }
        self.choose(key_of, first);
        true
    }

    /// Takes the mouse over the rows.
    pub(super) fn click(
        &mut self,
        click: Click,
        area: Rect,
        rows: usize,
        key_of: impl Fn(usize) -> Option<String>,
        first: First,
    ) -> Hit {
        let hit = self.cursor.click(click, area, rows);
        if hit == Hit::Other {
            self.choose(key_of, first);
        }
        hit
    }

    /// What is in the cursor's row is chosen from now on.
    fn choose(&mut self, key_of: impl Fn(usize) -> Option<String>, first: First) {
        self.key = key_of(self.cursor.row);
        if self.cursor.row == 0 && first == First::Follows {
            self.key = None;
        }
    }

    /// Keeps the chosen row chosen, wherever it is now, and on the screen.
    pub(super) fn settle(
        &mut self,
        rows: usize,
        height: usize,
        key_of: impl Fn(usize) -> Option<String>,
        first: First,
    ) {
        match &self.key {
            None => self.cursor.row = 0,
            Some(_) if key_of(self.cursor.row) == self.key => {}
            Some(_) => {
                let place = (0..rows).find(|row| key_of(*row) == self.key);
                // One that is gone leaves its place to the next.
                self.cursor.row = place.unwrap_or(self.cursor.row);
            }
        }
        self.cursor.settle(rows, height);
        let follows = first == First::Follows && self.cursor.row == 0;
        // An empty list may fill again, and where nobody chose, nothing is chosen.
        if rows > 0 && self.key.is_some() {
            self.key = if follows {
                None
            } else {
                key_of(self.cursor.row)
            };
        }
    }
}

/// Where the parts of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// What is said of all of it.
    pub(super) head: Rect,
    /// The filter; of no height where there is none.
    pub(super) filter: Rect,
    /// The rows.
    pub(super) rows: Rect,
    /// What is said of the chosen one.
    pub(super) foot: Rect,
}

/// Rows that a list keeps, whatever stands above and below them.
const FEWEST_ROWS: u16 = 4;

/// Divides an area. The foot gives way first, then the head.
pub(super) fn parts(area: Rect, head: usize, is_filtered: bool, foot: usize) -> Parts {
    let filter = u16::from(is_filtered).min(area.height);
    let room = area.height.saturating_sub(filter);
    let spare = room.saturating_sub(FEWEST_ROWS);
    let head = u16::try_from(head).unwrap_or(u16::MAX).min(spare);
    let foot = u16::try_from(foot).unwrap_or(u16::MAX);
    let foot = if foot > spare.saturating_sub(head) {
        0
    } else {
        foot
    };
    let rows = room.saturating_sub(head).saturating_sub(foot);
    let at = |y: u16, height: u16| Rect::new(area.x, area.y.saturating_add(y), area.width, height);
    Parts {
        head: at(0, head),
        filter: at(head, filter),
        rows: at(head.saturating_add(filter), rows),
        foot: at(head.saturating_add(filter).saturating_add(rows), foot),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(keys: &[&str]) -> impl Fn(usize) -> Option<String> {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        move |row| keys.get(row).cloned()
    }

    #[test]
    fn the_chosen_row_is_found_where_it_is_now() {
        let mut picked = Picked::default();
        picked.go(Action::Down, 3, 9, key_of(&["a", "b", "c"]), First::Stays);
        picked.settle(4, 9, key_of(&["x", "a", "b", "c"]), First::Stays);
        assert_eq!(picked.cursor.row, 2);
        picked.settle(2, 9, key_of(&["x", "a"]), First::Stays);
        assert_eq!(picked.cursor.row, 1);
        // Rows that are alike can be told apart by their place.
        picked.settle(3, 9, key_of(&["a", "a", "a"]), First::Stays);
        picked.go(Action::Down, 3, 9, key_of(&["a", "a", "a"]), First::Stays);
        picked.settle(3, 9, key_of(&["a", "a", "a"]), First::Stays);
        assert_eq!(picked.cursor.row, 2);
    }

    #[test]
    fn a_list_that_grows_at_its_top_is_followed_there_and_nowhere_else() {
        let mut picked = Picked::default();
        picked.settle(1, 9, key_of(&["1"]), First::Follows);
        picked.settle(2, 9, key_of(&["2", "1"]), First::Follows);
        assert_eq!(picked.cursor.row, 0);
        picked.go(Action::Down, 2, 9, key_of(&["2", "1"]), First::Follows);
        picked.settle(3, 9, key_of(&["3", "2", "1"]), First::Follows);
        assert_eq!(picked.cursor.row, 2);
        let mut other = Picked::default();
        other.settle(1, 9, key_of(&["b"]), First::Stays);
        other.settle(2, 9, key_of(&["a", "b"]), First::Stays);
        assert_eq!(other.cursor.row, 0, "nobody chose b");
        other.go(Action::First, 2, 9, key_of(&["a", "b"]), First::Stays);
        other.settle(3, 9, key_of(&["0", "a", "b"]), First::Stays);
        assert_eq!(other.cursor.row, 1);
    }

    #[test]
    fn the_foot_gives_way_then_the_head() {
        let area = Rect::new(2, 3, 40, 12);
        let divided = parts(area, 2, true, 3);
        let heights = |parts: Parts| {
            [
                parts.head.height,
                parts.filter.height,
                parts.rows.height,
                parts.foot.height,
            ]
        };
        assert_eq!(heights(divided), [2, 1, 6, 3]);
        assert_eq!(divided.foot, Rect::new(2, 12, 40, 3));
        assert_eq!(heights(parts(area, 2, true, 6)), [2, 1, 9, 0]);
        let low = Rect::new(0, 0, 40, 5);
        assert_eq!(heights(parts(low, 3, false, 1)), [1, 0, 4, 0]);
        assert_eq!(heights(parts(Rect::default(), 3, true, 1)), [0; 4]);
    }
}
