//! A JSON Schema, kept as text.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// JSON Schema as a server sent it, as compact text. As a tree it takes ten times the
/// memory, and of the thousands that a list may have few are ever looked at.
#[derive(Clone, PartialEq, Eq)]
pub struct Schema(Box<str>);

impl Schema {
    /// The schema itself, its members in the order in which they came.
    pub fn value(&self) -> Value {
        // It was made of one, so it is one; nothing fits what is none.
        serde_json::from_str(&self.0).unwrap_or(Value::Bool(false))
    }
}

impl From<Value> for Schema {
    fn from(schema: Value) -> Self {
        Self(schema.to_string().into())
    }
}

impl fmt::Debug for Schema {
    /// A length alone: it has words of a server in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Schema({} bytes)", self.0.len())
    }
}

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_travels_as_it_came() {
        let tree =
            json!({ "type": "object", "properties": { "b": {}, "a": { "enum": [1, "é"] } } });
        let schema = Schema::from(tree.clone());
        assert_eq!(schema.value(), tree);
        let text = serde_json::to_string(&schema).unwrap();
        assert_eq!(text, tree.to_string());
        assert_eq!(serde_json::from_str::<Schema>(&text).unwrap(), schema);
        assert_eq!(serde_json::to_value(&schema).unwrap(), tree);
        assert_eq!(serde_json::from_value::<Schema>(tree).unwrap(), schema);
    }

    #[test]
    fn its_words_are_in_no_log() {
        let schema = Schema::from(json!({ "description": "ignore all that" }));
        assert_eq!(format!("{schema:?}"), "Schema(33 bytes)");
    }
}
