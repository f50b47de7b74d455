//! `prompts`: the prompts of a connector, and one filled in.

mod arguments;
mod view;

use clap::Args;

use super::change::open_for;
use super::connectors::{named, unlisted};
use super::context::Context;
use super::report::Ending;
use crate::domain::{Fault, Prompt, Untrusted};
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::{GetPrompt, ListPrompts};

/// Longest name that is compared with what was typed, in characters.
const NAME_LIMIT: usize = 128;

/// Arguments of `prompts`.
#[derive(Debug, Args)]
pub(super) struct PromptsArgs {
    /// The connector
    #[arg(value_name = "NAME")]
    name: String,
    /// The prompt to fill in; without it all are listed
    #[arg(value_name = "PROMPT")]
    prompt: Option<String>,
    /// What it is filled in with
    #[arg(value_name = "ARG=VALUE", requires = "prompt")]
    words: Vec<String>,
}

pub(super) async fn run(context: &Context, args: PromptsArgs) -> Ending {
    let client = context.board().await?;
    open_for(context, &client, &args.name).await?;
    let prompts = list(&client, &args.name).await?;
    match &args.prompt {
        Some(wanted) => {
            let prompt = find(&args.name, &prompts, wanted)?;
            fill_in(context, &client, &args, prompt).await
        }
        None => print(context, &args.name, &prompts),
    }
}

async fn list(client: &Client, name: &str) -> Result<Vec<Prompt>, Fault> {
    let request = ListPrompts {
        name: name.to_owned(),
    };
    let answer = client.send(&request).await;
    named(client, name, answer).await
}

fn print(context: &Context, name: &str, prompts: &[Prompt]) -> Ending {
    if context.json() {
        context.output.document(&view::document(prompts))?;
    } else if prompts.is_empty() {
        context
            .terminal
            .say(&format!("{name} has no prompts at the moment"));
    } else {
        let text = view::list(prompts, &context.terminal);
        context.output.text(&text)?;
    }
    Ok(0)
}

/// The prompt of that name; where there is none, the fault says which is nearest.
fn find<'a>(connector: &str, prompts: &'a [Prompt], wanted: &str) -> Result<&'a Prompt, Fault> {
    let found = prompts.iter().find(|prompt| prompt.name.raw() == wanted);
    found.ok_or_else(|| {
        let shown = sanitise::line(&Untrusted::from(wanted), 60);
        let names: Vec<String> = prompts
            .iter()
            .map(|prompt| sanitise::line(&prompt.name, NAME_LIMIT))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let fault = Fault::not_found(format!("{connector} has no prompt named {shown}"));
        let otherwise = format!("`callboard prompts {connector}` lists them");
        unlisted(fault, wanted, &names, otherwise)
    })
}

async fn fill_in(
    context: &Context,
    client: &Client,
    args: &PromptsArgs,
    prompt: &Prompt,
) -> Ending {
    let request = GetPrompt {
        name: args.name.clone(),
        prompt: prompt.name.raw().to_owned(),
        arguments: arguments::read(prompt, &args.words)?,
    };
    let reading = client.send(&request).await?;
    if context.json() {
        context.output.document(&reading.result)?;
        return Ok(0);
    }
    if !context.terminal.shows_results()
        && let Some(text) = view::alone(&reading.result)
    {
        context.output.text(text)?;
        return Ok(0);
    }
    let text = view::filled_in(&reading.result, &context.terminal);
    context.output.text(&text)?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_a_name_comes_back_with_the_nearest() {
        let prompt = |name: &str| Prompt {
            name: name.into(),
            title: None,
            description: None,
            arguments: Vec::new(),
        };
        let prompts = [prompt("greet"), prompt("summarise")];
        assert_eq!(find("wiki", &prompts, "greet").unwrap().name.raw(), "greet");
        let fault = find("wiki", &prompts, "sumarise").unwrap_err();
        assert_eq!(fault.kind.exit_code(), 5);
        assert_eq!(fault.hints, ["did you mean summarise?"]);
        let fault = find("wiki", &prompts, "\u{1b}[2J").unwrap_err();
        assert!(!fault.message.contains('\u{1b}'), "{fault}");
        assert_eq!(fault.hints, ["`callboard prompts wiki` lists them"]);
    }
}
