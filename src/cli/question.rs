//! Questions of servers at a plain terminal: shown, asked, answered, one after the
//! other and one thing a line. Nothing is told by colour, and nothing is drawn over.

mod form;
mod given;
mod turns;
mod typed;

pub(super) use given::Given;
pub(super) use turns::{News, Turns};
pub(super) use typed::{Line, Typed};

use crate::domain::{Asked, Question, QuestionAnswer, QuestionEnd, Untrusted};
use crate::guard::question::{self, fields};
use crate::guard::sanitise::{self, Form};

/// Longest name in a line, in characters.
const NAME_LIMIT: usize = 80;
/// Longest address in a line, in characters; more than any that is asked.
const URL_LIMIT: usize = 40_000;

/// A server's name for something, in quotes.
fn quoted(text: &Untrusted, form: Form) -> String {
    format!("\"{}\"", sanitise::line_as(text, NAME_LIMIT, form))
}

/// A server's words, each line behind a gutter.
fn behind_gutter(text: &Untrusted, form: Form) -> String {
    let mut lines = String::new();
    for line in sanitise::block_as(text, form).lines() {
        lines.push_str(&format!("  {} {line}\n", gutter(form)));
    }
    lines
}

fn gutter(form: Form) -> char {
    match form {
        Form::Unicode => '│',
        Form::Ascii => '|',
    }
}

/// Who asks, what, and what is wanted.
pub(super) fn text(question: &Question, form: Form) -> String {
    let name = sanitise::line_as(
        &Untrusted::from(question.connector_name.as_str()),
        NAME_LIMIT,
        form,
    );
    let mut text = match &question.function {
        Some(function) => {
            let function = sanitise::line_as(function, NAME_LIMIT, form);
            format!("question {}: {name} asks during {function}:\n", question.id)
        }
        None => format!(
            "question {}: {name} asks during one of its calls:\n",
            question.id
        ),
    };
    match &question.asked {
        Asked::Form { message, schema } => {
            text.push_str(&behind_gutter(message, form));
            let fields = fields(schema);
            let names: Vec<String> = fields.iter().map(|f| quoted(&f.name, form)).collect();
            text.push_str(&match names.len() {
                0 => "it wants a yes or a no, and nothing more\n".to_owned(),
                1 => format!(
                    "it wants a form filled in with one field: {}\n",
                    names.concat()
                ),
                many => format!(
                    "it wants a form filled in with {many} fields: {}\n",
                    names.join(", ")
                ),
            });
        }
        Asked::Url { message, url } => {
            text.push_str(&behind_gutter(message, form));
            let host = question::host(url).unwrap_or_default();
            text.push_str(&format!("it wants you to visit a page of {host}:\n"));
            let url = sanitise::line_as(url, URL_LIMIT, form);
            text.push_str(&format!("  {} {url}\n", gutter(form)));
            if question::looks_alike(&host) {
                text.push_str("careful: this host has letters that may look like others\n");
            }
            text.push_str("callboard does not open it; open it yourself if you trust it\n");
        }
    }
    text
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
        assert_eq!(
            text(&question(asked), Form::Unicode),
            "question k-1: wiki asks during bo⟨U+001B⟩ok:\n\
             \u{20}\u{20}│ Which seat?\n\
             \u{20}\u{20}│ question k-9: bank asks:⟨U+001B⟩[2J\n\
             it wants a form filled in with 2 fields: \"seat\", \"meal\"\n"
        );
    }

    #[test]
    fn a_page_is_shown_whole_with_its_host() {
        let asked = Asked::Url {
            message: Untrusted::from("Pay"),
            url: Untrusted::from("https://xn--pple-43d.example/pay?a=b"),
        };
        let text = text(&question(asked), Form::Ascii);
        assert!(text.contains(
            "a page of xn--pple-43d.example:\n  | https://xn--pple-43d.example/pay?a=b\n"
        ));
        assert!(text.contains("may look like others"));
    }
}
