//! JSON read strictly, and its canonical form.
//!
//! Two readers must never find two meanings in one text: what is inspected here is
//! what is sent on. So a key may stand in an object only once, an integer that 64 bits
//! cannot keep is refused and never rounded, and nothing may follow the value. Other
//! numbers are kept as the nearest IEEE 754 double, as RFC 8785 has it.

mod canonical;
mod scan;
#[cfg(test)]
mod tests;
mod visit;

use std::fmt;

use serde::de::DeserializeSeed as _;
use serde_json::Value;

pub use canonical::{canonical, digest};

/// Levels of arrays and objects that are read.
pub const MAX_DEPTH: usize = 64;

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole text.
    pub max_bytes: usize,
    /// Levels of arrays and objects; more than 120 are never read.
    pub max_depth: usize,
}

impl Limits {
    /// So many bytes, and [`MAX_DEPTH`] levels.
    pub fn bytes(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            max_depth: MAX_DEPTH,
        }
    }
}

/// Why a text was not read. Its words are fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonFault {
    /// What is wrong, a part of a sentence: `the key "a" stands twice in an object`.
    pub reason: String,
    /// Line of the fault, from 1; 0 where it has no place.
    pub line: usize,
    /// Column in bytes, from 1; 0 where it has no place.
    pub column: usize,
}

impl JsonFault {
    fn nowhere(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            line: 0,
            column: 0,
        }
    }
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        if self.line > 0 {
            write!(f, " (line {}, column {})", self.line, self.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for JsonFault {}

/// The value that the text stands for, its keys in the order they came (RFC 8259 and
/// I-JSON, RFC 7493).
///
/// # Errors
///
/// Text that is too long or too deep, begins with a byte order mark, is not JSON, holds
/// a key twice (upper and lower case differ), half a surrogate pair, or an integer
/// beyond 64 bits, or goes on after the value.
pub fn read_strict(bytes: &[u8], limits: Limits) -> Result<Value, JsonFault> {
    if bytes.len() > limits.max_bytes {
        return Err(JsonFault::nowhere(format!(
            "it is {} bytes long, more than the {} that are read",
            bytes.len(),
            limits.max_bytes
        )));
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        return Err(JsonFault {
            reason: "it begins with a byte order mark, which JSON must not have".to_owned(),
            line: 1,
            column: 1,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|fault| {
        let (line, column) = scan::place(bytes, fault.valid_up_to());
        JsonFault {
            reason: "it is not UTF-8".to_owned(),
            line,
            column,
        }
    })?;
    scan::scan(bytes, limits.max_depth)?;
    let path = visit::Path::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = visit::Strict::new(&path)
        .deserialize(&mut reader)
        .map_err(|fault| named(&fault))?;
    reader.end().map_err(|fault| named(&fault))?;
    Ok(value)
}

/// A fault of the reader in callboard's words.
fn named(fault: &serde_json::Error) -> JsonFault {
    let (line, column) = (fault.line(), fault.column());
    let words = fault.to_string();
    let words = words
        .strip_suffix(&format!(" at line {line} column {column}"))
        .unwrap_or(&words);
    let reason = match words {
        "trailing characters" => "text follows the value".to_owned(),
        "number out of range" => "a number is larger than can be kept".to_owned(),
        words if words.contains("surrogate") || words.contains("end of hex escape") => {
            "half a surrogate pair stands in a string".to_owned()
        }
        words if words.starts_with("EOF") => "it ends too early".to_owned(),
        words if words.starts_with("the key ") => words.to_owned(),
        words => format!("it is not JSON: {words}"),
    };
    JsonFault {
        reason,
        line,
        column,
    }
}
