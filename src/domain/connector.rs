//! A connector: one server for one account.

use serde::{Deserialize, Serialize};

use super::{AuthKind, ConnectionOptions, ConnectorId, ConnectorName, Era, Timestamp, Transport};

/// Where a connector's messages go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Target {
    /// A server on the network.
    Http {
        /// Its address, without user, password, query or fragment.
        url: String,
        /// Whether a query belongs to it. The query itself is in the vault: it may
        /// hold a key.
        #[serde(default)]
        query: bool,
    },
    /// A program that callboard starts.
    Program {
        /// Absolute path, resolved when the connector was added.
        command: String,
        /// Its arguments.
        args: Vec<String>,
        /// Names of the variables passed on; their values are in the vault.
        env: Vec<String>,
        /// `PATH` of the terminal it was added from, so that the program finds
        /// what it would find there.
        path: Option<String>,
        /// Folder it is started in.
        cwd: String,
    },
}

/// How a connector authenticates. Values are in the vault, never here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum AuthMethod {
    /// Not at all.
    None,
    /// A fixed token.
    Bearer,
    /// User and password; the password is in the vault.
    Basic {
        /// The user's name.
        user: String,
    },
    /// Headers of the server's own; their values are in the vault.
    Header {
        /// The headers' names.
        names: Vec<String>,
    },
    /// OAuth 2.1.
    Oauth,
}

impl AuthMethod {
    /// Its kind.
    pub fn kind(&self) -> AuthKind {
        match self {
            Self::None => AuthKind::None,
            Self::Bearer => AuthKind::Bearer,
            Self::Basic { .. } => AuthKind::Basic,
            Self::Header { .. } => AuthKind::Header,
            Self::Oauth => AuthKind::Oauth,
        }
    }
}

/// A connector as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connector {
    /// What its permissions and secrets are kept under.
    pub id: ConnectorId,
    /// What the operator calls it.
    pub name: ConnectorName,
    /// The operator's words about it.
    pub description: String,
    /// Where it is.
    pub target: Target,
    /// How it authenticates.
    pub auth: AuthMethod,
    /// How messages travel, once found out.
    pub transport: Option<Transport>,
    /// Which protocol family it spoke last; looked up again after a day.
    pub era: Option<Era>,
    /// Whether it is to be connected.
    pub enabled: bool,
    /// Where it differs from the usual.
    pub options: ConnectionOptions,
    /// When the operator said that they trust it.
    pub trusted_at: Timestamp,
    /// When its first list of functions was accepted, everything on *ask*;
    /// `None` until it was connected once.
    pub pinned_at: Option<Timestamp>,
}

impl Connector {
    /// Whether something of it is in the vault.
    pub fn has_secret(&self) -> bool {
        let addressed = match &self.target {
            Target::Http { query, .. } => *query,
            Target::Program { env, .. } => !env.is_empty(),
        };
        addressed || self.auth != AuthMethod::None
    }

    /// Its address as it may be shown: a query is cut to `?…`; a program's
    /// command line is shown whole.
    pub fn address(&self) -> String {
        self.target.address()
    }
}

impl Target {
    /// See [`Connector::address`].
    pub fn address(&self) -> String {
        match self {
            Self::Http { url, query: true } => format!("{url}?…"),
            Self::Http { url, query: false } => url.clone(),
            Self::Program { command, args, .. } => {
                let mut shown = quoted(command);
                for arg in args {
                    shown.push(' ');
                    shown.push_str(&quoted(arg));
                }
                shown
            }
        }
    }

    /// Scheme, host and port of a server; the command of a program. What a secret
    /// is bound to.
    pub fn origin(&self) -> String {
        match self {
            Self::Http { url, .. } => {
                let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
                let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
                let scheme = url.split_once("://").map_or("https", |(scheme, _)| scheme);
                format!("{scheme}://{host}").to_ascii_lowercase()
            }
            Self::Program { command, .. } => format!("program:{command}"),
        }
    }
}

/// A word of a command line, quoted where a shell would need it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(url: &str) -> Target {
        Target::Http {
            url: url.to_owned(),
            query: false,
        }
    }

    #[test]
    fn a_query_is_never_shown() {
        let target = Target::Http {
            url: "https://x.example/mcp".to_owned(),
            query: true,
        };
        assert_eq!(target.address(), "https://x.example/mcp?…");
    }

    #[test]
    fn the_origin_leaves_path_and_query_out() {
        assert_eq!(
            http("https://X.example:8443/mcp?key=abc").origin(),
            "https://x.example:8443"
        );
        assert_eq!(http("http://[::1]:80").origin(), "http://[::1]:80");
    }

    #[test]
    fn a_command_line_is_shown_so_that_it_could_be_pasted() {
        let target = Target::Program {
            command: "/usr/bin/env".to_owned(),
            args: vec!["a b".to_owned(), "it's".to_owned(), "--x=1".to_owned()],
            env: vec![],
            path: None,
            cwd: "/".to_owned(),
        };
        assert_eq!(target.address(), r"/usr/bin/env 'a b' 'it'\''s' --x=1");
    }
}
