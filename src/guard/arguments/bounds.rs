//! Whether a schema can be worked with at all, and at what price.
//!
//! A schema may refer to itself, and a few lines of it may mean more steps than there
//! are seconds. So the way that a validator would go is gone first, counting.

use std::collections::HashMap;

use serde_json::Value;

/// Levels of a schema.
const MAX_DEPTH: usize = 64;
/// Values inside a schema.
const MAX_NODES: usize = 20_000;
/// Steps that checking one call may take.
const MAX_STEPS: usize = 100_000;
/// Schemas that may be entered within each other, over all levels of the arguments.
const MAX_NESTING: usize = 400;

/// Keywords whose value is a schema for the same value.
const SAME: [&str; 4] = ["not", "if", "then", "else"];
/// Keywords whose value is a list of schemas for the same value.
const SAME_LIST: [&str; 3] = ["allOf", "anyOf", "oneOf"];
/// Keywords whose value is an object of schemas for the same value.
const SAME_MAP: [&str; 2] = ["dependentSchemas", "dependencies"];
/// Keywords whose value is a schema for each value inside.
const EACH: [&str; 8] = [
    "items",
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "contentSchema",
];
const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// Says in words why the schema cannot be used for these arguments.
pub(super) fn examine(schema: &Value, arguments: &Value) -> Result<(), String> {
    let mut nodes = 0;
    size(schema, 0, &mut nodes)?;
    let mut anchors = HashMap::new();
    gather_anchors(schema, &mut anchors);
    let mut walk = Walk {
        root: schema,
        anchors,
        steps: 0,
    };
    walk.enter(schema, Some(arguments), 0)
}

/// Follows a pointer inside the schema (`#`, `#/a/b`).
pub(super) fn resolve<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    root.pointer(&pointer(reference)?)
}

/// The JSON pointer (RFC 6901) that a reference within a document stands for:
/// `#/a/b` is `/a/b`. `None` where it leads out of the document.
pub fn pointer(reference: &str) -> Option<String> {
    percent_decoded(reference.strip_prefix('#')?)
}

fn percent_decoded(pointer: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let value = digit(rest.next()?)? * 16 + digit(rest.next()?)?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// What has a name of its own in the schema (`#name`).
fn gather_anchors<'s>(within: &'s Value, found: &mut HashMap<&'s str, &'s Value>) {
    match within {
        Value::Object(members) => {
            for key in ["$anchor", "$dynamicAnchor"] {
                if let Some(name) = members.get(key).and_then(Value::as_str) {
                    found.insert(name, within);
                }
            }
            members
                .values()
                .for_each(|value| gather_anchors(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| gather_anchors(value, found)),
        _ => {}
    }
}

/// Counts what a schema consists of, and looks at every reference in it.
fn size(schema: &Value, depth: usize, nodes: &mut usize) -> Result<(), String> {
    *nodes += 1;
    if *nodes > MAX_NODES {
        return Err(format!("it is larger than {MAX_NODES} values"));
    }
    if depth > MAX_DEPTH {
        return Err(format!("it is deeper than {MAX_DEPTH} levels"));
    }
    match schema {
        Value::Array(values) => values
            .iter()
            .try_for_each(|value| size(value, depth + 1, nodes)),
        Value::Object(members) => {
            for key in REFERENCES {
                if let Some(reference) = members.get(key).and_then(Value::as_str) {
                    stays_inside(reference)?;
                }
            }
            // A second base would give the references below it another meaning.
            if depth > 0 && ["$id", "id"].iter().any(|key| is_base(members.get(*key))) {
                return Err("it has another document ($id) inside".to_owned());
            }
            members
                .values()
                .try_for_each(|value| size(value, depth + 1, nodes))
        }
        _ => Ok(()),
    }
}

fn is_base(id: Option<&Value>) -> bool {
    id.and_then(Value::as_str)
        .is_some_and(|id| id.contains(':') || id.contains('/'))
}

fn stays_inside(reference: &str) -> Result<(), String> {
    if reference.starts_with('#') {
        return Ok(());
    }
    Err(format!(
        "it refers to {}, and callboard fetches nothing for a schema",
        super::quoted(reference)
    ))
}

struct Walk<'s> {
    root: &'s Value,
    anchors: HashMap<&'s str, &'s Value>,
    steps: usize,
}

impl<'s> Walk<'s> {
    fn target(&self, reference: &str) -> Option<&'s Value> {
        let named = reference
            .strip_prefix('#')
            .and_then(|name| self.anchors.get(name));
        named.copied().or_else(|| resolve(self.root, reference))
    }

    fn enter(
        &mut self,
        schema: &'s Value,
        value: Option<&Value>,
        nesting: usize,
    ) -> Result<(), String> {
        self.steps += 1;
        if nesting > MAX_NESTING {
            return Err("it refers to itself without end".to_owned());
        }
        if self.steps > MAX_STEPS {
            return Err("checking these arguments against it would take too long".to_owned());
        }
        let Some(keywords) = schema.as_object() else {
            return Ok(());
        };
        for key in REFERENCES {
            if let Some(reference) = keywords.get(key).and_then(Value::as_str) {
                let target = self.target(reference).ok_or_else(|| {
                    format!(
                        "it refers to {}, which it has not",
                        super::quoted(reference)
                    )
                })?;
                self.enter(target, value, nesting + 1)?;
            }
        }
        for schema in SAME.iter().filter_map(|key| keywords.get(*key)) {
            self.enter(schema, value, nesting + 1)?;
        }
        for schema in SAME_LIST
            .iter()
            .filter_map(|key| keywords.get(*key)?.as_array())
            .flatten()
        {
            self.enter(schema, value, nesting + 1)?;
        }
        for schema in SAME_MAP
            .iter()
            .filter_map(|key| keywords.get(*key)?.as_object())
            .flat_map(|schemas| schemas.values())
        {
            self.enter(schema, value, nesting + 1)?;
        }
        self.descend(keywords, value, nesting + 1)
    }

    /// Goes into the values inside, with every schema that could be meant for them.
    fn descend(
        &mut self,
        keywords: &'s serde_json::Map<String, Value>,
        value: Option<&Value>,
        nesting: usize,
    ) -> Result<(), String> {
        let named: Vec<(Option<&str>, &Value)> = match value {
            Some(Value::Object(members)) => members
                .iter()
                .map(|(key, value)| (Some(key.as_str()), value))
                .collect(),
            Some(Value::Array(values)) => values.iter().map(|value| (None, value)).collect(),
            _ => return Ok(()),
        };
        let properties = keywords.get("properties");
        let patterns = keywords.get("patternProperties").and_then(Value::as_object);
        for (index, (name, inside)) in named.into_iter().enumerate() {
            let own = name.and_then(|name| properties?.get(name));
            let placed = ["prefixItems", "items"]
                .iter()
                .filter_map(|key| keywords.get(*key)?.get(index));
            let matching = patterns.iter().flat_map(|patterns| patterns.values());
            let each = EACH.iter().filter_map(|key| keywords.get(*key));
            for schema in own.into_iter().chain(placed).chain(matching).chain(each) {
                self.enter(schema, Some(inside), nesting)?;
            }
        }
        Ok(())
    }
}
