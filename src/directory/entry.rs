//! One entry of a list (registry `server.json`, schema 2025-12-11).

use serde_json::Value;
use url::Url;

use crate::domain::{
    AuthKind, DirectoryEntry, DirectoryId, DirectorySource, EntryInput, EntryStatus, Remote,
    Transport, Untrusted,
};
use crate::guard::address::ADDRESS_LIMIT;
use crate::guard::address::template::Template;

/// What callboard's own list adds to an entry.
const CURATED: &str = "io.callboard.directory/curated";

/// What the official registry adds.
const OFFICIAL: &str = "io.modelcontextprotocol.registry/official";

/// Longest title, publisher, version or value, in characters.
const WORD_LIMIT: usize = 200;
/// Longest description, in characters. The registry allows a server 100.
const TEXT_LIMIT: usize = 1_000;
/// Most addresses of an entry.
const REMOTE_LIMIT: usize = 16;
/// Most headers or variables of an address, and most choices of one of them.
const INPUT_LIMIT: usize = 64;

/// Why an entry is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// It makes no sense.
    Wrong,
    /// It is fine, and not for us: deleted, an old version, or without an address.
    NotMeant,
}

/// Reads `{"server": …, "_meta": …}`. What callboard's own list adds counts only in
/// that list: in a registry anybody could write it.
pub(super) fn read_entry(item: &Value, source: DirectorySource) -> Result<DirectoryEntry, Left> {
    let server = item.get("server").ok_or(Left::Wrong)?;
    let nothing = Value::Null;
    let meta = |key: &str| item.get("_meta").and_then(|meta| meta.get(key));
    let official = meta(OFFICIAL).unwrap_or(&nothing);
    let curated = match source {
        DirectorySource::Curated => meta(CURATED).unwrap_or(&nothing),
        DirectorySource::Registry => &nothing,
    };
    let status = match official.get("status").and_then(Value::as_str) {
        Some("deleted") => return Err(Left::NotMeant),
        Some("deprecated") => EntryStatus::Deprecated,
        _ => EntryStatus::Active,
    };
    if official.get("isLatest").and_then(Value::as_bool) == Some(false) {
        return Err(Left::NotMeant);
    }
    let id = server.get("name").and_then(Value::as_str);
    let id = id.and_then(|id| DirectoryId::parse(id).ok());
    let id = id.ok_or(Left::Wrong)?;
    Ok(DirectoryEntry {
        title: text(server, "title", WORD_LIMIT)?.unwrap_or_else(|| id.as_str().into()),
        publisher: text(curated, "publisher", WORD_LIMIT)?,
        description: text(server, "description", TEXT_LIMIT)?.unwrap_or_default(),
        version: text(server, "version", WORD_LIMIT)?,
        status,
        status_message: text(official, "statusMessage", TEXT_LIMIT)?,
        website: page(server, "websiteUrl")?,
        authentication: authentication(curated)?,
        documentation: page(curated, "documentation")?,
        checked: text(curated, "checked", WORD_LIMIT)?,
        source,
        remotes: remotes(server)?,
        id,
    })
}

/// A text of so many characters at most; `None` where there is none.
fn text(of: &Value, key: &str, limit: usize) -> Result<Option<Untrusted>, Left> {
    match of.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= limit => {
            Ok((!text.trim().is_empty()).then(|| text.as_str().into()))
        }
        Some(_) => Err(Left::Wrong),
    }
}

/// The address of a page. One that no browser would open is left out.
fn page(of: &Value, key: &str) -> Result<Option<Untrusted>, Left> {
    let page = text(of, key, ADDRESS_LIMIT)?;
    Ok(page.filter(|page| {
        Url::parse(page.raw()).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
    }))
}

fn authentication(curated: &Value) -> Result<Option<AuthKind>, Left> {
    let kind = match text(curated, "authentication", WORD_LIMIT)? {
        None => return Ok(None),
        Some(kind) => kind,
    };
    [
        AuthKind::None,
        AuthKind::Bearer,
        AuthKind::Basic,
        AuthKind::Header,
        AuthKind::Oauth,
    ]
    .into_iter()
    .find(|known| known.word() == kind.raw())
    .map(Some)
    .ok_or(Left::Wrong)
}

/// The members of an array, at most so many; none where there is no array.
fn items<'a>(of: &'a Value, key: &str, limit: usize) -> Result<&'a [Value], Left> {
    match of.get(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) if items.len() <= limit => Ok(items),
        Some(_) => Err(Left::Wrong),
    }
}

/// The addresses that can be used. One that cannot does not spoil the others.
fn remotes(server: &Value) -> Result<Vec<Remote>, Left> {
    let listed = items(server, "remotes", REMOTE_LIMIT)?;
    if listed.is_empty() {
        return Err(Left::NotMeant);
    }
    let usable: Vec<Remote> = listed.iter().filter_map(|it| remote(it).ok()).collect();
    if usable.is_empty() {
        return Err(Left::Wrong);
    }
    Ok(usable)
}

fn remote(remote: &Value) -> Result<Remote, Left> {
    let transport = match remote.get("type").and_then(Value::as_str) {
        Some("streamable-http") => Transport::StreamableHttp,
        Some("sse") => Transport::Sse,
        _ => return Err(Left::Wrong),
    };
    let url = text(remote, "url", ADDRESS_LIMIT)?.ok_or(Left::Wrong)?;
    let template = Template::parse(url.raw()).map_err(|_| Left::Wrong)?;
    let described = remote.get("variables").unwrap_or(&Value::Null);
    let mut variables = Vec::new();
    for (name, _) in template.variables() {
        let variable = match described.get(name) {
            // Without it the address is none.
            None => EntryInput {
                required: true,
                ..EntryInput::default()
            },
            Some(described) => input(described)?,
        };
        // Host and path are stored, shown and logged.
        if variable.secret && !template.only_in_query(name) {
            return Err(Left::Wrong);
        }
        variables.push(EntryInput {
            name: name.to_owned(),
            ..variable
        });
    }
    if variables.len() > INPUT_LIMIT {
        return Err(Left::Wrong);
    }
    let headers = items(remote, "headers", INPUT_LIMIT)?;
    let headers: Result<Vec<EntryInput>, Left> = headers.iter().map(header).collect();
    Ok(Remote {
        transport,
        url,
        variables,
        headers: headers?,
    })
}

fn header(header: &Value) -> Result<EntryInput, Left> {
    let name = header.get("name").and_then(Value::as_str);
    let name = name.filter(|name| is_header(name)).ok_or(Left::Wrong)?;
    Ok(EntryInput {
        name: name.to_owned(),
        ..input(header)?
    })
}

/// RFC 9110 section 5.6.2: a token.
fn is_header(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.len() <= WORD_LIMIT && name.chars().all(fits)
}

fn input(of: &Value) -> Result<EntryInput, Left> {
    let says = |key: &str| match of.get(key) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(said)) => Ok(*said),
        Some(_) => Err(Left::Wrong),
    };
    let mut choices = Vec::new();
    for choice in items(of, "choices", INPUT_LIMIT)? {
        let choice = choice.as_str().ok_or(Left::Wrong)?;
        if choice.chars().count() > WORD_LIMIT {
            return Err(Left::Wrong);
        }
        choices.push(choice.into());
    }
    Ok(EntryInput {
        name: String::new(),
        description: text(of, "description", TEXT_LIMIT)?,
        required: says("isRequired")?,
        secret: says("isSecret")?,
        default: text(of, "default", WORD_LIMIT)?,
        placeholder: text(of, "placeholder", WORD_LIMIT)?,
        choices,
        value: text(of, "value", TEXT_LIMIT)?,
    })
}
