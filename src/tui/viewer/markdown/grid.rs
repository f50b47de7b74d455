//! Rows of a table, its columns made to fit.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Run, flow_run};
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::flow::Flow;

/// What stands between two columns.
const BETWEEN: usize = 3;
/// A column is never narrower, unless the text is.
const NARROWEST: usize = 4;

/// The widths of columns so that they fit: the widest give way first. `None` where
/// they cannot.
pub(super) fn fit(natural: &[usize], room: usize) -> Option<Vec<usize>> {
    let between = BETWEEN.saturating_mul(natural.len().saturating_sub(1));
    let room = room.checked_sub(between)?;
    let total = |limit: usize| -> usize { natural.iter().map(|width| (*width).min(limit)).sum() };
    let widest = natural.iter().copied().max()?;
    if total(widest) <= room {
        return Some(natural.to_vec());
    }
    // The largest limit under which they fit.
    let mut limit = widest;
    while total(limit) > room {
        limit = limit.checked_sub(1)?;
    }
    (limit >= NARROWEST).then(|| natural.iter().map(|width| (*width).min(limit)).collect())
}

/// The lines of one row. A table that does not fit is written one cell behind the
/// other.
pub(super) fn row(
    theme: Theme,
    natural: &[usize],
    cells: &[Vec<Run>],
    head: bool,
    room: usize,
) -> Vec<Vec<Span<'static>>> {
    let bar = format!(" {} ", theme.pick("│", "|"));
    let quiet = theme.style(Role::Quiet);
    let Some(widths) = fit(natural, room) else {
        let mut flow = Flow::new(room);
        for (place, runs) in cells.iter().enumerate() {
            if place > 0 {
                flow.push(&bar, quiet);
            }
            for run in runs {
                flow_run(theme, &mut flow, run, head);
            }
        }
        return flow.lines();
    };
    let columns: Vec<Vec<Vec<Span<'static>>>> = widths
        .iter()
        .enumerate()
        .map(|(place, width)| {
            let mut flow = Flow::new(*width);
            for run in cells.get(place).map_or(&[][..], Vec::as_slice) {
                flow_run(theme, &mut flow, run, head);
            }
            flow.lines()
        })
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let mut lines = Vec::with_capacity(height);
    for line in 0..height {
        let mut spans = Vec::new();
        for (place, (column, width)) in columns.iter().zip(&widths).enumerate() {
            if place > 0 {
                spans.push(Span::styled(bar.clone(), quiet));
            }
            let text = column.get(line).cloned().unwrap_or_default();
            let used = Line::from(text.clone()).width();
            spans.extend(text);
            let room = " ".repeat(width.saturating_sub(used));
            spans.push(Span::styled(room, Style::new()));
        }
        lines.push(spans);
    }
    if head {
        let rule: Vec<String> = widths
            .iter()
            .map(|width| theme.pick("─", "-").repeat(*width))
            .collect();
        let joint = theme.pick("─┼─", "-+-");
        lines.push(vec![Span::styled(rule.join(joint), quiet)]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_columns_give_way() {
        assert_eq!(fit(&[3, 10], 20), Some(vec![3, 10]));
        assert_eq!(fit(&[3, 30, 20], 31), Some(vec![3, 11, 11]));
        assert_eq!(fit(&[9, 9, 9, 9], 15), None);
        assert_eq!(fit(&[], 15), None);
    }
}
