//! JSON as a tree that can be folded.

mod fold;
mod seek;

use ratatui::text::{Line, Span};
use serde_json::Value;

use super::needle::Needle;
use super::node::{self, Label, Node};
use crate::domain::Untrusted;
use crate::guard::sanitise;
use crate::tui::action::Action;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::cursor::Cursor;
use crate::tui::widget::rows;
use fold::{MOST, Open};

/// A value of no more containers than this is unfolded from the beginning.
const SMALL: usize = 40;
/// Cells for a key.
const KEY: usize = 40;
/// Children of a folded container that are shown beside it.
const PREVIEW: usize = 8;

/// What a key did.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Did {
    /// The key means nothing to a tree.
    NotMine,
    /// It is done.
    Done,
    /// A text longer than its row is to be read whole.
    Read,
    /// Not everything was unfolded: it would be too much.
    NotAll,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) node: Node,
    open: Open,
    /// Whether the root is unfolded.
    root: bool,
    pub(super) cursor: Cursor,
}

/// A row on the screen.
struct Row<'a> {
    depth: usize,
    label: Label<'a>,
    value: &'a Value,
    open: bool,
}

impl Tree {
    /// A tree of what is there, small ones unfolded.
    pub(super) fn of(node: Node) -> Self {
        let mut budget = SMALL;
        let mut open = Open::deep(node.value(), &mut budget);
        if budget == 0 {
            open = Open::shallow(node.value());
        }
        Self {
            node,
            open,
            root: true,
            cursor: Cursor::default(),
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        let below = if self.root { self.open.below() } else { 0 };
        below.saturating_add(1)
    }

    /// The way to the row that is chosen.
    fn way(&self) -> Vec<usize> {
        let row = self.cursor.row.checked_sub(1);
        row.and_then(|row| self.open.way(row)).unwrap_or_default()
    }

    /// What is chosen.
    pub(super) fn chosen(&self) -> Node {
        self.node.down(&self.way())
    }

    /// The way to it, as people write it.
    pub(super) fn path(&self) -> Untrusted {
        node::path(self.node.value(), &self.way())
    }

    fn go_to(&mut self, way: &[usize], height: usize) {
        self.cursor.row = self.open.row(way).map_or(0, |row| row.saturating_add(1));
        let rows = self.rows();
        self.cursor.settle(rows, height);
    }

    fn is_open(&self, way: &[usize]) -> bool {
        if way.is_empty() {
            self.root
        } else {
            self.open.is_open(way)
        }
    }

    fn set(&mut self, way: &[usize], open: bool) {
        let value = self.node.value();
        match (way.is_empty(), open) {
            (true, open) => self.root = open,
            (false, true) => self.open.open(value, way),
            (false, false) => self.open.fold(value, way),
        }
    }

    /// Does what a key stands for.
    pub(super) fn act(&mut self, action: Action, height: usize) -> Did {
        if self.cursor.go(action, self.rows(), height) {
            return Did::Done;
        }
        let way = self.way();
        let chosen = self.chosen();
        let folds = node::children(chosen.value()) > 0;
        match action {
            Action::ViewOpen if !folds => {
                return if chosen.value().is_string() {
                    Did::Read
                } else {
                    Did::Done
                };
            }
            Action::ViewOpen | Action::ViewFold if folds => self.set(&way, !self.is_open(&way)),
            Action::ViewRight if folds && self.is_open(&way) => {
                self.cursor.go(Action::Down, self.rows(), height);
            }
            Action::ViewRight if folds => self.set(&way, true),
            Action::ViewLeft if folds && self.is_open(&way) => self.set(&way, false),
            Action::ViewLeft => {
                if let Some((_, parent)) = way.split_last() {
                    self.go_to(parent, height);
                }
            }
            Action::ViewFold | Action::ViewRight => {}
            Action::FoldAll => {
                self.open = Open::shallow(self.node.value());
                self.root = true;
                let top = way.get(..1).unwrap_or_default().to_vec();
                self.go_to(&top, height);
            }
            Action::UnfoldAll => {
                // First what is chosen, so that it is unfolded in any case.
                let mut budget = MOST;
                let inner = Open::deep(chosen.value(), &mut budget);
                let mut open = Open::deep(self.node.value(), &mut budget);
                if folds {
                    open.open_as(self.node.value(), &way, inner);
                }
                self.open = open;
                self.root = true;
                self.go_to(&way, height);
                if budget == 0 {
                    return Did::NotAll;
                }
            }
            _ => return Did::NotMine,
        }
        let rows = self.rows();
        self.cursor.settle(rows, height);
        Did::Done
    }

    /// Goes to the next match, or the one before. `None` where there is none; whether
    /// it went round the end otherwise.
    pub(super) fn seek(&mut self, height: usize, needle: &Needle, forward: bool) -> Option<bool> {
        let value = self.node.value();
        let here = self.way();
        let seek = if forward { seek::after } else { seek::before };
        let direct = seek(value, Some(&here), needle);
        let round = direct.is_none();
        let way = direct.or_else(|| seek(value, None, needle))?;
        if let Some((_, parent)) = way.split_last() {
            self.open.open(value, parent);
        }
        self.root = true;
        self.go_to(&way, height);
        Some(round)
    }

    /// The rows on the screen, from the cursor's top on.
    fn window(&self, height: usize) -> Vec<Row<'_>> {
        let value = self.node.value();
        let mut window = Vec::with_capacity(height);
        let mut skip = self.cursor.top;
        if skip == 0 {
            window.push(Row {
                depth: 0,
                label: Label::Root,
                value,
                open: self.root,
            });
        }
        skip = skip.saturating_sub(1);
        let Some(way) = self.open.way(skip).filter(|_| self.root) else {
            return window;
        };
        // One iterator for each level, each past what stands above the screen.
        let mut levels = Vec::with_capacity(way.len());
        let (mut here, mut open) = (value, &self.open);
        for (depth, place) in way.iter().enumerate() {
            let mut items = node::from(here, *place);
            let is_last = depth.saturating_add(1) == way.len();
            let mut at = *place;
            let parent = open;
            if !is_last {
                let (Some((_, child)), Some(kid)) = (items.next(), parent.kid(*place)) else {
                    return window;
                };
                (here, open) = (child, kid);
                at = at.saturating_add(1);
            }
            levels.push((items, at, parent));
        }
        while window.len() < height {
            let depth = levels.len();
            let Some((items, at, open)) = levels.last_mut() else {
                break;
            };
            let Some((label, child)) = items.next() else {
                levels.pop();
                continue;
            };
            let kid = open.kid(*at);
            *at = at.saturating_add(1);
            window.push(Row {
                depth,
                label,
                value: child,
                open: kid.is_some(),
            });
            if let Some(kid) = kid {
                levels.push((node::from(child, 0), 0, kid));
            }
        }
        window
    }

    /// Its lines on the screen.
    pub(super) fn lines(
        &self,
        (theme, width): (Theme, usize),
        height: usize,
        chosen: Role,
        needle: Option<&Needle>,
    ) -> Vec<Line<'static>> {
        self.window(height)
            .into_iter()
            .enumerate()
            .map(|(place, row)| {
                let line = line(theme, width, &row);
                let line = match needle {
                    Some(needle) => needle.light(line),
                    None => line,
                };
                if self.cursor.top.saturating_add(place) == self.cursor.row {
                    rows::across(line, width, theme.style(chosen))
                } else {
                    line
                }
            })
            .collect()
    }
}

fn line(theme: Theme, width: usize, row: &Row<'_>) -> Line<'static> {
    let form = theme.form();
    let folds = node::children(row.value) > 0;
    let sign = match (folds, row.open) {
        (false, _) => "  ",
        (true, true) => theme.pick("▾ ", "- "),
        (true, false) => theme.pick("▸ ", "+ "),
    };
    let indent = row.depth.saturating_mul(2).min(width / 2);
    let mut spans = vec![
        Span::styled(theme.gutter(), theme.style(Role::Focus)),
        Span::raw(" ".repeat(indent)),
        Span::styled(sign, theme.style(Role::Quiet)),
    ];
    match row.label {
        Label::Root => {}
        Label::Key(key) => {
            let key = Untrusted::new(node::head(key));
            let key = sanitise::cut(&sanitise::line_as(&key, 400, form), KEY);
            spans.push(Span::styled(key, theme.style(Role::Key)));
            spans.push(Span::styled(": ", theme.style(Role::Quiet)));
        }
        Label::Place(place) => {
            spans.push(Span::styled(format!("{place}: "), theme.style(Role::Quiet)));
        }
    }
    let used: usize = spans
        .iter()
        .map(|span| sanitise::width(&span.content))
        .sum();
    let room = width.saturating_sub(used);
    let brief = sanitise::cut(&node::brief(row.value, form), room);
    let left = room.saturating_sub(sanitise::width(&brief));
    spans.push(Span::styled(brief, theme.style(role(row.value))));
    if folds && !row.open && left > 4 {
        let preview = sanitise::cut(&preview(row.value, form), left.saturating_sub(1));
        spans.push(Span::styled(
            format!(" {preview}"),
            theme.style(Role::Quiet),
        ));
    }
    Line::from(spans)
}

fn role(value: &Value) -> Role {
    match value {
        Value::String(_) => Role::Server,
        Value::Number(_) | Value::Bool(_) => Role::Good,
        Value::Null | Value::Array(_) | Value::Object(_) => Role::Quiet,
    }
}

/// The first children of a folded container.
fn preview(value: &Value, form: sanitise::Form) -> String {
    let mut all = Vec::new();
    for (label, child) in node::from(value, 0).take(PREVIEW) {
        let brief = node::brief(child, form);
        all.push(match label {
            Label::Key(key) => {
                let key = Untrusted::new(node::head(key));
                format!("{}: {brief}", sanitise::line_as(&key, KEY, form))
            }
            _ => brief,
        });
    }
    all.join(", ")
}

#[cfg(test)]
mod tests;
