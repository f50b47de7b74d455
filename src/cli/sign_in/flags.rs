//! How a connector signs in, where that differs from the usual.

use clap::Args;

use crate::cli::secrets::{AuthFlag, from_stdin, from_variable};
use crate::config::Environment;
use crate::domain::{Fault, Secret, SignInOptions};

/// The flags for it.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Sign-in by OAuth 2.1")]
pub(in crate::cli) struct ClientFlags {
    /// The client that you registered with the provider
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Take that client's secret from this variable
    #[arg(long, value_name = "VAR")]
    client_secret_env: Option<String>,
    /// Take that client's secret from stdin
    #[arg(long, conflicts_with_all = ["client_secret_env", "token_stdin", "password_stdin"])]
    client_secret_stdin: bool,
    /// Where callboard's client ID metadata document is published
    #[arg(long, value_name = "URL")]
    client_metadata_url: Option<String>,
    /// Ask for this scope instead of those that the server names; may be repeated
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// Wait for the browser on this port of 127.0.0.1
    #[arg(long, value_name = "PORT")]
    callback_port: Option<u16>,
    /// The whole redirect URL, as it is registered
    #[arg(long, value_name = "URL")]
    redirect_url: Option<String>,
    /// The authorization server to use, and no other
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Accept a provider that does not promise to check PKCE
    #[arg(long)]
    allow_no_pkce: bool,
    /// Accept a provider in a private network
    #[arg(long)]
    private_network: bool,
    /// A machine account: client credentials, without any person
    #[arg(long)]
    machine: bool,
}

/// Whether a sign-in is waited for, and where it is opened.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(in crate::cli) struct WaitFlags {
    /// Open no browser by yourself
    #[arg(long)]
    pub(in crate::cli) no_browser: bool,
    /// Do not wait for a sign-in: it goes on in the board (exit code 3)
    #[arg(long)]
    pub(in crate::cli) no_wait: bool,
}

impl ClientFlags {
    /// Whether any of them was given.
    pub(in crate::cli) fn any(&self) -> bool {
        self.client_secret_env.is_some() || self.client_secret_stdin || self.says_options()
    }

    fn says_options(&self) -> bool {
        self.client_id.is_some()
            || self.client_metadata_url.is_some()
            || !self.scope.is_empty()
            || self.callback_port.is_some()
            || self.redirect_url.is_some()
            || self.issuer.is_some()
            || self.allow_no_pkce
            || self.private_network
            || self.machine
    }

    /// How the connector authenticates then.
    ///
    /// # Errors
    /// `user`, where another way was asked for.
    pub(in crate::cli) fn auth(&self, auth: AuthFlag) -> Result<AuthFlag, Fault> {
        match auth {
            _ if !self.any() => Ok(auth),
            AuthFlag::Auto | AuthFlag::Oauth => Ok(AuthFlag::Oauth),
            _ => Err(
                Fault::user("--auth and the flags of the sign-in do not go together")
                    .hint("leave --auth out, or say --auth oauth"),
            ),
        }
    }

    /// The options with what the flags say laid over them; `None` where they say
    /// nothing.
    pub(in crate::cli) fn over(&self, mut options: SignInOptions) -> Option<SignInOptions> {
        if !self.says_options() {
            return None;
        }
        let lay = |over: &Option<String>, under: &mut Option<String>| {
            if over.is_some() {
                under.clone_from(over);
            }
        };
        lay(&self.client_id, &mut options.client_id);
        lay(&self.client_metadata_url, &mut options.client_metadata_url);
        lay(&self.redirect_url, &mut options.redirect_url);
        lay(&self.issuer, &mut options.issuer);
        if !self.scope.is_empty() {
            options.scopes.clone_from(&self.scope);
        }
        if self.callback_port.is_some() {
            options.callback_port = self.callback_port;
        }
        options.unadvertised_pkce |= self.allow_no_pkce;
        options.private_network |= self.private_network;
        options.machine |= self.machine;
        Some(options)
    }

    /// The secret of the client.
    ///
    /// # Errors
    /// `user`, where the variable or stdin has none.
    pub(in crate::cli) async fn secret(
        &self,
        environment: &Environment,
    ) -> Result<Option<Secret>, Fault> {
        match &self.client_secret_env {
            Some(name) => from_variable(environment, name).map(Some),
            None if self.client_secret_stdin => from_stdin().await.map(Some),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_the_sign_in_say_how_a_connector_authenticates() {
        let none = ClientFlags::default();
        assert_eq!(none.auth(AuthFlag::Auto).unwrap(), AuthFlag::Auto);
        assert_eq!(none.over(SignInOptions::default()), None);
        let some = ClientFlags {
            scope: vec!["read".to_owned()],
            ..ClientFlags::default()
        };
        assert_eq!(some.auth(AuthFlag::Auto).unwrap(), AuthFlag::Oauth);
        assert!(some.auth(AuthFlag::Bearer).is_err());
        let before = SignInOptions {
            client_id: Some("mine".to_owned()),
            ..SignInOptions::default()
        };
        let after = some.over(before).unwrap();
        assert_eq!(after.client_id.as_deref(), Some("mine"));
        assert_eq!(after.scopes, ["read"]);
    }
}
