//! Which secrets a connector has, and where they go.

use std::sync::Arc;

use url::Url;

use super::board::Board;
use super::sign_in::Bearer;
use crate::domain::{
    AuthMethod, ConnectionOptions, Connector, ConnectorName, Fault, FaultKind, Secret, Target,
};
use crate::mcp::session::{ConnectPlan, Credentials};
use crate::protocol::SecretName;
use crate::secrets::RecordKey;

/// What the query of a connector's URL is kept under.
pub(super) const QUERY: &str = "query";

/// What the password of a connector's proxy is kept under.
pub(super) const PROXY_PASSWORD: &str = "proxy-password";

/// What the secret of a client that was registered by hand is kept under.
pub(super) const CLIENT_SECRET: &str = "client-secret";

/// What a secret is kept under in the vault.
pub(super) fn record_name(name: &SecretName) -> String {
    match name {
        SecretName::Token => "token".to_owned(),
        SecretName::Password => "password".to_owned(),
        SecretName::Header(header) => format!("header:{}", header.to_ascii_lowercase()),
        SecretName::Env(variable) => format!("env:{variable}"),
        SecretName::ClientSecret => CLIENT_SECRET.to_owned(),
    }
}

/// A URL without its query, and the query.
pub(super) fn part_query(mut url: Url) -> (String, Option<Secret>) {
    let query = url
        .query()
        .filter(|query| !query.is_empty())
        .map(Secret::new);
    url.set_query(None);
    (url.into(), query)
}

/// Takes the password out of a proxy's address.
///
/// # Errors
/// `user`, where it is no address.
pub(super) fn part_proxy(options: &mut ConnectionOptions) -> Result<Option<Secret>, Fault> {
    let Some(proxy) = &options.proxy else {
        return Ok(None);
    };
    // Without a scheme `user:password@host` would read as scheme `user`.
    let full = if proxy.contains("://") {
        proxy.clone()
    } else {
        format!("http://{proxy}")
    };
    let mut url = Url::parse(&full).map_err(|_| {
        Fault::user("the proxy is not an address")
            .hint("write it as http://HOST:PORT or socks5://HOST:PORT")
    })?;
    let password = url.password().map(Secret::new);
    if password.is_some() {
        // Fails only for addresses without a host, which have no password.
        let _ = url.set_password(None);
    }
    options.proxy = Some(url.into());
    Ok(password)
}

/// Why a plan cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlanFault {
    pub(super) fault: Fault,
    /// Whether opening the vault mends it.
    pub(super) locked: bool,
}

impl Board {
    /// Everything that connecting needs, secrets included.
    pub(super) async fn plan(
        self: &Arc<Self>,
        connector: &Connector,
    ) -> Result<ConnectPlan, PlanFault> {
        let mut plan = ConnectPlan {
            target: connector.target.clone(),
            transport: connector.transport,
            era: connector.era,
            credentials: self.credentials(connector).await?,
            options: connector.options.clone(),
        };
        if let Target::Http { url, query: true } = &mut plan.target {
            let query = self
                .needed(connector, QUERY, "the query of its URL")
                .await?;
            url.push('?');
            url.push_str(query.expose());
        }
        if let Some(proxy) = &mut plan.options.proxy
            && let Some(password) = self.secret(connector, PROXY_PASSWORD).await?
            && let Ok(mut url) = Url::parse(proxy)
        {
            let _ = url.set_password(Some(password.expose()));
            *proxy = url.into();
        }
        Ok(plan)
    }

    async fn credentials(
        self: &Arc<Self>,
        connector: &Connector,
    ) -> Result<Credentials, PlanFault> {
        if let Target::Program { env, .. } = &connector.target {
            let mut values = Vec::new();
            for variable in env {
                let record = record_name(&SecretName::Env(variable.clone()));
                let what = format!("the variable {variable}");
                values.push((
                    variable.clone(),
                    self.needed(connector, &record, &what).await?,
                ));
            }
            return Ok(Credentials::Environment(values));
        }
        match &connector.auth {
            AuthMethod::None => Ok(Credentials::None),
            AuthMethod::Bearer => {
                let token = self.needed(connector, "token", "its token").await?;
                Ok(Credentials::Bearer(token))
            }
            AuthMethod::Basic { user } => Ok(Credentials::Basic {
                user: user.clone(),
                password: self.needed(connector, "password", "its password").await?,
            }),
            AuthMethod::Header { names } => {
                let mut values = Vec::new();
                for name in names {
                    let record = record_name(&SecretName::Header(name.clone()));
                    let what = format!("the header {name}");
                    values.push((name.clone(), self.needed(connector, &record, &what).await?));
                }
                Ok(Credentials::Headers(values))
            }
            AuthMethod::Oauth => {
                let tokens = self.sign_ins.tokens(self, &connector.id);
                tokens.ready().await.map_err(|fault| PlanFault {
                    locked: fault.locked,
                    fault: fault.fault,
                })?;
                Ok(Credentials::Renewed(Arc::new(Bearer(tokens))))
            }
        }
    }

    async fn needed(
        &self,
        connector: &Connector,
        record: &str,
        what: &str,
    ) -> Result<Secret, PlanFault> {
        self.secret(connector, record)
            .await?
            .ok_or_else(|| PlanFault {
                fault: missing_secret(&connector.name, what, record),
                locked: false,
            })
    }

    pub(super) async fn secret(
        &self,
        connector: &Connector,
        record: &str,
    ) -> Result<Option<Secret>, PlanFault> {
        let key = RecordKey::new(connector.id.clone(), connector.target.origin(), record);
        self.vault
            .with(move |vault| vault.get(&key))
            .await
            .map_err(|fault| PlanFault {
                locked: fault.locked,
                fault: fault.fault,
            })
    }

    /// Keeps secrets, bound to where the connector points.
    ///
    /// # Errors
    /// `config` where the vault takes none.
    pub(super) async fn keep_secrets(
        &self,
        connector: &Connector,
        secrets: Vec<(String, Secret)>,
    ) -> Result<(), Fault> {
        if secrets.is_empty() {
            return Ok(());
        }
        let id = connector.id.clone();
        let origin = connector.target.origin();
        self.vault
            .with(move |vault| {
                for (record, secret) in &secrets {
                    let key = RecordKey::new(id.clone(), origin.clone(), record.clone());
                    vault.put(&key, secret)?;
                }
                Ok(())
            })
            .await
            .map_err(Fault::from)
    }
}

/// The fault of a server that waits for an OAuth sign-in.
pub(super) fn sign_in_needed(name: &ConnectorName) -> Fault {
    Fault::new(
        FaultKind::SignIn,
        format!("somebody has to sign in to {name}"),
    )
    .hint(format!("callboard login {name}"))
}

fn missing_secret(name: &ConnectorName, what: &str, record: &str) -> Fault {
    let flag = match record.split_once(':') {
        Some(("header", header)) => format!("--header {header}=VARIABLE"),
        Some(("env", variable)) => format!("--env {variable}"),
        _ if record == QUERY => "--url URL --trust".to_owned(),
        _ => format!("--{record}-stdin"),
    };
    Fault::new(
        FaultKind::SignIn,
        format!("{what} of {name} is not in the vault").replace("its ", "the "),
    )
    .hint(format!("give it again: `callboard edit {name} {flag}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_out_of_the_url() {
        let url = Url::parse("https://x.example/mcp?key=s3cret").unwrap();
        let (bare, query) = part_query(url);
        assert_eq!(bare, "https://x.example/mcp");
        assert_eq!(query.unwrap().expose(), "key=s3cret");
        let url = Url::parse("https://x.example/mcp").unwrap();
        assert!(part_query(url).1.is_none());
    }

    #[test]
    fn a_proxy_s_password_is_taken_out_of_its_address() {
        let mut options = ConnectionOptions {
            proxy: Some("http://ana:s3cret@proxy:8080".to_owned()),
            ..ConnectionOptions::default()
        };
        let password = part_proxy(&mut options).unwrap();
        assert_eq!(password.unwrap().expose(), "s3cret");
        assert_eq!(options.proxy.as_deref(), Some("http://ana@proxy:8080/"));
    }

    #[test]
    fn a_proxy_without_a_scheme_gives_its_password_away_no_more_than_others() {
        let mut options = ConnectionOptions {
            proxy: Some("ana:s3cret@proxy:8080".to_owned()),
            ..ConnectionOptions::default()
        };
        let password = part_proxy(&mut options).unwrap();
        assert_eq!(password.unwrap().expose(), "s3cret");
        assert_eq!(options.proxy.as_deref(), Some("http://ana@proxy:8080/"));
    }

    #[test]
    fn a_missing_secret_names_the_flag_that_gives_it() {
        let name = ConnectorName::parse("wiki").unwrap();
        let fault = missing_secret(&name, "its token", "token");
        assert_eq!(fault.message, "the token of wiki is not in the vault");
        assert_eq!(
            fault.hints,
            ["give it again: `callboard edit wiki --token-stdin`"]
        );
    }
}
