//! `status`, `stop`, and the arguments of `serve`.

use clap::Args;
use serde_json::{Value, json};

use super::context::Context;
use super::moment::ago;
use super::report::{Ending, Failure, document};
use super::table::{Cell, Table};
use super::vault;
use crate::domain::{Fault, FaultKind, Timestamp};
use crate::protocol::{ConnectorCounts, Questions, Status, StatusView};

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
        // A board of another version may not know of questions.
        let questions = client
            .send(&Questions {})
            .await
            .map_or(0, |open| open.len());
        let text = text(context, &status, questions, Timestamp::now());
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

fn text(context: &Context, status: &StatusView, questions: usize, now: Timestamp) -> String {
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
    line("connectors", counted(&counts).into());
    line("held calls", status.held.to_string().into());
    if questions > 0 {
        let words = format!("{questions} open; `callboard watch` answers them");
        line("questions", words.into());
    }
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

/// Ends the board, also one of another version, and waits until it has ended.
pub(super) async fn stop(context: &Context) -> Ending {
    let stopped = crate::link::stop(&context.home).await.map_err(none_runs)?;
    let pid = stopped.record.pid;
    context
        .output
        .either(&json!({ "stopped": true, "pid": pid }), || {
            format!("the board, process {pid}, has ended")
        })?;
    Ok(0)
}

/// How many connectors, those that want somebody only where there are any.
pub(super) fn counted(counts: &ConnectorCounts) -> String {
    let mut text = format!(
        "{} · {} connected · {} failed",
        counts.total, counts.connected, counts.failed
    );
    for (count, words) in [
        (counts.sign_in, "waiting for a sign-in"),
        (counts.locked, "locked"),
    ] {
        if count > 0 {
            text.push_str(&format!(" · {count} {words}"));
        }
    }
    text
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
