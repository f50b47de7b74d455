//! `watch`, and `--plain`: questions line by line, for whoever cannot or does not
//! want to use the interface.

mod lines;

use clap::Args;

use super::board::counted;
use super::context::Context;
use super::question::{News, Turns};
use super::report::{Ending, Failure};
use super::vault;
use crate::domain::{Fault, Status, Untrusted};
use crate::guard::sanitise;
use crate::protocol::{Snapshot, SnapshotView, Status as AskStatus, StatusView};

/// Connectors with something wrong that are named.
const NAMED: usize = 10;

/// Arguments of `watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
A question is answered by letters and lines; what was typed before it was shown does not count.
With --json each question is a line on stdout, and each line on stdin an answer:
{\"id\":\"…\",\"action\":\"accept|decline|cancel\",\"content\":{…}}.")]
pub(super) struct WatchArgs {
    /// Set by `--plain`: says first how the board fares
    #[arg(skip)]
    pub(super) plain: bool,
}

pub(super) async fn run(context: &Context, args: WatchArgs) -> Ending {
    if !context.json() && !context.terminal.can_ask() {
        if args.plain {
            return fares_alone(context).await;
        }
        return Err(
            Fault::user("questions are asked at a terminal, and there is none here")
                .hint("--json reads answers from stdin and needs none")
                .into(),
        );
    }
    let client = context.board().await?;
    // Attached before anything is said, so that nothing falls between the two.
    let events = client.events(None).await?;
    if context.json() {
        return lines::run(context, &client, events).await;
    }
    if args.plain {
        let status = client.send(&AskStatus {}).await?;
        let snapshot = client.send(&Snapshot {}).await?;
        context.output.text(&fares(&status, &snapshot))?;
    }
    context
        .output
        .text("questions are shown here as they come; Ctrl-c ends this")?;
    let news = News { events, own: None };
    Turns::new(context, &client, news).run().await?;
    Ok(0)
}

/// How the board fares, where nobody can be asked anything.
async fn fares_alone(context: &Context) -> Ending {
    let client = context.board().await?;
    let status = client.send(&AskStatus {}).await?;
    let snapshot = client.send(&Snapshot {}).await?;
    context.output.text(&fares(&status, &snapshot))?;
    context
        .terminal
        .say("questions are asked at a terminal, and there is none here");
    Ok(0)
}

/// How the board fares, in a few lines.
fn fares(status: &StatusView, snapshot: &SnapshotView) -> String {
    let mut text = format!(
        "callboard {}, the board is process {}\n",
        status.board.version, status.board.pid
    );
    text.push_str(&format!("connectors: {}\n", counted(&status.connectors)));
    let wrong = snapshot.connectors.iter().filter(|connector| {
        !matches!(
            connector.status,
            Status::Connected | Status::Connecting | Status::Disabled
        )
    });
    for connector in wrong.take(NAMED) {
        let why = match &connector.fault {
            Some(fault) => sanitise::line(&Untrusted::from(fault.message.as_str()), 200),
            None => format!("{} functions changed", connector.functions.changed),
        };
        let name = &connector.name;
        text.push_str(&format!(
            "  {name}: {why}; `callboard show {name}` says more\n"
        ));
    }
    text.push_str(&format!("vault: {}\n", vault::sentence(&status.vault)));
    if let Some(fault) = &status.storage {
        text.push_str(&format!("database: {}\n", fault.message));
    }
    text.push_str(&match snapshot.questions.len() {
        0 => "no question waits\n".to_owned(),
        1 => "one question waits\n".to_owned(),
        many => format!("{many} questions wait\n"),
    });
    text
}

/// Refuses the interface where the terminal says that it can do nothing.
///
/// # Errors
/// `user`, for `TERM=dumb`.
pub(super) fn refuse_dumb(term: Option<&str>) -> Result<(), Fault> {
    if term != Some("dumb") {
        return Ok(());
    }
    Err(
        Fault::user("the interface cannot be drawn here: TERM is dumb")
            .hint("`callboard --plain` shows how the board fares, and its questions line by line"),
    )
}

/// A failure that has been said as a line of the stream.
fn said(fault: &Fault) -> Failure {
    Failure::Said(fault.kind.exit_code())
}
