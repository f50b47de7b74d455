//! Builds a value and refuses a key that comes twice.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::domain::Untrusted;
use crate::guard::sanitise;

/// Characters of a key or of a path to it that a fault quotes.
const QUOTED: usize = 60;

/// Where the reader is.
#[derive(Debug, Default)]
pub(super) struct Path(RefCell<Vec<String>>);

impl Path {
    fn within(&self) -> String {
        let steps = self.0.borrow().concat();
        match steps.strip_prefix('.').unwrap_or(&steps) {
            "" => String::new(),
            path => format!(" at {}", sanitise::line(&Untrusted::from(path), QUOTED)),
        }
    }

    fn at<T, E>(
        &self,
        step: impl FnOnce() -> String,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.0.borrow_mut().push(step());
        let value = read()?;
        self.0.borrow_mut().pop();
        Ok(value)
    }
}

/// Reads one value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strict<'p> {
    path: &'p Path,
}

impl<'p> Strict<'p> {
    pub(super) fn new(path: &'p Path) -> Self {
        Self { path }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let step = || format!("[{}]", values.len());
            match self.path.at(step, || seq.next_element_seed(self))? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if values.contains_key(&key) {
                let key = sanitise::line(&Untrusted::from(key), QUOTED);
                let within = self.path.within();
                return Err(A::Error::custom(format_args!(
                    "the key \"{key}\" stands twice in an object{within}"
                )));
            }
            let value = self
                .path
                .at(|| format!(".{key}"), || map.next_value_seed(self))?;
            values.insert(key, value);
        }
        Ok(Value::Object(values))
    }
}
