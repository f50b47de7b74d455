//! Runs what makes a connection, saying its stages.

use serde_json::json;

use super::context::Context;
use super::report::Failure;
use super::sign_in::consent_event;
use crate::domain::Evidence;
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::{AddStep, Operation, Step, StepState};

/// Longest answer of a server that evidence quotes, in characters.
const ANSWER_LIMIT: usize = 160;

/// Runs an operation that makes a connection: its stages go to stderr, or as JSON
/// Lines to stdout where the command streams.
pub(super) async fn connect<O>(
    context: &Context,
    client: &Client,
    operation: &O,
    streams: bool,
) -> Result<O::Answer, Failure>
where
    O: Operation<Step = AddStep>,
{
    let mut unwritten = None;
    let answer = client
        .run(operation, &mut |step: AddStep| {
            if context.json() {
                if streams && unwritten.is_none() {
                    unwritten = context.output.document(&event(&step)).err();
                }
            } else {
                stage(context, &step);
            }
        })
        .await;
    if context.terminal.shows_progress() && !context.json() {
        context.terminal.progress("");
    }
    match unwritten {
        Some(failure) => Err(failure),
        None => Ok(answer?),
    }
}

/// A step as a line for scripts.
pub(super) fn event(step: &AddStep) -> serde_json::Value {
    if let Some(news) = &step.sign_in {
        return consent_event(news);
    }
    let mut event = json!({ "event": "step", "name": step.name, "state": step.state });
    if let (Some(evidence), Some(event)) = (&step.evidence, event.as_object_mut()) {
        event.insert("evidence".to_owned(), json!(evidence));
    }
    event
}

/// A stage on stderr: under way on the last line of a terminal, over on a line that
/// stays.
pub(super) fn stage(context: &Context, step: &AddStep) {
    if let Some(evidence) = &step.evidence {
        context.terminal.progress("");
        context
            .terminal
            .say(&evidence_lines(evidence, context.terminal.width()));
    }
    match step.state {
        StepState::Started => context
            .terminal
            .progress(&format!("  … {}", title(step.name))),
        StepState::Done if step.name == Step::Detect => {}
        StepState::Done => {
            context.terminal.progress("");
            context.terminal.say(&format!("  ✓ {}", title(step.name)));
        }
        StepState::Failed => {
            context.terminal.progress("");
            context.terminal.say(&format!("  ✕ {}", title(step.name)));
        }
    }
}

fn title(step: Step) -> &'static str {
    match step {
        Step::Detect => "detect",
        Step::Reach => "reach",
        Step::Negotiate => "negotiate",
        Step::SignIn => "sign in",
        Step::ListFunctions => "list functions",
        Step::Pin => "pin",
    }
}

/// One piece of evidence: what was asked and answered on a line, what it means on
/// the next.
pub(super) fn evidence_lines(evidence: &Evidence, columns: Option<usize>) -> String {
    let answer = sanitise::line(&evidence.answer, ANSWER_LIMIT);
    let mut asked = format!("  · {}  \"{answer}\"", evidence.request);
    if let Some(columns) = columns {
        asked = sanitise::cut(&asked, columns);
    }
    format!("{asked}\n    {}", evidence.means)
}

/// All evidence.
pub(super) fn evidence_list(evidence: &[Evidence], columns: Option<usize>) -> String {
    let mut text = String::new();
    for piece in evidence {
        text.push_str(&evidence_lines(piece, columns));
        text.push('\n');
    }
    text
}
