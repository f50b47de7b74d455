//! A resource as it was read: onto the screen, into a pipe, into a file.

use serde_json::Value;

use crate::cli::context::Context;
use crate::cli::pieces::{Piece, Whole, decoded_size, line, shown};
use crate::cli::report::Failure;
use crate::domain::Fault;
use crate::guard::sanitise::Form;
use crate::protocol::Reading;

fn pieces(result: &Value) -> Vec<Piece<'_>> {
    let contents = result.get("contents").and_then(Value::as_array);
    contents
        .map(|contents| contents.iter().map(Piece::of_contents).collect())
        .unwrap_or_default()
}

/// What goes into a file.
pub(super) fn whole(result: &Value) -> Whole {
    Whole::or_json(&pieces(result), result)
}

/// Prints a resource once.
pub(super) fn print(context: &Context, reading: &Reading) -> Result<(), Failure> {
    if context.json() {
        return context.output.document(&reading.result);
    }
    let pieces = pieces(&reading.result);
    if pieces.is_empty() {
        context.terminal.say("the resource is empty");
        return Ok(());
    }
    if context.terminal.shows_results() {
        let text = for_people(&pieces, context.terminal.form())?;
        return context.output.text(&text);
    }
    let whole = Whole::of(&pieces).ok_or_else(|| several(&pieces))?;
    context.output.bytes(&whole.bytes)
}

/// Prints one of the readings that follow each other: each begins on a line of its own.
pub(super) fn print_next(context: &Context, reading: &Reading) -> Result<(), Failure> {
    if context.json() || context.terminal.shows_results() {
        return print(context, reading);
    }
    let pieces = pieces(&reading.result);
    match Whole::of(&pieces) {
        Some(whole) if pieces.iter().all(is_text) => {
            context.output.bytes(&whole.bytes)?;
            if whole.bytes.last() != Some(&b'\n') {
                context.output.bytes(b"\n")?;
            }
            Ok(())
        }
        _ => Err(
            Fault::user("what is no text cannot be followed line by line")
                .hint("--json follows it as JSON Lines")
                .into(),
        ),
    }
}

/// Text for a terminal, with what else there is listed; what has no text at all does
/// not belong there.
fn for_people(pieces: &[Piece<'_>], form: Form) -> Result<String, Fault> {
    match pieces {
        [Piece::Binary { mime, base64 }] => Err(Fault::user(format!(
            "this resource is no text: {}, {} bytes",
            line(mime, form),
            decoded_size(base64)
        ))
        .hint("--output FILE keeps it")),
        pieces if pieces.iter().any(is_text) => Ok(shown(pieces, form)),
        pieces => Err(several(pieces)),
    }
}

fn is_text(piece: &Piece<'_>) -> bool {
    matches!(piece, Piece::Text(_))
}

fn several(pieces: &[Piece<'_>]) -> Fault {
    let what = match pieces.len() {
        1 => "this resource is of a kind that cannot be printed".to_owned(),
        n => format!("this resource has {n} parts, and not all of them are text"),
    };
    Fault::user(what)
        .hint("--json prints all of it")
        .hint("--output FILE keeps it as JSON")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_shown_and_what_is_none_is_refused_on_a_terminal() {
        let shown = |contents: Value| {
            let result = json!({ "contents": contents });
            for_people(&pieces(&result), Form::Unicode).map_err(|fault| fault.message)
        };
        let text = json!({"uri": "x://a", "text": "hi\u{1b}[2J"});
        let blob = json!({"uri": "x://a", "blob": "AAAA", "mimeType": "image/p\u{7}ng"});
        assert_eq!(shown(json!([text])).unwrap(), "hi⟨U+001B⟩[2J\n");
        assert_eq!(
            shown(json!([text, blob])).unwrap(),
            "hi⟨U+001B⟩[2J\n[image/p⟨U+0007⟩ng, 3 bytes; --output FILE keeps it]\n"
        );
        assert_eq!(
            shown(json!([blob])).unwrap_err(),
            "this resource is no text: image/p⟨U+0007⟩ng, 3 bytes"
        );
        assert!(shown(json!([blob, blob])).unwrap_err().contains("2 parts"));
        assert!(shown(json!([7])).unwrap_err().contains("kind"));
    }

    #[test]
    fn a_file_gets_what_there_is() {
        let file = |result: Value| whole(&result);
        let blob = json!({"contents": [{"uri": "x://a", "blob": "aGk=", "mimeType": "image/png"}]});
        assert_eq!(file(blob).bytes, b"hi");
        assert_eq!(file(json!({"contents": []})).mime, "application/json");
    }
}
