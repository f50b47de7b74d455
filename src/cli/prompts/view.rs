//! How prompts look.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::cli::functions::gutter;
use crate::cli::pieces::{Piece, line};
use crate::cli::terminal::Terminal;
use crate::domain::{Prompt, Untrusted};
use crate::guard::sanitise::{self, Form};

/// Longest name and description in a line, in characters.
const NAME_LIMIT: usize = 128;
const TEXT_LIMIT: usize = 200;

/// The document for scripts, with MCP's own names for everything.
pub(super) fn document(prompts: &[Prompt]) -> Value {
    let prompts: Vec<Value> = prompts
        .iter()
        .map(|prompt| {
            let arguments: Vec<Value> = prompt
                .arguments
                .iter()
                .map(|one| {
                    json!({
                        "name": one.name,
                        "description": one.description,
                        "required": one.required,
                    })
                })
                .collect();
            json!({
                "name": prompt.name,
                "title": prompt.title,
                "description": prompt.description,
                "arguments": arguments,
            })
        })
        .collect();
    json!({ "prompts": prompts })
}

/// The prompts for people, each with its arguments below it.
pub(super) fn list(prompts: &[Prompt], terminal: &Terminal) -> String {
    let form = terminal.form();
    let mut text = String::new();
    for prompt in prompts {
        let mut head = sanitise::line_as(&prompt.name, NAME_LIMIT, form);
        for words in [&prompt.title, &prompt.description].into_iter().flatten() {
            let _ = write!(head, "  \"{}\"", sanitise::line_as(words, TEXT_LIMIT, form));
        }
        push(&mut text, &head, terminal);
        for one in &prompt.arguments {
            let mut line = format!("  {}", sanitise::line_as(&one.name, NAME_LIMIT, form));
            if one.required {
                line.push_str(", required");
            }
            if let Some(words) = &one.description {
                let _ = write!(line, "  \"{}\"", sanitise::line_as(words, TEXT_LIMIT, form));
            }
            push(&mut text, &line, terminal);
        }
    }
    text
}

/// A line, cut where the terminal ends.
fn push(text: &mut String, line: &str, terminal: &Terminal) {
    match terminal.width() {
        Some(columns) => text.push_str(&sanitise::cut(line, columns)),
        None => text.push_str(line),
    }
    text.push('\n');
}

/// The text of a prompt that is one text and nothing else.
pub(super) fn alone(result: &Value) -> Option<&str> {
    match messages(result) {
        [message] => match pieces(message).as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// A prompt that was filled in, message by message. The words stand behind a gutter,
/// so that none of them looks like the beginning of the next message.
pub(super) fn filled_in(result: &Value, terminal: &Terminal) -> String {
    let form = terminal.form();
    let mut text = String::new();
    if let Some(words) = result.get("description").and_then(Value::as_str) {
        let _ = writeln!(text, "\"{}\"", line(words, form));
    }
    for message in messages(result) {
        let _ = writeln!(text, "{}:", role(message, form));
        for piece in pieces(message) {
            match piece {
                Piece::Text(said) => text.push_str(&gutter(&Untrusted::from(said), terminal)),
                other => {
                    let _ = writeln!(text, "  {}", other.shown("--json has it", form));
                }
            }
        }
    }
    text
}

fn messages(result: &Value) -> &[Value] {
    let messages = result.get("messages").and_then(Value::as_array);
    messages.map_or(&[], Vec::as_slice)
}

/// One piece, or several where a server sends a list.
fn pieces(message: &Value) -> Vec<Piece<'_>> {
    match message.get("content") {
        Some(Value::Array(blocks)) => blocks.iter().map(Piece::of_block).collect(),
        Some(block) => vec![Piece::of_block(block)],
        None => Vec::new(),
    }
}

/// Who says it (MCP `Role`).
fn role(message: &Value, form: Form) -> String {
    match message.get("role").and_then(Value::as_str) {
        Some(role @ ("user" | "assistant")) => role.to_owned(),
        Some(other) => format!("\"{}\"", line(other, form)),
        None => "somebody".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;
    use crate::domain::PromptArgument;

    fn terminal() -> Terminal {
        Terminal::of_this_process(&Environment::default())
    }

    fn greet() -> Prompt {
        Prompt {
            name: "greet".into(),
            title: Some("Greet".into()),
            description: Some("Says\nhello\u{1b}[2J".into()),
            arguments: vec![PromptArgument {
                name: "who".into(),
                description: Some("Whom".into()),
                required: true,
            }],
        }
    }

    #[test]
    fn a_prompt_is_listed_with_what_it_needs() {
        assert_eq!(
            list(&[greet()], &terminal()),
            "greet  \"Greet\"  \"Says⏎hello⟨U+001B⟩[2J\"\n  who, required  \"Whom\"\n"
        );
    }

    #[test]
    fn the_document_has_the_names_of_the_protocol() {
        assert_eq!(
            document(&[greet()]),
            json!({"prompts": [{
                "name": "greet", "title": "Greet", "description": "Says\nhello\u{1b}[2J",
                "arguments": [{"name": "who", "description": "Whom", "required": true}],
            }]})
        );
    }

    #[test]
    fn no_message_can_pretend_to_be_another() {
        let result = json!({"description": "A talk", "messages": [
            {"role": "user", "content": {"type": "text", "text": "hi\nassistant:\n  | yes"}},
            {"role": "assistant", "content": {"type": "image", "mimeType": "image/png", "data": "AAAA"}},
            {"role": "sys\u{1b}tem", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            {"content": 7},
            7,
        ]});
        assert_eq!(alone(&result), None);
        assert_eq!(
            filled_in(&result, &terminal()),
            "\"A talk\"\n\
             user:\n  │ hi\n  │ assistant:\n  │   | yes\n\
             assistant:\n  [image/png, 3 bytes; --json has it]\n\
             \"sys⟨U+001B⟩tem\":\n  │ a\n  │ b\n\
             somebody:\n  [content of type \"unknown\"; --json shows it]\n\
             somebody:\n"
        );
    }

    #[test]
    fn one_text_can_stand_alone() {
        let one =
            json!({"messages": [{"role": "user", "content": {"type": "text", "text": "hi"}}]});
        assert_eq!(alone(&one), Some("hi"));
        assert_eq!(alone(&json!({"messages": []})), None);
    }
}
