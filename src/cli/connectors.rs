//! `list` and `show`.

mod view;

use clap::Args;

use super::context::Context;
use super::nearest::nearest;
use super::report::{Ending, Failure};
use crate::domain::{Fault, FaultKind, Timestamp, VaultState};
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::{ConnectorView, Connectors, Functions, Show, Snapshot};

pub(super) use view::oauth;
use view::whole;

/// Arguments of the commands that are about one connector.
#[derive(Debug, Args)]
pub(super) struct Name {
    /// The connector
    #[arg(value_name = "NAME")]
    pub(super) name: String,
}

/// Lists the connectors.
pub(super) async fn list(context: &Context) -> Ending {
    let client = context.board().await?;
    let snapshot = client.send(&Snapshot {}).await?;
    let connectors = snapshot.connectors;
    match snapshot.storage {
        // *None* would be a lie: nobody knows.
        Some(fault) if connectors.is_empty() => return Err(fault.into()),
        Some(fault) => context.terminal.say(&format!("warning: {}", fault.message)),
        None => {}
    }
    if context.json() {
        let rows: Vec<_> = connectors.iter().map(view::row_document).collect();
        context.output.document(&rows)?;
        return Ok(0);
    }
    if connectors.is_empty() {
        context
            .terminal
            .say("no connectors yet; `callboard add NAME URL` adds one");
        return Ok(0);
    }
    let table = view::table(&connectors, context.terminal.paint());
    context
        .output
        .text(&table.lines(context.terminal.width()))?;
    if connectors.iter().any(view::is_locked) {
        say_locked(context, &snapshot.vault);
    }
    Ok(0)
}

/// Shows one connector.
pub(super) async fn show(context: &Context, args: Name) -> Ending {
    let client = context.board().await?;
    let connector = get(&client, &args.name).await?;
    print(context, &connector)?;
    Ok(0)
}

/// One connector; a name that no connector has comes back with the nearest one.
pub(super) async fn get(client: &Client, name: &str) -> Result<ConnectorView, Fault> {
    let answer = client
        .send(&Show {
            name: name.to_owned(),
        })
        .await;
    named(client, name, answer).await
}

/// Prints one connector whole.
pub(super) fn print(context: &Context, connector: &ConnectorView) -> Result<(), Failure> {
    print_as(context, connector, true)
}

/// Prints a connector after it was connected: what was seen on the way has been
/// said then.
pub(super) fn print_brief(context: &Context, connector: &ConnectorView) -> Result<(), Failure> {
    print_as(context, connector, false)
}

fn print_as(
    context: &Context,
    connector: &ConnectorView,
    with_evidence: bool,
) -> Result<(), Failure> {
    context.output.either(connector, || {
        whole(
            connector,
            with_evidence,
            context.terminal.paint(),
            context.terminal.form(),
            context.terminal.width(),
            Timestamp::now(),
        )
    })
}

/// An answer about a connector; where there is none of that name, the fault says
/// which name is nearest.
pub(super) async fn named<T>(
    client: &Client,
    name: &str,
    answer: Result<T, Fault>,
) -> Result<T, Fault> {
    let Err(fault) = answer else { return answer };
    if fault.kind != FaultKind::NotFound || has_nearest(&fault) {
        return Err(fault);
    }
    let Ok(connectors) = client.send(&Connectors {}).await else {
        return Err(fault);
    };
    let names: Vec<&str> = connectors.iter().map(|c| c.name.as_str()).collect();
    if names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Err(fault);
    }
    let otherwise = "`callboard list` shows the connectors there are".to_owned();
    Err(with_nearest(fault, nearest(name, &names), otherwise))
}

/// The same for a function of a connector.
pub(super) async fn named_function<T>(
    client: &Client,
    connector: &str,
    function: &str,
    answer: Result<T, Fault>,
) -> Result<T, Fault> {
    let answer = named(client, connector, answer).await;
    let Err(fault) = answer else { return answer };
    if fault.kind != FaultKind::NotFound || has_nearest(&fault) {
        return Err(fault);
    }
    let request = Functions {
        name: connector.to_owned(),
    };
    let Ok(functions) = client.send(&request).await else {
        return Err(fault);
    };
    let names: Vec<String> = functions
        .iter()
        .map(|function| sanitise::line(&function.name, 128))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let otherwise = format!("`callboard functions {connector}` lists them");
    Err(with_nearest(fault, nearest(function, &names), otherwise))
}

/// The same for anything else of a connector that has a name.
pub(super) fn unlisted(fault: Fault, typed: &str, names: &[&str], otherwise: String) -> Fault {
    with_nearest(fault, nearest(typed, names), otherwise)
}

/// Whether the board has named the nearest one itself.
fn has_nearest(fault: &Fault) -> bool {
    fault.hints.iter().any(|hint| hint.contains("did you mean"))
}

/// The nearest name comes before every other hint.
fn with_nearest(mut fault: Fault, near: Option<&str>, otherwise: String) -> Fault {
    match near {
        Some(near) => fault.hints.insert(0, format!("did you mean {near}?")),
        None if fault.hints.is_empty() => fault.hints.push(otherwise),
        None => {}
    }
    fault
}

fn say_locked(context: &Context, vault: &VaultState) {
    if vault.locked {
        context
            .terminal
            .say("the vault is locked; `callboard unlock` opens it");
    }
}
