//! Questions and answers as JSON Lines, for scripts.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::said;
use crate::cli::context::Context;
use crate::cli::question::{Given, Line, Typed};
use crate::cli::report::{Ending, Failure, document};
use crate::domain::{Fault, FaultKind, Question, QuestionAnswer, QuestionEnd, QuestionId};
use crate::guard::json::{Limits, read_strict};
use crate::link::{Client, EventStream};
use crate::protocol::{AnswerQuestion, EventKind, Questions};

/// Longest line that is read, in bytes.
const LIMIT: usize = 1024 * 1024;

/// A line on stdin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    id: QuestionId,
    action: Action,
    #[serde(default)]
    content: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Accept,
    Decline,
    Cancel,
}

/// Says every question and its end, and takes answers, until the board ends. The
/// end of stdin only means that no more answers come.
pub(super) async fn run(context: &Context, client: &Client, mut events: EventStream) -> Ending {
    let mut typed = Typed::new();
    let mut answers = true;
    let mut open: Vec<QuestionId> = Vec::new();
    loop {
        tokio::select! {
            biased;
            event = events.next() => match event.map(|event| event.kind) {
                None | Some(EventKind::Stopping) => return Err(board_ended(context)),
                Some(EventKind::Snapshot(snapshot)) => {
                    let waits = |id: &QuestionId| snapshot.questions.iter().any(|q| q.id == *id);
                    let (still, gone) = open.into_iter().partition(waits);
                    open = still;
                    for id in gone {
                        closed(context, &id, None)?;
                    }
                    for question in &snapshot.questions {
                        opened(context, question, &mut open)?;
                    }
                }
                Some(EventKind::QuestionOpened(question)) => {
                    opened(context, &question, &mut open)?;
                }
                Some(EventKind::QuestionClosed { id, end }) => {
                    open.retain(|known| *known != id);
                    closed(context, &id, Some(&end))?;
                }
                Some(_) => {}
            },
            line = typed.next(), if answers => match line {
                Line::End => answers = false,
                Line::TooLong => complain(context, None, &Fault::user("a line is too long"))?,
                Line::Text(text) if text.trim_ascii().is_empty() => {}
                Line::Text(text) => answer(context, client, &text).await?,
            },
        }
    }
}

fn closed(context: &Context, id: &QuestionId, end: Option<&QuestionEnd>) -> Result<(), Failure> {
    let line = json!({ "event": "closed", "id": id, "end": end });
    context.output.document(&line)
}

/// Says a question, once.
fn opened(
    context: &Context,
    question: &Question,
    open: &mut Vec<QuestionId>,
) -> Result<(), Failure> {
    if open.contains(&question.id) {
        return Ok(());
    }
    open.push(question.id.clone());
    let line = json!({ "event": "question", "question": question });
    context.output.document(&line)
}

fn board_ended(context: &Context) -> Failure {
    let fault = Fault::new(FaultKind::Network, "the board has ended").retryable();
    match complain(context, None, &fault) {
        Ok(()) => said(&fault),
        Err(failure) => failure,
    }
}

/// A fault as a line; the stream goes on.
fn complain(context: &Context, id: Option<&QuestionId>, fault: &Fault) -> Result<(), Failure> {
    let mut line = document(fault);
    if let (Some(id), Some(line)) = (id, line.as_object_mut()) {
        line.insert("id".to_owned(), json!(id));
    }
    context.output.document(&line)
}

async fn answer(context: &Context, client: &Client, line: &[u8]) -> Result<(), Failure> {
    let Answer {
        id,
        action,
        content,
    } = match read(line) {
        Ok(answer) => answer,
        Err(fault) => return complain(context, None, &fault),
    };
    let given = match action {
        Action::Accept => Given::Accept(content),
        Action::Decline => Given::Decline,
        Action::Cancel => Given::Cancel,
    };
    match send(client, &id, given).await {
        Ok(()) => context
            .output
            .document(&json!({ "event": "answered", "id": id })),
        Err(fault) => complain(context, Some(&id), &fault),
    }
}

fn read(line: &[u8]) -> Result<Answer, Fault> {
    let wrong = |why: String| {
        Fault::user(format!("a line is no answer: {why}"))
            .hint("{\"id\":\"…\",\"action\":\"accept|decline|cancel\",\"content\":{…}}")
    };
    let value =
        read_strict(line, Limits::bytes(LIMIT)).map_err(|fault| wrong(fault.to_string()))?;
    serde_json::from_value(value).map_err(|error| wrong(error.to_string()))
}

async fn send(client: &Client, id: &QuestionId, given: Given) -> Result<(), Fault> {
    let open = client.send(&Questions {}).await?;
    let answer = match open.iter().find(|question| question.id == *id) {
        Some(question) => given.answer(&question.asked)?,
        // The board says what became of it.
        None => QuestionAnswer::Cancel,
    };
    let id = id.clone();
    client.send(&AnswerQuestion { id, answer }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_answer_or_says_why_not() {
        let good = read(br#"{"id":"k-1","action":"accept","content":{"a":1}}"#).unwrap();
        assert_eq!(good.id.as_str(), "k-1");
        assert!(read(br#"{"id":"k-1","action":"decline"}"#).is_ok());
        for line in [
            &b"yes"[..],
            br#"{"id":"k-1"}"#,
            br#"{"id":"k-1","action":"approve"}"#,
            br#"{"id":"k-1","action":"accept","id":"k-2"}"#,
            br#"{"id":"k-1","action":"accept","contents":{}}"#,
        ] {
            let fault = read(line).unwrap_err();
            assert!(
                fault.message.starts_with("a line is no answer: "),
                "{fault}"
            );
        }
    }
}
