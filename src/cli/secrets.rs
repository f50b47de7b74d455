//! Secrets on their way from the shell: by the name of a variable, by stdin, or
//! typed without echo. Never as an argument, which every user of the machine sees.

use clap::{Args, ValueEnum};

use super::ask;
use super::context::Context;
use super::report::Failure;
use crate::config::Environment;
use crate::domain::{AuthMethod, Fault, Secret};
use crate::protocol::{AuthWanted, CarriedSecret, SecretName};

/// Longest secret that is read, in bytes.
const SECRET_LIMIT: u64 = 64 * 1024;

/// How a connector is to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AuthFlag {
    /// As detection finds
    Auto,
    /// Not at all
    None,
    /// With a token
    Bearer,
    /// With user and password
    Basic,
    /// With headers of the server's own
    Header,
    /// By signing in
    Oauth,
}

/// The flags that bring a secret.
#[derive(Debug, Default, Args)]
#[command(
    next_help_heading = "Secrets (never given as arguments; a terminal is asked without echo)"
)]
pub(super) struct SecretFlags {
    /// Take the Bearer token from this variable
    #[arg(long, value_name = "VAR")]
    pub(super) token_env: Option<String>,
    /// Take the Bearer token from stdin
    #[arg(long, conflicts_with = "token_env")]
    pub(super) token_stdin: bool,
    /// User name for Basic
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// Take the password for Basic from this variable
    #[arg(long, value_name = "VAR")]
    pub(super) password_env: Option<String>,
    /// Take the password for Basic from stdin
    #[arg(long, conflicts_with_all = ["password_env", "token_stdin"])]
    pub(super) password_stdin: bool,
    /// Send this header, with the value of this variable; may be repeated
    #[arg(long, value_name = "NAME=ENVVAR", value_parser = header)]
    pub(super) header: Vec<(String, String)>,
}

/// What the flags brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) token: Option<Secret>,
    pub(super) user: Option<String>,
    pub(super) password: Option<Secret>,
    pub(super) headers: Vec<(String, Secret)>,
}

/// How a connector authenticates, with the secrets for it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Credentials {
    pub(super) auth: AuthWanted,
    pub(super) secrets: Vec<(SecretName, CarriedSecret)>,
}

/// What follows from the flags.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Everything is there.
    Ready(Credentials),
    /// A secret is missing.
    Missing(Want),
    /// Nothing was said: detection has to tell.
    LookFirst,
}

/// A secret that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// A Bearer token.
    Token,
    /// User (where not given yet) and password.
    Password {
        /// The user, if given.
        user: Option<String>,
    },
    /// A header of the server's own.
    Header,
}

impl SecretFlags {
    /// Reads the variables and stdin that the flags name.
    pub(super) async fn read(&self, environment: &Environment) -> Result<Given, Fault> {
        let variable = |name: &String| from_variable(environment, name);
        let token = match &self.token_env {
            Some(name) => Some(variable(name)?),
            None if self.token_stdin => Some(from_stdin().await?),
            None => None,
        };
        let password = match &self.password_env {
            Some(name) => Some(variable(name)?),
            None if self.password_stdin => Some(from_stdin().await?),
            None => None,
        };
        let mut headers = Vec::new();
        for (name, from) in &self.header {
            headers.push((name.clone(), variable(from)?));
        }
        Ok(Given {
            token,
            user: self.user.clone(),
            password,
            headers,
        })
    }
}

/// The first line of stdin, as a secret.
pub(super) async fn from_stdin() -> Result<Secret, Fault> {
    let text = String::from_utf8(ask::stdin(SECRET_LIMIT).await?)
        .map_err(|_| Fault::user("the secret on stdin is not UTF-8"))?;
    let secret = first_line(text);
    if secret.is_empty() {
        return Err(Fault::user("stdin has no secret on its first line"));
    }
    Ok(secret)
}

/// The value of a variable of this terminal, as a secret.
pub(super) fn from_variable(environment: &Environment, name: &str) -> Result<Secret, Fault> {
    environment.get(name).map(Secret::new).ok_or_else(|| {
        Fault::user(format!("the variable {name} is not set, or empty")).hint(format!(
            "set it first, e.g. read -rs {name} && export {name}"
        ))
    })
}

/// The first line of a text, as a secret; the rest is wiped.
pub(super) fn first_line(text: String) -> Secret {
    let whole = Secret::new(text);
    Secret::new(whole.expose().lines().next().unwrap_or_default())
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, variable) = text
        .split_once('=')
        .ok_or("give NAME=ENVVAR: the header, and the variable that holds its value")?;
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        return Err(format!("{name:?} is not the name of a header"));
    }
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if variable.is_empty() || !variable.chars().all(word) {
        // Never quoted: somebody may have put the secret itself here.
        return Err("what follows = is not the name of a variable".to_owned());
    }
    Ok((name.to_owned(), variable.to_owned()))
}

/// What `--auth` and the secrets given come to.
pub(super) fn plan(auth: AuthFlag, given: Given) -> Result<Plan, Fault> {
    let kinds = [
        (AuthFlag::Bearer, given.token.is_some()),
        (
            AuthFlag::Basic,
            given.user.is_some() || given.password.is_some(),
        ),
        (AuthFlag::Header, !given.headers.is_empty()),
    ];
    let mut said = kinds
        .iter()
        .filter(|(_, there)| *there)
        .map(|(kind, _)| *kind);
    let first = said.next();
    if said.next().is_some() {
        return Err(Fault::user("a connector authenticates in one way")
            .hint("give a token, or user and password, or headers"));
    }
    if let Some(first) = first
        && auth != AuthFlag::Auto
        && auth != first
    {
        return Err(
            Fault::user("--auth and the secret that is given do not go together")
                .hint("leave --auth out: it follows from the secret"),
        );
    }
    // Who gives a secret has said how it is used.
    let auth = first.unwrap_or(auth);
    Ok(match auth {
        AuthFlag::Auto => Plan::LookFirst,
        AuthFlag::None => ready(AuthMethod::None, Vec::new()),
        AuthFlag::Oauth => ready(AuthMethod::Oauth, Vec::new()),
        AuthFlag::Bearer => match given.token {
            Some(token) => ready(AuthMethod::Bearer, vec![(SecretName::Token, token)]),
            None => Plan::Missing(Want::Token),
        },
        AuthFlag::Basic => match (given.user, given.password) {
            (Some(user), Some(password)) => ready(
                AuthMethod::Basic { user },
                vec![(SecretName::Password, password)],
            ),
            (None, Some(_)) => {
                return Err(Fault::user("Basic needs a user name").hint("give --user NAME"));
            }
            (user, None) => Plan::Missing(Want::Password { user }),
        },
        AuthFlag::Header if given.headers.is_empty() => Plan::Missing(Want::Header),
        AuthFlag::Header => headers(given.headers),
    })
}

fn headers(headers: Vec<(String, Secret)>) -> Plan {
    let names = headers.iter().map(|(name, _)| name.clone()).collect();
    let secrets = headers
        .into_iter()
        .map(|(name, value)| (SecretName::Header(name), value))
        .collect();
    ready(AuthMethod::Header { names }, secrets)
}

fn ready(method: AuthMethod, secrets: Vec<(SecretName, Secret)>) -> Plan {
    Plan::Ready(Credentials {
        auth: AuthWanted::Given(method),
        secrets: secrets
            .into_iter()
            .map(|(name, secret)| (name, secret.into()))
            .collect(),
    })
}

/// Gets what is missing: asks on a terminal, else says which flag brings it.
pub(super) async fn obtain(
    context: &Context,
    host: &str,
    want: Want,
) -> Result<Credentials, Failure> {
    if !context.terminal.can_ask() {
        return Err(missing(host, &want).into());
    }
    let plan = match want {
        Want::Token => {
            let token = ask::secret(&format!("Token for {host}")).await?;
            ready(AuthMethod::Bearer, vec![(SecretName::Token, token)])
        }
        Want::Password { user } => {
            let user = match user {
                Some(user) => user,
                None => ask::line(&format!("User at {host}:")).await?,
            };
            let password = ask::secret(&format!("Password of {user}")).await?;
            ready(
                AuthMethod::Basic { user },
                vec![(SecretName::Password, password)],
            )
        }
        Want::Header => {
            let name = ask::line(&format!("Name of the header that {host} wants:")).await?;
            header(&format!("{name}=VALUE")).map_err(Fault::user)?;
            let value = ask::secret(&format!("Value of {name}")).await?;
            headers(vec![(name, value)])
        }
    };
    match plan {
        Plan::Ready(credentials) => Ok(credentials),
        Plan::Missing(_) | Plan::LookFirst => {
            Err(Fault::internal("a secret that was asked for is missing").into())
        }
    }
}

fn missing(host: &str, want: &Want) -> Fault {
    match want {
        Want::Token => Fault::user(format!("{host} wants a Bearer token, and none was given"))
            .hint("give --token-env VAR or --token-stdin"),
        Want::Password { user } => {
            let fault = Fault::user(format!(
                "{host} wants user and password, and not both were given"
            ));
            if user.is_none() {
                fault.hint("give --user NAME and --password-env VAR or --password-stdin")
            } else {
                fault.hint("give --password-env VAR or --password-stdin")
            }
        }
        Want::Header => Fault::user(format!(
            "{host} wants a header of its own, and none was given"
        ))
        .hint("give --header NAME=ENVVAR"),
    }
}

#[cfg(test)]
mod tests;
