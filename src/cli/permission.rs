//! `always`, `ask` and `block`.

use clap::Args;
use serde_json::json;

use super::connectors::{named, named_function};
use super::context::Context;
use super::report::Ending;
use crate::domain::Permission;
use crate::guard::sanitise;
use crate::protocol::{Permit, Selection};

/// Arguments of `always`, `ask` and `block`.
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

pub(super) async fn always(context: &Context, args: PermitArgs) -> Ending {
    permit(context, args, Permission::Always).await
}

pub(super) async fn ask(context: &Context, args: PermitArgs) -> Ending {
    permit(context, args, Permission::Ask).await
}

pub(super) async fn block(context: &Context, args: PermitArgs) -> Ending {
    permit(context, args, Permission::Block).await
}

async fn permit(context: &Context, args: PermitArgs, permission: Permission) -> Ending {
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
            permission,
            // A command line shows no definition: what it is now, is meant.
            seen_digest: None,
        })
        .await;
    let permitted = match one {
        Some(one) => named_function(&client, &args.name, &one, answer).await?,
        None => named(&client, &args.name, answer).await?,
    };
    if context.json() {
        let document = json!({
            "connector": args.name,
            "functions": permitted.functions,
            "permission": permitted.permission,
        });
        context.output.document(&document)?;
        return Ok(0);
    }
    let word = permitted.permission.word();
    if permitted.functions.is_empty() {
        context
            .terminal
            .say("no function is meant by that; nothing was set");
    }
    for function in &permitted.functions {
        let name = sanitise::line_as(function, 128, context.terminal.form());
        context.output.text(&format!("{name}: {word}"))?;
    }
    Ok(0)
}
