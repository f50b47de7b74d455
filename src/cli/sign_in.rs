//! `login` and `logout`, and the sign-in that `add` ends with.

mod browser;
mod consent;
mod flags;
mod follow;
mod report;

use clap::Args;
use serde_json::json;

use super::add::ended;
use super::ask;
use super::connectors::{Name, get, named};
use super::context::Context;
use super::report::Ending;
use super::secrets::first_line;
use super::vault;
use crate::domain::{Fault, Secret};
use crate::link::Client;
use crate::protocol::{CarriedSecret, Consents, Login, Logout, PasteLogin};

pub(super) use consent::event as consent_event;
pub(super) use flags::{ClientFlags, WaitFlags};
pub(super) use follow::follow;
pub(super) use report::{report, signed_in};

/// Longest text that is pasted, in bytes.
const PASTE_LIMIT: u64 = 64 * 1024;

/// Arguments of `login`.
#[derive(Debug, Args)]
#[command(
    after_help = "The sign-in waits in the board: it survives this command and with --paste it can be finished from any terminal."
)]
pub(super) struct LoginArgs {
    /// The connector
    #[arg(value_name = "NAME")]
    name: String,
    /// Use a device code, which is typed on any other device
    #[arg(long)]
    device: bool,
    /// Ask for this scope, this once; may be repeated
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Register with the provider anew
    #[arg(long)]
    fresh_client: bool,
    /// Finish a sign-in that waits: with the address that the browser ended at, or the code; - reads it from stdin
    #[arg(long, value_name = "URL-OR-CODE", conflicts_with_all = ["device", "scope", "fresh_client", "cancel"])]
    paste: Option<String>,
    /// End a sign-in that waits; what was signed in before stays
    #[arg(long, conflicts_with_all = ["device", "scope", "fresh_client"])]
    cancel: bool,
    #[command(flatten)]
    wait: WaitFlags,
}

/// Signs in.
pub(super) async fn login(context: &Context, args: LoginArgs) -> Ending {
    let client = context.board().await?;
    let now = get(&client, &args.name).await?;
    if args.cancel {
        let cancel = crate::protocol::CancelLogin {
            name: args.name.clone(),
        };
        client.send(&cancel).await?;
        let sentence = || format!("the sign-in of {} is ended", now.name);
        context
            .output
            .either(&json!({ "cancelled": now.name }), sentence)?;
        return Ok(0);
    }
    let login = Login {
        name: args.name.clone(),
        device: args.device,
        fresh_client: args.fresh_client,
        scopes: args.scope,
        join: args.paste.is_some(),
    };
    let paste = match args.paste {
        Some(text) => Some(pasted(context, &client, &args.name, text).await?),
        None => {
            vault::ready(context, &client).await?;
            None
        }
    };
    let answer = follow(context, &client, &login, &args.name, args.wait, paste).await;
    match answer {
        Ok(view) => ended(context, &view, view.enabled),
        Err(failure) => {
            if !context.json()
                && let Ok(view) = get(&client, &args.name).await
                && let Some(failed) = &view.sign_in_report
            {
                context.terminal.say(report(failed).trim_end());
            }
            Err(failure)
        }
    }
}

/// What is pasted, once it is sure that something waits for it.
async fn pasted(
    context: &Context,
    client: &Client,
    name: &str,
    text: String,
) -> Result<Secret, Fault> {
    let text = match text.as_str() {
        "-" => {
            if context.terminal.can_ask() {
                context.terminal.prompt("paste the address or the code:");
            }
            first_line(ask::stdin_line(PASTE_LIMIT).await?)
        }
        _ => Secret::new(text),
    };
    let waiting = client.send(&Consents {}).await?;
    let waits = |one: &crate::protocol::ConsentView| one.name.as_str().eq_ignore_ascii_case(name);
    if !waiting.iter().any(waits) {
        // The board says so in its own words.
        let paste = PasteLogin {
            name: name.to_owned(),
            text: CarriedSecret::from(text.clone()),
        };
        client.send(&paste).await?;
    }
    Ok(text)
}

/// Signs out.
pub(super) async fn logout(context: &Context, args: Name) -> Ending {
    let client = context.board().await?;
    let answer = client
        .send(&Logout {
            name: args.name.clone(),
        })
        .await;
    let out = named(&client, &args.name, answer).await?;
    let name = &out.connector.name;
    context.output.either(
        &json!({ "signed_out": name, "revocation": out.revocation }),
        || format!("{name} is signed out: {}", out.revocation.words()),
    )?;
    Ok(0)
}
