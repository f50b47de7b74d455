//! Which ways there are to look at something.

use std::sync::Arc;

use super::View;
use crate::guard::json::{Limits, read_strict};
use crate::tui::viewer::node::{self, Node};
use crate::tui::viewer::parts::{Origin, PartKind, Parts};

/// Longest text that is looked at as JSON, in bytes.
const JSON_LIMIT: usize = 8 * 1024 * 1024;

/// Levels of JSON in a text.
const JSON_DEPTH: usize = 120;

/// The JSON that something is about: what a function gave as such, or a text that is
/// JSON.
pub(super) fn data(whole: &Node, parts: &Parts) -> Option<Node> {
    let result = match parts.origin {
        Origin::Value => {
            return (!whole.value().is_string()).then(|| whole.clone());
        }
        Origin::Call => whole.member("result"),
        Origin::Result | Origin::Contents | Origin::Messages => whole.clone(),
    };
    let structured = result.member("structuredContent");
    if node::is_container(structured.value()) {
        return Some(structured);
    }
    let mut texts = parts.texts();
    let (Some(only), None) = (texts.next(), texts.next()) else {
        return None;
    };
    let read = parts.with_text(only, |text| {
        let text = text.trim();
        let begins = text.starts_with(['{', '[']) && text.len() <= JSON_LIMIT;
        let limits = Limits {
            max_bytes: JSON_LIMIT,
            max_depth: JSON_DEPTH,
        };
        begins
            .then(|| read_strict(text.as_bytes(), limits).ok())
            .flatten()
    })?;
    read.map(|value| Node::root(Arc::new(value)))
}

/// The ways to look at something, in the order in which they are gone through.
pub(super) fn views(whole: &Node, parts: &Parts, data: bool, table: bool) -> Vec<View> {
    let origin = parts.origin;
    let text = parts.texts().next().is_some() || whole.value().is_string();
    let nothing = origin != Origin::Value && parts.list.is_empty() && !data;
    let other = parts.list.len() > 1 || parts.list.iter().any(|part| part.kind != PartKind::Text);
    let pictures = parts.list.iter().any(|part| part.kind == PartKind::Picture);
    [
        (View::Text, text || nothing || origin == Origin::Call),
        (View::Markdown, text),
        (View::Table, table),
        (View::Json, data),
        (View::Picture, pictures),
        (View::Parts, other),
        (View::Raw, origin != Origin::Value),
    ]
    .into_iter()
    .filter_map(|(view, there)| there.then_some(view))
    .collect()
}
