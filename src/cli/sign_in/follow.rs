//! Follows an operation that may have to sign in: shows its consent, takes what is
//! pasted, opens a browser, and waits for whatever answers first.

use tokio::sync::mpsc;

use super::flags::WaitFlags;
use super::{browser, consent};
use crate::cli::context::Context;
use crate::cli::operation;
use crate::cli::question::{Line, Typed};
use crate::cli::report::Failure;
use crate::domain::{Fault, FaultKind, Secret};
use crate::link::Client;
use crate::protocol::{AddStep, CarriedSecret, ConsentView, Operation, PasteLogin, SignInNews};

/// Asks for a line while a consent waits.
const PROMPT: &str = "paste the address here (o opens it):";
/// Said once a program took the address.
const OPENED: &str = "the address is handed to a browser";

/// Runs the operation to its end. `paste` is handed in as soon as its consent waits.
pub(in crate::cli) async fn follow<O>(
    context: &Context,
    client: &Client,
    request: &O,
    name: &str,
    wait: WaitFlags,
    mut paste: Option<Secret>,
) -> Result<O::Answer, Failure>
where
    O: Operation<Step = AddStep>,
{
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut hear = |step: AddStep| {
        // Nobody listens once the command is over.
        let _ = tell.send(step);
    };
    let running = client.run(request, &mut hear);
    let mut running = std::pin::pin!(running);
    let asks = context.terminal.can_ask() && !context.json();
    let mut typed = Typed::new();
    let mut open: Option<ConsentView> = None;
    let mut typing = asks && paste.is_none();
    let mut left = Left {
        context,
        name,
        waits: false,
    };
    let answer = loop {
        tokio::select! {
            biased;
            Some(step) = told.recv() => {
                let Some(view) = say(context, &step)? else {
                    if typing && open.is_some() && is_refusal(&step) {
                        context.terminal.prompt(PROMPT);
                    }
                    continue;
                };
                left.waits = true;
                if let Some(text) = paste.take() {
                    hand_in(client, name, text).await?;
                    continue;
                }
                show(context, &view, asks, wait).await;
                if wait.no_wait {
                    left.waits = false;
                    return Err(not_waited_for(&view).into());
                }
                open = Some(view);
                if typing {
                    typed.forget(&context.terminal);
                    context.terminal.prompt(PROMPT);
                }
            }
            line = typed.next(), if typing && open.is_some() => match line {
                Line::Text(bytes) => answer_line(context, client, name, open.as_ref(), bytes).await,
                Line::TooLong => context.terminal.say("that is too long to be an answer"),
                Line::End => typing = false,
            },
            answer = &mut running => break answer,
        }
    };
    left.waits = false;
    while let Ok(step) = told.try_recv() {
        say(context, &step)?;
    }
    if context.terminal.shows_progress() && !context.json() {
        context.terminal.progress("");
    }
    Ok(answer?)
}

/// Says on the way out that a sign-in goes on without this command.
struct Left<'a> {
    context: &'a Context,
    name: &'a str,
    waits: bool,
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        if self.waits && !self.context.json() {
            let name = self.name;
            self.context.terminal.progress("");
            self.context.terminal.say(&format!(
                "the sign-in waits on in the board: `callboard login {name} --paste -` finishes \
                 it, `callboard login {name} --cancel` ends it"
            ));
        }
    }
}

fn is_refusal(step: &AddStep) -> bool {
    matches!(step.sign_in, Some(SignInNews::Refused(_)))
}

/// Says a step; gives back a consent that was opened.
fn say(context: &Context, step: &AddStep) -> Result<Option<ConsentView>, Failure> {
    if context.json() {
        context.output.document(&operation::event(step))?;
    }
    let Some(news) = &step.sign_in else {
        if !context.json() {
            operation::stage(context, step);
        }
        return Ok(None);
    };
    if !context.json()
        && let Some(line) = consent::stage(news)
    {
        context.terminal.progress("");
        context.terminal.say(&line);
    }
    Ok(match news {
        SignInNews::Consent(view) => Some((**view).clone()),
        SignInNews::Step(_) | SignInNews::Refused(_) => None,
    })
}

async fn show(context: &Context, view: &ConsentView, asks: bool, wait: WaitFlags) {
    if context.json() {
        return;
    }
    let whom = consent::user_at_host(&context.environment);
    context.terminal.progress("");
    context
        .terminal
        .say(consent::lines(view, &whom, asks).trim_end());
    let near = asks && !wait.no_browser && browser::is_near(&context.environment);
    if near
        && let Some(url) = &view.consent.url
        && browser::open(url, &context.environment).await
    {
        context.terminal.say(OPENED);
    }
}

async fn hand_in(client: &Client, name: &str, text: Secret) -> Result<(), Fault> {
    let paste = PasteLogin {
        name: name.to_owned(),
        text: CarriedSecret::from(text),
    };
    client.send(&paste).await
}

/// A line that was typed while a consent waits: an answer, or `o`.
async fn answer_line(
    context: &Context,
    client: &Client,
    name: &str,
    open: Option<&ConsentView>,
    bytes: Vec<u8>,
) {
    let text = String::from_utf8_lossy(&bytes).trim().to_owned();
    let url = open.and_then(|view| view.consent.url.as_deref());
    match (text.as_str(), url) {
        ("", _) => {}
        ("o", Some(url)) => {
            let said = match browser::open(url, &context.environment).await {
                true => OPENED,
                false => "no browser could be opened here; open the address by hand",
            };
            context.terminal.say(said);
            context.terminal.prompt(PROMPT);
        }
        // What is wrong with it comes as a step of the sign-in.
        _ => {
            if let Err(fault) = hand_in(client, name, Secret::new(text)).await
                && fault.kind == FaultKind::NotFound
            {
                context.terminal.say(&fault.message);
            }
        }
    }
}

fn not_waited_for(view: &ConsentView) -> Fault {
    let name = &view.name;
    Fault::new(
        FaultKind::SignIn,
        format!(
            "the sign-in of {name} waits in the board until {}",
            view.consent.expires_at
        ),
    )
    .hint(format!("callboard login {name} --paste - finishes it"))
}
