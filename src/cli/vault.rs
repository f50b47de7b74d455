//! The vault: made ready before a secret is sent, opened and closed.

mod decide;

use std::fs;
use std::path::Path;

use clap::Args;

use super::ask;
use super::context::Context;
use super::report::{Ending, Failure};
use super::secrets::first_line;
use crate::domain::{Fault, Secret, VaultKind, VaultState};
use crate::link::Client;
use crate::protocol::{CarriedSecret, ChooseVault, Lock, ProbeKeyring, Status, Unlock};

use decide::{Facts, NextStep, PassphraseFrom, next};

/// The variable that names a file with the passphrase.
const PASSPHRASE_FILE: &str = "CALLBOARD_PASSPHRASE_FILE";

/// Arguments of `unlock`.
#[derive(Debug, Args)]
pub(super) struct UnlockArgs {
    /// Take the passphrase from this variable
    #[arg(long, value_name = "VAR")]
    password_env: Option<String>,
    /// Take the passphrase from stdin
    #[arg(long, conflicts_with = "password_env")]
    password_stdin: bool,
}

/// Opens the vault; one that was never chosen is chosen first.
pub(super) async fn unlock(context: &Context, args: &UnlockArgs) -> Ending {
    let client = context.board().await?;
    let flags = super::secrets::SecretFlags {
        password_env: args.password_env.clone(),
        password_stdin: args.password_stdin,
        ..Default::default()
    };
    let given = flags.read(&context.environment).await?.password;
    let state = match given {
        Some(passphrase) => {
            let passphrase = Some(CarriedSecret::from(passphrase));
            client.send(&Unlock { passphrase }).await?
        }
        None => make_ready(context, &client, true).await?,
    };
    said(context, &state)
}

/// Closes the vault.
pub(super) async fn lock(context: &Context) -> Ending {
    let client = context.board().await?;
    let state = client.send(&Lock {}).await?;
    said(context, &state)
}

fn said(context: &Context, state: &VaultState) -> Ending {
    context.output.either(state, || sentence(state))?;
    if !context.json()
        && let Some(warning) = &state.warning
    {
        context.terminal.say(&format!("warning: {warning}"));
    }
    Ok(0)
}

/// The vault in one sentence.
pub(super) fn sentence(state: &VaultState) -> String {
    match state.kind {
        None if state.locked => format!("cannot be opened: {}", state.why),
        None => "no vault yet: it is made when the first secret is kept".to_owned(),
        Some(kind) => {
            let open = if state.locked { "locked" } else { "open" };
            format!("{open}, {}: {}", kind.word(), state.why)
        }
    }
}

/// Sees to it that a secret can be kept: chooses where the vault's key lives where
/// nobody has yet, and opens the vault where it is closed.
pub(super) async fn ready(context: &Context, client: &Client) -> Result<VaultState, Failure> {
    make_ready(context, client, false).await
}

async fn make_ready(
    context: &Context,
    client: &Client,
    unlocking: bool,
) -> Result<VaultState, Failure> {
    let mut state = client.send(&Status {}).await?.vault;
    if state.kind.is_some() && !state.locked {
        return Ok(state);
    }
    let facts = Facts {
        wanted: context.settings()?.vault(),
        passphrase_file: context.environment.get(PASSPHRASE_FILE).is_some(),
        can_ask: context.terminal.can_ask(),
        unlocking,
    };
    let mut probed = false;
    // Each step is taken once at most: a board that goes on saying *locked* after it
    // was unlocked must not be asked for ever.
    for _ in 0..4 {
        state = match next(&state, probed, &facts)? {
            NextStep::Ready => return Ok(state),
            NextStep::Probe => {
                probed = true;
                client.send(&ProbeKeyring {}).await?
            }
            NextStep::Choose { kind, passphrase } => {
                if kind == VaultKind::Memory && facts.wanted.is_none() {
                    context.terminal.tell(&format!(
                        "the system keyring cannot be used ({}); secrets are kept in memory and \
                         last as long as the board; CALLBOARD_VAULT chooses otherwise",
                        state.why
                    ));
                }
                choose(context, client, kind, passphrase).await?
            }
            NextStep::AskKind => {
                context.terminal.say(&format!(
                    "The system keyring cannot be used: {}.",
                    state.why
                ));
                let kind = ask_kind(context).await?;
                let passphrase = match kind {
                    VaultKind::Passphrase if facts.passphrase_file => PassphraseFrom::File,
                    VaultKind::Passphrase => PassphraseFrom::Terminal,
                    _ => PassphraseFrom::Nowhere,
                };
                choose(context, client, kind, passphrase).await?
            }
            NextStep::Unlock(from) => {
                let passphrase = match from {
                    PassphraseFrom::Nowhere => None,
                    PassphraseFrom::File => Some(passphrase_file(context)?),
                    PassphraseFrom::Terminal => Some(ask::secret("Passphrase of the vault").await?),
                };
                let passphrase = passphrase.map(CarriedSecret::from);
                client.send(&Unlock { passphrase }).await?
            }
        };
    }
    Err(
        Fault::config(format!("the vault stays locked: {}", state.why))
            .hint("`callboard unlock` opens it")
            .into(),
    )
}

async fn choose(
    context: &Context,
    client: &Client,
    kind: VaultKind,
    passphrase: PassphraseFrom,
) -> Result<VaultState, Failure> {
    let passphrase = match passphrase {
        PassphraseFrom::Nowhere => None,
        PassphraseFrom::File => Some(passphrase_file(context)?),
        PassphraseFrom::Terminal => Some(ask::new_passphrase(&context.terminal).await?),
    };
    let passphrase = passphrase.map(CarriedSecret::from);
    Ok(client.send(&ChooseVault { kind, passphrase }).await?)
}

async fn ask_kind(context: &Context) -> Result<VaultKind, Failure> {
    let terminal = &context.terminal;
    terminal.say("Where is the key of the vault to live?");
    terminal.say("  p  passphrase  asked for each time the board starts");
    terminal.say("  f  file        beside the vault; whoever can read your files has it");
    terminal.say("  m  memory      nowhere: secrets last as long as the board");
    loop {
        match ask::line("p, f or m?").await?.as_str() {
            "p" | "passphrase" => return Ok(VaultKind::Passphrase),
            "f" | "file" => return Ok(VaultKind::File),
            "m" | "memory" => return Ok(VaultKind::Memory),
            _ => terminal.say("one of the three letters, then Enter; Ctrl-c breaks off"),
        }
    }
}

fn passphrase_file(context: &Context) -> Result<Secret, Fault> {
    let path = context.environment.get(PASSPHRASE_FILE).unwrap_or_default();
    let text = fs::read_to_string(Path::new(path)).map_err(|error| {
        Fault::config(format!("cannot read the passphrase from {path}: {error}"))
            .hint(format!("{PASSPHRASE_FILE} names the file"))
    })?;
    let passphrase = first_line(text);
    if passphrase.is_empty() {
        return Err(Fault::config(format!(
            "the first line of {path} is empty; it should be the passphrase"
        )));
    }
    Ok(passphrase)
}
