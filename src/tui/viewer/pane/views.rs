//! Which ways there are to look at something, and which of them fits.

use std::sync::Arc;

use super::Pane;
use crate::guard::json::{Limits, read_strict};
use crate::tui::action::Action;
use crate::tui::viewer::markdown;
use crate::tui::viewer::node::{self, Node};
use crate::tui::viewer::parts::{Origin, PartKind, Parts};

/// Longest text that is looked at as JSON, in bytes.
const JSON_LIMIT: usize = 8 * 1024 * 1024;
/// Levels of JSON in a text.
const JSON_DEPTH: usize = 120;

/// A way to look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tui) enum View {
    /// As text.
    Text,
    /// As text written in Markdown.
    Markdown,
    /// As a table.
    Table,
    /// As a JSON tree.
    Json,
    /// As a picture.
    Picture,
    /// Its parts, one a row.
    Parts,
    /// All that came, as a JSON tree.
    Tree,
    /// All that came, as the text of its JSON.
    Raw,
}

impl View {
    /// What it is called.
    pub(in crate::tui::viewer) fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "Markdown",
            Self::Table => "table",
            Self::Json => "JSON",
            Self::Picture => "picture",
            Self::Parts => "parts",
            Self::Tree => "tree",
            Self::Raw => "raw",
        }
    }

    /// The action that shows it.
    pub(in crate::tui::viewer) fn action(self) -> Action {
        match self {
            Self::Text => Action::ViewText,
            Self::Markdown => Action::ViewMarkdown,
            Self::Table => Action::ViewTable,
            Self::Json => Action::ViewJson,
            Self::Picture => Action::ViewPicture,
            Self::Parts => Action::ViewParts,
            Self::Tree => Action::ViewTree,
            Self::Raw => Action::ViewRaw,
        }
    }

    /// The way that an action shows it.
    pub(super) fn of(action: Action) -> Option<Self> {
        Some(match action {
            Action::ViewText => Self::Text,
            Action::ViewMarkdown => Self::Markdown,
            Action::ViewTable => Self::Table,
            Action::ViewJson => Self::Json,
            Action::ViewPicture => Self::Picture,
            Action::ViewParts => Self::Parts,
            Action::ViewTree => Self::Tree,
            Action::ViewRaw => Self::Raw,
            _ => return None,
        })
    }
}

impl Pane {
    /// The view that fits best.
    pub(super) fn fitting(&self) -> View {
        let has = |view: View| self.views.contains(&view).then_some(view);
        let pictures_alone = self
            .parts
            .list
            .iter()
            .all(|part| part.kind == PartKind::Picture);
        // Arguments and result together.
        if self.parts.origin == Origin::Call {
            return View::Tree;
        }
        if self.failed() {
            return has(View::Text).unwrap_or(View::Tree);
        }
        if pictures_alone && let Some(view) = has(View::Picture) {
            return view;
        }
        if let Some(view) = has(View::Table).or(has(View::Json)) {
            return view;
        }
        has(View::Markdown)
            .filter(|_| is_markdown(&self.whole, &self.parts))
            .or(has(View::Text))
            .or(has(View::Parts))
            .or(has(View::Tree))
            .unwrap_or(View::Json)
    }
}

/// Whether a text was written as Markdown, by what it says of itself or looks like.
fn is_markdown(whole: &Node, parts: &Parts) -> bool {
    if let Some(text) = whole.value().as_str() {
        return markdown::is_likely(text);
    }
    let mut texts = parts.texts().take(8);
    texts.any(|part| match parts.media(part).as_str() {
        media if media.starts_with("text/markdown") => true,
        "" => parts.with_text(part, markdown::is_likely).unwrap_or(false),
        _ => false,
    })
}

/// Whether anything in a text would look otherwise as Markdown, whatever it says of
/// itself.
fn has_markdown(whole: &Node, parts: &Parts) -> bool {
    let alone = whole.value().as_str().is_some_and(markdown::is_there);
    let mut texts = parts.texts().take(8);
    alone
        || is_markdown(whole, parts)
        || texts.any(|part| parts.with_text(part, markdown::is_there).unwrap_or(false))
}

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
        (View::Markdown, text && has_markdown(whole, parts)),
        (View::Table, table),
        (View::Json, data),
        (View::Picture, pictures),
        (View::Parts, other),
        (View::Tree, origin != Origin::Value),
        (View::Raw, true),
    ]
    .into_iter()
    .filter_map(|(view, there)| there.then_some(view))
    .collect()
}
