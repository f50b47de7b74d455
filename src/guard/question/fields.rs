//! A form, field by field, for whoever asks for one after the other.

use serde_json::{Map, Number, Value, json};

use super::check_form;
use crate::domain::Untrusted;

/// Words in a field's name or title that speak of a secret.
const SECRET_WORDS: [&str; 10] = [
    " password ",
    " passwd ",
    " passphrase ",
    " secret ",
    " token ",
    " api key ",
    " apikey ",
    " private key ",
    " credit card ",
    " pin ",
];

/// One of the values that a field may have.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is sent.
    pub value: Value,
    /// What the server calls it; the value itself where it does not say.
    pub label: Untrusted,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    YesNo,
    /// One of these.
    One(Vec<Choice>),
    /// Any of these, none twice.
    Several(Vec<Choice>),
    /// A list of texts.
    List,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What it is sent under.
    pub name: Untrusted,
    /// What the server calls it.
    pub title: Option<Untrusted>,
    /// What the server says about it.
    pub description: Option<Untrusted>,
    /// Whether it must be given.
    pub required: bool,
    /// What it takes.
    pub kind: FieldKind,
    /// What counts where nothing is given; as untrusted as the description.
    pub default: Option<Value>,
    schema: Value,
}

/// The fields of a form in the server's order.
pub fn fields(schema: &Value) -> Vec<Field> {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|n| n == name));
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, field)| {
            let words = |key: &str| field.get(key).and_then(Value::as_str).map(Untrusted::from);
            Field {
                name: Untrusted::from(name.as_str()),
                title: words("title"),
                description: words("description"),
                required: is_required(name),
                kind: kind(field),
                default: field.get("default").cloned(),
                schema: field.clone(),
            }
        })
        .collect()
}

fn kind(field: &Value) -> FieldKind {
    if let Some(choices) = choices(field) {
        return FieldKind::One(choices);
    }
    // An optional field is often written as one form or null.
    let forms = ["anyOf", "oneOf"]
        .iter()
        .find_map(|key| field.get(*key)?.as_array());
    if let Some(form) = forms.and_then(|forms| {
        forms
            .iter()
            .find(|form| form.get("type") != Some(&json!("null")))
    }) {
        return kind(form);
    }
    let types: Vec<&str> = match field.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let has = |kind: &str| types.contains(&kind);
    if has("array") {
        return match field.get("items").and_then(choices) {
            Some(choices) => FieldKind::Several(choices),
            None => FieldKind::List,
        };
    }
    if has("string") {
        FieldKind::Text
    } else if has("number") {
        FieldKind::Number
    } else if has("integer") {
        FieldKind::Integer
    } else if has("boolean") {
        FieldKind::YesNo
    } else {
        FieldKind::Text
    }
}

/// The values that a schema lists: `enum` with `enumNames`, or `oneOf` of constants
/// with titles (MCP 2025-11-25), or a single `const`.
fn choices(schema: &Value) -> Option<Vec<Choice>> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let names = schema.get("enumNames").and_then(Value::as_array);
        let label = |place: usize| names?.get(place)?.as_str();
        let choice = |(place, value): (usize, &Value)| Choice {
            label: label(place).map_or_else(|| shown(value), Untrusted::from),
            value: value.clone(),
        };
        return Some(values.iter().enumerate().map(choice).collect());
    }
    if let Some(only) = schema.get("const") {
        return Some(vec![Choice {
            value: only.clone(),
            label: shown(only),
        }]);
    }
    let forms = ["oneOf", "anyOf"]
        .iter()
        .find_map(|key| schema.get(*key)?.as_array())?;
    forms
        .iter()
        .map(|form| {
            let value = form.get("const")?;
            let title = form.get("title").and_then(Value::as_str);
            Some(Choice {
                label: title.map_or_else(|| shown(value), Untrusted::from),
                value: value.clone(),
            })
        })
        .collect()
}

fn shown(value: &Value) -> Untrusted {
    match value {
        Value::String(text) => Untrusted::from(text.as_str()),
        other => Untrusted::from(other.to_string()),
    }
}

impl Field {
    /// What the field takes, in callboard's words.
    pub fn words(&self) -> &'static str {
        let format = self.schema.get("format").and_then(Value::as_str);
        match (&self.kind, format) {
            (FieldKind::Text, Some("email")) => "an e-mail address",
            (FieldKind::Text, Some("uri")) => "a URL",
            (FieldKind::Text, Some("date")) => "a date, such as 2026-11-22",
            (FieldKind::Text, Some("date-time")) => {
                "a date and a time, such as 2026-11-22T08:00:00Z"
            }
            (FieldKind::Text, _) => "a text",
            (FieldKind::Number, _) => "a number",
            (FieldKind::Integer, _) => "a whole number",
            (FieldKind::YesNo, _) => "y or n",
            (FieldKind::One(_), _) => "one of these, by its number",
            (FieldKind::Several(_), _) => "any of these, by their numbers with commas between",
            (FieldKind::List, _) => "texts with commas between",
        }
    }

    /// Whether it seems to ask for a secret, which a server must not do in a form
    /// (MCP 2025-11-25, client/elicitation, *Safe URL Handling* and *Form Mode
    /// Security*).
    pub fn smells_of_a_secret(&self) -> bool {
        // A description may well say that no secret is wanted.
        let all = [Some(&self.name), self.title.as_ref()];
        let letters = |c: char| if c.is_alphanumeric() { c } else { ' ' };
        let words: String = all
            .into_iter()
            .flatten()
            .map(|text| {
                let words: String = text.raw().to_lowercase().chars().map(letters).collect();
                format!(" {words} ")
            })
            .collect();
        self.schema.get("format").and_then(Value::as_str) == Some("password")
            || SECRET_WORDS.iter().any(|word| words.contains(word))
    }

    /// Reads what was typed; `None` where nothing was and nothing need be. The
    /// form's own default counts where nothing was typed.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words that follow the field's name.
    pub fn read(&self, typed: &str) -> Result<Option<Value>, String> {
        if typed.is_empty() {
            return match (&self.default, self.required) {
                (Some(default), _) => Ok(Some(default.clone())),
                (None, true) => Err("must be given".to_owned()),
                (None, false) => Ok(None),
            };
        }
        let value = self.value(typed)?;
        self.fits(&value)?;
        Ok(Some(value))
    }

    fn value(&self, typed: &str) -> Result<Value, String> {
        match &self.kind {
            FieldKind::Text => Ok(Value::from(typed)),
            FieldKind::Integer => typed
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| "must be a whole number".to_owned()),
            FieldKind::Number => number(typed).ok_or_else(|| "must be a number".to_owned()),
            FieldKind::YesNo => match typed.to_ascii_lowercase().as_str() {
                "y" | "yes" | "true" => Ok(Value::Bool(true)),
                "n" | "no" | "false" => Ok(Value::Bool(false)),
                _ => Err("must be y or n".to_owned()),
            },
            FieldKind::One(choices) => chosen(choices, typed),
            FieldKind::Several(choices) => {
                let mut picked: Vec<Value> = Vec::new();
                for word in parts(typed) {
                    let value = chosen(choices, word)?;
                    if !picked.contains(&value) {
                        picked.push(value);
                    }
                }
                Ok(Value::Array(picked))
            }
            FieldKind::List => Ok(parts(typed).map(Value::from).collect()),
        }
    }

    /// Whether the form takes this value here.
    fn fits(&self, value: &Value) -> Result<(), String> {
        let name = self.name.raw();
        let form = json!({ "type": "object", "properties": { name: self.schema } });
        let content = Map::from_iter([(name.to_owned(), value.clone())]);
        match check_form(&form, &content) {
            Ok(()) => Ok(()),
            Err(faults) => Err(faults
                .first()
                .map_or_else(|| "does not fit".to_owned(), |fault| fault.message.clone())),
        }
    }
}

fn parts(typed: &str) -> impl Iterator<Item = &str> {
    typed
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn number(typed: &str) -> Option<Value> {
    if let Ok(whole) = typed.parse::<i64>() {
        return Some(Value::from(whole));
    }
    let number: f64 = typed.parse().ok()?;
    Number::from_f64(number).map(Value::Number)
}

/// A choice by its place, counted from 1; or by its value or its label as they are,
/// where no place is meant.
fn chosen(choices: &[Choice], typed: &str) -> Result<Value, String> {
    if let Ok(place) = typed.parse::<usize>()
        && let Some(choice) = place.checked_sub(1).and_then(|at| choices.get(at))
    {
        return Ok(choice.value.clone());
    }
    choices
        .iter()
        .find(|choice| shown(&choice.value).raw() == typed || choice.label.raw() == typed)
        .map(|choice| choice.value.clone())
        .ok_or_else(|| format!("must be a number from 1 to {}", choices.len()))
}
