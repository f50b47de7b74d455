//! `always`, `ask` and `block`.
//!
//! Who sets *always* or *ask* accepts the definition, so it has to have been read. What
//! is new or changed is shown at a terminal, and asked about; elsewhere it is refused,
//! unless a flag says that it is meant unread. Each digest goes along, so that what
//! changes meanwhile gets nothing.

use clap::Args;
use serde_json::json;

use super::ask;
use super::connectors::{named, named_function};
use super::context::Context;
use super::functions;
use super::report::{Ending, Failure};
use crate::domain::{Fault, FaultKind, Function, FunctionState, Permission, Untrusted};
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::{Functions, Permit, Permitted, Selection};

/// Arguments of `block`, and the first ones of `always` and `ask`.
#[derive(Debug, Args)]
pub(super) struct PermitArgs {
    /// The connector
    #[arg(value_name = "NAME")]
    name: String,
    /// The functions, as the server spells them
    #[arg(value_name = "FUNCTION", required_unless_present_any = ["all", "reading"])]
    functions: Vec<String>,
    /// All functions of the connector
    #[arg(long, conflicts_with_all = ["functions", "reading"])]
    all: bool,
    /// Those that the server says only read, and does not say destroy
    #[arg(long, conflicts_with = "functions")]
    reading: bool,
}

/// Arguments of `always` and `ask`.
#[derive(Debug, Args)]
pub(super) struct AllowArgs {
    #[command(flatten)]
    which: PermitArgs,
    /// Accept new and changed definitions as they are now, without showing them
    #[arg(long)]
    accept_changed: bool,
}

pub(super) async fn always(context: &Context, args: AllowArgs) -> Ending {
    allow(context, args, Permission::Always).await
}

pub(super) async fn ask(context: &Context, args: AllowArgs) -> Ending {
    allow(context, args, Permission::Ask).await
}

/// Blocks. What never runs need not be read.
pub(super) async fn block(context: &Context, args: PermitArgs) -> Ending {
    let client = context.board().await?;
    let one = match args.functions.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    };
    let functions = if args.all {
        Selection::All
    } else if args.reading {
        Selection::Reading
    } else {
        Selection::Named(args.functions)
    };
    let answer = client
        .send(&Permit {
            name: args.name.clone(),
            functions,
            permission: Permission::Block,
            seen_digest: None,
        })
        .await;
    let permitted = match one {
        Some(one) => named_function(&client, &args.name, &one, answer).await?,
        None => named(&client, &args.name, answer).await?,
    };
    tell(context, &args.name, &permitted, &[])?;
    Ok(0)
}

async fn allow(context: &Context, args: AllowArgs, permission: Permission) -> Ending {
    let client = context.board().await?;
    let which = args.which;
    let chosen = chosen(&client, &which).await?;
    let (mut meant, mut left_out) = (Vec::new(), Vec::new());
    for function in chosen {
        let accepted = function.state == FunctionState::Accepted || args.accept_changed;
        let digest = if accepted {
            Some(function.digest.clone())
        } else if let [one] = which.functions.as_slice() {
            Some(read(context, &client, &which.name, one).await?)
        } else {
            None
        };
        match digest {
            Some(digest) => meant.push((function.name.raw().to_owned(), digest)),
            None => left_out.push(function),
        }
    }
    let permitted = if meant.is_empty() {
        Permitted {
            functions: vec![],
            permission,
        }
    } else {
        let permit = Permit {
            name: which.name.clone(),
            functions: Selection::Seen(meant),
            permission,
            seen_digest: None,
        };
        named(&client, &which.name, client.send(&permit).await).await?
    };
    tell(context, &which.name, &permitted, &left_out)?;
    // Who named a function meant it; a filter leaves out what it has to.
    let filtered = which.functions.is_empty() && !permitted.functions.is_empty();
    Ok(match left_out.is_empty() || filtered {
        true => 0,
        false => FaultKind::Denied.exit_code(),
    })
}

/// The functions that are meant, as they are now.
async fn chosen(client: &Client, which: &PermitArgs) -> Result<Vec<Function>, Failure> {
    if which.all || which.reading {
        let name = which.name.clone();
        let answer = client.send(&Functions { name }).await;
        let mut all = named(client, &which.name, answer).await?;
        let reads = |function: &Function| {
            function.hints.read_only == Some(true) && function.hints.destructive != Some(true)
        };
        all.retain(|function| which.all || reads(function));
        return Ok(all);
    }
    let mut chosen = Vec::new();
    for function in &which.functions {
        chosen.push(
            functions::get(client, &which.name, function)
                .await?
                .function,
        );
    }
    Ok(chosen)
}

/// Shows a definition that nobody has accepted, and asks. What was read comes back as
/// its digest.
async fn read(
    context: &Context,
    client: &Client,
    connector: &str,
    function: &str,
) -> Result<String, Failure> {
    // Read again: what is asked about is exactly what is shown.
    let view = functions::get(client, connector, function).await?;
    let name = sanitise::line(&view.function.name, 60);
    if context.json() || !context.terminal.can_ask() {
        let why = match view.function.state {
            FunctionState::Changed => "changed since it was accepted",
            FunctionState::New | FunctionState::Accepted => "is new",
        };
        let fault = Fault::denied(format!("{name} {why}, and nobody has read it"))
            .hint(format!("`callboard function {connector} {name}` shows it"))
            .hint("--accept-changed accepts it as it is now");
        return Err(fault.into());
    }
    let shown = functions::unread(connector, &view, &context.terminal);
    for line in shown.lines() {
        context.terminal.say(line);
    }
    if ask::yes(&context.terminal, &format!("Accept {name} as it is now?")).await? {
        return Ok(view.function.digest);
    }
    Err(Fault::denied(format!("{name} was not accepted; nothing was set")).into())
}

/// Says what has the permission now, and what was left out because nobody has read it.
fn tell(
    context: &Context,
    connector: &str,
    permitted: &Permitted,
    left_out: &[Function],
) -> Result<(), Failure> {
    if context.json() {
        let left_out: Vec<&Untrusted> = left_out.iter().map(|function| &function.name).collect();
        context.output.document(&json!({
            "connector": connector,
            "functions": permitted.functions,
            "permission": permitted.permission,
            "left_out": left_out,
        }))?;
        return Ok(());
    }
    let form = context.terminal.form();
    let word = permitted.permission.word();
    if permitted.functions.is_empty() && left_out.is_empty() {
        context
            .terminal
            .say("no function is meant by that; nothing was set");
    }
    for function in &permitted.functions {
        let name = sanitise::line_as(function, 128, form);
        context.output.text(&format!("{name}: {word}"))?;
    }
    for function in left_out {
        let (name, state) = (
            sanitise::line_as(&function.name, 128, form),
            function.state.word(),
        );
        context.terminal.say(&format!(
            "{name}: left out, it is {state} and nobody has read it"
        ));
    }
    if !left_out.is_empty() {
        context.terminal.say(&format!(
            "hint: `callboard {word} {connector} FUNCTION` shows one and asks; --accept-changed \
             accepts them as they are now"
        ));
    }
    Ok(())
}
