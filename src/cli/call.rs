//! `call`: runs a function as the operator.

mod approval;
mod arguments;
mod back;
mod result;

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};

use super::ask;
use super::change::open_for;
use super::context::Context;
use super::destination::Destination;
use super::functions::{get, head, head_of};
use super::question::Given;
use super::report::{Ending, Failure};
use super::terminal::Terminal;
use crate::domain::{Fault, FaultKind, Function, Progress};
use crate::guard::sanitise;
use crate::protocol::{Call, CallAnswer};

use approval::{Way, way};

/// Exit code where the function answered with an error.
const ANSWERED_WITH_ERROR: u8 = 1;
/// Longest message of progress, in characters.
const MESSAGE_LIMIT: usize = 120;

/// Arguments of `call`.
#[derive(Debug, Args)]
#[command(after_help = "\
A function on *ask* is shown first and asked about; off a terminal --yes is needed. What the server asks back is asked at the terminal; off one it is declined, unless --answer answers it. Ctrl-c cancels the call at the server.")]
pub(super) struct CallArgs {
    /// The connector
    #[arg(value_name = "NAME")]
    name: String,
    /// The function, as the server spells it
    #[arg(value_name = "FUNCTION")]
    function: String,
    /// Its arguments one by one; each value is read as its schema says
    #[arg(value_name = "ARG=VALUE")]
    words: Vec<String>,
    /// All its arguments as a JSON object; @FILE reads a file, - reads stdin
    #[arg(long, value_name = "JSON|@FILE|-", conflicts_with = "words")]
    args: Option<String>,
    /// Write the result into this file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Allow it this once where it is on ask; never passes a block or a changed function
    #[arg(long)]
    yes: bool,
    /// Answer what the server asks back: a form as a JSON object, {} for a page, or a word. Once for each question
    #[arg(long, value_name = "JSON|decline|cancel")]
    answer: Vec<Given>,
}

pub(super) async fn run(context: &Context, args: CallArgs) -> Ending {
    let client = context.board().await?;
    let view = get(&client, &args.name, &args.function).await?;
    let function = &view.function;
    let way = way(function, args.yes, context.terminal.can_ask());
    let sent = arguments::read(args.args.as_deref(), &args.words, function).await?;
    let destination = args.output.as_ref().map(Destination::open).transpose()?;
    if way == Way::AskFirst && !approved(context, &args.name, function, &sent).await? {
        return Err(Fault::denied("you did not say yes; nothing was sent").into());
    }
    open_for(context, &client, &args.name).await?;
    let call = Call {
        name: args.name.clone(),
        function: args.function.clone(),
        arguments: sent,
        approved_digest: (way != Way::Send).then(|| function.digest.clone()),
        ask_back: !args.answer.is_empty() || context.terminal.can_ask(),
    };
    let answer = back::run(context, &client, &call, args.answer).await?;
    give(context, &args.name, function, &answer, destination)
}

/// Shows what would be sent, and asks.
async fn approved(
    context: &Context,
    connector: &str,
    function: &Function,
    arguments: &Map<String, Value>,
) -> Result<bool, Failure> {
    let question = question(connector, function, arguments, &context.terminal);
    context.terminal.say(question.trim_end());
    ask::yes(&context.terminal, "Run it this once?").await
}

fn question(
    connector: &str,
    function: &Function,
    arguments: &Map<String, Value>,
    terminal: &Terminal,
) -> String {
    let mut text = head_of(connector, function, terminal);
    if arguments.is_empty() {
        text.push_str("  without arguments\n");
        return text;
    }
    text.push_str("  with these arguments:\n");
    let shown = sanitise::json_ascii_safe_pretty(&Value::Object(arguments.clone()));
    for line in shown.lines() {
        // Writing to a string has no way to fail.
        let _ = writeln!(text, "    {line}");
    }
    text
}

fn progress_line(progress: &Progress) -> String {
    let mut line = match progress.total {
        Some(total) if total > 0.0 => {
            let share = (progress.progress / total * 100.0).clamp(0.0, 100.0);
            format!("  … {share:.0} %")
        }
        _ => format!("  … {}", progress.progress),
    };
    if let Some(message) = &progress.message {
        let _ = write!(line, "  \"{}\"", sanitise::line(message, MESSAGE_LIMIT));
    }
    line
}

/// Hands the result over, and says how it ended.
fn give(
    context: &Context,
    connector: &str,
    function: &Function,
    answer: &CallAnswer,
    destination: Option<Destination>,
) -> Ending {
    let is_error = answer.result.get("isError") == Some(&Value::Bool(true));
    match destination {
        Some(destination) if !is_error => {
            let written = destination.write(&result::whole(&answer.result))?;
            written.say(context)?;
        }
        kept => {
            // What a function says of its own failure belongs on the screen.
            drop(kept);
            context.output.either(&answer.result, || {
                result::text(&answer.result, context.terminal.form())
            })?;
        }
    }
    if !is_error {
        return Ok(0);
    }
    if context.json() {
        return Err(Failure::Said(ANSWERED_WITH_ERROR));
    }
    let name = head(connector, function, context.terminal.form());
    Err(Fault::new(FaultKind::Server, format!("{name} answered with an error")).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Untrusted;

    #[test]
    fn progress_is_a_share_where_the_whole_is_known() {
        let progress = |progress, total| Progress {
            progress,
            total,
            message: Some(Untrusted::from("half\nway")),
        };
        assert_eq!(
            progress_line(&progress(1.0, Some(2.0))),
            "  … 50 %  \"half⏎way\""
        );
        assert_eq!(progress_line(&progress(3.0, None)), "  … 3  \"half⏎way\"");
        assert_eq!(
            progress_line(&progress(f64::NAN, Some(0.0))),
            "  … NaN  \"half⏎way\""
        );
    }
}
