//! The places of a form where the keys can be, from above.

use super::node::{Content, Name, Node};
use crate::tui::widget::field::Field;

/// What of a field a place is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
    /// Its value; of a list, a group or a choice of forms, the line that stands
    /// for all of it.
    #[default]
    Value,
    /// The name of a free member.
    Key,
    /// The line that adds another item or member.
    Add,
}

/// A place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// From the whole down: the number of the part inside each.
    pub(super) path: Vec<usize>,
    pub(super) part: Part,
}

/// A place, and what is there.
#[derive(Debug)]
pub(super) struct Row<'n> {
    pub(super) place: Place,
    pub(super) node: &'n Node,
    /// How far its label is set in.
    pub(super) indent: usize,
    /// The name, where it is typed here.
    pub(super) key: Option<&'n Field>,
}

/// All places, from above.
pub(super) fn rows(top: &Node) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    walk(top, &mut Vec::new(), 0, &mut rows);
    rows
}

fn walk<'n>(node: &'n Node, path: &mut Vec<usize>, indent: usize, rows: &mut Vec<Row<'n>>) {
    let row = |part: Part, path: &[usize], indent: usize| Row {
        place: Place {
            path: path.to_vec(),
            part,
        },
        node,
        indent,
        key: None,
    };
    match &node.content {
        Content::Group(group) => {
            if !group.bare {
                rows.push(row(Part::Value, path, indent));
            }
            if !group.bare && !group.open {
                return;
            }
            let inner = indent.saturating_add(usize::from(!group.bare));
            let named = group.members.as_ref().map_or(0, Vec::len);
            for (place, member) in group.nodes().enumerate() {
                path.push(place);
                if place >= named {
                    rows.push(Row {
                        place: Place {
                            path: path.clone(),
                            part: Part::Key,
                        },
                        node: member,
                        indent: inner,
                        key: group.extra(place).map(|extra| &extra.key),
                    });
                }
                walk(member, path, inner, rows);
                path.pop();
            }
            if group.free.is_some() {
                rows.push(row(Part::Add, path, inner));
            }
        }
        Content::List(list) => {
            rows.push(row(Part::Value, path, indent));
            if list.open {
                for (place, item) in list.items.iter().enumerate() {
                    path.push(place);
                    walk(item, path, indent.saturating_add(1), rows);
                    path.pop();
                }
                rows.push(row(Part::Add, path, indent.saturating_add(1)));
            }
        }
        Content::Variants(variants) => {
            rows.push(row(Part::Value, path, indent));
            if let Some(chosen) = variants.node() {
                path.push(0);
                walk(chosen, path, indent.saturating_add(1), rows);
                path.pop();
            }
        }
        _ => rows.push(row(Part::Value, path, indent)),
    }
}

/// The place of a field as [`crate::guard::arguments`] writes it: `a.b[2]`.
pub(super) fn written(top: &Node, path: &[usize]) -> String {
    let mut text = String::new();
    let mut node = top;
    for place in path {
        match &node.content {
            Content::List(_) => text.push_str(&format!("[{place}]")),
            Content::Group(group) => {
                let name = match (group.extra(*place), node.child(*place)) {
                    (Some(extra), _) => extra.key.text(),
                    (None, Some(member)) => match &member.about.name {
                        Name::Member(name) => name.raw(),
                        _ => "",
                    },
                    (None, None) => "",
                };
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            _ => {}
        }
        match node.child(*place) {
            Some(child) => node = child,
            None => break,
        }
    }
    text
}
