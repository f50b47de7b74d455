//! What is remembered of a form that was left: a plain value, without secrets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::node::{Content, Name, Node};
use super::schema::escaped;
use super::secret;
use super::value::{Mode, Writer};
use super::{Form, Prefill};

/// What was filled in, secrets left out. It can be written to a file: what may hold
/// a secret and cannot be told from the rest (text that is no JSON yet) is kept in
/// memory alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::tui) struct Draft {
    /// The value, as far as it is one.
    pub(super) arguments: Map<String, Value>,
    /// What is half typed, by its place in the value (RFC 6901).
    pub(super) half: BTreeMap<String, String>,
    /// The raw text, where it is no value yet.
    pub(super) raw: Option<String>,
    /// What is never written to a file.
    #[serde(skip)]
    pub(super) held: Held,
}

/// Parts of a draft that may hold a secret.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Held {
    pub(super) half: BTreeMap<String, String>,
    pub(super) raw: Option<String>,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held(hidden)")
    }
}

impl Draft {
    /// The value, as far as it is one. No secret is in it.
    pub(in crate::tui) fn value(&self) -> &Map<String, Value> {
        &self.arguments
    }

    /// Whether nothing was filled in.
    pub(in crate::tui) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Form {
    /// A form as it was left.
    pub(super) fn of_draft(schema: &Value, prefill: Prefill, draft: &Draft) -> Self {
        let half: Vec<(&String, &String)> = draft.half.iter().chain(&draft.held.half).collect();
        if draft.arguments.is_empty() && half.is_empty() {
            return Self::new(schema, prefill);
        }
        let mut form = Self::filled(schema, prefill, draft.arguments.clone());
        for (pointer, text) in half {
            if let Some(path) = path_of(&form.top, pointer) {
                form.put(&path, text);
            }
        }
        form
    }

    /// What is remembered of it.
    pub(super) fn draft(&self) -> Draft {
        let mut writer = Writer::new(Mode::Keep);
        let mut value = writer.node(&self.top).unwrap_or_default();
        secret::scrub(&mut value);
        let (held, half) = writer
            .loose
            .into_iter()
            .partition(|(_, text)| secret::may_hold(text));
        Draft {
            arguments: match value {
                Value::Object(members) => members,
                _ => Map::new(),
            },
            half,
            raw: None,
            held: Held {
                half: held,
                raw: None,
            },
        }
    }

    /// Whether a secret can be typed into one of its fields.
    pub(super) fn has_secrets(&self) -> bool {
        any_secret(&self.top)
    }
}

fn any_secret(node: &Node) -> bool {
    matches!(node.content, Content::Secret(_)) || node.children().into_iter().any(any_secret)
}

/// The field at a place in the value.
fn path_of(top: &Node, pointer: &str) -> Option<Vec<usize>> {
    let mut path = Vec::new();
    let mut node = top;
    for step in pointer.split('/').skip(1) {
        while let Content::Variants(variants) = &node.content {
            node = variants.node()?;
            path.push(0);
        }
        let place = match &node.content {
            Content::List(_) => step.parse().ok()?,
            Content::Group(group) => {
                node.children()
                    .iter()
                    .enumerate()
                    .position(
                        |(place, child)| match (&child.about.name, group.extra(place)) {
                            (_, Some(extra)) => escaped(extra.key.text()) == step,
                            (Name::Member(name), None) => escaped(name.raw()) == step,
                            _ => false,
                        },
                    )?
            }
            _ => return None,
        };
        node = node.child(place)?;
        path.push(place);
    }
    while let Content::Variants(variants) = &node.content {
        node = variants.node()?;
        path.push(0);
    }
    Some(path)
}
