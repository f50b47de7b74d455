//! `status`, `stop`, and the arguments of `serve`.

use std::time::Duration;

use clap::Args;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use serde_json::{Value, json};

use super::context::Context;
use super::moment::ago;
use super::report::{Ending, Failure, document};
use super::table::{Cell, Table};
use super::vault;
use crate::config::Home;
use crate::domain::{Fault, FaultKind, Timestamp};
use crate::link::Client;
use crate::protocol::{Status, StatusView, Stop};

/// How long a board may take to end, in seconds.
const END_LIMIT: Duration = Duration::from_secs(10);
/// How often it is looked whether a process is still there.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// Set by the face that starts a board: it leaves the terminal
    #[arg(long, hide = true)]
    pub(super) background: bool,
}

/// Says whether the board is up.
pub(super) async fn status(context: &Context) -> Ending {
    let client = match context.running_board().await {
        Ok(client) => client,
        Err(fault) if context.json() && fault.kind == FaultKind::NotFound => {
            let fault = none_runs(fault);
            context.output.document(&not_running(&fault))?;
            return Err(Failure::Said(fault.kind.exit_code()));
        }
        Err(fault) => return Err(none_runs(fault).into()),
    };
    let status = client.send(&Status {}).await?;
    if context.json() {
        context.output.document(&running(&status)?)?;
    } else {
        let text = text(context, &status, Timestamp::now());
        context.output.text(&text)?;
    }
    Ok(0)
}

fn none_runs(fault: Fault) -> Fault {
    if fault.kind == FaultKind::NotFound && fault.hints.is_empty() {
        fault.hint("any other command starts one; `callboard serve` runs it here")
    } else {
        fault
    }
}

/// `status --json` with a board.
fn running(status: &StatusView) -> Result<Value, Fault> {
    let mut document = json!({ "running": true });
    let shown = serde_json::to_value(status)
        .map_err(|error| Fault::internal(format!("cannot write JSON: {error}")))?;
    if let (Some(document), Value::Object(shown)) = (document.as_object_mut(), shown) {
        document.extend(shown);
    }
    Ok(document)
}

/// `status --json` without one: the keys of the contract, and the fault.
fn not_running(fault: &Fault) -> Value {
    let mut value = json!({
        "running": false, "pid": null, "version": null, "started_at": null,
        "connectors": null, "held": null, "vault": null,
    });
    if let (Some(keys), Value::Object(error)) = (value.as_object_mut(), document(fault)) {
        keys.extend(error);
    }
    value
}

fn text(context: &Context, status: &StatusView, now: Timestamp) -> String {
    let paint = context.terminal.paint();
    let mut table = Table::default();
    let mut line = |name: &str, value: Cell| table.row(vec![format!("{name}:").into(), value]);
    line(
        "board",
        Cell::painted("running", move |text| paint.good(text)),
    );
    line(
        "process",
        format!(
            "{}, callboard {}, started {}",
            status.board.pid,
            status.board.version,
            ago(status.board.started_at, now)
        )
        .into(),
    );
    let counts = status.connectors;
    line(
        "connectors",
        format!(
            "{} · {} connected · {} failed",
            counts.total, counts.connected, counts.failed
        )
        .into(),
    );
    line("held calls", status.held.to_string().into());
    line("vault", vault::sentence(&status.vault).into());
    for warning in [status.vault.warning.clone()].into_iter().flatten() {
        line(
            "warning",
            Cell::painted(warning, move |text| paint.warn(text)),
        );
    }
    if let Some(fault) = &status.storage {
        line(
            "database",
            Cell::painted(fault.message.clone(), move |text| paint.bad(text)),
        );
        for hint in &fault.hints {
            line("hint", hint.clone().into());
        }
    }
    if status.vault.locked {
        line("hint", "`callboard unlock` opens the vault".into());
    }
    table.lines(context.terminal.width())
}

/// Ends the board, and waits until it has ended.
pub(super) async fn stop(context: &Context) -> Ending {
    let stopped = match context.running_board().await {
        Ok(client) => Some(ask_to_stop(&client).await?),
        Err(fault) => match lock_holder(&context.home) {
            Some(pid) => Some(terminate(pid).await?),
            None => return Err(none_runs(fault).into()),
        },
    };
    context
        .output
        .either(&json!({ "stopped": true, "pid": stopped }), || {
            "the board has ended".to_owned()
        })?;
    Ok(0)
}

async fn ask_to_stop(client: &Client) -> Result<u32, Fault> {
    let pid = client.send(&Status {}).await?.board.pid;
    let mut events = client.events(None).await?;
    client.send(&Stop {}).await?;
    let ended = async { while events.next().await.is_some() {} };
    tokio::time::timeout(END_LIMIT, ended)
        .await
        .map_err(|_| still_there(pid))?;
    wait_until_gone(pid).await?;
    Ok(pid)
}

/// The process that holds the lock of this home: a board that this face cannot
/// speak to, because it is of another version.
fn lock_holder(_home: &Home) -> Option<u32> {
    None
}

async fn terminate(pid: u32) -> Result<u32, Fault> {
    let process = process(pid).ok_or_else(|| still_there(pid))?;
    kill_process(process, Signal::TERM)
        .map_err(|error| Fault::config(format!("cannot end process {pid}: {error}")))?;
    wait_until_gone(pid).await?;
    Ok(pid)
}

async fn wait_until_gone(pid: u32) -> Result<(), Fault> {
    let Some(process) = process(pid) else {
        return Ok(());
    };
    let gone = async {
        while test_kill_process(process).is_ok() {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    tokio::time::timeout(END_LIMIT, gone)
        .await
        .map_err(|_| still_there(pid))
}

fn process(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

fn still_there(pid: u32) -> Fault {
    Fault::config(format!("the board, process {pid}, has not ended"))
        .hint(format!(
            "`kill {pid}` ends it; what was acknowledged is kept"
        ))
        .retryable()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_board_the_keys_are_there_and_the_fault_too() {
        let document = not_running(&none_runs(Fault::not_found("no board runs")));
        assert_eq!(document["running"], json!(false));
        assert_eq!(document["vault"], json!(null));
        assert_eq!(document["error"]["kind"], json!("not-found"));
    }
}
