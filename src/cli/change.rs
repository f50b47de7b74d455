//! `edit`, `rename`, `remove`, `enable`, `disable` and `refresh`.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::add::{ReachFlags, host, lacking, trusted};
use super::ask;
use super::connectors::{Name, get, named, print_brief};
use super::context::Context;
use super::operation::connect;
use super::report::{Ending, Failure};
use super::secrets::{AuthFlag, Given, Plan, SecretFlags, obtain, plan};
use super::sign_in::ClientFlags;
use super::vault;
use crate::domain::{
    AuthMethod, ConnectionOptions, ConnectorName, Fault, SignInOptions, Status, Target,
};
use crate::guard::address::read_address;
use crate::link::Client;
use crate::protocol::{
    AuthWanted, CarriedSecret, ConnectorView, Disable, Edit, Enable, Refresh, Remove, Rename,
    SecretName,
};

/// Arguments of `edit`.
#[derive(Debug, Args)]
#[command(
    after_help = "A new URL is a new trust: the secrets are dropped, and what the server lists is accepted anew."
)]
pub(super) struct EditArgs {
    /// The connector
    #[arg(value_name = "NAME")]
    name: String,
    /// Your words about it
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Where the server is now
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// How it wants to be authenticated
    #[arg(long, value_enum)]
    auth: Option<AuthFlag>,
    /// Say that you trust the new URL; needed where no terminal can be asked
    #[arg(long)]
    trust: bool,
    /// Take a setting of the network or the sign-in back to the usual; may be repeated
    #[arg(long, value_enum, value_name = "SETTING")]
    reset: Vec<Reset>,
    #[command(flatten)]
    secrets: SecretFlags,
    #[command(flatten)]
    reach: ReachFlags,
    #[command(flatten)]
    client: ClientFlags,
}

/// What `--reset` takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Reset {
    /// The certificate authorities of its own
    Ca,
    /// The proxy of its own
    Proxy,
    /// The time-out of its own
    Timeout,
    /// That plain http is allowed
    PlainHttp,
    /// The client that was registered by hand, and its secret
    ClientId,
    /// The address of the client ID metadata document of its own
    ClientMetadataUrl,
    /// The scopes to ask for instead of those that the server names
    Scope,
    /// The port that waits for the browser
    CallbackPort,
    /// The redirect URL of its own
    RedirectUrl,
    /// The authorization server of its own
    Issuer,
    /// That a provider without PKCE is accepted
    AllowNoPkce,
    /// That a provider in a private network is accepted
    PrivateNetwork,
    /// That it is a machine account
    Machine,
}

impl Reset {
    /// Takes it back; says whether it is one of the network.
    fn reach(self, options: &mut ConnectionOptions) -> bool {
        match self {
            Self::Ca => options.ca_pem = None,
            Self::Proxy => options.proxy = None,
            Self::Timeout => options.timeout_seconds = None,
            Self::PlainHttp => options.plain_http = false,
            _ => return false,
        }
        true
    }

    /// Takes it back, where it is one of the sign-in.
    fn sign_in(self, options: &mut SignInOptions) {
        match self {
            Self::ClientId => options.client_id = None,
            Self::ClientMetadataUrl => options.client_metadata_url = None,
            Self::Scope => options.scopes.clear(),
            Self::CallbackPort => options.callback_port = None,
            Self::RedirectUrl => options.redirect_url = None,
            Self::Issuer => options.issuer = None,
            Self::AllowNoPkce => options.unadvertised_pkce = false,
            Self::PrivateNetwork => options.private_network = false,
            Self::Machine => options.machine = false,
            Self::Ca | Self::Proxy | Self::Timeout | Self::PlainHttp => {}
        }
    }
}

/// Arguments of `rename`.
#[derive(Debug, Args)]
pub(super) struct RenameArgs {
    /// Its name now
    #[arg(value_name = "OLD")]
    old: String,
    /// Its name from now on
    #[arg(value_name = "NEW")]
    new: String,
}

/// Arguments of `remove`.
#[derive(Debug, Args)]
pub(super) struct RemoveArgs {
    /// The connector
    #[arg(value_name = "NAME")]
    name: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Changes a connector.
pub(super) async fn edit(context: &Context, args: EditArgs) -> Ending {
    let given = args.secrets.read(&context.environment).await?;
    let nothing = args.description.is_none()
        && args.url.is_none()
        && args.auth.is_none()
        && args.reset.is_empty()
        && given == Given::default()
        && !args.client.any()
        && !args.reach.any();
    if nothing {
        return Err(Fault::user("nothing is to be changed")
            .hint("`callboard edit --help` lists what can be")
            .into());
    }
    let client = context.board().await?;
    let now = get(&client, &args.name).await?;
    let mut edit = Edit {
        name: args.name.clone(),
        description: args.description,
        url: args.url,
        options: options(&args.reach, &args.reset, &now)?,
        sign_in: sign_in(&args.client, &args.reset, &now),
        ..Edit::default()
    };
    let client_secret = args.client.secret(&context.environment).await?;
    let host = if let Some(url) = &edit.url {
        let plain_http = edit.options.as_ref().unwrap_or(&now.options).plain_http;
        let address = read_address(url, plain_http)?;
        let host = host(&address);
        edit.trust = trusted(context, &host, args.trust).await?;
        host
    } else {
        now.target.origin()
    };
    let auth = match args.auth {
        // As for `add`: who says how to sign in wants to.
        None if args.client.any() && now.method != AuthMethod::Oauth => {
            Some(args.client.auth(AuthFlag::Auto)?)
        }
        None => None,
        Some(auth) => Some(args.client.auth(auth)?),
    };
    if auth.is_some() || given != Given::default() {
        authenticate(context, &mut edit, auth, given, &now, &host).await?;
    }
    edit.secrets.extend(
        client_secret.map(|secret| (SecretName::ClientSecret, CarriedSecret::from(secret))),
    );
    if edit.holds_secret() {
        vault::ready(context, &client).await?;
    }
    let view = connect(context, &client, &edit, false).await?;
    print_brief(context, &view)?;
    if edit.sign_in.is_some() && view.sign_in.is_some() && !context.json() {
        let name = &view.name;
        let text = format!("this counts from the next sign-in on: callboard login {name}");
        context.terminal.say(&text);
    }
    Ok(0)
}

/// The options whole, where any of them is to change.
fn options(
    reach: &ReachFlags,
    reset: &[Reset],
    now: &ConnectorView,
) -> Result<Option<ConnectionOptions>, Fault> {
    let mut options = now.options.clone();
    let mut resets = false;
    for setting in reset {
        resets |= setting.reach(&mut options);
    }
    if !reach.any() && !resets {
        return Ok(None);
    }
    let options = reach.over(options)?;
    // What is shown of a proxy has its password cut. Sent back, it would be lost.
    let kept = reach.proxy.is_none() && options.proxy == now.options.proxy;
    if kept && options.proxy.as_deref().is_some_and(|p| p.contains('@')) {
        return Err(
            Fault::user("the proxy has a password, which has to be given again")
                .hint("give --proxy URL, or --reset proxy"),
        );
    }
    Ok(Some(options))
}

/// How it signs in, whole, where any of that is to change.
fn sign_in(flags: &ClientFlags, reset: &[Reset], now: &ConnectorView) -> Option<SignInOptions> {
    let mut options = now.sign_in_options.clone();
    for setting in reset {
        setting.sign_in(&mut options);
    }
    let options = flags.over(options.clone()).unwrap_or(options);
    (options != now.sign_in_options).then_some(options)
}

async fn authenticate(
    context: &Context,
    edit: &mut Edit,
    auth: Option<AuthFlag>,
    mut given: Given,
    now: &ConnectorView,
    host: &str,
) -> Result<(), Failure> {
    if matches!(now.target, Target::Program { .. }) {
        return Err(Fault::user("a local program takes no token, password or header").into());
    }
    // A new password alone is for the user that there is.
    if let (None, AuthMethod::Basic { user }) = (&given.user, &now.method)
        && given.password.is_some()
    {
        given.user = Some(user.clone());
    }
    let credentials = match plan(auth.unwrap_or(AuthFlag::Auto), given)? {
        Plan::Ready(credentials) => credentials,
        Plan::Missing(want) => obtain(context, host, want).await?,
        Plan::LookFirst => {
            return Err(Fault::user("edit does not look at the server anew")
                .hint("say --auth none, bearer, basic, header or oauth")
                .into());
        }
    };
    edit.auth = match credentials.auth {
        AuthWanted::Given(method) => Some(method),
        AuthWanted::Auto => None,
    };
    edit.secrets = credentials.secrets;
    Ok(())
}

/// Gives a connector another name.
pub(super) async fn rename(context: &Context, args: RenameArgs) -> Ending {
    let to = ConnectorName::parse(&args.new).map_err(|error| Fault::user(error.to_string()))?;
    let client = context.board().await?;
    let answer = client
        .send(&Rename {
            name: args.old.clone(),
            to,
        })
        .await;
    let view = named(&client, &args.old, answer).await?;
    done(
        context,
        &view,
        &format!("{} is now {}", args.old, view.name),
    )
}

/// Forgets a connector.
pub(super) async fn remove(context: &Context, args: RemoveArgs) -> Ending {
    let client = context.board().await?;
    let now = get(&client, &args.name).await?;
    if !args.yes && context.terminal.can_ask() {
        let question = format!(
            "Remove {} with its secrets and permissions?",
            now.name.as_str()
        );
        if !ask::yes(&context.terminal, &question).await? {
            return Err(Fault::denied("nothing was removed").into());
        }
    } else if !args.yes {
        return Err(Fault::denied(format!(
            "nobody can be asked whether to remove {}",
            now.name
        ))
        .hint("--yes removes it without asking")
        .into());
    }
    let answer = client
        .send(&Remove {
            name: args.name.clone(),
        })
        .await;
    let forgotten = named(&client, &args.name, answer).await?;
    if context.json() {
        context
            .output
            .document(&json!({ "removed": now.name, "revocation": forgotten.revocation }))?;
    } else {
        let signed_out = forgotten
            .revocation
            .map_or_else(String::new, |said| format!(": {}", said.words()));
        context
            .output
            .text(&format!("{} is removed{signed_out}", now.name))?;
    }
    Ok(0)
}

/// Switches a connector on.
pub(super) async fn enable(context: &Context, args: Name) -> Ending {
    let client = context.board().await?;
    open_for(context, &client, &args.name).await?;
    let view = connect(context, &client, &Enable { name: args.name }, false).await?;
    connected(context, &view)
}

/// Connects a connector anew.
pub(super) async fn refresh(context: &Context, args: Name) -> Ending {
    let client = context.board().await?;
    open_for(context, &client, &args.name).await?;
    let view = connect(context, &client, &Refresh { name: args.name }, false).await?;
    connected(context, &view)
}

/// Switches a connector off.
pub(super) async fn disable(context: &Context, args: Name) -> Ending {
    let client = context.board().await?;
    let answer = client
        .send(&Disable {
            name: args.name.clone(),
        })
        .await;
    let view = named(&client, &args.name, answer).await?;
    done(context, &view, &format!("{} is switched off", view.name))
}

/// Opens the vault first where a connector waits for that and somebody can open it.
/// Where nobody can, the board says so.
pub(super) async fn open_for(
    context: &Context,
    client: &Client,
    name: &str,
) -> Result<(), Failure> {
    let view = get(client, name).await?;
    if view.status == Status::Locked {
        vault::ready(context, client).await?;
    }
    Ok(())
}

fn connected(context: &Context, view: &ConnectorView) -> Ending {
    match lacking(view, true) {
        Some(fault) => Err(fault.into()),
        None => {
            print_brief(context, view)?;
            Ok(0)
        }
    }
}

fn done(context: &Context, view: &ConnectorView, sentence: &str) -> Ending {
    context.output.either(view, || sentence.to_owned())?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::example::connector;

    #[test]
    fn options_change_whole_and_only_when_one_of_them_does() {
        let mut now = connector();
        now.options.timeout_seconds = Some(9);
        now.options.plain_http = true;
        let none = options(&ReachFlags::default(), &[], &now).unwrap();
        assert_eq!(none, None);
        let reset = options(&ReachFlags::default(), &[Reset::PlainHttp], &now);
        let reset = reset.unwrap().unwrap();
        assert!(!reset.plain_http);
        assert_eq!(reset.timeout_seconds, Some(9));
    }

    #[test]
    fn the_password_of_a_proxy_is_never_lost_by_an_edit() {
        let mut now = connector();
        now.options.proxy = Some("http://ana:…@proxy:3128".to_owned());
        let flags = ReachFlags {
            timeout: Some(5),
            ..ReachFlags::default()
        };
        let fault = options(&flags, &[], &now).unwrap_err();
        assert!(fault.hints[0].contains("--reset proxy"));
        let reset = options(&flags, &[Reset::Proxy], &now).unwrap().unwrap();
        assert_eq!(reset.proxy, None);
        assert_eq!(reset.timeout_seconds, Some(5));
    }
}
