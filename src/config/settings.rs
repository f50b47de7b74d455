//! The settings: one table of keys, from which reading, checking, `callboard
//! config` and `docs/configuration.md` all come.
//!
//! A value comes from the environment, else from `config.toml`, else it is the
//! default. A file that cannot be read as it stands is never written to.

mod file;
mod keys;
mod reference;
mod spot;

use crate::config::{Environment, Home};
use crate::domain::{Fault, VaultKind};

pub use file::set;
pub use keys::{BoundKey, Rebinding};
pub use reference::reference;
pub use spot::Spot;

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// `true` or `false`.
    Switch,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An https URL.
    Address,
}

impl KeyKind {
    /// What may stand there, for people.
    pub fn allowed(self) -> String {
        match self {
            Self::Switch => "true or false".to_owned(),
            Self::Word(words) => words.join(", "),
            Self::Address => "an https URL".to_owned(),
        }
    }

    /// Whether the text is such a value.
    pub fn takes(self, text: &str) -> bool {
        match self {
            Self::Switch => matches!(text, "true" | "false"),
            Self::Word(words) => words.contains(&text),
            Self::Address => text.starts_with("https://") && !text.contains(char::is_whitespace),
        }
    }
}

/// One setting that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name in `config.toml`.
    pub name: &'static str,
    /// What it holds.
    pub kind: KeyKind,
    /// What it is where nobody set it; `None`: nothing.
    pub default: Option<&'static str>,
    /// The variable that overrides the file.
    pub variable: &'static str,
    /// What it does, in whole sentences.
    pub doc: &'static str,
}

const VAULT: Key = Key {
    name: "vault",
    kind: KeyKind::Word(&["keyring", "passphrase", "file", "memory"]),
    default: None,
    variable: "CALLBOARD_VAULT",
    doc: "Where the key of the vault lives: in the system keyring, derived from a passphrase, \
          in a file that only you can read, or nowhere, so that secrets last as long as the board. \
          Read once, when the first secret is kept; a vault that was chosen stays as it is. \
          Where it is not set, the keyring is tried first.",
};

const CLIENT_METADATA_URL: Key = Key {
    name: "client_metadata_url",
    kind: KeyKind::Address,
    default: None,
    variable: "CALLBOARD_CLIENT_METADATA_URL",
    doc: "Where a client ID metadata document for callboard is published, such as \
          `assets/client-metadata.json`: an https URL, which then is its client ID with every provider \
          that takes such documents. Read when the board begins. Where it is not set, callboard \
          registers by itself, or with a client that you give.",
};

const CALM: Key = Key {
    name: "calm",
    kind: KeyKind::Switch,
    default: Some("false"),
    variable: "CALLBOARD_CALM",
    doc: "Nothing moves by itself on the screen: words stand in place of spinners and \
          progress bars.",
};

const THEME: Key = Key {
    name: "theme",
    kind: KeyKind::Word(&["auto", "dark", "light"]),
    default: Some("auto"),
    variable: "CALLBOARD_THEME",
    doc: "Which background the colours are chosen for. With auto the terminal is asked, and where it \
          does not say, its own sixteen colours serve, which suit either.",
};

const CONTRAST: Key = Key {
    name: "contrast",
    kind: KeyKind::Word(&["usual", "high"]),
    default: Some("usual"),
    variable: "CALLBOARD_CONTRAST",
    doc: "With high nothing on the screen is dim, keys are underlined, and exact colours keep a \
          contrast of at least 7 to 1.",
};

const COLOURS: Key = Key {
    name: "colours",
    kind: KeyKind::Word(&["auto", "none", "16", "exact"]),
    default: Some("auto"),
    variable: "CALLBOARD_COLOURS",
    doc: "How many colours the interface uses: none, the terminal's own sixteen, or exact ones where the \
          background is known. With auto COLORTERM decides, and NO_COLOR takes them all away.",
};

const SIGNS: Key = Key {
    name: "signs",
    kind: KeyKind::Word(&["auto", "unicode", "ascii"]),
    default: Some("auto"),
    variable: "CALLBOARD_SIGNS",
    doc: "Which signs and lines the interface is drawn with. With auto the locale decides.",
};

const MOUSE: Key = Key {
    name: "mouse",
    kind: KeyKind::Switch,
    default: Some("true"),
    variable: "CALLBOARD_MOUSE",
    doc: "The interface takes the mouse: a click chooses, a second one opens, the wheel scrolls; \
          nothing needs it. The terminal's own selection of text then wants Shift held with the \
          mouse (in some terminals Option or Fn); with `false` it is as everywhere else.",
};

const LINKS: Key = Key {
    name: "links",
    kind: KeyKind::Word(&["auto", "always", "never"]),
    default: Some("auto"),
    variable: "CALLBOARD_LINKS",
    doc: "Whether the address of a sign-in is a link, which the terminal opens on the machine that it \
          runs on (OSC 8). With auto it is, unless the terminal is known not to understand that; tmux \
          hands it on from version 3.4 on.",
};

/// Every setting there is. Keys are bound in a table of their own.
pub const KEYS: &[Key] = &[
    VAULT,
    CLIENT_METADATA_URL,
    CALM,
    MOUSE,
    THEME,
    CONTRAST,
    COLOURS,
    SIGNS,
    LINKS,
];

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody set it.
    Default,
    /// `config.toml`.
    File,
    /// Its environment variable.
    Environment,
}

impl Source {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
        }
    }
}

/// A key with the value in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Which.
    pub key: Key,
    /// Its value, as it would be typed; `None` where there is none.
    pub value: Option<String>,
    /// Where that comes from.
    pub source: Source,
}

/// All settings in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    all: Vec<Setting>,
    keys: Vec<Rebinding>,
}

impl Settings {
    /// Reads the file of this home and the environment.
    ///
    /// # Errors
    /// `config`, with line and column, where the file is not what it should be or
    /// a variable has a value that its key cannot take.
    pub fn load(home: &Home, environment: &Environment) -> Result<Self, Fault> {
        let path = home.config_file();
        let said = file::said(&path)?;
        let mut all = Vec::with_capacity(KEYS.len());
        for key in KEYS {
            all.push(in_force(*key, &said.values, environment)?);
        }
        Ok(Self {
            all,
            keys: said.keys,
        })
    }

    /// The settings of an environment alone, where there is no file.
    ///
    /// # Errors
    /// `config`, where a variable has a value that its key cannot take.
    #[cfg(test)]
    pub(crate) fn of(environment: &Environment) -> Result<Self, Fault> {
        let all = KEYS.iter().map(|key| in_force(*key, &[], environment));
        Ok(Self {
            all: all.collect::<Result<_, _>>()?,
            keys: Vec::new(),
        })
    }

    /// Every key with its value.
    pub fn all(&self) -> &[Setting] {
        &self.all
    }

    /// Where the vault's key is to live; `None`: find out.
    pub fn vault(&self) -> Option<VaultKind> {
        self.value(&VAULT).and_then(VaultKind::parse)
    }

    /// Where the client ID metadata document is published; `None`: it is not used.
    pub fn client_metadata_url(&self) -> Option<&str> {
        self.value(&CLIENT_METADATA_URL)
    }

    /// Whether nothing is to move by itself.
    pub fn calm(&self) -> bool {
        self.value(&CALM) == Some("true")
    }

    /// The background that colours are for: `dark`, `light`, or `auto`.
    pub fn theme(&self) -> &str {
        self.value(&THEME).unwrap_or("auto")
    }

    /// Whether text is to stand out as far as it can.
    pub fn high_contrast(&self) -> bool {
        self.value(&CONTRAST) == Some("high")
    }

    /// How many colours: `none`, `16`, `exact`, or `auto`.
    pub fn colours(&self) -> &str {
        self.value(&COLOURS).unwrap_or("auto")
    }

    /// Which signs: `unicode`, `ascii`, or `auto`.
    pub fn signs(&self) -> &str {
        self.value(&SIGNS).unwrap_or("auto")
    }

    /// Whether the interface is to take the mouse.
    pub fn mouse(&self) -> bool {
        self.value(&MOUSE) != Some("false")
    }

    /// Whether addresses are links: `always`, `never`, or `auto`.
    pub fn links(&self) -> &str {
        self.value(&LINKS).unwrap_or("auto")
    }

    /// The keys that the file binds, in its order. Which actions, places and keys
    /// there are only the interface knows; it checks them.
    pub fn keys(&self) -> &[Rebinding] {
        &self.keys
    }

    fn value(&self, key: &Key) -> Option<&str> {
        self.all
            .iter()
            .find(|setting| setting.key.name == key.name)
            .and_then(|setting| setting.value.as_deref())
    }
}

fn in_force(key: Key, file: &[(Key, String)], environment: &Environment) -> Result<Setting, Fault> {
    if let Some(value) = environment.get(key.variable) {
        if !key.kind.takes(value) {
            return Err(
                Fault::config(format!("{} cannot be {value:?}", key.variable))
                    .hint(format!("it takes {}", key.kind.allowed())),
            );
        }
        return Ok(Setting {
            key,
            value: Some(value.to_owned()),
            source: Source::Environment,
        });
    }
    let from_file = file.iter().find(|(found, _)| found.name == key.name);
    Ok(match from_file {
        Some((_, value)) => Setting {
            key,
            value: Some(value.clone()),
            source: Source::File,
        },
        None => Setting {
            key,
            value: key.default.map(str::to_owned),
            source: Source::Default,
        },
    })
}

/// The key of this name.
fn find(name: &str) -> Option<Key> {
    KEYS.iter().find(|key| key.name == name).copied()
}

/// The names of all keys, for a hint.
fn names() -> String {
    let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
