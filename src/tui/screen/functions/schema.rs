//! A first draft of the arguments of a function, from its JSON Schema.

use serde_json::{Map, Value, json};

/// Most arguments that are drafted.
const LIST_LIMIT: usize = 200;

/// Deepest object whose parts are drafted.
const DEPTH_LIMIT: usize = 3;

fn is_required(schema: &Value, name: &str) -> bool {
    schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|names| names.iter().any(|required| required == name))
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
        assert!(draft(&nested).len() < 500);
    }
}
