//! The value that a form stands for: as it is sent, as it is shown in raw JSON, and
//! as it is remembered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::node::{Content, Name, Node, Stance};
use super::rows::Part;
use super::schema::escaped;
use super::words::{self, Wrong};
use crate::guard::json::{Limits, read_strict};
use crate::tui::widget::field::SecretField;

/// Longest JSON that is read, in bytes.
pub(super) const JSON_LIMIT: usize = 1 << 20;

/// What a value is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// To be sent: secrets as they are.
    Send,
    /// To be read and changed: a placeholder for each secret.
    Show,
    /// To be remembered: without secrets; what is half typed is set aside.
    Keep,
}

/// What stands for the secret of this number, from 1.
pub(super) fn placeholder(number: usize) -> String {
    format!("(secret {number}, kept and not shown)")
}

/// Whether a placeholder is left anywhere.
pub(super) fn has_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => text
            .strip_prefix("(secret ")
            .and_then(|rest| rest.strip_suffix(", kept and not shown)"))
            .is_some_and(|number| number.parse::<usize>().is_ok()),
        Value::Array(items) => items.iter().any(has_placeholder),
        Value::Object(members) => members.values().any(has_placeholder),
        _ => false,
    }
}

/// A field that cannot be written: where it is, and why.
#[derive(Debug, PartialEq)]
pub(super) struct Unwritten {
    pub(super) path: Vec<usize>,
    pub(super) part: Part,
    pub(super) why: Wrong,
}

/// Writes a value.
pub(super) struct Writer {
    mode: Mode,
    secrets: usize,
    path: Vec<usize>,
    pointer: String,
    /// What cannot be written.
    pub(super) faults: Vec<Unwritten>,
    /// What is half typed, by its place in the value.
    pub(super) loose: BTreeMap<String, String>,
    /// The places of secrets that are sent.
    pub(super) secrets_at: BTreeSet<String>,
}

impl Writer {
    pub(super) fn new(mode: Mode) -> Self {
        Self {
            mode,
            secrets: 0,
            path: Vec::new(),
            pointer: String::new(),
            faults: Vec::new(),
            loose: BTreeMap::new(),
            secrets_at: BTreeSet::new(),
        }
    }

    /// The value of a field; `None` where it is left out, or cannot be written.
    pub(super) fn node(&mut self, node: &Node) -> Option<Value> {
        if !node.is_given() {
            return None;
        }
        if node.stance == Stance::Null {
            return Some(Value::Null);
        }
        match &node.content {
            Content::Text(field) => Some(Value::from(field.text())),
            Content::Long(editor) => Some(Value::from(editor.text())),
            Content::Secret(field) => self.secret(field),
            Content::Number { field, whole } => match number(field.text(), *whole) {
                Ok(number) => Some(number),
                Err(why) => self.half(field.text(), why),
            },
            Content::Pick(pick) => {
                let chosen = pick.chosen.and_then(|place| pick.choices.get(place));
                match chosen {
                    Some(choice) => Some(choice.value.clone()),
                    None => self.wrong(Wrong::Known("choose one: {choice-after} shows the next")),
                }
            }
            Content::Ticks(ticks) => {
                let ticked = ticks.choices.iter().zip(&ticks.ticked);
                let values = ticked.filter(|(_, on)| **on);
                Some(values.map(|(choice, _)| choice.value.clone()).collect())
            }
            Content::List(list) => {
                let mut items = Vec::new();
                for (place, item) in list.items.iter().enumerate() {
                    items.extend(self.inside(place, &items.len().to_string(), item));
                }
                Some(Value::Array(items))
            }
            Content::Group(_) => Some(self.group(node)),
            Content::Variants(variants) => match variants.node() {
                Some(node) => {
                    self.path.push(0);
                    let value = self.node(node);
                    self.path.pop();
                    value
                }
                None => self.wrong(Wrong::Known("choose a form: {choice-after} shows the next")),
            },
            Content::Json(editor, _) => {
                let text = editor.text();
                match json(&text) {
                    Ok(value) => Some(value),
                    Err(why) => self.half(&text, why),
                }
            }
        }
    }

    fn group(&mut self, node: &Node) -> Value {
        let mut members = Map::new();
        let Content::Group(group) = &node.content else {
            return Value::Object(members);
        };
        let named = group.members.as_ref().map_or(0, Vec::len);
        for (place, member) in group.members.iter().flatten().enumerate() {
            if let Name::Member(name) = &member.about.name
                && let Some(value) = self.inside(place, name.raw(), member)
            {
                members.insert(name.raw().to_owned(), value);
            }
        }
        for (place, extra) in group.extras.iter().enumerate() {
            let place = place.saturating_add(named);
            let key = extra.key.text();
            let known = group.members.iter().flatten().any(
                |member| matches!(&member.about.name, Name::Member(name) if name.raw() == key),
            );
            let why = if key.is_empty() && !extra.named {
                "give it a name, or take it out with {remove-item}"
            } else if known || members.contains_key(key) {
                "this name is there already: give it another"
            } else {
                ""
            };
            if !why.is_empty() {
                let mut path = self.path.clone();
                path.push(place);
                self.faults.push(Unwritten {
                    path,
                    part: Part::Key,
                    why: Wrong::Known(why),
                });
                continue;
            }
            if let Some(value) = self.inside(place, key, &extra.node) {
                members.insert(key.to_owned(), value);
            }
        }
        Value::Object(members)
    }

    fn inside(&mut self, place: usize, name: &str, node: &Node) -> Option<Value> {
        let before = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escaped(name));
        self.path.push(place);
        let value = self.node(node);
        self.path.pop();
        self.pointer.truncate(before);
        value
    }

    fn secret(&mut self, field: &SecretField) -> Option<Value> {
        match self.mode {
            Mode::Send => {
                if !field.is_empty() {
                    self.secrets_at.insert(self.pointer.clone());
                }
                Some(Value::from(field.secret().expose()))
            }
            Mode::Show if field.is_empty() => Some(Value::from("")),
            Mode::Show => {
                self.secrets = self.secrets.saturating_add(1);
                Some(Value::from(placeholder(self.secrets)))
            }
            Mode::Keep => None,
        }
    }

    /// Something is typed, and is no value yet.
    fn half(&mut self, text: &str, why: String) -> Option<Value> {
        if self.mode == Mode::Keep && !text.is_empty() {
            self.loose.insert(self.pointer.clone(), text.to_owned());
            return None;
        }
        self.wrong(why.into())
    }

    fn wrong(&mut self, why: Wrong) -> Option<Value> {
        self.faults.push(Unwritten {
            path: self.path.clone(),
            part: Part::Value,
            why,
        });
        None
    }
}

/// The number that a text is, or why it is none.
pub(super) fn number(text: &str, whole: bool) -> Result<Value, String> {
    let text = text.trim();
    match read_strict(text.as_bytes(), Limits::bytes(JSON_LIMIT)) {
        Ok(value @ Value::Number(_)) => Ok(value),
        Err(fault) if text.parse::<f64>().is_ok() && !text.starts_with(['+', '.']) => {
            Err(fault.reason)
        }
        _ if text.is_empty() => Err("must be given: type a number".to_owned()),
        _ => Err(words::no_number(text, whole)),
    }
}

/// The value that a JSON text is, or why it is none.
pub(super) fn json(text: &str) -> Result<Value, String> {
    read_strict(text.as_bytes(), Limits::bytes(JSON_LIMIT)).map_err(|fault| {
        let bare = text.trim();
        if bare.is_empty() {
            "must be given: type it as JSON, a text in quotes".to_owned()
        } else if !bare.starts_with(['{', '[', '"']) && !bare.contains(['{', '[', '"', '\n']) {
            "must be JSON, where a text stands in quotes: \"…\"".to_owned()
        } else {
            fault.to_string()
        }
    })
}

/// The secrets that are given, in the order of their placeholders.
pub(super) fn secrets(node: &Node) -> Vec<&SecretField> {
    let mut found = Vec::new();
    gather(node, &mut found);
    found
}

fn gather<'n>(node: &'n Node, found: &mut Vec<&'n SecretField>) {
    if !node.is_given() || node.stance == Stance::Null {
        return;
    }
    if let Content::Secret(field) = &node.content
        && !field.is_empty()
    {
        found.push(field);
    }
    for child in node.children() {
        gather(child, found);
    }
}
