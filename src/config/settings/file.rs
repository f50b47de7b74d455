//! `config.toml`: read with the place of every fault, written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use toml_edit::{Document, DocumentMut, Item, TomlError, Value};

use super::keys::{KEYS_TABLE, rebindings};
use super::spot::Spot;
use super::{Key, KeyKind, Rebinding, find, names};
use crate::config::Home;
use crate::domain::Fault;

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The values that it sets.
    pub(super) values: Vec<(Key, String)>,
    /// The keys that it binds.
    pub(super) keys: Vec<Rebinding>,
}

/// What the file says; nothing where there is no file.
pub(super) fn said(path: &Path) -> Result<Said, Fault> {
    let Some(text) = read(path)? else {
        return Ok(Said::default());
    };
    let document = Document::parse(text.as_str()).map_err(|error| broken(path, &text, &error))?;
    let mut said = Said::default();
    for (name, item) in document.as_table() {
        if name == KEYS_TABLE {
            let at = |span: Option<Range<usize>>| Spot::of(path, &text, span);
            said.keys = rebindings(item, key_span_of(&document, name), &at)?;
            continue;
        }
        let key_span = document.as_table().key(name).and_then(toml_edit::Key::span);
        let key = find(name).ok_or_else(|| {
            at(
                path,
                &text,
                key_span,
                &format!("there is no setting {name:?}"),
            )
            .hint(format!(
                "the settings are {}, and the table [keys]",
                names()
            ))
        })?;
        let value = typed(key, item).ok_or_else(|| {
            let span = item.span().or(key_span_of(&document, name));
            at(path, &text, span, &format!("{name} cannot be that"))
                .hint(format!("it takes {}", key.kind.allowed()))
        })?;
        said.values.push((key, value));
    }
    Ok(said)
}

fn key_span_of(document: &Document<&str>, name: &str) -> Option<Range<usize>> {
    document.as_table().key(name).and_then(toml_edit::Key::span)
}

/// Sets one key in the file of this home; comments and everything else stay.
///
/// # Errors
/// `user` where there is no such key or it cannot take the value; `config` where
/// the file is broken or cannot be written.
pub fn set(home: &Home, name: &str, value: &str) -> Result<(), Fault> {
    let key = find(name).ok_or_else(|| {
        let fault = Fault::user(format!("there is no setting {name:?}"));
        if name == KEYS_TABLE || name.starts_with("keys.") {
            return fault.hint("keys are bound in the file itself, in its table [keys]");
        }
        fault.hint(format!("the settings are {}", names()))
    })?;
    if !key.kind.takes(value) {
        return Err(Fault::user(format!("{name} cannot be {value:?}"))
            .hint(format!("it takes {}", key.kind.allowed())));
    }
    let path = home.config_file();
    // A file that says something else than what it should is not written over.
    said(&path)?;
    let text = read(&path)?.unwrap_or_default();
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: TomlError| broken(&path, &text, &error))?;
    let mut new = match key.kind {
        KeyKind::Switch => Value::from(value == "true"),
        KeyKind::Word(_) | KeyKind::Address => Value::from(value),
    };
    // What stands around the old value (a comment behind it) stays with the new one.
    if let Some(old) = document.get(name).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    match document.get_mut(name) {
        Some(item) => *item = Item::Value(new),
        None => {
            document.insert(name, Item::Value(new));
        }
    }
    write(&path, &document.to_string())
        .map_err(|error| Fault::config(format!("cannot write {}: {error}", path.display())))
}

fn typed(key: Key, item: &Item) -> Option<String> {
    let text = match key.kind {
        KeyKind::Switch => item.as_bool()?.to_string(),
        KeyKind::Word(_) | KeyKind::Address => item.as_str()?.to_owned(),
    };
    key.kind.takes(&text).then_some(text)
}

fn read(path: &Path) -> Result<Option<String>, Fault> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(
            Fault::config(format!("cannot read {}: {error}", path.display()))
                .hint("`callboard doctor` looks at every folder and file"),
        ),
    }
}

/// Writes beside the file and moves it there, so that it is whole at any moment.
fn write(path: &Path, text: &str) -> io::Result<()> {
    // A link into somebody's collection of settings stays a link.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let beside = folder.join(format!(".config.toml.{}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The fault that is reported is the first one.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn broken(path: &Path, text: &str, error: &TomlError) -> Fault {
    let said = error.message().lines().collect::<Vec<_>>().join(", ");
    at(path, text, error.span(), &said)
}

fn at(path: &Path, text: &str, span: Option<Range<usize>>, said: &str) -> Fault {
    Spot::of(path, text, span).fault(said)
}
