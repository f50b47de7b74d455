//! Questions of servers at a plain terminal: shown, asked, answered, one after the
//! other and one thing a line. Nothing is told by colour, and nothing is drawn over.

mod form;
mod given;
mod turns;
mod typed;

pub(super) use given::Given;
pub(super) use turns::{News, Turns};
pub(super) use typed::{Line, Typed};

use super::terminal::Terminal;
use crate::domain::{Asked, Question, QuestionAnswer, QuestionEnd, Untrusted};
use crate::guard::question::{self, Field, fields};
use crate::guard::sanitise::{self, Form};

/// Fields of a form that are named before it is filled in.
const NAMED: usize = 6;
/// Longest name in a line, in characters.
const NAME_LIMIT: usize = 80;
/// Longest address in a line, in characters; more than any that is asked.
const URL_LIMIT: usize = 40_000;

/// A server's name for something, in quotes.
fn quoted(text: &Untrusted, form: Form) -> String {
    format!("\"{}\"", sanitise::line_as(text, NAME_LIMIT, form))
}

/// What a server said, fit to be shown: behind a gutter on every line, also where the
/// terminal would break one. Nothing of it begins a line as callboard does.
fn behind_gutter(shown: &str, look: Look) -> String {
    let gutter = match look.form {
        Form::Unicode => '│',
        Form::Ascii => '|',
    };
    let mut lines = String::new();
    for line in sanitise::wrap(shown, look.columns.saturating_sub(5)) {
        lines.push_str(&format!("  {gutter} {line}\n"));
    }
    lines
}

/// callboard's own words, broken at blanks.
fn own(sentence: &str, look: Look) -> String {
    let mut lines = String::new();
    for line in sanitise::wrap(sentence, look.columns.saturating_sub(1)) {
        lines.push_str(&line);
        lines.push('\n');
    }
    lines
}

/// How lines are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    form: Form,
    columns: usize,
}

impl Look {
    /// As this terminal takes them.
    pub(super) fn of(terminal: &Terminal) -> Self {
        Self {
            form: terminal.form(),
            columns: terminal.columns(),
        }
    }
}

/// Who asks, what, and what is wanted.
pub(super) fn text(question: &Question, look: Look) -> String {
    let form = look.form;
    let name = Untrusted::from(question.connector_name.as_str());
    let name = sanitise::line_as(&name, NAME_LIMIT, form);
    let during = match &question.function {
        Some(function) => quoted(function, form),
        None => "one of its calls".to_owned(),
    };
    let id = &question.id;
    let mut text = own(
        &format!("question {id}: {name} asks during {during}:"),
        look,
    );
    match &question.asked {
        Asked::Form { message, schema } => {
            text.push_str(&behind_gutter(&sanitise::block_as(message, form), look));
            text.push_str(&own(&wanted(&fields(schema), form), look));
        }
        Asked::Url { message, url } => {
            text.push_str(&behind_gutter(&sanitise::block_as(message, form), look));
            let host = question::host(url).unwrap_or_default();
            text.push_str(&own(
                &format!("it wants you to visit a page of {host}:"),
                look,
            ));
            // Whole, so that it can be copied; it has no blanks and imitates nothing.
            text.push_str(&format!("  {}\n", sanitise::line_as(url, URL_LIMIT, form)));
            if question::looks_alike(&host) {
                let careful = "careful: this host has letters that may look like others";
                text.push_str(&own(careful, look));
            }
            let ours = "callboard does not open it; open it yourself if you trust it";
            text.push_str(&own(ours, look));
        }
    }
    text
}

fn wanted(fields: &[Field], form: Form) -> String {
    let names: Vec<String> = fields
        .iter()
        .take(NAMED)
        .map(|field| quoted(&field.name, form))
        .collect();
    let names = names.join(", ");
    match fields.len() {
        0 => "it wants a yes or a no, and nothing more".to_owned(),
        1 => format!("it wants a form filled in with one field: {names}"),
        many if many > NAMED => {
            let more = many - NAMED;
            format!("it wants a form filled in with {many} fields: {names} and {more} more")
        }
        many => format!("it wants a form filled in with {many} fields: {names}"),
    }
}

/// What an answer did, for whoever gave it.
fn answered(answer: &QuestionAnswer) -> &'static str {
    match answer {
        QuestionAnswer::Accept { .. } => "sent",
        QuestionAnswer::Decline => "declined",
        QuestionAnswer::Cancel => "put away",
    }
}

/// How a question ended that somebody else ended.
fn ended(end: Option<&QuestionEnd>) -> String {
    match end {
        Some(QuestionEnd::Answered { answer, by }) => {
            let by = sanitise::line(&Untrusted::from(by.as_str()), NAME_LIMIT);
            format!("answered elsewhere, by {by}: {answer}")
        }
        Some(QuestionEnd::Withdrawn) => "taken back by the server, or its call ended".to_owned(),
        Some(QuestionEnd::Expired) => "nobody answered in time: it counts as no".to_owned(),
        None => "it waits no longer".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::{ConnectorId, QuestionId, Timestamp};

    fn question(asked: Asked) -> Question {
        Question {
            id: QuestionId::new("k-1"),
            opened_at: Timestamp::default(),
            expires_at: None,
            connector: ConnectorId::new("c"),
            connector_name: "wiki".to_owned(),
            function: Some(Untrusted::from("bo\u{1b}ok")),
            asked,
        }
    }

    #[test]
    fn a_form_is_announced_with_the_server_s_words_behind_a_gutter() {
        let asked = Asked::Form {
            message: Untrusted::from("Which seat?\nquestion k-9: bank asks:\u{1b}[2J"),
            schema: json!({ "type": "object", "properties": {
                "seat": { "type": "string" }, "meal": { "type": "string" }
            } }),
        };
        let look = Look {
            form: Form::Unicode,
            columns: 30,
        };
        assert_eq!(
            text(&question(asked), look),
            "question k-1: wiki asks\n\
             during \"bo⟨U+001B⟩ok\":\n\
             \u{20}\u{20}│ Which seat?\n\
             \u{20}\u{20}│ question k-9: bank\n\
             \u{20}\u{20}│ asks:⟨U+001B⟩[2J\n\
             it wants a form filled in\n\
             with 2 fields: \"seat\", \"meal\"\n"
        );
    }

    #[test]
    fn a_page_is_shown_whole_with_its_host() {
        let asked = Asked::Url {
            message: Untrusted::from("Pay"),
            url: Untrusted::from("https://xn--pple-43d.example/pay?a=b"),
        };
        let look = Look {
            form: Form::Ascii,
            columns: 80,
        };
        let text = text(&question(asked), look);
        assert!(
            text.contains(
                "a page of xn--pple-43d.example:\n  https://xn--pple-43d.example/pay?a=b\n"
            )
        );
        assert!(text.contains("may look like others"));
    }
}
