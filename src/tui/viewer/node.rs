//! A place inside a JSON value that several views share.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::domain::Untrusted;
use crate::guard::sanitise::{self, Form};
use crate::tui::widget::amount;

/// Longest head of a string that is looked at for one line, in characters: more
/// never fits a screen.
const HEAD: usize = 400;

static NULL: Value = Value::Null;

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To the member of an object.
    Key(String),
    /// To the element of an array.
    Place(usize),
}

/// What a child is called by its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label<'a> {
    /// It has no parent.
    Root,
    /// The key in an object.
    Key(&'a str),
    /// The place in an array, from 0.
    Place(usize),
}

/// See the module. Cloning it copies the way, not the value.
#[derive(Clone)]
pub(super) struct Node {
    whole: Arc<Value>,
    way: Vec<Step>,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({} steps)", self.way.len())
    }
}

impl Node {
    /// The whole of a value.
    pub(super) fn root(whole: Arc<Value>) -> Self {
        Self {
            whole,
            way: Vec::new(),
        }
    }

    /// The value there; null where there is none.
    pub(super) fn value(&self) -> &Value {
        let mut value = &*self.whole;
        for step in &self.way {
            let next = match step {
                Step::Key(key) => value.get(key),
                Step::Place(place) => value.get(place),
            };
            value = next.unwrap_or(&NULL);
        }
        value
    }

    /// One step further down.
    pub(super) fn then(&self, step: Step) -> Self {
        let mut way = self.way.clone();
        way.push(step);
        Self {
            whole: Arc::clone(&self.whole),
            way,
        }
    }

    /// The member of an object.
    pub(super) fn member(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// So many children down, each by its place among its brothers.
    pub(super) fn down(&self, places: &[usize]) -> Self {
        let mut node = self.clone();
        for place in places {
            let step = match child(node.value(), *place) {
                Some((Label::Key(key), _)) => Step::Key(key.to_owned()),
                _ => Step::Place(*place),
            };
            node.way.push(step);
        }
        node
    }
}

/// How many children a value has.
pub(super) fn children(value: &Value) -> usize {
    match value {
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}

/// Whether it can have children.
pub(super) fn is_container(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_))
}

/// One child by its place.
pub(super) fn child(value: &Value, place: usize) -> Option<(Label<'_>, &Value)> {
    from(value, place).next()
}

/// The children from a place on.
pub(super) fn from(
    value: &Value,
    place: usize,
) -> Box<dyn Iterator<Item = (Label<'_>, &Value)> + '_> {
    match value {
        Value::Array(elements) => Box::new(
            elements
                .iter()
                .enumerate()
                .skip(place)
                .map(|(place, element)| (Label::Place(place), element)),
        ),
        Value::Object(members) => Box::new(
            members
                .iter()
                .skip(place)
                .map(|(key, member)| (Label::Key(key), member)),
        ),
        _ => Box::new(std::iter::empty()),
    }
}

/// The way to a descendant as people write it, `.items[3]."a b"`. Raw: keys are the
/// server's words.
pub(super) fn path(value: &Value, places: &[usize]) -> Untrusted {
    let mut path = String::new();
    let mut here = value;
    for place in places {
        let Some((label, next)) = child(here, *place) else {
            break;
        };
        match label {
            Label::Key(key) if is_word(key) => {
                path.push('.');
                path.push_str(key);
            }
            Label::Key(key) => {
                path.push('.');
                path.push_str(&Value::String(key.to_owned()).to_string());
            }
            Label::Place(place) => path.push_str(&format!("[{place}]")),
            Label::Root => {}
        }
        here = next;
    }
    if path.is_empty() {
        path.push('.');
    }
    Untrusted::new(path)
}

fn is_word(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '$' | '@'))
}

/// The beginning of a text, enough for any line.
pub(super) fn head(text: &str) -> String {
    text.chars().take(HEAD).collect()
}

/// A value in a few words; a string in quotes.
pub(super) fn brief(value: &Value, form: Form) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(text) => {
            let inner = head(text).replace('\\', "\\\\").replace('"', "\\\"");
            let inner = sanitise::line_as(&Untrusted::new(inner), HEAD, form);
            format!("\"{inner}\"")
        }
        Value::Array(elements) => format!("[{}]", amount::grouped(elements.len())),
        Value::Object(members) => format!("{{{}}}", amount::grouped(members.len())),
    }
}

/// What a value is, and how much of it there is.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(text) => format!(
            "string of {}",
            amount::of(text.chars().count(), "character", "characters")
        ),
        Value::Array(elements) => format!(
            "array of {}",
            amount::of(elements.len(), "element", "elements")
        ),
        Value::Object(members) => {
            format!("object of {}", amount::of(members.len(), "key", "keys"))
        }
    }
}

/// A value as it is copied or written to a file: a string as it is, the rest as
/// indented JSON.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        _ => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_found_and_named() {
        let root = Node::root(Arc::new(json!({ "items": [{ "a b": "x" }], "n": 1 })));
        let deep = root.down(&[0, 0, 0]);
        assert_eq!(deep.value(), &json!("x"));
        assert_eq!(path(root.value(), &[0, 0, 0]).raw(), ".items[0].\"a b\"");
        assert_eq!(path(root.value(), &[]).raw(), ".");
        assert_eq!(root.member("none").value(), &Value::Null);
    }

    #[test]
    fn a_value_is_said_briefly() {
        let said = |value| brief(&value, Form::Unicode);
        assert_eq!(said(json!("say \"hi\"\n")), "\"say \\\"hi\\\"⏎\"");
        assert_eq!(said(json!([1, 2])), "[2]");
        assert_eq!(said(json!({ "a": null })), "{1}");
        assert_eq!(kind(&json!({ "a": null })), "object of 1 key");
        assert_eq!(kind(&json!("x")), "string of 1 character");
    }
}
