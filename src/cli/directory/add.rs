//! `directory add`: the path of `add`, with what the entry knows filled in.

use clap::Args;
use url::Url;

use super::{entry, flag_of};
use crate::cli::add::{ReachFlags, add_server, host};
use crate::cli::ask;
use crate::cli::context::Context;
use crate::cli::nearest::nearest;
use crate::cli::report::{Ending, Failure};
use crate::cli::secrets::{AuthFlag, Given, SecretFlags, from_variable};
use crate::cli::sign_in::{ClientFlags, WaitFlags};
use crate::domain::{
    AuthKind, ConnectorName, DirectoryEntry, EntryInput, Fault, Remote, Secret, Untrusted,
};
use crate::guard::address::template::{Filling, Template};
use crate::guard::sanitise;
use crate::link::Client;
use crate::protocol::{Add, AuthWanted, Connectors, EntryView, TargetWanted};

/// Longest text of somebody else's in a question, in characters.
const QUOTED: usize = 100;

/// Arguments of `directory add`.
#[derive(Debug, Args)]
#[command(after_help = "Listed servers are not reviewed: connect only to servers you trust.")]
pub(in crate::cli) struct EntryArgs {
    /// The server, as `directory search` lists it
    #[arg(value_name = "ID")]
    id: String,
    /// What to call it; made from its title otherwise
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Fill in a variable of its address; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Fill in a secret variable of its address with the value of a variable of this
    /// terminal; may be repeated
    #[arg(long, value_name = "NAME=ENVVAR", value_parser = from_environment)]
    set_env: Vec<(String, String)>,
    /// Which of its addresses, as `directory show` numbers them
    #[arg(long, value_name = "NUMBER", default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..))]
    remote: u32,
    /// Your words about it, instead of the entry's
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// How it wants to be authenticated
    #[arg(long, value_enum, default_value_t = AuthFlag::Auto)]
    auth: AuthFlag,
    /// Say that you trust the server; needed where no terminal can be asked
    #[arg(long)]
    trust: bool,
    /// Keep it without connecting; it is still looked at
    #[arg(long)]
    no_connect: bool,
    #[command(flatten)]
    secrets: SecretFlags,
    #[command(flatten)]
    reach: ReachFlags,
    #[command(flatten)]
    client: ClientFlags,
    #[command(flatten)]
    wait: WaitFlags,
}

pub(super) async fn run(context: &Context, args: EntryArgs) -> Ending {
    let given_name = args.name.as_deref().map(name).transpose()?;
    let given = args.secrets.read(&context.environment).await?;
    let options = args.reach.options()?;
    let client = context.board().await?;
    let found = entry(&client, &args.id).await?;
    let remote = remote(&found.entry, args.remote)?;
    let (url, shown) = address(context, remote, &args.set, &args.set_env).await?;
    let name = match given_name {
        Some(name) => name,
        None => proposed(&client, &found.entry).await?,
    };
    say_what(context, &found, &name, &shown);
    let nothing_given =
        args.auth == AuthFlag::Auto && given == Given::default() && !args.client.any();
    let (auth, given) = match found.entry.secret_needed(remote) {
        Some(AuthKind::Header) if nothing_given => (
            AuthFlag::Header,
            headers(context, remote, &url, given).await?,
        ),
        Some(kind) if nothing_given => (flag_of(kind), given),
        _ => (args.auth, given),
    };
    let add = Add {
        name,
        description: args
            .description
            .unwrap_or_else(|| sanitise::line(&found.entry.description, QUOTED)),
        target: TargetWanted::Http { url: String::new() },
        auth: AuthWanted::Auto,
        user: None,
        secrets: Vec::new(),
        options,
        trust: args.trust,
        connect: !args.no_connect,
        sign_in: crate::domain::SignInOptions::default(),
    };
    let how = (auth, args.client, args.wait);
    add_server(context, Some(client), add, url, how, given).await
}

fn name(text: &str) -> Result<ConnectorName, Fault> {
    ConnectorName::parse(text).map_err(|error| {
        Fault::user(error.to_string()).hint("leave the name out: it is made from the title")
    })
}

/// A name that no connector has.
async fn proposed(client: &Client, entry: &DirectoryEntry) -> Result<ConnectorName, Fault> {
    let connectors = client.send(&Connectors {}).await?;
    let taken: Vec<String> = connectors.iter().map(|it| it.name.folded()).collect();
    Ok(ConnectorName::proposed(entry.title.raw(), |name| {
        taken.iter().any(|known| known == name)
    }))
}

/// Says where the way leads before anything is asked.
fn say_what(context: &Context, found: &EntryView, name: &ConnectorName, shown: &str) {
    if context.json() {
        return;
    }
    context.terminal.say(&format!("{name} is to be {shown}"));
    if !found.added.is_empty() {
        let names: Vec<&str> = found.added.iter().map(ConnectorName::as_str).collect();
        let names = names.join(", ");
        context
            .terminal
            .say(&format!("note: the board has it already, as {names}"));
    }
}

/// The address that is meant, by its number.
fn remote(entry: &DirectoryEntry, number: u32) -> Result<&Remote, Fault> {
    let place = usize::try_from(number).unwrap_or(usize::MAX);
    entry.remotes.get(place.saturating_sub(1)).ok_or_else(|| {
        let count = entry.remotes.len();
        let addresses = if count == 1 { "address" } else { "addresses" };
        Fault::user(format!("{} has {count} {addresses}", entry.id)).hint(format!(
            "`callboard directory show {}` numbers them",
            entry.id
        ))
    })
}

/// The address with its variables filled in, and the same as it may be shown.
async fn address(
    context: &Context,
    remote: &Remote,
    set: &[(String, String)],
    set_env: &[(String, String)],
) -> Result<(String, String), Failure> {
    let template = Template::parse(remote.url.raw())
        .map_err(|_| Fault::internal("an address of the directory cannot be read"))?;
    let variables = &remote.variables;
    for (name, _) in set.iter().chain(set_env) {
        if !variables.iter().any(|it| it.name == *name) {
            return Err(no_such_variable(name, variables).into());
        }
    }
    let mut values: Vec<(&EntryInput, Secret)> = Vec::new();
    for input in variables {
        let of = |list: &[(String, String)]| {
            let last = list.iter().rev().find(|(name, _)| *name == input.name);
            last.map(|(_, value)| value.clone())
        };
        let value = match (of(set), of(set_env)) {
            (Some(_), _) if input.secret => {
                let name = &input.name;
                return Err(Fault::user(format!(
                    "{name} is a secret, and a secret is never an argument"
                ))
                .hint(format!("--set-env {name}=ENVVAR takes it from a variable"))
                .into());
            }
            (Some(value), _) => Secret::new(value),
            (None, Some(variable)) => from_variable(&context.environment, &variable)?,
            (None, None) => left_out(context, input).await?,
        };
        let why = input
            .wrong(value.expose())
            .or_else(|| template.wrong(&input.name, value.expose()));
        if let Some(why) = why {
            return Err(wrong(input, why).into());
        }
        values.push((input, value));
    }
    let filled = |hide: bool| {
        template.fill(|name| {
            let known = values.iter().find(|(input, _)| input.name == name);
            match known {
                Some((input, _)) if hide && input.secret => Filling::Hidden,
                Some((_, value)) => Filling::Value(value.expose()),
                None => Filling::Nothing,
            }
        })
    };
    let shown = sanitise::line(&Untrusted::new(filled(true)), usize::MAX);
    Ok((filled(false), shown))
}

/// The value of a variable that nobody gave: what it is unless somebody says
/// otherwise, or what a person says.
async fn left_out(context: &Context, input: &EntryInput) -> Result<Secret, Failure> {
    if let Some(default) = &input.default {
        return Ok(Secret::new(default.raw()));
    }
    if !input.required {
        return Ok(Secret::new(""));
    }
    if !context.terminal.can_ask() {
        let (flag, value) = if input.secret {
            ("--set-env", "ENVVAR")
        } else {
            ("--set", "VALUE")
        };
        let name = &input.name;
        let fault = Fault::user(format!("the address needs {name}, and it was not given"));
        return Err(described(fault.hint(format!("give {flag} {name}={value}")), input).into());
    }
    let question = question(input);
    Ok(if input.secret {
        ask::secret(&question).await?
    } else {
        Secret::new(ask::line(&format!("{question}:")).await?)
    })
}

/// A variable or header with what the entry says of it.
fn question(input: &EntryInput) -> String {
    let name = &input.name;
    let choices: Vec<String> = input
        .choices
        .iter()
        .map(|choice| sanitise::line(choice, QUOTED))
        .collect();
    match &input.description {
        _ if !choices.is_empty() => format!("{name} ({})", choices.join(", ")),
        Some(words) => format!("{name} (\"{}\")", sanitise::line(words, QUOTED)),
        None => name.clone(),
    }
}

fn described(fault: Fault, input: &EntryInput) -> Fault {
    match &input.description {
        Some(words) => fault.hint(format!(
            "the entry says of it: \"{}\"",
            sanitise::line(words, QUOTED)
        )),
        None => fault,
    }
}

/// A value is not repeated: it may be a secret.
fn wrong(input: &EntryInput, why: &str) -> Fault {
    let fault = Fault::user(format!("{} {why}", input.name));
    if input.choices.is_empty() {
        return described(fault, input);
    }
    let choices: Vec<String> = input
        .choices
        .iter()
        .map(|choice| sanitise::line(choice, QUOTED))
        .collect();
    fault.hint(format!("one of {}", choices.join(", ")))
}

fn no_such_variable(name: &str, variables: &[EntryInput]) -> Fault {
    let shown = sanitise::line(&name.into(), QUOTED);
    let fault = Fault::user(format!("the address has no variable {shown:?}"));
    let names: Vec<&str> = variables.iter().map(|it| it.name.as_str()).collect();
    match nearest(name, &names) {
        Some(near) => fault.hint(format!("did you mean {near}?")),
        None if names.is_empty() => fault.hint("leave --set out: it is complete"),
        None => fault.hint(format!("it has {}", names.join(", "))),
    }
}

/// The headers that the server needs, asked for by name.
async fn headers(
    context: &Context,
    remote: &Remote,
    url: &str,
    mut given: Given,
) -> Result<Given, Failure> {
    let mut needed: Vec<&EntryInput> = remote.headers.iter().filter(|it| it.required).collect();
    if needed.is_empty() {
        needed.extend(remote.headers.iter().find(|it| it.secret));
    }
    if !context.terminal.can_ask() && !needed.is_empty() {
        let names: Vec<&str> = needed.iter().map(|it| it.name.as_str()).collect();
        let at = Url::parse(url).map_or_else(|_| "the server".to_owned(), |url| host(&url));
        let mut fault = Fault::user(format!(
            "{at} wants the header {}, and it was not given",
            names.join(" and ")
        ));
        for input in needed {
            fault = described(
                fault.hint(format!("give --header {}=ENVVAR", input.name)),
                input,
            );
        }
        return Err(fault.into());
    }
    for input in needed {
        let value = ask::secret(&question(input)).await?;
        given.headers.push((input.name.clone(), value));
    }
    Ok(given)
}

/// `NAME=VALUE`, for clap.
fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("give NAME=VALUE: the variable of the address, and what it is".to_owned()),
    }
}

/// `NAME=ENVVAR`, for clap. What follows `=` is never repeated: somebody may have put
/// the secret itself there.
fn from_environment(text: &str) -> Result<(String, String), String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match text.split_once('=') {
        Some((name, variable)) if !name.is_empty() => {
            if variable.is_empty() || !variable.chars().all(word) {
                return Err("what follows = is not the name of a variable".to_owned());
            }
            Ok((name.to_owned(), variable.to_owned()))
        }
        _ => Err(
            "give NAME=ENVVAR: the variable of the address, and the one that holds its value"
                .to_owned(),
        ),
    }
}
