//! Columns of one sign, such as the sides of a frame.
//!
//! They are written one below the other in one style, before the rest is written row by
//! row: there each of them would cost two changes of style.

use std::collections::BTreeMap;

use ratatui::buffer::{Cell, CellWidth};

use super::super::pen::Pen;
use super::is_blank;

/// From so many rows on a column is written by itself.
const WORTH_IT: usize = 3;

/// A cell that differs, and where it is.
pub(super) type Changed<'a> = (u16, u16, &'a Cell);

/// The columns among cells that are in the order of the screen; of each, the places of
/// its cells among them.
pub(super) fn columns(cells: &[Changed<'_>]) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut open: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    let mut before: Option<Changed<'_>> = None;
    let mut following = cells.iter().skip(1);
    for (place, changed) in cells.iter().enumerate() {
        let next = following.next();
        let alone = can_be_moved_to(changed.2)
            && !before.is_some_and(|before| is_one_run(&before, changed))
            && !next.is_some_and(|next| is_one_run(changed, next));
        before = Some(*changed);
        if !alone {
            continue;
        }
        let column = open.entry(changed.0).or_default();
        let above = column.last().and_then(|last| cells.get(*last));
        if !above.is_some_and(|above| is_below(above, changed)) {
            found.push(std::mem::take(column));
        }
        column.push(place);
    }
    found.extend(open.into_values());
    found.retain(|column| column.len() >= WORTH_IT);
    found
}

/// Whether it is something that is one cell wide everywhere.
fn can_be_moved_to(cell: &Cell) -> bool {
    !is_blank(cell) && !cell.symbol().contains('\x1b') && cell.cell_width() == 1
}

/// Whether one stands right behind the other and costs no change of style.
fn is_one_run(left: &Changed<'_>, right: &Changed<'_>) -> bool {
    left.1 == right.1 && left.0.saturating_add(1) == right.0 && Pen::of(left.2) == Pen::of(right.2)
}

/// Whether the one stands right below the other, and looks the same.
fn is_below(above: &Changed<'_>, below: &Changed<'_>) -> bool {
    above.1.saturating_add(1) == below.1
        && above.2.symbol() == below.2.symbol()
        && Pen::of(above.2) == Pen::of(below.2)
}
