//! How entries of the directory look.

use crate::cli::table::{Cell, Table};
use crate::cli::terminal::{Paint, Terminal};
use crate::domain::{
    AuthKind, ConnectorName, DirectoryEntry, DirectorySource, EntryInput, EntryStatus, Untrusted,
};
use crate::guard::sanitise::{self, Form};
use crate::protocol::EntryView;

/// Longest title and longest text in a row, in characters.
const TITLE_LIMIT: usize = 40;
const TEXT_LIMIT: usize = 200;

/// Said of every entry.
const NOT_REVIEWED: &str = "Listed is not reviewed: callboard says where the server is, not what \
    it does. Connect only to servers you trust.";

/// Entries as a table.
pub(super) fn table(found: &[EntryView], paint: Paint, form: Form) -> Table {
    let mut table = Table::headed(&["", "ID", "CALLED", "SIGNS IN BY", "SAYS IT IS"]);
    for EntryView { entry, added } in found {
        let (sign, warns) = match entry.status {
            EntryStatus::Deprecated => ("!", true),
            EntryStatus::Active if added.is_empty() => ("", false),
            EntryStatus::Active => ("●", false),
        };
        table.row(vec![
            Cell::painted(sign, move |text| {
                if warns {
                    paint.warn(text)
                } else {
                    paint.good(text)
                }
            }),
            entry.id.as_str().into(),
            sanitise::line_as(&entry.title, TITLE_LIMIT, form).into(),
            authentication(entry.authentication).into(),
            quoted(&entry.description, form).into(),
        ]);
    }
    table
}

fn quoted(text: &Untrusted, form: Form) -> String {
    format!("\"{}\"", sanitise::line_as(text, TEXT_LIMIT, form))
}

fn authentication(kind: Option<AuthKind>) -> &'static str {
    kind.map_or("not said", AuthKind::title)
}

/// One entry with everything that is known of it.
pub(super) fn whole(view: &EntryView, terminal: &Terminal) -> String {
    let (paint, form) = (terminal.paint(), terminal.form());
    let EntryView { entry, added } = view;
    let mut table = Table::default();
    let mut line = |name: &str, value: Cell| table.row(vec![format!("{name}:").into(), value]);
    line("called", quoted(&entry.title, form).into());
    line("says it is", quoted(&entry.description, form).into());
    line("published by", publisher(entry, form).into());
    for (place, remote) in entry.remotes.iter().enumerate() {
        let name = match entry.remotes.len() {
            1 => "address".to_owned(),
            _ => format!("address {}", place + 1),
        };
        let address = format!("{}  {}", quoted(&remote.url, form), remote.transport.word());
        line(&name, address.into());
        for variable in &remote.variables {
            line(
                &format!("  {{{}}}", variable.name),
                input(variable, form).into(),
            );
        }
        for header in &remote.headers {
            line(&format!("  {}", header.name), input(header, form).into());
        }
    }
    line("signs in by", signs_in(entry).into());
    if let Some(page) = &entry.documentation {
        line("documented at", quoted(page, form).into());
    }
    if let Some(page) = &entry.website {
        line("home page", quoted(page, form).into());
    }
    if let Some(version) = &entry.version {
        line("version", quoted(version, form).into());
    }
    if entry.status == EntryStatus::Deprecated {
        let why = entry.status_message.as_ref();
        let why = why.map_or(String::new(), |why| format!(": {}", quoted(why, form)));
        line(
            "status",
            Cell::painted(format!("deprecated{why}"), move |text| paint.warn(text)),
        );
    }
    line("listed", listed(entry, form).into());
    line("on the board", on_the_board(added).into());
    let mut text = format!("{}\n", paint.strong(entry.id.as_str()));
    text.push_str(&table.lines(terminal.width()));
    for sentence in sanitise::wrap(NOT_REVIEWED, terminal.width().unwrap_or(usize::MAX)) {
        text.push_str(&paint.warn(&sentence));
        text.push('\n');
    }
    text
}

/// Whose it is: a name where the list gives one, or else what the registry had
/// proved.
fn publisher(entry: &DirectoryEntry, form: Form) -> String {
    match &entry.publisher {
        Some(publisher) => quoted(publisher, form),
        None => format!("whoever owns {}", entry.id.namespace()),
    }
}

fn signs_in(entry: &DirectoryEntry) -> String {
    match entry.authentication {
        Some(kind) => format!("{}, says its documentation", kind.title()),
        None => "not said; looking at it tells".to_owned(),
    }
}

fn listed(entry: &DirectoryEntry, form: Form) -> String {
    let source = match entry.source {
        DirectorySource::Curated => "in callboard's own list",
        DirectorySource::Registry => "in a registry",
    };
    match &entry.checked {
        Some(day) => format!("{source}, read on {}", sanitise::line_as(day, 20, form)),
        None => source.to_owned(),
    }
}

fn on_the_board(added: &[ConnectorName]) -> String {
    if added.is_empty() {
        return "not yet".to_owned();
    }
    let names: Vec<&str> = added.iter().map(ConnectorName::as_str).collect();
    format!("as {}", names.join(", "))
}

/// What somebody has to bring, in words.
fn input(input: &EntryInput, form: Form) -> String {
    let mut parts = vec![if input.required { "needed" } else { "optional" }.to_owned()];
    if input.secret {
        parts.push("secret".to_owned());
    }
    if let Some(default) = &input.default {
        parts.push(format!(
            "{} unless you say otherwise",
            quoted(default, form)
        ));
    }
    if !input.choices.is_empty() {
        let choices: Vec<String> = input.choices.iter().map(|it| quoted(it, form)).collect();
        parts.push(format!("one of {}", choices.join(" ")));
    }
    let text = parts.join(", ");
    match &input.description {
        Some(words) => format!("{text}: {}", quoted(words, form)),
        None => text,
    }
}
