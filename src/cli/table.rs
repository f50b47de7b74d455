//! Rows under headings, aligned and cut to the width of the terminal.

use crate::guard::sanitise::{cut, width};

/// Blanks between two columns.
const GAP: &str = "  ";

/// Paints the text of a cell; the padding around it stays plain.
type Painter = Box<dyn Fn(&str) -> String>;

/// A cell: a text that is fit to be printed, and how it is painted.
pub(super) struct Cell {
    text: String,
    paint: Option<Painter>,
}

impl Cell {
    pub(super) fn painted(
        text: impl Into<String>,
        paint: impl Fn(&str) -> String + 'static,
    ) -> Self {
        Self {
            text: text.into(),
            paint: Some(Box::new(paint)),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            paint: None,
        }
    }
}

/// Rows of cells.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// With a row of headings.
    pub(super) fn headed(headings: &[&str]) -> Self {
        let cells = headings.iter().map(|heading| Cell::from(*heading));
        Self {
            rows: vec![cells.collect()],
        }
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The lines. Where they would be wider than `columns`, the last column is cut.
    pub(super) fn lines(&self, columns: Option<usize>) -> String {
        let widths = self.widths();
        let mut lines = String::new();
        for row in &self.rows {
            let mut line = String::new();
            let mut used = 0;
            let last = row.len().saturating_sub(1);
            for (index, cell) in row.iter().enumerate() {
                let room = columns.map_or(usize::MAX, |columns| columns.saturating_sub(used));
                let shown = cut(&cell.text, room);
                let takes = width(&shown);
                line.push_str(&match &cell.paint {
                    Some(paint) if !shown.is_empty() => paint(&shown),
                    _ => shown,
                });
                let wanted = widths.get(index).copied().unwrap_or(takes);
                if index < last {
                    let pad = wanted.saturating_sub(takes).min(room.saturating_sub(takes));
                    line.push_str(&" ".repeat(pad));
                    line.push_str(GAP);
                    used += takes + pad + GAP.len();
                }
            }
            lines.push_str(line.trim_end());
            lines.push('\n');
        }
        lines
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        (0..columns)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                cells.map(|cell| width(&cell.text)).max().unwrap_or(0)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::headed(&["NAME", "STATUS", "URL"]);
        table.row(vec![
            "wiki".into(),
            Cell::painted("connected", |text| format!("<{text}>")),
            "https://wiki.example/mcp".into(),
        ]);
        table.row(vec!["日本".into(), "off".into(), "".into()]);
        table
    }

    #[test]
    fn columns_stand_under_their_headings_whatever_is_painted() {
        assert_eq!(
            table().lines(None),
            "NAME  STATUS     URL\n\
             wiki  <connected>  https://wiki.example/mcp\n\
             日本  off\n"
        );
    }

    #[test]
    fn the_last_column_gives_way_on_a_narrow_terminal() {
        assert_eq!(
            table().lines(Some(30)),
            "NAME  STATUS     URL\n\
             wiki  <connected>  https://wiki…\n\
             日本  off\n"
        );
    }
}
