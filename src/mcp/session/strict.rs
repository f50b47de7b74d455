//! JSON from a server, read strictly: bounded depth and size, no key twice.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How deep arrays and objects may nest.
pub(super) const MAX_DEPTH: usize = 64;
/// How many values one message may hold. A value takes many times its own bytes
/// in memory, so that a limit on bytes alone would not do.
pub(super) const MAX_VALUES: usize = 1_000_000;

/// Reads one JSON text. The error says in a few words what is wrong with it and
/// quotes nothing.
pub(super) fn read(bytes: &[u8]) -> Result<Value, String> {
    let left = Cell::new(MAX_VALUES);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let seed = Strict {
        depth: MAX_DEPTH,
        left: &left,
    };
    let value = seed.deserialize(&mut reader).map_err(|e| in_short(&e))?;
    reader.end().map_err(|e| in_short(&e))?;
    Ok(value)
}

/// Our own words where the fault is one of ours, else the class: serde's message
/// may quote what was sent.
fn in_short(error: &serde_json::Error) -> String {
    let said = error.to_string();
    for ours in [TOO_DEEP, TOO_MANY, TWICE] {
        if said.starts_with(ours) {
            return ours.to_owned();
        }
    }
    if error.is_eof() {
        "it ends in the middle".to_owned()
    } else {
        "it is not JSON".to_owned()
    }
}

const TOO_DEEP: &str = "it is nested too deep";
const TOO_MANY: &str = "it holds too many values";
const TWICE: &str = "it has the same key twice";

#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    left: &'a Cell<usize>,
}

impl Strict<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(E::custom(TOO_DEEP)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.left.get().checked_sub(1) {
            Some(left) => self.left.set(left),
            None => return Err(D::Error::custom(TOO_MANY)),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inside)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inside = self.deeper()?;
        let mut members = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let value = access.next_value_seed(inside)?;
            if members.insert(key, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(members))
    }
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
    fn the_same_key_twice_is_refused() {
        assert_eq!(read(br#"{"a":1,"a":2}"#).unwrap_err(), TWICE);
        assert_eq!(read(br#"[{"a":{"b":1,"b":1}}]"#).unwrap_err(), TWICE);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(read(deep(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(read(deep(MAX_DEPTH + 1).as_bytes()).unwrap_err(), TOO_DEEP);
        assert_eq!(read("[".repeat(100_000).as_bytes()).unwrap_err(), TOO_DEEP);
    }

    #[test]
    fn many_small_values_are_bounded() {
        let many = format!("[{}0]", "0,".repeat(MAX_VALUES));
        assert_eq!(read(many.as_bytes()).unwrap_err(), TOO_MANY);
    }

    #[test]
    fn what_is_not_json_is_said_without_quoting_it() {
        for text in [
            "<html>secret",
            "{\"a\":",
            "\u{feff}{}",
            "{} {}",
            "{\"a\":NaN}",
        ] {
            let said = read(text.as_bytes()).unwrap_err();
            assert!(
                !said.contains("secret") && said.starts_with("it "),
                "{said}"
            );
        }
        assert!(read(b"\"\\ud800\"").is_err());
    }
}
