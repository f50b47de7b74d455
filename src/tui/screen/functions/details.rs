//! One function, or a connector that has listed none, as lines.

use ratatui::text::{Line, Span};

use super::change;
use super::listing::claims;
use super::look::Seen;
use crate::domain::{Function, FunctionState, JournalEntry, Permission, Status, Untrusted};
use crate::guard::arguments::{ArgumentRow, summary};
use crate::guard::{definition, diff, lookalike, sanitise};
use crate::policy::after_accepting;
use crate::protocol::{ConnectorView, FunctionView};
use crate::tui::mirror::Known;
use crate::tui::model::{Model, Purpose};
use crate::tui::screen::activity::told;
use crate::tui::screen::connectors::{fault_lines, lacks_secret};
use crate::tui::theme::{Role, Theme};
use crate::tui::view::since;
use crate::tui::widget::{rows, server};

/// Everything that is known of a function, and what the board remembers of it. The
/// server's words stand behind a gutter or in quotes.
pub(super) fn lines(
    model: &Model,
    function: &Function,
    seen: Option<&Seen>,
    width: usize,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = lookalikes(theme, function, width);
    if let Some(title) = &function.title {
        lines.push(Line::styled(
            server::quoted(theme, title, width),
            theme.style(Role::Strong),
        ));
    }
    lines.extend(state(model, function, seen, width));
    if function.description.is_empty() {
        lines.push(Line::styled(
            "the server describes it with no word",
            theme.style(Role::Quiet),
        ));
    } else {
        lines.extend(server::behind_gutter(theme, &function.description, width));
    }
    let hidden = sanitise::hidden(&function.description);
    if hidden > 0 {
        let text =
            format!("! {hidden} characters in it would not be seen; they are set apart above");
        lines.extend(rows::wrapped(theme, Role::Warn, &text, width, "  "));
    }
    lines.push(Line::raw(""));
    let text = format!("Server claims: {}", claims(function.hints));
    lines.extend(rows::wrapped(theme, Role::Text, &text, width, "  "));
    lines.push(Line::raw(""));
    lines.extend(arguments(theme, function, width));
    lines.push(Line::raw(""));
    lines.extend(permission(theme, function, width));
    if let Some(Ok(view)) = seen.and_then(|seen| seen.view.as_ref()) {
        lines.extend(last_calls(model, view, width));
    }
    lines
}

/// That the name looks like another one, if it does.
fn lookalikes(theme: Theme, function: &Function, width: usize) -> Vec<Line<'static>> {
    let strangers = lookalike::strangers(function.name.raw());
    if strangers.is_empty() {
        return vec![];
    }
    let letters: Vec<String> = strangers
        .iter()
        .take(4)
        .map(|letter| {
            let shown = server::quoted(theme, &Untrusted::from(letter.to_string()), 12);
            format!("{shown} U+{:04X}", u32::from(*letter))
        })
        .collect();
    let letters = letters.join(", ");
    let text = format!(
        "! its name has letters of another alphabet, which may look like others: {letters}"
    );
    rows::wrapped(theme, Role::Warn, &text, width, "  ")
}

/// What to do about a definition that was not accepted, and what differs in it.
fn state(
    model: &Model,
    function: &Function,
    seen: Option<&Seen>,
    width: usize,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let head = match function.state {
        FunctionState::Accepted => return vec![],
        FunctionState::New => {
            "! new since you added the connector: agents do not get it until you accept it"
        }
        FunctionState::Changed => {
            "! differs from what you accepted: agents do not get it until you accept it"
        }
    };
    let mut lines = rows::wrapped(theme, Role::Warn, head, width, "  ");
    let view = match seen.and_then(|seen| seen.view.as_ref()) {
        Some(Ok(view)) => view,
        Some(Err(fault)) => {
            lines.extend(fault_lines(model, fault, width));
            lines.push(Line::raw(""));
            return lines;
        }
        None => {
            lines.push(Line::styled(
                "  looking up what you accepted",
                theme.style(Role::Quiet),
            ));
            lines.push(Line::raw(""));
            return lines;
        }
    };
    let then = what_accepting_does(model, function, view);
    lines.extend(rows::wrapped(theme, Role::Key, &then, width, "    "));
    lines.push(Line::raw(""));
    if function.state == FunctionState::Changed {
        lines.extend(match &view.accepted {
            Some(accepted) => {
                change::lines(theme, &diff::definitions(accepted, &view.definition), width)
            }
            None => vec![Line::styled(
                "what you accepted is not kept any more; read all of it",
                theme.style(Role::Quiet),
            )],
        });
        lines.push(Line::raw(""));
    }
    lines
}

/// What is to be done with a function that nobody has accepted.
fn what_accepting_does(model: &Model, function: &Function, view: &FunctionView) -> String {
    let before = view
        .accepted
        .as_ref()
        .and_then(serde_json::Value::as_object)
        .and_then(|accepted| definition::read(accepted).ok());
    let before = before.map(|definition| definition.hints);
    let after = after_accepting(function.permission, before, function.hints);
    let then = if after == function.permission {
        format!("it stays on {}", after.word())
    } else {
        format!(
            "as it says now that it destroys, it goes to {}",
            after.word()
        )
    };
    let accepts = model.words("  {accept-change} accepts it as it is shown here, and");
    format!("{accepts} {then}; {}", model.words("{block} blocks it"))
}

fn arguments(theme: Theme, function: &Function, width: usize) -> Vec<Line<'static>> {
    let arguments = summary(&function.input_schema.value());
    if arguments.is_empty() {
        return vec![Line::styled(
            "It takes no arguments",
            theme.style(Role::Strong),
        )];
    }
    let mut lines = vec![Line::styled(
        "Arguments, in the server's words",
        theme.style(Role::Strong),
    )];
    let longest = arguments
        .iter()
        .map(|argument| sanitise::width(&server::name(theme, &argument.path, 200)))
        .max()
        .unwrap_or(0);
    let names = longest.clamp(4, (width / 3).max(8)).saturating_add(2);
    for argument in &arguments {
        lines.push(Line::from(vec![
            Span::styled(theme.gutter(), theme.style(Role::Focus)),
            Span::styled(
                rows::cell(
                    &server::name(theme, &argument.path, names.saturating_sub(1)),
                    names,
                ),
                theme.style(Role::Strong),
            ),
            Span::styled(
                sanitise::cut(&kind(argument), width.saturating_sub(names + 2)),
                theme.style(Role::Quiet),
            ),
        ]));
        if let Some(description) = argument.description.as_ref().filter(|it| !it.is_empty()) {
            for mut line in server::behind_gutter(theme, description, width.saturating_sub(2)) {
                line.spans.insert(1, Span::raw("  "));
                lines.push(line);
            }
        }
    }
    lines
}

/// What an argument is, and which values it takes.
fn kind(argument: &ArgumentRow) -> String {
    let mut text = argument.type_words.clone();
    if argument.required {
        text.push_str(", required");
    }
    // Where the values are the type, its words name them already.
    let named = text.starts_with("one of ");
    if !argument.choices.is_empty() && !named {
        let shown: Vec<String> = argument
            .choices
            .iter()
            .take(12)
            .map(sanitise::json_ascii_safe)
            .collect();
        text.push_str(&format!(": {}", shown.join(", ")));
    }
    if let Some(default) = &argument.default {
        text.push_str(&format!(", else {}", sanitise::json_ascii_safe(default)));
    }
    text
}

fn permission(theme: Theme, function: &Function, width: usize) -> Vec<Line<'static>> {
    let (sign, role) = theme.permission(function.permission);
    let what = match function.permission {
        Permission::Always => "runs without asking",
        Permission::Ask => "somebody says yes each time",
        Permission::Block => "never runs",
    };
    let digest: String = function.digest.chars().take(12).collect();
    let dot = theme.dot();
    let mut line = rows::labelled(
        theme,
        "Permission",
        10,
        vec![
            Span::styled(
                format!("{sign} {}", function.permission.word()),
                theme.style(role),
            ),
            Span::raw(format!(": {what}")),
        ],
    );
    let tail = format!("{dot}definition {digest}");
    if line.width() + sanitise::width(&tail) <= width {
        line.push_span(Span::styled(tail, theme.style(Role::Quiet)));
        return vec![line];
    }
    let second = rows::labelled(theme, "Definition", 10, vec![Span::raw(digest)]);
    vec![line, second]
}

/// When it was last called, by whom, and how that went.
fn last_calls(model: &Model, view: &FunctionView, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = vec![Line::raw("")];
    if view.last_calls.is_empty() {
        lines.push(Line::styled("Never called", theme.style(Role::Quiet)));
        return lines;
    }
    let zone = model.zone.name_at(model.clock.wall);
    lines.push(Line::from(vec![
        Span::styled("Last calls", theme.style(Role::Strong)),
        Span::styled(
            format!("{}times in {zone}", theme.dot()),
            theme.style(Role::Quiet),
        ),
    ]));
    let times = |entry: &JournalEntry| since(model, entry.at);
    let longest = view.last_calls.iter().map(|it| times(it).len()).max();
    for entry in &view.last_calls {
        let (sign, role, how) = told::ending(theme, entry);
        let took = entry.duration_ms.map(told::duration);
        let took = took.map_or_else(String::new, |took| format!("{}{took}", theme.dot()));
        let head = format!(
            "{:<times$}  {:<8} ",
            times(entry),
            told::who(theme, entry, 20),
            times = longest.unwrap_or(5)
        );
        let room = width.saturating_sub(sanitise::width(&head) + 2);
        lines.push(Line::from(vec![
            Span::raw(head),
            Span::styled(format!("{sign} "), theme.style(role)),
            Span::raw(sanitise::cut(&format!("{how}{took}"), room)),
        ]));
    }
    lines
}

/// A connector that has listed no functions: how that comes, and what mends it.
pub(super) fn of_connector(
    model: &Model,
    connector: &ConnectorView,
    width: usize,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let quiet = |text: String| vec![Line::styled(text, theme.style(Role::Quiet))];
    match model.mirror.functions.get(&connector.id) {
        Some(Known::Missing(fault)) => {
            let mut lines = fault_lines(model, fault, width);
            lines.extend(mending(theme, connector, width));
            lines
        }
        Some(Known::Loading) | None => {
            let of = Purpose::Functions(connector.id.clone());
            quiet(model.waiting("reading the functions", |it| *it == of))
        }
        Some(Known::Here(_)) => {
            let mut lines = quiet("it has listed no functions".to_owned());
            if let Some(fault) = &connector.fault {
                lines.extend(fault_lines(model, fault, width));
            }
            lines.extend(mending(theme, connector, width));
            lines
        }
    }
}

/// The key that has a connector list its functions.
fn mending(theme: Theme, connector: &ConnectorView, width: usize) -> Vec<Line<'static>> {
    let text = match connector.status {
        Status::Locked => "U opens the vault, and it connects",
        _ if lacks_secret(connector) => "e gives its secret again",
        Status::SignIn => "somebody has to sign in at the server",
        Status::Disabled => "r switches it on",
        Status::Failed => "r tries again; e changes how it is reached",
        Status::Connecting => return vec![],
        Status::Connected | Status::Changed => "r reads its list again",
    };
    rows::wrapped(theme, Role::Key, text, width, "")
}
