//! What arguments a function takes, for those who list them.

use serde_json::{Map, Value};

use super::bounds::resolve;
use super::describe::{list, shown};
use crate::domain::Untrusted;

/// Arguments that are listed, those inside others among them.
const MAX_ROWS: usize = 200;
/// Levels of arguments inside others that are listed.
const MAX_LEVELS: usize = 3;
/// Forms of one argument that are named.
const MAX_FORMS: usize = 16;
/// Choices that are handed out.
const MAX_CHOICES: usize = 100;

/// One argument of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct ArgumentRow {
    /// Its name; inside another it is `outer.inner`.
    pub path: Untrusted,
    /// What it is, fit to be shown: `a text`, `list of numbers`.
    pub type_words: String,
    /// Whether it must be given.
    pub required: bool,
    /// What the server says about it.
    pub description: Option<Untrusted>,
    /// What the server takes where it is not given. As untrusted as the description:
    /// shown through [`crate::guard::sanitise::json_ascii_safe`].
    pub default: Option<Value>,
    /// The only values it may have, where they are listed; untrusted too.
    pub choices: Vec<Value>,
}

/// The arguments that a schema names, in its order, those that lie inside others after
/// them. An odd schema gives fewer rows, never a fault.
pub fn summary(schema: &Value) -> Vec<ArgumentRow> {
    let mut rows = Vec::new();
    gather(schema, schema, "", 1, &mut rows);
    rows
}

fn gather(root: &Value, schema: &Value, within: &str, level: usize, rows: &mut Vec<ArgumentRow>) {
    let schema = followed(root, schema);
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    let required = schema.get("required").and_then(Value::as_array);
    for (name, property) in properties {
        if rows.len() >= MAX_ROWS {
            return;
        }
        let path = match within {
            "" => name.clone(),
            within => format!("{within}.{name}"),
        };
        rows.push(row(root, property, &path, {
            required.is_some_and(|names| names.iter().any(|other| other == name.as_str()))
        }));
        if level < MAX_LEVELS {
            gather(root, property, &path, level + 1, rows);
            gather_forms(root, property, &path, level + 1, rows);
        }
    }
}

/// The forms that an argument may have, where they are objects with members of their
/// own: a row for each form, its members after it.
fn gather_forms(
    root: &Value,
    schema: &Value,
    path: &str,
    level: usize,
    rows: &mut Vec<ArgumentRow>,
) {
    let schema = followed(root, schema);
    let forms = ["oneOf", "anyOf"]
        .iter()
        .find_map(|key| schema.get(*key)?.as_array());
    let has_members = |form: &&Value| followed(root, form).get("properties").is_some();
    let forms: Vec<&Value> = forms
        .into_iter()
        .flatten()
        .filter(has_members)
        .take(MAX_FORMS)
        .collect();
    for (number, form) in forms.iter().enumerate() {
        if rows.len() >= MAX_ROWS {
            return;
        }
        // One that may be an object or nothing has one form alone.
        if forms.len() > 1 {
            let mut head = row(root, form, path, false);
            head.type_words = format!("form {} of {}", number + 1, forms.len());
            rows.push(head);
        }
        gather(root, form, path, level, rows);
    }
}

fn row(root: &Value, property: &Value, path: &str, required: bool) -> ArgumentRow {
    let target = followed(root, property);
    let keyword = |key: &str| property.get(key).or_else(|| target.get(key));
    let choices = match (keyword("enum"), keyword("const")) {
        (Some(Value::Array(choices)), _) => choices.iter().take(MAX_CHOICES).cloned().collect(),
        (_, Some(only)) => vec![only.clone()],
        _ => Vec::new(),
    };
    ArgumentRow {
        path: Untrusted::from(path),
        type_words: type_words(root, property, 0),
        required,
        description: keyword("description")
            .or_else(|| keyword("title"))
            .and_then(Value::as_str)
            .map(Untrusted::from),
        default: keyword("default").cloned(),
        choices,
    }
}

/// The schema itself, or what its `$ref` inside the root leads to, one step far.
pub(super) fn followed<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| resolve(root, reference))
        .unwrap_or(schema)
}

fn type_words(root: &Value, schema: &Value, level: usize) -> String {
    let schema = followed(root, schema);
    let Some(keywords) = schema.as_object() else {
        return match schema {
            Value::Bool(false) => "nothing".to_owned(),
            _ => "anything".to_owned(),
        };
    };
    if let Some(choices) = keywords.get("enum").and_then(Value::as_array) {
        return format!("one of {}", list(choices.iter().map(shown)));
    }
    if let Some(only) = keywords.get("const") {
        return shown(only);
    }
    if let Some(forms) = ["anyOf", "oneOf"]
        .iter()
        .find_map(|key| keywords.get(*key)?.as_array())
        .filter(|_| level < 3)
    {
        let mut words: Vec<String> = Vec::new();
        for form in forms.iter().take(MAX_FORMS) {
            let form = type_words(root, form, level + 1);
            if !words.contains(&form) {
                words.push(form);
            }
        }
        return match words.as_slice() {
            [only] => only.clone(),
            _ => format!("one of: {}", list(words.into_iter())),
        };
    }
    match keywords.get("type") {
        Some(Value::String(kind)) => one_type(root, keywords, kind, level),
        Some(Value::Array(kinds)) => {
            let kinds = kinds.iter().filter_map(Value::as_str);
            let words: Vec<_> = kinds
                .map(|kind| one_type(root, keywords, kind, level))
                .collect();
            words.join(" or ")
        }
        _ if keywords.contains_key("properties") => "object".to_owned(),
        _ if keywords.contains_key("items") => one_type(root, keywords, "array", level),
        _ => "anything".to_owned(),
    }
}

fn one_type(root: &Value, keywords: &Map<String, Value>, kind: &str, level: usize) -> String {
    match kind {
        "string" => match keywords.get("format").and_then(Value::as_str) {
            Some("date") => "date".to_owned(),
            Some("date-time") => "date and time".to_owned(),
            Some("uri") => "URL".to_owned(),
            Some("email") => "e-mail address".to_owned(),
            _ => "string".to_owned(),
        },
        "array" => match keywords.get("items") {
            Some(items) if level < 3 => {
                format!("list of {}", plural(&type_words(root, items, level + 1)))
            }
            _ => "list".to_owned(),
        },
        "boolean" => "true or false".to_owned(),
        "integer" | "number" | "object" | "null" => kind.to_owned(),
        other => super::quoted(other),
    }
}

fn plural(words: &str) -> String {
    match words {
        "string" | "integer" | "number" | "object" | "date" | "URL" => format!("{words}s"),
        "list" => "lists".to_owned(),
        words if words.starts_with("list of ") => words.replacen("list", "lists", 1),
        words => words.to_owned(),
    }
}
