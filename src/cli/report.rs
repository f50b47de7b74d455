//! How a command that fails says so.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::json;

use super::output::Output;
use crate::domain::{Fault, FaultKind, Untrusted};
use crate::guard::sanitise;

/// Longest line of a fault that is shown, in characters.
const LINE_LIMIT: usize = 2000;

/// How a command ends: its exit code, or why it did not get there.
pub(super) type Ending = Result<u8, Failure>;

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Failure {
    /// A fault, to be said.
    Fault(Fault),
    /// Said already, as the last line of a stream or with the result.
    Said(u8),
    /// The operator broke it off.
    Cancelled,
    /// Whoever read the results has had enough. That is no fault.
    ReaderGone,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A write of results that failed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::Fault(Fault::config(format!("cannot write the result: {error}")))
        }
    }
}

/// The end of what the operator broke off. The contract has no code of its own for
/// it: nothing came back, as when the network fails.
fn cancelled() -> Fault {
    Fault::new(FaultKind::Network, "cancelled")
}

/// Says why a command failed, and gives its exit code.
pub(super) fn failure(failure: &Failure, json: bool) -> ExitCode {
    match failure {
        Failure::ReaderGone => ExitCode::SUCCESS,
        Failure::Said(code) => ExitCode::from(*code),
        Failure::Cancelled => say(&cancelled(), json),
        Failure::Fault(fault) => say(fault, json),
    }
}

fn say(fault: &Fault, json: bool) -> ExitCode {
    if json {
        // Where this cannot be written either, the exit code has to do.
        let _ = Output::new(true).document(&document(fault));
    } else {
        let _ = io::stderr().lock().write_all(text(fault).as_bytes());
    }
    ExitCode::from(fault.kind.exit_code())
}

/// The document for scripts.
pub(super) fn document(fault: &Fault) -> serde_json::Value {
    json!({ "error": fault })
}

/// The text for people: one sentence, then what mends it.
pub(super) fn text(fault: &Fault) -> String {
    let mut text = format!("error: {}\n", shown(&fault.message));
    for hint in &fault.hints {
        text.push_str(&format!("hint: {}\n", shown(hint)));
    }
    if let Some(milliseconds) = fault.retry_after_ms {
        let seconds = milliseconds.div_ceil(1000);
        text.push_str(&format!("hint: try again in {seconds} s\n"));
    }
    text
}

/// A sentence of callboard's own is printed as it is; one into which the words of
/// a command line brought a control character is not.
fn shown(sentence: &str) -> String {
    if sentence.chars().any(char::is_control) {
        sanitise::line(&Untrusted::from(sentence), LINE_LIMIT)
    } else {
        sentence.to_owned()
    }
}

/// What clap says of a command line that makes no sense, as a fault.
pub(super) fn usage(error: &clap::Error, command: Option<&str>) -> Fault {
    let rendered = error.render().to_string();
    let mut paragraphs = rendered.trim().split("\n\n");
    let first = paragraphs.next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let mut fault = Fault::user(one_line(first).trim_end_matches('.'));
    for paragraph in paragraphs {
        if let Some(tip) = one_line(paragraph).strip_prefix("tip: ") {
            fault = fault.hint(tip);
        } else if let Some(usages) = paragraph.strip_prefix("Usage: ") {
            let usages: Vec<&str> = usages.lines().map(str::trim).collect();
            fault = fault.hint(format!("usage: {}", usages.join(", or ")));
        }
    }
    if fault.hints.is_empty() {
        fault = fault.hint(match command {
            Some(command) => format!("`callboard {command} --help` says what it takes"),
            None => "`callboard --help` lists the commands".to_owned(),
        });
    }
    fault
}

fn one_line(paragraph: &str) -> String {
    let lines: Vec<&str> = paragraph.lines().map(str::trim).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_one_sentence_and_then_what_mends_it() {
        let fault = Fault::config("the vault is locked")
            .hint("`callboard unlock` opens it")
            .retry_after(1500);
        assert_eq!(
            text(&fault),
            "error: the vault is locked\n\
             hint: `callboard unlock` opens it\n\
             hint: try again in 2 s\n"
        );
    }

    #[test]
    fn a_control_character_in_a_fault_is_shown_and_not_obeyed() {
        let text = text(&Fault::not_found("there is no connector \"\u{1b}[2J\""));
        assert!(!text.contains('\u{1b}'));
        assert!(text.contains("U+001B"));
    }

    #[test]
    fn the_document_has_the_keys_of_the_contract() {
        let document = document(&Fault::denied("no").hint("--yes"));
        assert_eq!(
            document,
            json!({"error": {
                "kind": "denied", "message": "no", "hints": ["--yes"],
                "retry": false, "retry_after_ms": null,
            }})
        );
    }

    #[test]
    fn a_reader_that_leaves_is_no_fault() {
        let left = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(matches!(left, Failure::ReaderGone));
        let full = Failure::from(io::Error::from(io::ErrorKind::StorageFull));
        assert!(matches!(full, Failure::Fault(fault) if fault.kind.exit_code() == 6));
    }
}
