//! What arguments a function takes, read from its JSON Schema: for the table in
//! the details, and for a first draft of the arguments.

use serde_json::{Map, Value, json};

use crate::domain::Untrusted;

/// Most arguments that are listed.
const LIST_LIMIT: usize = 200;

/// Deepest object whose parts are listed.
const DEPTH_LIMIT: usize = 3;

/// One argument. Names and descriptions are the server's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    /// Its name, with the names of the objects it is in.
    pub(super) name: Untrusted,
    /// What kind of value.
    pub(super) kind: String,
    /// Values it may have, or else a default, as JSON.
    pub(super) values: Option<Untrusted>,
    /// Whether it must be there.
    pub(super) required: bool,
    /// What the server says about it.
    pub(super) description: Untrusted,
}

/// The arguments of a function, objects taken apart.
pub(super) fn arguments(schema: &Value) -> Vec<Argument> {
    let mut found = Vec::new();
    gather(schema, "", 0, &mut found);
    found
}

fn gather(schema: &Value, prefix: &str, depth: usize, found: &mut Vec<Argument>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    for (name, property) in properties {
        if found.len() >= LIST_LIMIT {
            return;
        }
        let path = format!("{prefix}{name}");
        found.push(Argument {
            name: Untrusted::new(path.as_str()),
            kind: kind(property),
            values: values(property),
            required: is_required(schema, name),
            description: text(property, "description")
                .or_else(|| text(property, "title"))
                .unwrap_or_default(),
        });
        if depth < DEPTH_LIMIT {
            gather(
                property,
                &format!("{path}."),
                depth.saturating_add(1),
                found,
            );
        }
    }
}

fn is_required(schema: &Value, name: &str) -> bool {
    schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|required| required == name))
}

fn text(schema: &Value, key: &str) -> Option<Untrusted> {
    schema.get(key)?.as_str().map(Untrusted::from)
}

/// The kind of a value, in words of callboard's.
fn kind(schema: &Value) -> String {
    if schema.get("enum").is_some() || schema.get("const").is_some() {
        return "one of".to_owned();
    }
    for (key, word) in [("oneOf", "one of several"), ("anyOf", "one of several")] {
        if schema.get(key).is_some() {
            return word.to_owned();
        }
    }
    let one = |name: &str| match name {
        "string" => "text",
        "integer" => "whole number",
        "number" => "number",
        "boolean" => "true or false",
        "object" => "object",
        "array" => "list",
        "null" => "null",
        _ => "any",
    };
    match schema.get("type") {
        Some(Value::String(name)) if name == "array" => match schema.get("items") {
            Some(items) if items.get("type").is_some() || items.get("enum").is_some() => {
                format!("list of {}", kind(items))
            }
            _ => "list".to_owned(),
        },
        Some(Value::String(name)) => one(name).to_owned(),
        Some(Value::Array(names)) => {
            let words: Vec<&str> = names.iter().filter_map(Value::as_str).map(one).collect();
            words.join(" or ")
        }
        _ => "any".to_owned(),
    }
}

/// The values that a schema lists, or its default.
fn values(schema: &Value) -> Option<Untrusted> {
    if let Some(Value::Array(values)) = schema.get("enum") {
        let words: Vec<String> = values.iter().take(20).map(Value::to_string).collect();
        return Some(Untrusted::new(words.join(", ")));
    }
    if let Some(value) = schema.get("const") {
        return Some(Untrusted::new(value.to_string()));
    }
    schema
        .get("default")
        .map(|value| Untrusted::new(format!("usually {value}")))
}

/// A first draft of the arguments: what must be there, with defaults where the
/// schema has them and empty values where it has not.
pub(super) fn draft(schema: &Value) -> String {
    let value = Value::Object(object(schema, 0));
    serde_json::to_string_pretty(&value).unwrap_or_else(|_| "{}".to_owned())
}

fn object(schema: &Value, depth: usize) -> Map<String, Value> {
    let mut members = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten().take(LIST_LIMIT) {
        if is_required(schema, name) {
            members.insert(name.clone(), empty(property, depth));
        }
    }
    members
}

fn empty(schema: &Value, depth: usize) -> Value {
    if let Some(value) = schema.get("default").or_else(|| schema.get("const")) {
        return value.clone();
    }
    if let Some(Value::Array(values)) = schema.get("enum")
        && let Some(first) = values.first()
    {
        return first.clone();
    }
    let name = match schema.get("type") {
        Some(Value::Array(names)) => names.first().and_then(Value::as_str),
        other => other.and_then(Value::as_str),
    };
    match name {
        Some("string") => json!(""),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(0)),
        Some("boolean") => json!(false),
        Some("array") => json!([]),
        Some("object") if depth < DEPTH_LIMIT => {
            Value::Object(object(schema, depth.saturating_add(1)))
        }
        Some("object") => json!({}),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["repo", "place", "kind"],
            "properties": {
                "repo": { "type": "string", "description": "owner/name" },
                "labels": { "type": "array", "items": { "type": "string" } },
                "kind": { "enum": ["bug", "idea"] },
                "count": { "type": ["integer", "null"], "default": 3 },
                "place": {
                    "type": "object",
                    "required": ["city"],
                    "properties": { "city": { "type": "string" } }
                }
            }
        })
    }

    #[test]
    fn arguments_are_listed_with_their_kinds() {
        let found: Vec<String> = arguments(&schema())
            .iter()
            .map(|argument| {
                let must = if argument.required { "!" } else { "" };
                let values = argument.values.as_ref().map_or("", Untrusted::raw);
                format!("{}{must} {} {values}", argument.name.raw(), argument.kind)
            })
            .collect();
        assert_eq!(
            found,
            [
                "repo! text ",
                "labels list of text ",
                "kind! one of \"bug\", \"idea\"",
                "count whole number or null usually 3",
                "place! object ",
                "place.city! text ",
            ]
        );
    }

    #[test]
    fn a_draft_has_what_must_be_there() {
        assert_eq!(
            draft(&schema()),
            "{\n  \"repo\": \"\",\n  \"kind\": \"bug\",\n  \"place\": {\n    \"city\": \"\"\n  }\n}"
        );
        assert_eq!(draft(&json!(true)), "{}");
    }

    #[test]
    fn a_schema_that_contains_itself_in_depth_ends() {
        let mut nested = json!({ "type": "object", "required": ["a"], "properties": { "a": {} } });
        for _ in 0..50 {
            nested = json!({ "type": "object", "required": ["a"], "properties": { "a": nested } });
        }
        assert!(arguments(&nested).len() <= DEPTH_LIMIT + 1);
        assert!(draft(&nested).len() < 500);
    }
}
