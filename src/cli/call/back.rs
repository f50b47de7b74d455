//! What the server asks back while a call runs: answered by `--answer`, by whoever
//! sits at the terminal, or declined.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::progress_line;
use crate::cli::context::Context;
use crate::cli::question::{Given, News, Turns};
use crate::cli::report::Failure;
use crate::domain::{Asked, FaultKind, Question, Untrusted};
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::{AnswerQuestion, Call, CallAnswer, CallStep};

/// Longest words of a server in a note, in characters.
const WORDS_LIMIT: usize = 200;

/// Runs a call, and answers what the server asks meanwhile.
pub(super) async fn run(
    context: &Context,
    client: &Client,
    call: &Call,
    given: Vec<Given>,
) -> Result<CallAnswer, Failure> {
    let (tell, asked) = unbounded_channel();
    let asking = Arc::new(AtomicBool::new(false));
    let mut on_step = {
        let asking = Arc::clone(&asking);
        move |step: CallStep| match step {
            // Nothing is drawn over a line that is being typed.
            CallStep::Progress(progress) if !asking.load(Ordering::Relaxed) => {
                context.terminal.progress(&progress_line(&progress));
            }
            CallStep::Progress(_) => {}
            CallStep::Question(question) => {
                // Whoever answers may be gone with a fault of its own.
                let _ = tell.send(*question);
            }
            CallStep::Declined { message, why } => {
                context.terminal.progress("");
                say_declined(context, message.as_ref(), &why);
            }
        }
    };
    let running = client.run(call, &mut on_step);
    let answering = answer(context, client, asked, given.into(), &asking);
    let answer = tokio::select! {
        biased;
        answer = running => answer,
        failure = answering => return Err(failure),
    };
    if asking.load(Ordering::Relaxed) {
        context.terminal.say("");
    } else {
        context.terminal.progress("");
    }
    Ok(answer?)
}

/// Answers one question after the other; ends only where that is not possible.
async fn answer(
    context: &Context,
    client: &Client,
    mut asked: UnboundedReceiver<Question>,
    mut given: VecDeque<Given>,
    asking: &AtomicBool,
) -> Failure {
    while let Some(question) = asked.recv().await {
        let Some(given) = given.pop_front() else {
            if context.terminal.can_ask() {
                context.terminal.progress("");
                asking.store(true, Ordering::Relaxed);
                return ask(context, client, question, asked).await;
            }
            say_declined(
                context,
                Some(words_of(&question)),
                "--answer has no answer left",
            );
            if let Err(failure) = send(client, &question, Given::Decline).await {
                return failure;
            }
            continue;
        };
        if let Err(failure) = send(client, &question, given).await {
            return failure;
        }
    }
    std::future::pending().await
}

async fn send(client: &Client, question: &Question, given: Given) -> Result<(), Failure> {
    let answer = given.answer(&question.asked)?;
    let id = question.id.clone();
    match client.send(&AnswerQuestion { id, answer }).await {
        // Somebody else was first, or the server took it back.
        Err(fault) if fault.kind != FaultKind::NotFound => Err(fault.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Asks at the terminal from here on.
async fn ask(
    context: &Context,
    client: &Client,
    question: Question,
    own: UnboundedReceiver<Question>,
) -> Failure {
    let events = match client.events(None).await {
        Ok(events) => events,
        Err(fault) => return fault.into(),
    };
    let news = News {
        events,
        own: Some(own),
    };
    match Turns::new(context, client, news).with(question).run().await {
        Ok(()) => Failure::Cancelled,
        Err(failure) => failure,
    }
}

fn words_of(question: &Question) -> &Untrusted {
    match &question.asked {
        Asked::Form { message, .. } | Asked::Url { message, .. } => message,
    }
}

fn say_declined(context: &Context, message: Option<&Untrusted>, why: &str) {
    let form = context.terminal.form();
    let words = message.map_or_else(String::new, |message| {
        format!(" \"{}\"", sanitise::line_as(message, WORDS_LIMIT, form))
    });
    let why = sanitise::line_as(&Untrusted::from(why), WORDS_LIMIT, form);
    let said = format!("note: the server asked back{words} and was declined: {why}");
    context.terminal.say(&said);
    if message.is_some() {
        context
            .terminal
            .say("hint: --answer JSON answers it where no terminal can");
    }
}
