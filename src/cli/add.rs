//! `add`: a server on the network, or a local program.

mod options;
mod program;

use std::ffi::OsString;

use clap::Args;
use serde_json::json;
use url::Url;

use super::ask;
use super::connectors;
use super::context::Context;
use super::report::{Ending, Failure};
use super::secrets::{
    AuthFlag, Credentials, Given, Plan, SecretFlags, Want, from_variable, obtain, plan,
};
use super::sign_in::{ClientFlags, WaitFlags, follow};
use super::{detect, vault};
use crate::domain::{
    AuthKind, AuthMethod, ConnectionOptions, ConnectorName, Detection, Fault, FaultKind,
    SignInOptions, Status,
};
use crate::guard::address::read_address;
use crate::link::Client;
use crate::protocol::{Add, AuthWanted, CarriedSecret, ConnectorView, SecretName, TargetWanted};

pub(super) use options::ReachFlags;

/// Arguments of `add`.
#[derive(Debug, Args)]
#[command(
    override_usage = "callboard add [OPTIONS] NAME URL\n       callboard add [OPTIONS] NAME -- COMMAND [ARG]...",
    after_help = "Custom connectors reach servers that nobody has reviewed: connect only to servers you trust."
)]
pub(super) struct AddArgs {
    /// What to call it: letters, digits, - and single _ inside
    #[arg(value_name = "NAME")]
    name: String,
    /// Where the server is
    #[arg(value_name = "URL", required_unless_present = "command")]
    url: Option<String>,
    /// A local program that speaks MCP on stdin and stdout, with its arguments
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "url")]
    command: Vec<OsString>,
    /// Your words about it
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true
    )]
    description: String,
    /// How it wants to be authenticated
    #[arg(long, value_enum, default_value_t = AuthFlag::Auto, conflicts_with = "command")]
    auth: AuthFlag,
    /// Say that you trust the server; needed where no terminal can be asked
    #[arg(long)]
    trust: bool,
    /// Keep it without connecting; it is still looked at
    #[arg(long)]
    no_connect: bool,
    /// Pass this variable of this terminal on to the program, kept in the vault; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "url")]
    env: Vec<String>,
    #[command(flatten)]
    secrets: SecretFlags,
    #[command(flatten)]
    client: ClientFlags,
    #[command(flatten)]
    wait: WaitFlags,
    #[command(flatten)]
    reach: ReachFlags,
}

pub(super) async fn run(context: &Context, args: AddArgs) -> Ending {
    let name = ConnectorName::parse(&args.name).map_err(|error| {
        Fault::user(error.to_string()).hint("e.g. `callboard add wiki https://wiki.example/mcp`")
    })?;
    let given = args.secrets.read(&context.environment).await?;
    let options = args.reach.options()?;
    let add = Add {
        name,
        description: args.description,
        // The rest follows from what it points to.
        target: TargetWanted::Http { url: String::new() },
        auth: AuthWanted::Auto,
        user: None,
        secrets: Vec::new(),
        options,
        trust: args.trust,
        connect: !args.no_connect,
        sign_in: SignInOptions::default(),
    };
    match args.url {
        Some(url) => {
            let how = (args.auth, args.client, args.wait);
            add_server(context, None, add, url, how, given).await
        }
        None => add_program(context, add, &args.command, &args.env, &given).await,
    }
}

/// Adds a server on the network, over the link there is or a new one.
pub(super) async fn add_server(
    context: &Context,
    client: Option<Client>,
    mut add: Add,
    url: String,
    (auth, sign_in, wait): (AuthFlag, ClientFlags, WaitFlags),
    given: Given,
) -> Ending {
    let auth = sign_in.auth(auth)?;
    let client_secret = sign_in.secret(&context.environment).await?;
    if let Some(options) = sign_in.over(add.sign_in.clone()) {
        add.sign_in = options;
    }
    let address = read_address(&url, add.options.plain_http)?;
    let host = host(&address);
    let planned = plan(auth, given)?;
    add.trust = trusted(context, &host, add.trust).await?;
    let client = match client {
        Some(client) => client,
        None => context.board().await?,
    };
    let credentials = match planned {
        Plan::Ready(credentials) => credentials,
        Plan::Missing(want) => obtain(context, &host, want).await?,
        Plan::LookFirst => look(context, &client, &url, &host, &add.options).await?,
    };
    add.target = TargetWanted::Http { url };
    add.auth = credentials.auth;
    add.secrets = credentials.secrets;
    add.secrets.extend(
        client_secret.map(|secret| (SecretName::ClientSecret, CarriedSecret::from(secret))),
    );
    finish(context, &client, add, wait).await
}

async fn add_program(
    context: &Context,
    mut add: Add,
    command: &[OsString],
    env: &[String],
    given: &Given,
) -> Ending {
    if *given != Given::default() {
        return Err(
            Fault::user("a local program takes no token, password or header")
                .hint("--env NAME passes a variable of this terminal on to it")
                .into(),
        );
    }
    let options = &add.options;
    if options.ca_pem.is_some() || options.proxy.is_some() || options.plain_http {
        return Err(Fault::user(
            "a local program is not reached over the network: no CA, proxy or plain http",
        )
        .into());
    }
    let target = program::resolve(command, &context.environment)?;
    for name in env {
        let value = from_variable(&context.environment, name)?;
        let secret = (SecretName::Env(name.clone()), CarriedSecret::from(value));
        add.secrets.push(secret);
    }
    let TargetWanted::Program { command, .. } = &target else {
        return Err(Fault::internal("a program became something else").into());
    };
    add.trust = trusted(context, command, add.trust).await?;
    add.target = target;
    add.auth = AuthWanted::Given(AuthMethod::None);
    let client = context.board().await?;
    finish(context, &client, add, WaitFlags::default()).await
}

/// Looks at the server to learn which secret it wants. What keeps it from being
/// looked at does not keep it from being added, unless there is nothing to add.
async fn look(
    context: &Context,
    client: &Client,
    url: &str,
    host: &str,
    options: &ConnectionOptions,
) -> Result<Credentials, Failure> {
    let auto = Credentials {
        auth: AuthWanted::Auto,
        secrets: Vec::new(),
    };
    let found = match detect::look(context, client, url, options).await {
        Ok(found) => found,
        Err(fault) if matches!(fault.kind, FaultKind::Network | FaultKind::Server) => {
            return Ok(auto);
        }
        Err(fault) => return Err(fault.into()),
    };
    match wanted(&found) {
        Some(want) => {
            if !context.json() && context.terminal.can_ask() {
                let kind = found.auth.title();
                context.terminal.say(&format!("{host} wants {kind}."));
            }
            obtain(context, host, want).await
        }
        None => {
            if found.auth == AuthKind::Oauth {
                // Found out before anybody consents to what could not be kept.
                vault::ready(context, client).await?;
            }
            Ok(auto)
        }
    }
}

/// The secret that a server wants, as far as detection can tell.
fn wanted(found: &Detection) -> Option<Want> {
    match found.auth {
        AuthKind::Bearer => Some(Want::Token),
        AuthKind::Basic => Some(Want::Password { user: None }),
        AuthKind::Header => Some(Want::Header),
        AuthKind::None | AuthKind::Oauth | AuthKind::Unknown => None,
    }
}

/// Shows the warning and asks, unless the flag has said it already.
pub(super) async fn trusted(context: &Context, host: &str, flag: bool) -> Result<bool, Failure> {
    if flag {
        return Ok(true);
    }
    if !context.terminal.can_ask() {
        return Err(
            Fault::user(format!("nobody has said that {host} can be trusted"))
                .hint("--trust says so; connect only to servers you trust")
                .into(),
        );
    }
    let terminal = &context.terminal;
    terminal.tell(
        "Custom connectors reach servers that nobody has reviewed. Connect only to servers you \
         trust. Their functions may change, and what they return may try to instruct your agent.",
    );
    if ask::yes(terminal, &format!("Do you trust {host}?")).await? {
        Ok(true)
    } else {
        Err(Fault::denied(format!("{host} is not trusted; nothing was added")).into())
    }
}

async fn finish(context: &Context, client: &Client, add: Add, wait: WaitFlags) -> Ending {
    if add.holds_secret() {
        vault::ready(context, client).await?;
    }
    let connects = add.connect;
    let view = follow(context, client, &add, add.name.as_str(), wait, None).await?;
    ended(context, &view, connects)
}

/// The last word of a command that connects: the connector, and what it lacks.
pub(super) fn ended(context: &Context, view: &ConnectorView, connects: bool) -> Ending {
    match lacking(view, connects) {
        None if context.json() => {
            let event = if connects { "connected" } else { "added" };
            context.output.document(&with_event(event, view)?)?;
            Ok(0)
        }
        None => {
            connectors::print_brief(context, view)?;
            Ok(0)
        }
        Some(fault) => {
            if !context.json() {
                connectors::print_brief(context, view)?;
            }
            Err(fault.into())
        }
    }
}

/// What keeps a connector that was kept from being of use now.
pub(super) fn lacking(view: &ConnectorView, connects: bool) -> Option<Fault> {
    if !connects {
        return None;
    }
    let name = &view.name;
    match (view.status, &view.fault) {
        (Status::Connected | Status::Changed, _) => None,
        (Status::SignIn, fault) => Some(fault.clone().unwrap_or_else(|| {
            Fault::new(
                FaultKind::SignIn,
                format!("{name} is kept and needs a sign-in"),
            )
            .hint(format!(
                "`callboard show {name}` shows what the sign-in needs"
            ))
        })),
        (_, Some(fault)) => {
            let retry = format!("{name} is kept; `callboard refresh {name}` tries again");
            Some(fault.clone().hint(retry))
        }
        (Status::Locked, None) => Some(
            Fault::config(format!(
                "{name} is kept, and its secret is in a vault that is locked"
            ))
            .hint("`callboard unlock` opens it"),
        ),
        (Status::Connecting | Status::Failed, None) => Some(
            Fault::new(
                FaultKind::Network,
                format!("{name} is kept and not connected yet"),
            )
            .hint(format!("`callboard show {name}` says how it fares"))
            .retryable(),
        ),
        (Status::Disabled, None) => None,
    }
}

fn with_event(event: &str, view: &ConnectorView) -> Result<serde_json::Value, Fault> {
    let mut document = json!({ "event": event });
    let shown = serde_json::to_value(view)
        .map_err(|error| Fault::internal(format!("cannot write JSON: {error}")))?;
    if let (Some(document), serde_json::Value::Object(shown)) = (document.as_object_mut(), shown) {
        document.extend(shown);
    }
    Ok(document)
}

/// Host and port, as they are trusted.
pub(super) fn host(address: &Url) -> String {
    let host = address.host_str().unwrap_or("this server");
    match address.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::example::connector;

    fn code(status: Status, fault: Option<Fault>, connects: bool) -> u8 {
        let mut view = connector();
        view.status = status;
        view.fault = fault;
        lacking(&view, connects).map_or(0, |fault| {
            assert!(!fault.hints.is_empty());
            fault.kind.exit_code()
        })
    }

    #[test]
    fn how_an_addition_ends_follows_from_how_the_connector_fares() {
        let down = || Some(Fault::new(FaultKind::Network, "nobody answers"));
        assert_eq!(code(Status::Connected, None, true), 0);
        assert_eq!(code(Status::Changed, None, true), 0);
        assert_eq!(code(Status::SignIn, None, true), 3);
        assert_eq!(code(Status::Locked, None, true), 6);
        assert_eq!(code(Status::Failed, down(), true), 1);
        assert_eq!(code(Status::Connecting, down(), true), 1);
        assert_eq!(code(Status::Connecting, None, true), 1);
        assert_eq!(code(Status::Connecting, None, false), 0, "--no-connect");
    }

    #[test]
    fn the_last_line_of_the_stream_is_the_connector() {
        let document = with_event("connected", &connector()).unwrap();
        let keys: Vec<&String> = document.as_object().unwrap().keys().take(2).collect();
        assert_eq!(keys, ["event", "name"]);
        assert_eq!(document["sign_in"], json!(null));
    }

    #[test]
    fn what_is_trusted_is_named_with_its_port() {
        let host_of = |url: &str| host(&Url::parse(url).unwrap());
        assert_eq!(host_of("https://wiki.example/mcp"), "wiki.example");
        assert_eq!(host_of("http://127.0.0.1:8080/mcp"), "127.0.0.1:8080");
    }
}
