//! Identifiers: what a connector is called, and what it is known by for good.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest connector name, in characters.
pub const NAME_LIMIT: usize = 32;

/// The key under which a connector's permissions, secrets and history are kept.
///
/// It never changes, so a rename or an edit loses nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectorId(String);

impl ConnectorId {
    /// Wraps an identifier read back from the store or freshly drawn.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The identifier as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConnectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose permissions are meant. A personal board has exactly one person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(String);

impl PersonId {
    /// Wraps an identifier read back from the store.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The one person of a personal board.
    pub fn operator() -> Self {
        Self("operator".to_owned())
    }

    /// The identifier as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A connector's name: what the operator types and what agents see before `__`.
///
/// Letters, digits, `-`, and single `_` inside; at most 32 characters. Because
/// two underscores never stand together, `connector__function` has one reading.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConnectorName(String);

/// Why a text is not a connector name. Its message names the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing was typed.
    Empty,
    /// More than 32 characters.
    TooLong {
        /// How many there are.
        length: usize,
    },
    /// A character that a name cannot have, and its place counted from 1.
    Character {
        /// The character found.
        found: char,
        /// Its place, counted from 1.
        place: usize,
    },
    /// `_` at either end.
    OuterUnderscore,
    /// `__`, which separates a connector from its function.
    DoubleUnderscore {
        /// Place of the first of the two, counted from 1.
        place: usize,
    },
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a connector needs a name"),
            Self::TooLong { length } => write!(
                f,
                "a name has at most {NAME_LIMIT} characters, this one has {length}"
            ),
            Self::Character { found: ' ', place } => {
                write!(f, "a name has no spaces; there is one at place {place}")
            }
            Self::Character { found, place } => write!(
                f,
                "a name has letters, digits, - and _ only; place {place} is U+{:04X}",
                u32::from(*found)
            ),
            Self::OuterUnderscore => f.write_str("a name neither starts nor ends with _"),
            Self::DoubleUnderscore { place } => write!(
                f,
                "a name has no two _ together (place {place}): they separate connector and function"
            ),
        }
    }
}

impl std::error::Error for NameError {}

impl ConnectorName {
    /// Checks a name.
    ///
    /// # Errors
    /// The first rule that the text breaks, with its place.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        for (index, found) in text.chars().enumerate() {
            if !(found.is_ascii_alphanumeric() || found == '-' || found == '_') {
                return Err(NameError::Character {
                    found,
                    place: index + 1,
                });
            }
        }
        if text.len() > NAME_LIMIT {
            return Err(NameError::TooLong { length: text.len() });
        }
        if text.starts_with('_') || text.ends_with('_') {
            return Err(NameError::OuterUnderscore);
        }
        if let Some(at) = text.find("__") {
            return Err(NameError::DoubleUnderscore { place: at + 1 });
        }
        Ok(Self(text.to_owned()))
    }

    /// A name for something that is called like this: its letters and digits, in lower
    /// case, with `-` for everything between, and a number behind it where another
    /// has the name. `taken` is asked with names in lower case.
    pub fn proposed(title: &str, taken: impl Fn(&str) -> bool) -> Self {
        let mut name = String::new();
        for letter in title.chars() {
            if letter.is_ascii_alphanumeric() {
                name.push(letter.to_ascii_lowercase());
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
        }
        let begin = |length: usize| {
            let begin: String = name.chars().take(length).collect();
            begin.trim_end_matches('-').to_owned()
        };
        let whole = match begin(NAME_LIMIT) {
            empty if empty.is_empty() => "server".to_owned(),
            name => name,
        };
        if !taken(&whole) {
            return Self(whole);
        }
        // No board has so many connectors that none of these is free.
        let numbers = 2..u32::MAX;
        let name = numbers
            .map(|number| {
                let number = format!("-{number}");
                let room = NAME_LIMIT.saturating_sub(number.len());
                let begin: String = whole.chars().take(room).collect();
                format!("{}{number}", begin.trim_end_matches('-'))
            })
            .find(|name| !taken(name));
        Self(name.unwrap_or(whole))
    }

    /// The name as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names are compared by: names differ whatever their case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for ConnectorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ConnectorName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<ConnectorName> for String {
    fn from(name: ConnectorName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_pass() {
        for name in ["wiki", "my-wiki", "My_Wiki2", "a", "-x-", &"n".repeat(32)] {
            assert_eq!(ConnectorName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn every_broken_rule_is_named_with_its_place() {
        let reasons: Vec<String> = ["", "my wiki", "wikí", "_a", "a_", "a__b", &"n".repeat(33)]
            .iter()
            .map(|name| ConnectorName::parse(name).unwrap_err().to_string())
            .collect();
        assert_eq!(
            reasons,
            [
                "a connector needs a name",
                "a name has no spaces; there is one at place 3",
                "a name has letters, digits, - and _ only; place 4 is U+00ED",
                "a name neither starts nor ends with _",
                "a name neither starts nor ends with _",
                "a name has no two _ together (place 2): they separate connector and function",
                "a name has at most 32 characters, this one has 33",
            ]
        );
    }

    #[test]
    fn names_that_differ_in_case_alone_fold_to_one() {
        let one = ConnectorName::parse("Wiki").unwrap();
        let two = ConnectorName::parse("wIKI").unwrap();
        assert_eq!(one.folded(), two.folded());
    }

    #[test]
    fn a_title_becomes_a_name_that_nobody_has() {
        let taken = ["notion", "notion-2", "aws"];
        for (title, name) in [
            ("Linear", "linear"),
            ("Notion", "notion-3"),
            ("AWS Knowledge", "aws-knowledge"),
            ("monday.com", "monday-com"),
            ("  -- Über_Söft!  ", "ber-s-ft"),
            ("日本語", "server"),
            (&"long name ".repeat(9), "long-name-long-name-long-name-lo"),
        ] {
            let proposed = ConnectorName::proposed(title, |name| taken.contains(&name));
            assert_eq!(proposed.as_str(), name);
            assert!(ConnectorName::parse(name).is_ok());
        }
        let long = "n".repeat(NAME_LIMIT);
        let second = ConnectorName::proposed(&long, |name| name == long);
        assert_eq!(second.as_str(), format!("{}-2", "n".repeat(NAME_LIMIT - 2)));
    }

    #[test]
    fn a_bad_name_cannot_come_in_through_json() {
        assert!(serde_json::from_str::<ConnectorName>("\"a__b\"").is_err());
    }
}
