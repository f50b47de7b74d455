//! `resources`: what a connector offers to be read, and one of it.

mod reading;
mod view;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use clap::Args;
use tokio::sync::Notify;

use super::change::open_for;
use super::connectors::{named, unlisted};
use super::context::Context;
use super::destination::Destination;
use super::report::{Ending, Failure};
use crate::domain::{Fault, FaultKind, Timestamp};
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::{ListResources, ReadResource, Reading, WatchResource};

/// Longest address that is compared with what was typed, in characters.
const URI_LIMIT: usize = 500;

/// Arguments of `resources`.
#[derive(Debug, Args)]
#[command(after_help = "\
A text goes to stdout as it is, made fit to be shown where that is a terminal. What is no text goes \
into a file with --output, or into a pipe.")]
pub(super) struct ResourcesArgs {
    /// The connector
    #[arg(value_name = "NAME")]
    name: String,
    /// The resource to read; without it all are listed
    #[arg(value_name = "URI")]
    uri: Option<String>,
    /// Go on, and print it again whenever the server says that it changed
    #[arg(long, requires = "uri")]
    pub(super) follow: bool,
    /// Write it into this file, which must not be there yet
    #[arg(long, value_name = "FILE", requires = "uri", conflicts_with = "follow")]
    output: Option<PathBuf>,
}

pub(super) async fn run(context: &Context, args: ResourcesArgs) -> Ending {
    let client = context.board().await?;
    let Some(uri) = &args.uri else {
        return list(context, &client, &args.name).await;
    };
    let destination = args.output.as_ref().map(Destination::open).transpose()?;
    open_for(context, &client, &args.name).await?;
    if args.follow {
        return follow(context, &client, &args.name, uri).await;
    }
    let read = ReadResource {
        name: args.name.clone(),
        uri: uri.clone(),
    };
    let answer = client.send(&read).await;
    let reading = found(&client, &args.name, uri, answer).await?;
    match destination {
        Some(destination) => {
            let written = destination.write(&reading::whole(&reading.result))?;
            written.say(context)?;
        }
        None => reading::print(context, &reading)?,
    }
    Ok(0)
}

async fn list(context: &Context, client: &Client, name: &str) -> Ending {
    open_for(context, client, name).await?;
    let request = ListResources {
        name: name.to_owned(),
    };
    let resources = client.send(&request).await?;
    if context.json() {
        context.output.document(&view::document(&resources))?;
    } else if resources.resources.is_empty() && resources.templates.is_empty() {
        context
            .terminal
            .say(&format!("{name} has no resources at the moment"));
    } else {
        let text = view::text(&resources, &context.terminal);
        context.output.text(&text)?;
    }
    Ok(0)
}

/// Prints a resource and each of its changes until it is broken off.
async fn follow(context: &Context, client: &Client, name: &str, uri: &str) -> Ending {
    let watch = WatchResource {
        name: name.to_owned(),
        uri: uri.to_owned(),
    };
    let unwritten: Mutex<Option<Failure>> = Mutex::new(None);
    let broken = Notify::new();
    let mut before = false;
    let mut on_step = |reading: Reading| {
        if std::mem::replace(&mut before, true) && context.terminal.shows_results() {
            context.terminal.say(&changed_at(Timestamp::now()));
        }
        if let Err(failure) = reading::print_next(context, &reading) {
            unwritten
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(failure);
            broken.notify_one();
        }
    };
    let answer = tokio::select! {
        answer = client.run(&watch, &mut on_step) => answer,
        () = broken.notified() => Ok(()),
    };
    let unwritten = unwritten
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(failure) = unwritten {
        return Err(failure);
    }
    found(client, name, uri, answer).await?;
    Ok(0)
}

/// What stands between two readings, beside the results.
fn changed_at(moment: Timestamp) -> String {
    let text = moment.to_string();
    let second = text.split('.').next().unwrap_or(&text);
    format!("── {}Z  it changed", second.replace('T', " "))
}

/// An answer about a resource; where there is none of that address, the fault says
/// which is nearest.
async fn found<T>(
    client: &Client,
    name: &str,
    uri: &str,
    answer: Result<T, Fault>,
) -> Result<T, Fault> {
    let answer = named(client, name, answer).await;
    let Err(fault) = answer else { return answer };
    if fault.kind != FaultKind::NotFound || !fault.hints.is_empty() {
        return Err(fault);
    }
    let request = ListResources {
        name: name.to_owned(),
    };
    let Ok(listed) = client.send(&request).await else {
        return Err(fault);
    };
    let uris: Vec<String> = listed
        .resources
        .iter()
        .map(|resource| sanitise::line(&resource.uri, URI_LIMIT))
        .collect();
    let uris: Vec<&str> = uris.iter().map(String::as_str).collect();
    let otherwise = format!("`callboard resources {name}` lists them");
    Err(unlisted(fault, uri, &uris, otherwise))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_to_the_second() {
        let moment = Timestamp::parse("2026-11-22T08:00:07Z").unwrap();
        assert_eq!(changed_at(moment), "── 2026-11-22 08:00:07Z  it changed");
    }
}
