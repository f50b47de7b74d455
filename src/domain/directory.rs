//! A server that is known before anybody has added it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{AuthKind, Transport, Untrusted};

/// Longest id, in characters (registry `server.json`, `name`).
const ID_LIMIT: usize = 200;

/// What an entry is found by: a name in reverse-DNS form with one `/`, such as
/// `com.notion/mcp` (registry `server.json`, `name`).
///
/// Letters, digits, `.`, `-` and, behind the slash, `_`: fit to be shown as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DirectoryId(String);

/// A text that is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id looks like com.example/server")
    }
}

impl std::error::Error for NotAnId {}

impl DirectoryId {
    /// Checks an id.
    ///
    /// # Errors
    /// Where the text is not of the form above.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let (space, name) = text.split_once('/').ok_or(NotAnId)?;
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        let fits = text.len() <= ID_LIMIT
            && !space.is_empty()
            && !name.is_empty()
            && space.chars().all(letter)
            && name.chars().all(|c| letter(c) || c == '_');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnId)
        }
    }

    /// The id as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the slash: the namespace, which the registry has had
    /// proved.
    pub fn namespace(&self) -> &str {
        self.0.split_once('/').map_or("", |(space, _)| space)
    }
}

impl fmt::Display for DirectoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DirectoryId {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        Self::parse(&text)
    }
}

impl From<DirectoryId> for String {
    fn from(id: DirectoryId) -> Self {
        id.0
    }
}

/// Who says what an entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DirectorySource {
    /// The list inside the program, each entry taken from its publisher's pages.
    Curated,
    /// A registry: whoever owns the namespace wrote it, and nobody has read it.
    Registry,
}

/// Whether an entry still counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryStatus {
    /// It does.
    Active,
    /// Its publisher advises against it.
    Deprecated,
}

/// A server of the directory. Every text of it is somebody else's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryEntry {
    /// What it is found by.
    pub id: DirectoryId,
    /// What it is called; its id, where nobody gave it a title.
    pub title: Untrusted,
    /// Who runs the server; `None` where only the namespace tells.
    pub publisher: Option<Untrusted>,
    /// What it is for.
    pub description: Untrusted,
    /// Which version the entry is about.
    pub version: Option<Untrusted>,
    /// Whether it still counts.
    pub status: EntryStatus,
    /// Why not.
    pub status_message: Option<Untrusted>,
    /// Home page, an `http(s)` address.
    pub website: Option<Untrusted>,
    /// How it authenticates, as its documentation says; `None`: not said.
    pub authentication: Option<AuthKind>,
    /// The page of the publisher that the entry was taken from.
    pub documentation: Option<Untrusted>,
    /// The day on which that page was read.
    pub checked: Option<Untrusted>,
    /// Where the entry comes from.
    pub source: DirectorySource,
    /// Where the server can be reached, at least one; the first is the usual one.
    pub remotes: Vec<Remote>,
}

/// An address of a server (registry `server.json`, `remotes`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    /// How messages travel.
    pub transport: Transport,
    /// The address, `http(s)`; `{name}` stands for a variable.
    pub url: Untrusted,
    /// What belongs in the places of `{name}`, in their order.
    pub variables: Vec<EntryInput>,
    /// Headers that it takes.
    pub headers: Vec<EntryInput>,
}

/// Something that whoever adds an entry has to bring, or may (registry
/// `server.json`, `Input` and `KeyValueInput`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryInput {
    /// The variable's or header's name: ASCII letters, digits and marks without
    /// blanks.
    pub name: String,
    /// What it is.
    pub description: Option<Untrusted>,
    /// Whether it is needed.
    pub required: bool,
    /// Whether it is a secret.
    pub secret: bool,
    /// What it is unless somebody says otherwise.
    pub default: Option<Untrusted>,
    /// An example.
    pub placeholder: Option<Untrusted>,
    /// All it can be; empty: anything.
    pub choices: Vec<Untrusted>,
    /// What a header is made of, with `{name}` for variables.
    pub value: Option<Untrusted>,
}

impl EntryInput {
    /// What is wrong with a value for it; `None`: nothing.
    pub fn wrong(&self, value: &str) -> Option<&'static str> {
        if value.is_empty() {
            return self.required.then_some("is needed");
        }
        let offered = self.choices.is_empty() || self.choices.iter().any(|it| it.raw() == value);
        (!offered).then_some("is none of its choices")
    }
}

impl DirectoryEntry {
    /// How a server of this entry surely wants to be authenticated, as far as that
    /// calls for a secret somebody must bring. Everything else is better found out
    /// by looking: many take a key and do without.
    pub fn secret_needed(&self, remote: &Remote) -> Option<AuthKind> {
        let kind = self.authentication?;
        let brings = matches!(kind, AuthKind::Bearer | AuthKind::Basic | AuthKind::Header);
        let secrets: Vec<&EntryInput> = remote.headers.iter().filter(|it| it.secret).collect();
        let needed = secrets.is_empty() || secrets.iter().any(|it| it.required);
        (brings && needed).then_some(kind)
    }

    /// Whether one of its addresses is reached this way.
    pub fn travels_by(&self, transport: Transport) -> bool {
        self.remotes.iter().any(|it| it.transport == transport)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_slash_and_plain_letters() {
        for text in [
            "com.notion/mcp",
            "io.github.PagerDuty/pager_duty-mcp",
            "a/b",
        ] {
            assert_eq!(DirectoryId::parse(text).unwrap().as_str(), text);
        }
        let long = format!("a/{}", "b".repeat(ID_LIMIT));
        for text in [
            "notion",
            "/mcp",
            "com.notion/",
            "a/b/c",
            "a b/c",
            "a_b/c",
            "a/b\u{1b}",
            &long,
        ] {
            assert_eq!(DirectoryId::parse(text), Err(NotAnId), "{text}");
        }
        let id = DirectoryId::parse("com.notion/mcp").unwrap();
        assert_eq!(id.namespace(), "com.notion");
    }

    #[test]
    fn a_choice_is_one_of_its_choices_and_what_is_needed_is_not_empty() {
        let mut input = EntryInput {
            required: true,
            ..EntryInput::default()
        };
        assert_eq!(input.wrong(""), Some("is needed"));
        assert_eq!(input.wrong("x"), None);
        input.choices = vec!["eu".into(), "us".into()];
        assert_eq!(input.wrong("eu"), None);
        assert_eq!(input.wrong("x"), Some("is none of its choices"));
        input.required = false;
        assert_eq!(input.wrong(""), None);
    }
}
