//! `doctor`: looks for what is wrong and says what mends it. Starts no board and
//! changes nothing.

mod places;

use serde::Serialize;
use serde_json::json;

use super::context::Context;
use super::report::Ending;
use super::table::{Cell, Table};
use super::terminal::{Paint, Terminal};
use super::vault;
use crate::config::KEYS;
use crate::domain::FaultKind;
use crate::protocol::Status;

/// Exit code where something is wrong: configuration or storage.
const SOMETHING_WRONG: u8 = 6;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Ok,
    /// It works; it could be better.
    Warning,
    /// It does not work, or is not safe.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    message: String,
    hint: Option<String>,
}

impl Check {
    fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Ok,
            message: message.into(),
            hint: None,
        }
    }

    fn warning(name: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Warning,
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    fn wrong(name: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Wrong,
            message: message.into(),
            hint: Some(hint.into()),
        }
    }
}

pub(super) async fn run(context: &Context) -> Ending {
    let mut checks = places::folders(&context.home);
    checks.push(settings(context));
    checks.push(places::database(&context.home.database()));
    checks.extend(places::secrets(&context.home.secrets));
    checks.extend(board(context).await);
    checks.push(terminal(&context.terminal));
    let wrong = checks.iter().any(|check| check.state == State::Wrong);
    context
        .output
        .either(&json!({ "ok": !wrong, "checks": checks }), || {
            text(&checks, context.terminal.paint())
        })?;
    Ok(if wrong { SOMETHING_WRONG } else { 0 })
}

fn settings(context: &Context) -> Check {
    match context.settings_and_keys() {
        Ok(_) if context.home.config_file().exists() => {
            Check::ok("settings", "the file is understood")
        }
        Ok(_) => Check::ok(
            "settings",
            format!("no file; all {} settings are as usual", KEYS.len()),
        ),
        Err(fault) => {
            let hint = fault.hints.join("; ");
            Check::wrong("settings", fault.message, hint)
        }
    }
}

async fn board(context: &Context) -> Vec<Check> {
    let status = match context.running_board().await {
        Ok(client) => client.send(&Status {}).await,
        Err(fault) => Err(fault),
    };
    let status = match status {
        Ok(status) => status,
        Err(fault) if fault.kind == FaultKind::NotFound => {
            return vec![Check::ok("board", "none runs; the next command starts one")];
        }
        Err(fault) => {
            let hint = if fault.hints.is_empty() {
                "`callboard stop` ends it; the next command starts another".to_owned()
            } else {
                fault.hints.join("; ")
            };
            return vec![Check::wrong("board", fault.message, hint)];
        }
    };
    let mut checks = vec![Check::ok(
        "board",
        format!(
            "process {} answers, callboard {}",
            status.board.pid, status.board.version
        ),
    )];
    if let Some(fault) = status.storage {
        let hint = fault.hints.join("; ");
        checks.push(Check::wrong("database", fault.message, hint));
    }
    let sentence = vault::sentence(&status.vault);
    checks.push(if status.vault.locked && status.vault.kind.is_none() {
        Check::wrong(
            "vault",
            sentence,
            "it is kept as it is; put a copy of it in its place, or move it away and give the secrets again",
        )
    } else if status.vault.locked {
        Check::warning("vault", sentence, "`callboard unlock` opens it")
    } else if let Some(warning) = status.vault.warning {
        Check::warning("vault", sentence, warning)
    } else {
        Check::ok("vault", sentence)
    });
    checks
}

fn terminal(terminal: &Terminal) -> Check {
    let (size, utf8, colour) = terminal.facts();
    let Some((columns, rows)) = size else {
        return Check::ok("terminal", "none; results go to a file or a pipe");
    };
    let shown = format!("{columns}x{rows}");
    if !utf8 {
        return Check::warning(
            "terminal",
            format!("{shown}; the locale does not say UTF-8, so text is written out in ASCII"),
            "set LANG to a locale that ends with UTF-8, e.g. C.UTF-8",
        );
    }
    if columns < 60 || rows < 20 {
        return Check::warning(
            "terminal",
            format!("{shown}, which the interface finds too small"),
            "it needs 60x20, and is whole at 80x24",
        );
    }
    let colours = if colour { "colours" } else { "no colours" };
    Check::ok("terminal", format!("{shown}, UTF-8, {colours}"))
}

fn text(checks: &[Check], paint: Paint) -> String {
    let mut table = Table::default();
    for check in checks {
        let sign = match check.state {
            State::Ok => Cell::painted("✓ ok", move |text| paint.good(text)),
            State::Warning => Cell::painted("! warning", move |text| paint.warn(text)),
            State::Wrong => Cell::painted("✕ wrong", move |text| paint.bad(text)),
        };
        table.row(vec![sign, check.name.into(), check.message.clone().into()]);
        if let Some(hint) = &check.hint {
            table.row(vec!["".into(), "".into(), format!("hint: {hint}").into()]);
        }
    }
    table.lines(None)
}
