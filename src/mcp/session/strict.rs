//! JSON from a server, read strictly and with a bound on what it becomes.

use serde_json::Value;

use super::events::MAX_EVENT;
use crate::guard::json::{Limits, read_strict};

/// How many values one message may hold. A value takes many times its own bytes
/// in memory, so that a limit on bytes alone would not do.
const MAX_VALUES: usize = 1_000_000;

/// Reads one JSON text. The error says in a few words what is wrong with it and is
/// fit to be shown.
pub(super) fn read(bytes: &[u8]) -> Result<Value, String> {
    if values(bytes) > MAX_VALUES {
        return Err("it holds too many values".to_owned());
    }
    read_strict(bytes, Limits::bytes(MAX_EVENT)).map_err(|fault| fault.reason)
}

/// How many values a text holds at most: one, one more for each comma, and one
/// inside each bracket.
fn values(bytes: &[u8]) -> usize {
    let mut count = 1;
    let mut in_text = false;
    let mut escaped = false;
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_json_comes_through_as_it_was() {
        let text = r#"{"b":1,"a":[null,true,-2,1.5,"x"],"big":18446744073709551615}"#;
        assert_eq!(read(text.as_bytes()).unwrap().to_string(), text);
    }

    #[test]
    fn many_small_values_are_bounded_and_a_long_text_is_not_many() {
        let many = format!("[{}0]", "0,".repeat(MAX_VALUES));
        assert!(read(many.as_bytes()).unwrap_err().contains("too many"));
        let long = format!(r#"["{}\"{}"]"#, ",[".repeat(MAX_VALUES), ",".repeat(9));
        assert!(read(long.as_bytes()).is_ok());
    }
}
