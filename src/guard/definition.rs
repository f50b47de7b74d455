//! Reads what a server says a function is.

use serde_json::{Map, Value};

use super::json;
use super::sanitise;
use crate::domain::{Hints, Untrusted};

/// Characters that a name may have. MCP recommends 128.
const NAME_LIMIT: usize = 256;

/// A function as its server defines it (MCP `Tool`).
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// What it is called by.
    pub name: Untrusted,
    /// What people read.
    pub title: Option<Untrusted>,
    /// What it says it does; empty where it says nothing.
    pub description: Untrusted,
    /// What it claims to be like.
    pub hints: Hints,
    /// JSON Schema of its arguments.
    pub input_schema: Value,
    /// JSON Schema of its structured result.
    pub output_schema: Option<Value>,
    /// SHA-256 over the canonical text of the whole object, in hex. Nothing is left
    /// out of it: a model may read any part, `_meta` too.
    pub digest: String,
}

/// Reads a definition as it came.
///
/// # Errors
///
/// What is wrong with it, in words fit to be shown.
pub fn read(definition: &Map<String, Value>) -> Result<Definition, String> {
    let name = name(definition)?;
    let quoted = sanitise::line(&name, 40);
    let input_schema = match definition.get("inputSchema") {
        Some(schema @ Value::Object(_)) => schema.clone(),
        Some(_) => return Err(format!("the input schema of \"{quoted}\" is not an object")),
        None => return Err(format!("\"{quoted}\" has no input schema")),
    };
    let output_schema = match definition.get("outputSchema") {
        Some(schema @ Value::Object(_)) => Some(schema.clone()),
        Some(Value::Null) | None => None,
        Some(_) => {
            return Err(format!(
                "the output schema of \"{quoted}\" is not an object"
            ));
        }
    };
    let annotations = definition.get("annotations").and_then(Value::as_object);
    let claim = |hint: &str| annotations?.get(hint)?.as_bool();
    Ok(Definition {
        name,
        title: text(definition.get("title"))
            .or_else(|| text(annotations.and_then(|annotations| annotations.get("title")))),
        description: text(definition.get("description")).unwrap_or_default(),
        hints: Hints {
            read_only: claim("readOnlyHint"),
            destructive: claim("destructiveHint"),
            idempotent: claim("idempotentHint"),
            open_world: claim("openWorldHint"),
        },
        input_schema,
        output_schema,
        digest: json::digest(&Value::Object(definition.clone())),
    })
}

fn name(definition: &Map<String, Value>) -> Result<Untrusted, String> {
    let name = match definition.get("name") {
        Some(Value::String(name)) => name,
        Some(_) => return Err("a function's name is not a text".to_owned()),
        None => return Err("a function has no name".to_owned()),
    };
    if name.is_empty() {
        return Err("a function's name is empty".to_owned());
    }
    let name = Untrusted::from(name.as_str());
    if name.raw().chars().count() > NAME_LIMIT {
        return Err(format!(
            "the name of the function \"{}\" is longer than {NAME_LIMIT} characters",
            sanitise::line(&name, 40)
        ));
    }
    Ok(name)
}

fn text(value: Option<&Value>) -> Option<Untrusted> {
    value
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .map(Untrusted::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn sample() -> Value {
        json!({
            "name": "create_issue",
            "description": "Creates an issue.",
            "inputSchema": {
                "type": "object",
                "properties": {
                    "labels": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string", "default": "bug"}}}},
                },
                "required": ["labels"],
            },
            "outputSchema": {"type": "object"},
            "annotations": {"title": "Create", "readOnlyHint": false, "destructiveHint": "no", "openWorldHint": true},
            "icons": [{"src": "https://example.org/i.png"}],
            "_meta": {"x/y": {"z": [1, 2]}},
        })
    }

    fn read_value(value: &Value) -> Result<Definition, String> {
        read(value.as_object().unwrap())
    }

    #[test]
    fn a_definition_is_read_whole() {
        let read = read_value(&sample()).unwrap();
        assert_eq!(read.name.raw(), "create_issue");
        assert_eq!(read.title.unwrap().raw(), "Create");
        assert_eq!(read.description.raw(), "Creates an issue.");
        assert_eq!(
            read.hints,
            Hints {
                read_only: Some(false),
                destructive: None,
                idempotent: None,
                open_world: Some(true)
            }
        );
        assert!(read.output_schema.is_some());
        assert_eq!(read.digest.len(), 64);
    }

    #[test]
    fn what_is_no_definition_is_refused_in_words() {
        for (value, words) in [
            (json!({"inputSchema": {}}), "a function has no name"),
            (
                json!({"name": 1, "inputSchema": {}}),
                "a function's name is not a text",
            ),
            (
                json!({"name": "", "inputSchema": {}}),
                "a function's name is empty",
            ),
            (
                json!({"name": "x".repeat(257), "inputSchema": {}}),
                "longer than 256 characters",
            ),
            (
                json!({"name": "a\u{1b}"}),
                "\"a⟨U+001B⟩\" has no input schema",
            ),
            (
                json!({"name": "a", "inputSchema": true}),
                "the input schema of \"a\" is not an object",
            ),
            (
                json!({"name": "a", "inputSchema": {}, "outputSchema": 1}),
                "the output schema of \"a\" is not an object",
            ),
        ] {
            let refusal = read_value(&value).unwrap_err();
            assert!(refusal.contains(words), "{refusal}");
        }
    }

    #[test]
    fn notation_does_not_change_the_digest() {
        let mut turned = sample();
        let members = turned.as_object_mut().unwrap();
        let reversed: Map<_, _> = members.clone().into_iter().rev().collect();
        *members = reversed;
        assert_ne!(turned.to_string(), sample().to_string());
        let respaced = serde_json::to_string_pretty(&turned).unwrap();
        let again: Value = serde_json::from_str(&respaced).unwrap();
        assert_eq!(
            read_value(&again).unwrap().digest,
            read_value(&sample()).unwrap().digest
        );
    }

    /// Pointers to every value inside.
    fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
                .collect(),
            Value::Array(values) => values
                .iter()
                .enumerate()
                .map(|(at, value)| (at.to_string(), value))
                .collect(),
            _ => vec![],
        };
        for (step, child) in children {
            let pointer = format!("{at}/{step}");
            pointers(child, &pointer, found);
            found.push(pointer);
        }
    }

    #[test]
    fn any_value_changes_the_digest() {
        let original = json::digest(&sample());
        let mut places = Vec::new();
        pointers(&sample(), "", &mut places);
        assert!(places.contains(&"/_meta/x~1y/z/1".to_owned()));
        assert!(
            places
                .iter()
                .any(|place| place.ends_with("/properties/name/default"))
        );
        for place in places {
            let mut changed = sample();
            *changed.pointer_mut(&place).unwrap() = json!("changed");
            assert_ne!(json::digest(&changed), original, "{place}");
        }
        let mut more = sample();
        more["inputSchema"]["properties"]["labels"]["items"]["pattern"] = json!("x");
        assert_ne!(json::digest(&more), original);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn two_texts_have_two_digests(a in ".{0,12}", b in ".{0,12}") {
            let digest = |text: &str| {
                let mut value = sample();
                value["_meta"]["note"] = json!(text);
                read_value(&value).unwrap().digest
            };
            prop_assert_eq!(digest(&a) == digest(&b), a == b);
        }
    }
}
