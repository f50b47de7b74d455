//! An array of objects as a table: a row for each, a column for each key.

use ratatui::text::{Line, Span};
use serde_json::Value;

use super::needle::Needle;
use super::node::{self, Node, Step};
use crate::domain::Untrusted;
use crate::guard::sanitise::{self, Form};
use crate::tui::action::Action;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::cursor::Cursor;
use crate::tui::widget::{amount, rows};

/// Elements whose keys and widths make the columns.
const LOOKED_AT: usize = 200;
/// Most columns.
const COLUMNS: usize = 64;
/// Cells of the widest column.
const WIDEST: usize = 40;
/// Cells between two columns.
const BETWEEN: usize = 2;

/// A column.
#[derive(Clone, Debug)]
struct Column {
    key: String,
    width: usize,
    /// Whether it holds numbers alone, so that they stand at the right.
    numbers: bool,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) node: Node,
    columns: Vec<Column>,
    /// Keys that have no column.
    left_out: usize,
    pub(super) cursor: Cursor,
    /// The first column on the screen.
    first: usize,
}

/// Whether a value is an array of objects, as far as it was looked at.
pub(super) fn fits(value: &Value) -> bool {
    match value {
        Value::Array(elements) => {
            !elements.is_empty()
                && elements
                    .iter()
                    .take(LOOKED_AT)
                    .all(|element| element.as_object().is_some_and(|it| !it.is_empty()))
        }
        _ => false,
    }
}

/// The place of the table in a value: itself, or the longest one among its members.
pub(super) fn find(node: &Node) -> Option<Node> {
    if fits(node.value()) {
        return Some(node.clone());
    }
    let members = node.value().as_object()?;
    let longest = members
        .iter()
        .filter(|(_, member)| fits(member))
        .max_by_key(|(_, member)| node::children(member))?;
    Some(node.member(longest.0))
}

/// What a cell shows: a text without quotes, everything else as JSON has it.
fn cell(value: Option<&Value>, form: Form) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) if !text.is_empty() => {
            let head: String = text.chars().take(200).collect();
            sanitise::line_as(&Untrusted::new(head), 200, form)
        }
        Some(value) => node::brief(value, form),
    }
}

impl Table {
    /// A table of an array.
    pub(super) fn of(node: Node) -> Self {
        let mut columns: Vec<Column> = Vec::new();
        let mut left_out = std::collections::BTreeSet::new();
        let elements = node.value().as_array().map_or(&[][..], Vec::as_slice);
        for element in elements.iter().take(LOOKED_AT) {
            for (key, value) in element.as_object().into_iter().flatten() {
                let place = columns.iter().position(|column| column.key == *key);
                let place = match place {
                    Some(place) => place,
                    None if columns.len() < COLUMNS => {
                        let head = Untrusted::new(node::head(key));
                        columns.push(Column {
                            key: key.clone(),
                            width: sanitise::width(&sanitise::line(&head, WIDEST)).min(WIDEST),
                            numbers: true,
                        });
                        columns.len().saturating_sub(1)
                    }
                    None => {
                        left_out.insert(key);
                        continue;
                    }
                };
                if let Some(column) = columns.get_mut(place) {
                    let cells = sanitise::width(&cell(Some(value), Form::Unicode));
                    column.width = column.width.max(cells.min(WIDEST)).max(1);
                    column.numbers &= value.is_number() || value.is_null();
                }
            }
        }
        let left_out = left_out.len();
        Self {
            node,
            columns,
            left_out,
            cursor: Cursor::default(),
            first: 0,
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        node::children(self.node.value())
    }

    /// Rows that fit below the heading.
    fn body(height: usize) -> usize {
        height.saturating_sub(1).max(1)
    }

    /// The row that is chosen.
    pub(super) fn chosen(&self) -> Node {
        self.node.then(Step::Place(self.cursor.row))
    }

    /// Does what a key stands for; whether it means anything here.
    pub(super) fn act(&mut self, action: Action, height: usize) -> bool {
        match action {
            Action::ViewLeft => self.first = self.first.saturating_sub(1),
            Action::ViewRight => {
                let last = self.columns.len().saturating_sub(1);
                self.first = self.first.saturating_add(1).min(last);
            }
            _ => return self.cursor.go(action, self.rows(), Self::body(height)),
        }
        true
    }

    /// Keeps the chosen row on the screen.
    pub(super) fn settle(&mut self, height: usize) {
        let rows = self.rows();
        self.cursor.settle(rows, Self::body(height));
    }

    /// Goes to the next row with a match, or the one before. `None` where there is
    /// none; whether it went round the end otherwise.
    pub(super) fn seek(&mut self, height: usize, needle: &Needle, forward: bool) -> Option<bool> {
        let elements = self.node.value().as_array()?;
        let has = |place: &usize| elements.get(*place).is_some_and(|it| has(needle, it));
        let here = self.cursor.row;
        let count = elements.len();
        let (direct, round) = if forward {
            let next = (here.saturating_add(1)..count).find(has);
            (next, (0..count).find(has))
        } else {
            ((0..here).rev().find(has), (0..count).rev().find(has))
        };
        self.cursor.row = direct.or(round)?;
        self.settle(height);
        Some(direct.is_none())
    }

    /// Which rows and columns are on the screen, in words.
    pub(super) fn place(&self, width: usize) -> String {
        let rows = self.rows();
        let shown = self.shown(width, rows);
        let last = self.first.saturating_add(shown);
        let all = self.columns.len().saturating_add(self.left_out);
        let row = format!(
            "row {} of {}",
            amount::grouped(self.cursor.row.saturating_add(1)),
            amount::grouped(rows)
        );
        if shown >= all {
            return row;
        }
        format!(
            "{row}, columns {} to {last} of {all}",
            self.first.saturating_add(1)
        )
    }

    /// Cells for the numbers of rows.
    fn numbers(rows: usize) -> usize {
        rows.to_string().len()
    }

    /// How many columns fit.
    fn shown(&self, width: usize, rows: usize) -> usize {
        let mut room = width.saturating_sub(Self::numbers(rows).saturating_add(3));
        let mut shown = 0_usize;
        for column in self.columns.iter().skip(self.first) {
            if column.width > room && shown > 0 {
                break;
            }
            room = room.saturating_sub(column.width.saturating_add(BETWEEN));
            shown = shown.saturating_add(1);
        }
        shown
    }

    /// Its lines on the screen: the heading, and rows from the cursor's top on.
    pub(super) fn lines(
        &self,
        (theme, width): (Theme, usize),
        height: usize,
        chosen: Role,
        needle: Option<&Needle>,
    ) -> Vec<Line<'static>> {
        let form = theme.form();
        let elements = self.node.value().as_array().map_or(&[][..], Vec::as_slice);
        let number = Self::numbers(elements.len());
        let count = self.shown(width, elements.len());
        let room = width.saturating_sub(number.saturating_add(3));
        let columns: Vec<&Column> = self.columns.iter().skip(self.first).take(count).collect();
        let line = |label: String, role: Role, cells: Vec<(String, bool)>| {
            let mut spans = vec![
                Span::styled(format!("{label:>number$} "), theme.style(Role::Quiet)),
                Span::styled(theme.gutter(), theme.style(Role::Focus)),
            ];
            for (place, (column, (text, right))) in columns.iter().zip(cells).enumerate() {
                if place > 0 {
                    spans.push(Span::raw(" ".repeat(BETWEEN)));
                }
                let cells = column.width.min(room);
                spans.push(Span::styled(fill(&text, cells, right), theme.style(role)));
            }
            let line = Line::from(spans);
            match needle {
                Some(needle) => needle.light(line),
                None => line,
            }
        };
        let heading = columns.iter().map(|column| {
            let key = Untrusted::new(node::head(&column.key));
            (sanitise::line_as(&key, 400, form), column.numbers)
        });
        let mut lines = vec![line(String::new(), Role::Strong, heading.collect())];
        let shown = elements.iter().enumerate().skip(self.cursor.top);
        for (place, element) in shown.take(Self::body(height)) {
            let cells = columns
                .iter()
                .map(|column| (cell(element.get(&column.key), form), column.numbers))
                .collect();
            let line = line(place.saturating_add(1).to_string(), Role::Server, cells);
            lines.push(if place == self.cursor.row {
                rows::across(line, width, theme.style(chosen))
            } else {
                line
            });
        }
        lines
    }
}

/// A text cut or filled to so many cells, at the right where it is a number.
fn fill(text: &str, cells: usize, right: bool) -> String {
    let cut = sanitise::cut(text, cells);
    let room = " ".repeat(cells.saturating_sub(sanitise::width(&cut)));
    if right {
        format!("{room}{cut}")
    } else {
        format!("{cut}{room}")
    }
}

/// Whether a key or a value somewhere in an element matches.
fn has(needle: &Needle, value: &Value) -> bool {
    match value {
        Value::String(text) => needle.is_in(text),
        Value::Array(elements) => elements.iter().any(|it| has(needle, it)),
        Value::Object(members) => members.values().any(|it| has(needle, it)),
        other => needle.is_in(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::tui::tests::theme;

    fn node(value: Value) -> Node {
        Node::root(Arc::new(value))
    }

    fn shown(table: &Table, width: usize, height: usize) -> Vec<String> {
        table
            .lines((theme(), width), height, Role::Chosen, None)
            .iter()
            .map(|line| line.to_string().trim_end().to_owned())
            .collect()
    }

    #[test]
    fn keys_are_columns_and_objects_are_rows() {
        let table = Table::of(node(json!([
            { "id": 7, "name": "ann" },
            { "id": 12, "name": "bob\u{1b}[2J", "tags": ["a"], "more": {} },
        ])));
        assert_eq!(
            shown(&table, 60, 9),
            [
                "  │ id  name            tags  more",
                "1 │  7  ann",
                "2 │ 12  bob⟨U+001B⟩[2J  [1]   {0}",
            ]
        );
    }

    #[test]
    fn columns_scroll_and_say_which_are_shown() {
        let wide: serde_json::Map<String, Value> = (0..100)
            .map(|place| (format!("column{place}"), json!(place)))
            .collect();
        let mut table = Table::of(node(json!([wide])));
        assert_eq!(table.place(40), "row 1 of 1, columns 1 to 4 of 100");
        for _ in 0..3 {
            table.act(Action::ViewRight, 9);
        }
        assert_eq!(
            shown(&table, 40, 9)[0],
            "  │ column3  column4  column5  column6"
        );
        for _ in 0..200 {
            table.act(Action::ViewRight, 9);
        }
        assert_eq!(table.place(40), "row 1 of 1, columns 64 to 64 of 100");
    }

    #[test]
    fn a_table_is_found_where_an_answer_keeps_it() {
        let rows = json!([{ "a": 1 }]);
        assert!(find(&node(rows.clone())).is_some());
        let inside = find(&node(json!({ "total": 1, "few": [], "items": rows }))).unwrap();
        assert_eq!(inside.value(), &rows);
        for none in [json!([]), json!([1]), json!({ "a": 1 }), json!([{}])] {
            assert!(find(&node(none)).is_none());
        }
    }

    #[test]
    fn rows_are_found_by_what_is_in_them() {
        let rows: Vec<Value> = (0..1000)
            .map(|id| json!({ "id": id, "in": { "x": "é" } }))
            .collect();
        let mut table = Table::of(node(Value::Array(rows)));
        assert_eq!(
            table.seek(10, &Needle::new("77").unwrap(), true),
            Some(false)
        );
        assert_eq!(table.cursor.row, 77);
        assert_eq!(
            table.seek(10, &Needle::new("É").unwrap(), false),
            Some(false)
        );
        assert_eq!(table.cursor.row, 76);
        assert_eq!(table.seek(10, &Needle::new("none").unwrap(), true), None);
    }
}
