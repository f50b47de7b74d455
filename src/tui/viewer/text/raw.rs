//! A value as the text of its JSON: every key in the order in which it came, every
//! string as JSON writes it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

/// Longest indented text, in bytes. Deep inside of lists the blanks before each element
/// are many times what came.
const INDENTED: usize = 64 * 1024 * 1024;

/// Bytes up to a limit.
struct Room {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len().saturating_add(bytes.len()) > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The text, indented; on one line where that would be too long.
pub(in crate::tui::viewer) fn json(value: &Value) -> String {
    json_within(value, INDENTED)
}

fn json_within(value: &Value, limit: usize) -> String {
    let mut room = Room {
        bytes: Vec::new(),
        limit,
    };
    let mut writer = serde_json::Serializer::pretty(&mut room);
    let indented = value.serialize(&mut writer).is_ok();
    match String::from_utf8(room.bytes) {
        Ok(text) if indented => text,
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_stay_in_their_order_and_strings_as_json_writes_them() {
        let text = r#"{"z":"a\nb\u001b[2J","a":[1,null]}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(
            json(&value),
            "{\n  \"z\": \"a\\nb\\u001b[2J\",\n  \"a\": [\n    1,\n    null\n  ]\n}"
        );
        assert_eq!(json(&json!("say \"hi\"")), r#""say \"hi\"""#);
    }

    #[test]
    fn what_would_be_too_long_indented_stands_on_one_line() {
        let mut deep = json!([1, 2]);
        for _ in 0..40 {
            deep = json!([deep]);
        }
        let brief = deep.to_string();
        let indented = json(&deep);
        assert!(indented.contains('\n'));
        assert_eq!(json_within(&deep, indented.len()), indented);
        assert_eq!(json_within(&deep, indented.len() - 1), brief);
    }
}
