//! One text for each value.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Integers up to here are the same as a double (RFC 8785 section 3.2.2.3).
const EXACT: u64 = 1 << 53;

/// The value in canonical JSON (RFC 8785).
///
/// RFC 8785 leaves integers beyond 2^53 to be rounded or sent as strings. Here they
/// keep all their digits, so that no two values have the same text.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// SHA-256 of the canonical text, in 64 lower-case hexadecimal digits.
pub fn digest(value: &Value) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(canonical(value).as_bytes()) {
        // Writing to a string has no way to fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(value, text);
            }
            text.push(']');
        }
        Value::Object(values) => {
            let mut members: Vec<_> = values.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            text.push('{');
            for (index, (key, value)) in members.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                scalar(key, text);
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
        Value::Number(number) if is_long(number) => text.push_str(&number.to_string()),
        other => scalar(other, text),
    }
}

fn is_long(number: &serde_json::Number) -> bool {
    number
        .as_u64()
        .or_else(|| number.as_i64().map(i64::unsigned_abs))
        .is_some_and(|size| size > EXACT)
}

fn scalar<T: serde::Serialize + ?Sized>(value: &T, text: &mut String) {
    // A scalar has no way to fail: JSON's numbers are finite, its strings UTF-8.
    text.push_str(&serde_json_canonicalizer::to_string(&value).unwrap_or_default());
}
