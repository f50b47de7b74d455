//! Arguments as somebody types them: `owner=rust-lang labels=bug labels=easy`.

use serde_json::{Map, Value};

use super::quoted;
use super::summary::followed;
use crate::domain::Fault;
use crate::guard::json::{self, Limits};

/// Bytes of one argument that is given as JSON.
const JSON_BYTES: usize = 1 << 20;
/// Levels of dotted names.
const MAX_LEVELS: usize = 16;
/// Forms of one argument that are looked at.
const MAX_FORMS: usize = 64;

/// Reads `NAME=VALUE` words by what the schema says each argument is.
///
/// A text stays what it is; numbers, `true`, `false` and `null` are read where the
/// schema has their types; lists and objects are JSON, and a list may also be given
/// item by item with its name repeated. `outer.inner=VALUE` reaches into an object.
/// Where several types fit, they are tried in the order integer, number, boolean, null,
/// list or object, text.
///
/// # Errors
///
/// A word without `=`, a name the schema has not (with the nearest one it has), a value
/// that is not of its type, a name given twice.
pub fn from_words(schema: &Value, words: &[String]) -> Result<Map<String, Value>, Fault> {
    let mut arguments = Map::new();
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            return Err(Fault::user(format!("{} is not ARG=VALUE", quoted(word)))
                .hint("give each argument as ARG=VALUE, or all of them as one object with --args JSON"));
        };
        place(schema, schema, &mut arguments, name, name, value, 0)?;
    }
    Ok(arguments)
}

/// Puts a value where its dotted name leads.
fn place(
    root: &Value,
    schema: &Value,
    into: &mut Map<String, Value>,
    full: &str,
    name: &str,
    value: &str,
    level: usize,
) -> Result<(), Fault> {
    let schema = object_form(root, schema);
    let property = |name: &str| schema.get("properties").and_then(|known| known.get(name));
    // A name that has a dot itself goes before a path.
    let dotted = name.split_once('.').filter(|(outer, inner)| {
        property(name).is_none()
            && !outer.is_empty()
            && !inner.is_empty()
            && level < MAX_LEVELS
            && (property(outer).is_some() || is_open(schema))
    });
    let Some((outer, inner)) = dotted else {
        let property = known(schema, full, name)?;
        return put(root, property, into, full, name, value);
    };
    let inside = known(schema, full, outer)?;
    let slot = into
        .entry(outer)
        .or_insert_with(|| Value::Object(Map::new()));
    match slot {
        Value::Object(members) => place(root, inside, members, full, inner, value, level + 1),
        _ => Err(Fault::user(format!(
            "{} is given both whole and in parts",
            quoted(
                full.strip_suffix(inner)
                    .unwrap_or(full)
                    .trim_end_matches('.')
            )
        ))),
    }
}

fn put(
    root: &Value,
    property: &Value,
    into: &mut Map<String, Value>,
    full: &str,
    name: &str,
    value: &str,
) -> Result<(), Fault> {
    let property = followed(root, property);
    let types = types(root, property, 0);
    let is_list = types.contains(&"array");
    match into.get_mut(name) {
        None => {
            let value =
                if is_list && !value.trim_start().starts_with('[') && !fits_alone(&types, value) {
                    Value::Array(vec![item(root, property, full, value)?])
                } else {
                    read(&types, full, value)?
                };
            into.insert(name.to_owned(), value);
            Ok(())
        }
        Some(Value::Array(items)) if is_list => {
            items.push(item(root, property, full, value)?);
            Ok(())
        }
        Some(_) => Err(Fault::user(format!("{} is given twice", quoted(full)))),
    }
}

/// Whether one of the types beside a list takes the value.
fn fits_alone(types: &[&str], value: &str) -> bool {
    let others: Vec<_> = types
        .iter()
        .copied()
        .filter(|kind| *kind != "array")
        .collect();
    !others.is_empty() && read(&others, "", value).is_ok()
}

fn item(root: &Value, list: &Value, full: &str, value: &str) -> Result<Value, Fault> {
    let items = forms(root, list, 0)
        .into_iter()
        .find_map(|form| form.get("items"))
        .unwrap_or(&Value::Bool(true));
    let kinds = types(root, items, 0);
    read(&kinds, full, value)
}

/// Reads a value as the first of the types that it fits.
fn read(types: &[&str], full: &str, value: &str) -> Result<Value, Fault> {
    let has = |kind: &str| types.contains(&kind);
    if types.is_empty() {
        // The schema says nothing: JSON if it is, else the text.
        return Ok(parsed(value).unwrap_or_else(|_| Value::from(value)));
    }
    let read = parsed(value);
    if let Ok(json) = &read {
        let fits = match json {
            Value::Number(number) => {
                has("number") || has("integer") && (number.is_i64() || number.is_u64())
            }
            Value::Bool(_) => has("boolean"),
            Value::Null => has("null"),
            Value::Array(_) => has("array"),
            Value::Object(_) => has("object"),
            Value::String(_) => false,
        };
        if fits {
            return Ok(json.clone());
        }
    }
    if has("string") {
        return Ok(Value::from(value));
    }
    let expected: Vec<_> = types.iter().map(|kind| expected(kind)).collect();
    let mut message = format!(
        "{} must be {}, and is {}",
        quoted(full),
        expected.join(" or "),
        quoted(value)
    );
    if let (true, Err(fault)) = (has("array") || has("object"), &read) {
        message.push_str(&format!(": {fault}"));
    }
    Err(Fault::user(message))
}

fn parsed(value: &str) -> Result<Value, json::JsonFault> {
    json::read_strict(value.as_bytes(), Limits::bytes(JSON_BYTES))
}

fn expected(kind: &str) -> &'static str {
    match kind {
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "null" => "null",
        "array" => "a list in JSON",
        "object" => "an object in JSON",
        _ => "something else",
    }
}

/// The schema and the forms it may take, references followed, as many as are looked at.
fn forms<'s>(root: &'s Value, schema: &'s Value, level: usize) -> Vec<&'s Value> {
    let mut all = Vec::new();
    gather(root, schema, level, &mut all);
    all
}

fn gather<'s>(root: &'s Value, schema: &'s Value, level: usize, all: &mut Vec<&'s Value>) {
    if all.len() >= MAX_FORMS {
        return;
    }
    let schema = followed(root, schema);
    all.push(schema);
    if level < 4 {
        for form in ["anyOf", "oneOf", "allOf"]
            .iter()
            .filter_map(|key| schema.get(*key)?.as_array())
            .flatten()
        {
            gather(root, form, level + 1, all);
        }
    }
}

/// The form of a schema that has members, if one has.
fn object_form<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    forms(root, schema, 0)
        .into_iter()
        .find(|form| form.get("properties").is_some())
        .unwrap_or_else(|| followed(root, schema))
}

/// The types that a schema names; none where it leaves them open.
fn types<'s>(root: &'s Value, schema: &'s Value, level: usize) -> Vec<&'s str> {
    let mut found = Vec::new();
    for form in forms(root, schema, level) {
        match form.get("type") {
            Some(Value::String(kind)) => found.push(kind.as_str()),
            Some(Value::Array(kinds)) => found.extend(kinds.iter().filter_map(Value::as_str)),
            _ => {
                let choices = form.get("enum").and_then(Value::as_array);
                let choices = choices.into_iter().flatten().chain(form.get("const"));
                found.extend(choices.map(|choice| -> &'s str { type_of(choice) }));
            }
        }
    }
    found
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether an object may have members that its schema does not name.
fn is_open(schema: &Value) -> bool {
    match schema.get("additionalProperties") {
        Some(Value::Bool(open)) => *open,
        Some(_) => true,
        None => {
            schema.get("patternProperties").is_some()
                || schema
                    .get("properties")
                    .and_then(Value::as_object)
                    .is_none_or(Map::is_empty)
        }
    }
}

/// The schema of a member, or a fault that names the nearest one there is.
fn known<'s>(schema: &'s Value, full: &str, name: &str) -> Result<&'s Value, Fault> {
    let properties = schema.get("properties").and_then(Value::as_object);
    if let Some(property) = properties.and_then(|properties| properties.get(name)) {
        return Ok(property);
    }
    if is_open(schema) && !name.is_empty() {
        let other = schema.get("additionalProperties");
        return Ok(other.unwrap_or(&Value::Bool(true)));
    }
    let fault = Fault::user(format!("there is no argument {}", quoted(full)));
    let names = properties.into_iter().flat_map(Map::keys);
    let nearest = names
        .map(|known| (distance(name, known), known))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, known)| {
            // A slip in every three characters of the shorter one.
            *distance * 3 <= known.chars().count().min(name.chars().count())
        });
    Err(match nearest {
        Some((_, nearest)) => fault.hint(format!("did you mean {}?", quoted(nearest))),
        None => {
            let names = properties.into_iter().flat_map(Map::keys);
            fault.hint(format!(
                "it takes {}",
                super::describe::list(names.map(|name| quoted(name)))
            ))
        }
    })
}

/// How many letters must be added, removed or changed, whatever their case (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().take(80).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (line, letter) in a.to_lowercase().chars().take(80).enumerate() {
        let mut next = vec![line + 1];
        for ((above_left, above), other) in row.iter().zip(row.iter().skip(1)).zip(&b) {
            let left = next.last().copied().unwrap_or_default();
            let changed = above_left + usize::from(letter != *other);
            next.push(changed.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
