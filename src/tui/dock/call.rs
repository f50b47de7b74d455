//! Whether a function that is on *ask* may run this once.
//!
//! The prompt is drawn from the very arguments that are sent when the answer is
//! yes.

use ratatui::text::{Line, Span};
use serde_json::{Map, Value};

use super::{Kind, close, open};
use crate::domain::{ConnectorId, Untrusted};
use crate::guard::sanitise;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::screen::functions;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::{rows, server};

/// Longest value shown, in characters; the rest is counted.
const VALUE_LIMIT: usize = 1600;

/// A call that waits for a yes.
#[derive(Clone, Debug)]
pub(in crate::tui) struct Question {
    /// Whose function.
    pub(in crate::tui) connector: ConnectorId,
    /// The connector's name.
    pub(in crate::tui) connector_name: String,
    /// Which function.
    pub(in crate::tui) function: Untrusted,
    /// The definition that was on the screen.
    pub(in crate::tui) digest: String,
    /// What it will be sent.
    pub(in crate::tui) arguments: Map<String, Value>,
    /// What the server claims of it, in words.
    pub(in crate::tui) claims: String,
}

/// Asks.
pub(in crate::tui) fn ask_call(model: &mut Model, question: Question) -> Vec<Effect> {
    open(model, Kind::Call(question));
    vec![]
}

/// It was said yes to.
pub(super) fn allow(model: &mut Model) -> Vec<Effect> {
    match close(model).map(|prompt| prompt.kind) {
        Some(Kind::Call(question)) => functions::approved(model, question),
        _ => vec![],
    }
}

/// It was said no to, or Esc was pressed, which is the same.
pub(super) fn deny(model: &mut Model) -> Vec<Effect> {
    close(model);
    functions::denied(model)
}

/// What it shows: each argument's name and value.
pub(super) fn lines(theme: Theme, question: &Question, width: usize) -> Vec<Line<'static>> {
    if question.arguments.is_empty() {
        return vec![Line::styled("without arguments", theme.style(Role::Quiet))];
    }
    let mut lines = Vec::new();
    for (name, value) in &question.arguments {
        let name = server::quoted(theme, &Untrusted::new(name.as_str()), width / 2);
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        let total = text.chars().count();
        let head: String = text.chars().take(VALUE_LIMIT).collect();
        lines.push(Line::styled(name, theme.style(Role::Strong)));
        lines.extend(server::behind_gutter(theme, &Untrusted::new(head), width));
        if total > VALUE_LIMIT {
            let rest = total.saturating_sub(VALUE_LIMIT);
            let text = format!("{rest} characters more, as you typed them");
            lines.extend(rows::wrapped(theme, Role::Warn, &text, width, ""));
        }
    }
    lines
}

/// What stands in the frame.
pub(super) fn title(theme: Theme, question: &Question, width: usize) -> String {
    let name = server::quoted(theme, &question.function, width / 2);
    format!(" {} {} ", sanitise::cut(&question.connector_name, 32), name)
}

/// The line above the arguments.
pub(super) fn claims(theme: Theme, question: &Question, width: usize) -> Vec<Line<'static>> {
    let asked = "Run it this once? ";
    let text = format!("{asked}Server claims: {}", question.claims);
    let mut lines = Vec::new();
    for line in sanitise::wrap(&text, width) {
        lines.push(match line.strip_prefix(asked) {
            Some(rest) => Line::from(vec![
                Span::styled(asked, theme.style(Role::Strong)),
                Span::raw(rest.to_owned()),
            ]),
            None => Line::raw(line),
        });
    }
    lines
}
