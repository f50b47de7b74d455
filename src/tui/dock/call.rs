//! Whether a function that is on *ask* may run this once.
//!
//! The prompt is drawn from the very arguments that are sent when the answer is
//! yes.

use std::collections::BTreeSet;
use std::fmt;

use ratatui::text::{Line, Span};
use serde_json::{Map, Value};

use super::{Kind, close, open, shown};
use crate::domain::{ConnectorId, Untrusted};
use crate::guard::sanitise;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::screen::functions;
use crate::tui::theme::{Role, Theme};
use crate::tui::widget::server;

/// A call that waits for a yes.
#[derive(Clone)]
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
    /// Where secrets stand in that (RFC 6901): they are sent, and not shown.
    pub(in crate::tui) secrets: BTreeSet<String>,
    /// What the server claims of it, in words.
    pub(in crate::tui) claims: String,
}

// The arguments may have secrets among them.
impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question")
            .field("connector", &self.connector)
            .field("function", &self.function)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
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
        let place = shown::place_of("", name);
        let name = server::quoted(theme, &Untrusted::new(name.as_str()), width / 2);
        lines.push(Line::styled(name, theme.style(Role::Strong)));
        lines.extend(shown::lines(theme, value, &place, &question.secrets, width));
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
