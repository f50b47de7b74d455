//! Domain values as the TEXT of a column, and back.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A value as text: a plain word where it is one, JSON otherwise.
pub(super) fn text<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        Ok(other) => other.to_string(),
        // Domain types are plain data; none of them can refuse to be serialised.
        Err(_) => String::new(),
    }
}

/// Reads a word back; the error names what was found.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::String(text.to_owned())).map_err(|_| format!("the word {text:?}"))
}

/// Reads JSON back; the error says where it breaks.
pub(super) fn json<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("JSON that does not read: {error}"))
}
