//! A definition as places, each with a text.

use std::collections::HashMap;

use serde_json::Value;

/// Deepest level that is looked into; what lies deeper is one text.
const DEEPEST: usize = 32;

/// The places of a definition.
#[derive(Default)]
pub(super) struct Places {
    order: Vec<(String, String)>,
    texts: HashMap<String, usize>,
}

impl Places {
    /// The text at a place.
    pub(super) fn get(&self, place: &str) -> Option<&String> {
        let at = self.texts.get(place)?;
        self.order.get(*at).map(|(_, text)| text)
    }

    /// All, as they come in the definition.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (&str, &String)> {
        self.order
            .iter()
            .map(|(place, text)| (place.as_str(), text))
    }

    fn put(&mut self, place: &str, text: String) {
        self.texts.insert(place.to_owned(), self.order.len());
        self.order.push((place.to_owned(), text));
    }

    fn gather(&mut self, place: &str, value: &Value, depth: usize) {
        match value {
            Value::Object(members) if !members.is_empty() && depth < DEEPEST => {
                for (name, member) in members {
                    let name = escaped(name);
                    let inner = match place {
                        "" => name,
                        outer => format!("{outer}.{name}"),
                    };
                    self.gather(&inner, member, depth.saturating_add(1));
                }
            }
            Value::Array(items) if depth < DEEPEST && items.iter().any(is_nested) => {
                for (number, item) in items.iter().enumerate() {
                    let inner = format!("{place}[{number}]");
                    self.gather(&inner, item, depth.saturating_add(1));
                }
            }
            // A text is shown as it is where nothing else could be meant.
            Value::String(text) if !reads_as_json(text) => self.put(place, text.clone()),
            other => self.put(place, other.to_string()),
        }
    }
}

/// All places of a definition.
pub(super) fn places(definition: &Value) -> Places {
    let mut places = Places::default();
    places.gather("", definition, 0);
    places
}

fn is_nested(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

/// A name that could be taken for a way through several is put in quotes.
fn escaped(name: &str) -> String {
    if name.is_empty() || name.contains(['.', '[', '"']) {
        return Value::from(name).to_string();
    }
    name.to_owned()
}

/// Whether a text could be taken for a number, a word of JSON's, or a list.
fn reads_as_json(text: &str) -> bool {
    let start = text.trim_start().chars().next();
    start.is_some_and(|first| matches!(first, '{' | '[' | '"'))
        || matches!(text, "true" | "false" | "null")
        || text.parse::<f64>().is_ok()
}
