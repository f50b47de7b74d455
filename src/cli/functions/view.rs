//! How functions look.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{arguments, changes};
use crate::cli::log::entry_line;
use crate::cli::table::{Cell, Table};
use crate::cli::terminal::{Paint, Terminal};
use crate::domain::{Fault, Function, FunctionState, Hints, Permission, Untrusted};
use crate::guard::diff::definitions;
use crate::guard::sanitise::{self, Form};
use crate::protocol::FunctionView;

/// Longest name of a function and longest description in a row, in characters.
const NAME_LIMIT: usize = 128;
const TEXT_LIMIT: usize = 200;

/// The keys of `functions --json`, and what else is known of the function.
pub(super) fn row_document(function: &Function) -> Value {
    json!({
        "name": function.name,
        "title": function.title,
        "description": function.description,
        "permission": function.permission,
        "state": function.state,
        "hints": function.hints,
        // Nothing has looked for any yet, which is not the same as none.
        "findings": null,
        "input_schema": function.input_schema,
        "output_schema": function.output_schema,
        "digest": function.digest,
    })
}

/// The keys of `function --json`.
pub(super) fn document(view: &FunctionView) -> Result<Value, Fault> {
    let mut document = row_document(&view.function);
    if let Some(document) = document.as_object_mut() {
        document.insert("definition".to_owned(), view.definition.clone());
        document.insert("accepted".to_owned(), json!(view.accepted));
        document.insert("last_calls".to_owned(), json!(view.last_calls));
    }
    Ok(document)
}

/// The functions as a table.
pub(super) fn table(functions: &[Function], paint: Paint, form: Form) -> Table {
    let mut table = Table::headed(&["", "PERMISSION", "FUNCTION", "CLAIMS", "SAYS IT DOES"]);
    for function in functions {
        let permission = function.permission;
        let state = function.state;
        let mut words = permission.word().to_owned();
        if state != FunctionState::Accepted {
            let _ = write!(words, " ({})", state.word());
        }
        table.row(vec![
            Cell::painted(sign(permission, state), move |text| {
                painted(paint, permission, state, text)
            }),
            Cell::painted(words, move |text| painted(paint, permission, state, text)),
            sanitise::line_as(&function.name, NAME_LIMIT, form).into(),
            brief(&function.hints).into(),
            format!(
                "\"{}\"",
                sanitise::line_as(&function.description, TEXT_LIMIT, form)
            )
            .into(),
        ]);
    }
    table
}

/// What is not accepted runs for nobody unasked, whatever its permission.
fn sign(permission: Permission, state: FunctionState) -> &'static str {
    match (permission, state) {
        (Permission::Block, _) => "✕",
        (_, FunctionState::New | FunctionState::Changed) => "!",
        (Permission::Always, FunctionState::Accepted) => "✓",
        (Permission::Ask, FunctionState::Accepted) => "?",
    }
}

fn painted(paint: Paint, permission: Permission, state: FunctionState, text: &str) -> String {
    match sign(permission, state) {
        "✕" => paint.bad(text),
        "!" => paint.warn(text),
        "✓" => paint.good(text),
        _ => text.to_owned(),
    }
}

/// The claim that matters most, in a word.
fn brief(hints: &Hints) -> &'static str {
    match (hints.read_only, hints.destructive) {
        (Some(true), Some(true)) => "reads, destroys",
        (Some(true), _) => "reads",
        (_, Some(true)) => "destroys",
        (Some(false), _) => "writes",
        (None, _) => "-",
    }
}

/// All claims, in words.
fn claims(hints: &Hints) -> String {
    let say = |hint: Option<bool>, yes: &'static str, no: &'static str| match hint {
        Some(true) => Some(yes),
        Some(false) => Some(no),
        None => None,
    };
    let said: Vec<&str> = [
        say(hints.read_only, "only reads", "writes"),
        say(hints.destructive, "destroys", "destroys nothing"),
        say(hints.idempotent, "twice is as once", "twice is not as once"),
        say(
            hints.open_world,
            "reaches beyond itself",
            "stays within itself",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if said.is_empty() {
        "nothing".to_owned()
    } else {
        said.join(", ")
    }
}

/// What stands before each line of a server's text.
pub(super) fn bar(form: Form) -> &'static str {
    match form {
        Form::Unicode => "│",
        Form::Ascii => "|",
    }
}

/// Text of a server in a gutter, so that it cannot look like callboard speaking.
pub(in crate::cli) fn gutter(text: &Untrusted, terminal: &Terminal) -> String {
    let form = terminal.form();
    let bar = bar(form);
    let shown = sanitise::block_as(text, form);
    let mut lines = String::new();
    for line in shown.lines() {
        let wrapped = match terminal.width() {
            Some(columns) => sanitise::wrap(line, columns.saturating_sub(4)),
            None => vec![line.to_owned()],
        };
        for line in wrapped {
            // Writing to a string has no way to fail.
            let _ = writeln!(lines, "  {bar} {line}");
        }
    }
    lines
}

/// Name and title of a function of a connector, on one line.
pub(in crate::cli) fn head(connector: &str, function: &Function, form: Form) -> String {
    let name = sanitise::line_as(&function.name, NAME_LIMIT, form);
    match &function.title {
        Some(title) if !title.is_empty() => format!(
            "{connector} · {name}  \"{}\"",
            sanitise::line_as(title, TEXT_LIMIT, form)
        ),
        _ => format!("{connector} · {name}"),
    }
}

/// What is to be known before a function is run: its name, what the server says of
/// it, and whether that is still what was accepted.
pub(in crate::cli) fn head_of(connector: &str, function: &Function, terminal: &Terminal) -> String {
    let mut text = format!("{}\n", head(connector, function, terminal.form()));
    text.push_str(&gutter(&function.description, terminal));
    let _ = writeln!(text, "  server claims: {}", claims(&function.hints));
    match function.state {
        FunctionState::Accepted => {}
        FunctionState::New => text.push_str("  ! new: nobody has accepted this definition yet\n"),
        FunctionState::Changed => {
            text.push_str("  ! changed: this is not the definition that was accepted\n");
        }
    }
    text
}

/// What has to be read before a definition that nobody has accepted is: what it says,
/// and what of it is another than before.
pub(in crate::cli) fn unread(connector: &str, view: &FunctionView, terminal: &Terminal) -> String {
    let mut text = head_of(connector, &view.function, terminal);
    text.push_str(&arguments_of(&view.function, terminal));
    text.push_str(&changes_of(view, terminal));
    text
}

fn arguments_of(function: &Function, terminal: &Terminal) -> String {
    let arguments = arguments::table(&function.input_schema.value(), terminal.form());
    let arguments = arguments.lines(terminal.width());
    if arguments.is_empty() {
        "  no arguments\n".to_owned()
    } else {
        format!("arguments:\n{arguments}")
    }
}

/// What changed since it was accepted; nothing, where it did not.
fn changes_of(view: &FunctionView, terminal: &Terminal) -> String {
    match &view.accepted {
        Some(accepted) => {
            let changes = definitions(accepted, &view.definition);
            changes::text(&changes, terminal.form(), terminal.width())
        }
        None => String::new(),
    }
}

/// One function with everything that is known of it.
pub(super) fn whole(connector: &str, view: &FunctionView, terminal: &Terminal) -> String {
    let function = &view.function;
    let mut text = head_of(connector, function, terminal);
    let digest: String = function.digest.chars().take(12).collect();
    let _ = writeln!(
        text,
        "  permission: {} {}, {} · definition {digest}",
        sign(function.permission, function.state),
        function.permission.word(),
        function.state.word(),
    );
    text.push_str(&arguments_of(function, terminal));
    text.push_str(&changes_of(view, terminal));
    if !view.last_calls.is_empty() {
        text.push_str("last calls:\n");
        for entry in view.last_calls.iter().take(5) {
            let _ = writeln!(text, "  {}", entry_line(entry, terminal.form()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_accepted_never_looks_as_if_it_ran() {
        for state in [FunctionState::New, FunctionState::Changed] {
            assert_eq!(sign(Permission::Always, state), "!");
            assert_eq!(sign(Permission::Ask, state), "!");
            assert_eq!(sign(Permission::Block, state), "✕");
        }
        assert_eq!(sign(Permission::Always, FunctionState::Accepted), "✓");
    }

    #[test]
    fn claims_are_words_and_silence_is_one_too() {
        assert_eq!(claims(&Hints::default()), "nothing");
        let hints = Hints {
            read_only: Some(false),
            destructive: Some(true),
            idempotent: Some(false),
            open_world: None,
        };
        assert_eq!(claims(&hints), "writes, destroys, twice is not as once");
        assert_eq!(brief(&hints), "destroys");
    }
}
