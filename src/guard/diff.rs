//! What differs between the definition that was accepted and the present one, word by
//! word. Nothing is left out: the digest is over the whole definition, and so is this.

mod places;
mod words;

use serde_json::Value;

use crate::domain::Untrusted;

pub use words::words;

use places::places;

/// Changes that are told one by one.
const MOST_CHANGES: usize = 200;

/// One place of a definition that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where: `description`, `inputSchema.properties.repo.type`. The names in it are the
    /// server's.
    pub place: Untrusted,
    /// What it was and what it is.
    pub pieces: Pieces,
}

impl Change {
    /// Where, in callboard's own words as far as there are some, and the server's name
    /// for the rest.
    pub fn about(&self) -> (&'static str, Option<Untrusted>) {
        let raw = self.place.raw();
        if raw == "inputSchema.required" {
            return ("which arguments are required", None);
        }
        let named = [
            ("inputSchema.properties.", "argument "),
            ("annotations.", "claim "),
        ];
        for (prefix, word) in named {
            if let Some(rest) = raw.strip_prefix(prefix) {
                return (word, Some(Untrusted::from(rest)));
            }
        }
        ("", Some(self.place.clone()))
    }
}

/// What became of the text at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pieces {
    /// It was not there before.
    Added(Untrusted),
    /// It is there no longer.
    Removed(Untrusted),
    /// It reads differently.
    Changed(Vec<Piece>),
}

/// A stretch of a text that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// It is in both.
    Same(Untrusted),
    /// It is in the old text alone.
    Old(Untrusted),
    /// It is in the new text alone.
    New(Untrusted),
}

/// The changes of a definition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// In the order of the new definition, what is gone last.
    pub told: Vec<Change>,
    /// How many more there are that are not told.
    pub more: usize,
}

/// What differs between two definitions as servers send them.
pub fn definitions(old: &Value, new: &Value) -> Changes {
    let (before, now) = (places(old), places(new));
    let mut changes = Changes::default();
    let mut add = |place: &str, pieces: &dyn Fn() -> Pieces| {
        if changes.told.len() >= MOST_CHANGES {
            changes.more = changes.more.saturating_add(1);
            return;
        }
        changes.told.push(Change {
            place: Untrusted::from(place),
            pieces: pieces(),
        });
    };
    let untrusted = |text: &String| Untrusted::from(text.as_str());
    for (place, text) in now.in_order() {
        match before.get(place) {
            None => add(place, &|| Pieces::Added(untrusted(text))),
            Some(old) if old != text => add(place, &|| Pieces::Changed(words(old, text))),
            Some(_) => {}
        }
    }
    for (place, text) in before.in_order() {
        if now.get(place).is_none() {
            add(place, &|| Pieces::Removed(untrusted(text)));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn told(old: &Value, new: &Value) -> Vec<(String, &'static str)> {
        definitions(old, new)
            .told
            .into_iter()
            .map(|change| {
                let what = match change.pieces {
                    Pieces::Added(_) => "added",
                    Pieces::Removed(_) => "removed",
                    Pieces::Changed(_) => "changed",
                };
                (change.place.raw().to_owned(), what)
            })
            .collect()
    }

    #[test]
    fn every_place_that_differs_is_told_and_no_other() {
        let old = json!({
            "name": "create",
            "description": "Creates an issue.",
            "inputSchema": { "type": "object", "required": ["a"], "properties": {
                "a": { "type": "string" }, "gone": { "type": "integer" } } },
            "annotations": { "destructiveHint": false },
        });
        let new = json!({
            "description": "Creates an issue, and more.",
            "name": "create",
            "inputSchema": { "type": "object", "required": ["a", "b"], "properties": {
                "a": { "type": "string" }, "b": { "type": "string" } } },
            "annotations": { "destructiveHint": true },
            "_meta": { "x/y": [{ "deep": null }] },
        });
        let expected = [
            ("description", "changed"),
            ("inputSchema.required", "changed"),
            ("inputSchema.properties.b.type", "added"),
            ("annotations.destructiveHint", "changed"),
            ("_meta.x/y[0].deep", "added"),
            ("inputSchema.properties.gone.type", "removed"),
        ];
        let expected: Vec<(String, &str)> = expected
            .map(|(place, what)| (place.to_owned(), what))
            .to_vec();
        assert_eq!(told(&old, &new), expected);
        assert_eq!(definitions(&new, &new), Changes::default());
    }

    #[test]
    fn a_value_of_another_type_is_a_change_even_where_it_reads_alike() {
        assert_eq!(
            told(&json!({ "a": "1" }), &json!({ "a": 1 })),
            [("a".to_owned(), "changed")]
        );
        assert_eq!(
            told(&json!({ "a": {} }), &json!({ "a": [] })),
            [("a".to_owned(), "changed")]
        );
        assert_eq!(
            told(&json!({ "a": { "b": 1 } }), &json!({ "a.b": 1 })).len(),
            2
        );
    }

    #[test]
    fn too_many_changes_are_counted() {
        let many = |word: &str| -> Value {
            (0..300)
                .map(|n| (format!("k{n}"), json!(word)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        };
        let changes = definitions(&many("a"), &many("b"));
        assert_eq!((changes.told.len(), changes.more), (200, 100));
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i8>().prop_map(Value::from),
            "[a-b.\\[\\]0 ]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::btree_map("[a-b.\\[\\]0]{0,3}", inner, 0..3)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_differs_is_never_told_as_nothing(old in json_value(), new in json_value()) {
            let changes = definitions(&old, &new);
            prop_assert_eq!(old == new, changes == Changes::default());
        }
    }
}
