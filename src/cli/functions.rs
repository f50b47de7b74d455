//! `functions` and `function`.

mod arguments;
mod changes;
mod view;

use clap::Args;

use super::connectors::{Name, named, named_function};
use super::context::Context;
use super::report::Ending;
use crate::domain::Fault;
use crate::link::Client;
use crate::protocol::{FunctionOf, FunctionView, Functions};

pub(super) use view::{gutter, head, head_of, unread};

/// Arguments of `function`.
#[derive(Debug, Args)]
pub(super) struct FunctionArgs {
    /// The connector
    #[arg(value_name = "NAME")]
    name: String,
    /// The function, as the server spells it
    #[arg(value_name = "FUNCTION")]
    function: String,
}

/// Lists the functions of a connector.
pub(super) async fn all(context: &Context, args: Name) -> Ending {
    let client = context.board().await?;
    let answer = client
        .send(&Functions {
            name: args.name.clone(),
        })
        .await;
    let functions = named(&client, &args.name, answer).await?;
    if context.json() {
        let rows: Vec<_> = functions.iter().map(view::row_document).collect();
        context.output.document(&rows)?;
    } else if functions.is_empty() {
        let name = &args.name;
        context.terminal.say(&format!(
            "no functions are known; `callboard show {name}` says how the connector fares"
        ));
    } else {
        let table = view::table(
            &functions,
            context.terminal.paint(),
            context.terminal.form(),
        );
        context
            .output
            .text(&table.lines(context.terminal.width()))?;
    }
    Ok(0)
}

/// Shows one function.
pub(super) async fn one(context: &Context, args: FunctionArgs) -> Ending {
    let client = context.board().await?;
    let function = get(&client, &args.name, &args.function).await?;
    if context.json() {
        context.output.document(&view::document(&function)?)?;
    } else {
        let text = view::whole(&args.name, &function, &context.terminal);
        context.output.text(&text)?;
    }
    Ok(0)
}

/// One function; a name that none has comes back with the nearest one.
pub(super) async fn get(
    client: &Client,
    name: &str,
    function: &str,
) -> Result<FunctionView, Fault> {
    let answer = client
        .send(&FunctionOf {
            name: name.to_owned(),
            function: function.to_owned(),
        })
        .await;
    named_function(client, name, function, answer).await
}
