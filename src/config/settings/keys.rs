//! The table `[keys]`: which keys the interface is to have.
//!
//! Read here as far as its shape goes. What an action, a place or a key is only the
//! interface knows, so each keeps its spot in the file.

use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::spot::Spot;
use crate::domain::Fault;

/// The name of the table.
pub(super) const KEYS_TABLE: &str = "keys";

/// The keys of one action, in one place or wherever it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebinding {
    /// The place, and where in the file it is named; `None`: wherever it counts.
    pub place: Option<(String, Spot)>,
    /// The action.
    pub action: String,
    /// Its keys; none takes the action's keys away.
    pub keys: Vec<BoundKey>,
    /// Where in the file the action is named.
    pub spot: Spot,
}

/// A key as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundKey {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub spot: Spot,
}

impl Rebinding {
    /// What it is called in a list of settings: `keys.functions.always`.
    pub fn name(&self) -> String {
        match &self.place {
            Some((place, _)) => format!("{KEYS_TABLE}.{place}.{}", self.action),
            None => format!("{KEYS_TABLE}.{}", self.action),
        }
    }
}

/// Finds the spot of bytes.
type At<'a> = &'a dyn Fn(Option<Range<usize>>) -> Spot;

/// What the table binds, in the order of the file.
pub(super) fn rebindings(
    item: &Item,
    span: Option<Range<usize>>,
    at: At<'_>,
) -> Result<Vec<Rebinding>, Fault> {
    let Some(table) = item.as_table_like() else {
        let fault = at(item.span().or(span)).fault("keys is a table of actions and their keys");
        return Err(fault.hint("write [keys], and below it lines like reconnect = \"f5\""));
    };
    let mut found = Vec::new();
    for (name, item) in table.iter() {
        match item.as_table_like() {
            Some(place) => {
                let here = (name.to_owned(), at(span_of(table, name)));
                for (action, item) in place.iter() {
                    found.push(rebinding(Some(&here), place, action, item, at)?);
                }
            }
            None => found.push(rebinding(None, table, name, item, at)?),
        }
    }
    Ok(found)
}

fn span_of(table: &dyn TableLike, name: &str) -> Option<Range<usize>> {
    table.key(name).and_then(toml_edit::Key::span)
}

fn rebinding(
    place: Option<&(String, Spot)>,
    table: &dyn TableLike,
    action: &str,
    item: &Item,
    at: At<'_>,
) -> Result<Rebinding, Fault> {
    let spot = at(span_of(table, action));
    let wrong = |span: Option<Range<usize>>| {
        span.map_or_else(|| spot.clone(), |span| at(Some(span)))
            .fault(&format!("{action} cannot be that"))
            .hint(format!(
                "write {action} = \"f5\", or a list: {action} = [\"f5\", \"ctrl-r\"]"
            ))
    };
    let key = |value: &Value| match value.as_str() {
        Some(text) => Ok(BoundKey {
            text: text.to_owned(),
            spot: at(value.span()),
        }),
        None => Err(wrong(value.span())),
    };
    let keys = match item.as_value() {
        Some(Value::Array(list)) => list.iter().map(key).collect::<Result<_, _>>()?,
        Some(value) => vec![key(value)?],
        None => return Err(wrong(item.span())),
    };
    Ok(Rebinding {
        place: place.cloned(),
        action: action.to_owned(),
        keys,
        spot,
    })
}
