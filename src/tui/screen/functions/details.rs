//! One function, as lines.

use ratatui::text::{Line, Span};

use super::listing::claims;
use crate::domain::{Function, FunctionState, Permission};
use crate::guard::arguments::{ArgumentRow, summary};
use crate::guard::sanitise;
use crate::tui::model::Model;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// Everything that is known of a function. The server's words stand behind a
/// gutter or in quotes.
pub(super) fn lines(model: &Model, function: &Function, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = Vec::new();
    if let Some(title) = &function.title {
        lines.push(Line::styled(
            server::quoted(theme, title, width),
            theme.style(Role::Strong),
        ));
    }
    lines.extend(state(model, function, width));
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
    lines
}

/// What to do about a definition that was not accepted.
fn state(model: &Model, function: &Function, width: usize) -> Vec<Line<'static>> {
    let text = match function.state {
        FunctionState::Accepted => return vec![],
        FunctionState::New => {
            "! new since you added the connector: agents do not get it. {always}, {ask} or {block} accepts it as it is shown here"
        }
        FunctionState::Changed => {
            "! differs from what you accepted: agents do not get it. {always}, {ask} or {block} accepts it as it is shown here"
        }
    };
    let text = model.words(text);
    let mut lines = rows::wrapped(model.theme, Role::Warn, &text, width, "  ");
    lines.push(Line::raw(""));
    lines
}

fn arguments(theme: Theme, function: &Function, width: usize) -> Vec<Line<'static>> {
    let arguments = summary(&function.input_schema);
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
    if !argument.choices.is_empty() {
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
