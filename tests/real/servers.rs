//! Where the real servers are: the file that `.ci/real-servers` writes.

use serde::Deserialize;
use serde_json::Value;

use crate::shell::{Run, Shell};

/// Names the file.
const VARIABLE: &str = "CALLBOARD_REAL_SERVERS";

/// A variable of the shell that a secret is taken from.
const SECRET: &str = "SECRET";

/// The file.
#[derive(Deserialize)]
struct Listing {
    everything_http: Address,
    everything_sse: Address,
    everything_stdio: Program,
    fast: Address,
    fast_bearer: Address,
    fast_basic: Address,
    fast_oauth: Address,
    oidc: Address,
    oidc_brief: Address,
    fast_stdio: Program,
}

#[derive(Deserialize)]
struct Address {
    url: String,
    token: Option<String>,
    user: Option<String>,
    password: Option<String>,
}

#[derive(Clone, Deserialize)]
pub struct Program {
    pub command: String,
    pub args: Vec<String>,
}

/// One server, and what is known of it.
pub struct Server {
    /// What its connector is called.
    pub name: &'static str,
    /// What follows the name in `add`: a URL, or `--` and a program.
    pub target: Vec<String>,
    /// How it wants to be authenticated.
    pub access: Access,
    pub transport: &'static str,
    pub protocol: &'static str,
    /// What it calls itself.
    pub calls_itself: &'static str,
}

pub enum Access {
    Open,
    Bearer { token: String },
    Basic { user: String, password: String },
}

impl Access {
    /// As `list` says it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "none",
            Self::Bearer { .. } => "bearer",
            Self::Basic { .. } => "basic",
        }
    }

    /// The flag that a fault names when the secret is missing.
    pub fn flag(&self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Bearer { .. } => "--token-env",
            Self::Basic { .. } => "--password-env",
        }
    }

    pub fn secret(&self) -> Option<&str> {
        match self {
            Self::Open => None,
            Self::Bearer { token: secret }
            | Self::Basic {
                password: secret, ..
            } => Some(secret),
        }
    }

    /// What `add` needs beside the target, with the secret in a variable.
    fn by_variable(&self) -> Vec<&str> {
        match self {
            Self::Open => Vec::new(),
            Self::Bearer { .. } => vec!["--token-env", SECRET],
            Self::Basic { user, .. } => vec!["--user", user, "--password-env", SECRET],
        }
    }

    /// The same, with the secret on standard input.
    fn by_stdin(&self) -> Vec<&str> {
        match self {
            Self::Open => Vec::new(),
            Self::Bearer { .. } => vec!["--token-stdin"],
            Self::Basic { user, .. } => vec!["--user", user, "--password-stdin"],
        }
    }
}

impl Server {
    pub fn everything_http() -> Self {
        let address = listing().everything_http;
        let server = Self::everything("everything-http", vec![address.url]);
        Self {
            transport: "streamable-http",
            ..server
        }
    }

    pub fn everything_sse() -> Self {
        let address = listing().everything_sse;
        let server = Self::everything("everything-sse", vec![address.url]);
        Self {
            transport: "sse",
            ..server
        }
    }

    pub fn everything_stdio() -> Self {
        Self::everything("everything-stdio", listing().everything_stdio.words())
    }

    pub fn fast() -> Self {
        Self::fast_http("fast", listing().fast)
    }

    pub fn fast_bearer() -> Self {
        Self::fast_http("fast-bearer", listing().fast_bearer)
    }

    pub fn fast_basic() -> Self {
        Self::fast_http("fast-basic", listing().fast_basic)
    }

    /// fastmcp with its own authorization server in memory.
    pub fn fast_oauth_url() -> String {
        listing().fast_oauth.url
    }

    /// fastmcp behind oidc-provider.
    pub fn oidc_url() -> String {
        listing().oidc.url
    }

    /// The same, whose access tokens last for seconds.
    pub fn oidc_brief_url() -> String {
        listing().oidc_brief.url
    }

    /// A local program is greeted in the way that all of them understand.
    pub fn fast_stdio() -> Self {
        Self {
            name: "fast-stdio",
            target: listing().fast_stdio.words(),
            access: Access::Open,
            transport: "stdio",
            protocol: "2025-11-25",
            calls_itself: "fast",
        }
    }

    /// fastmcp as a program, for tests that need one of their own.
    pub fn fast_program() -> Program {
        listing().fast_stdio
    }

    fn everything(name: &'static str, target: Vec<String>) -> Self {
        Self {
            name,
            target,
            access: Access::Open,
            transport: "stdio",
            protocol: "2025-11-25",
            calls_itself: "mcp-servers/everything",
        }
    }

    fn fast_http(name: &'static str, address: Address) -> Self {
        let access = match (address.token, address.user, address.password) {
            (Some(token), None, None) => Access::Bearer { token },
            (None, Some(user), Some(password)) => Access::Basic { user, password },
            _ => Access::Open,
        };
        Self {
            name,
            target: vec![address.url],
            access,
            transport: "streamable-http",
            protocol: "2026-07-28",
            calls_itself: "fast",
        }
    }

    /// The URL, where it has one.
    pub fn url(&self) -> Option<&str> {
        (self.transport != "stdio").then(|| self.target[0].as_str())
    }

    /// Adds it under its name, with its secret in a variable.
    pub fn add(&self, shell: &mut Shell) -> Run {
        let secret = self.access.secret().unwrap_or_default();
        self.add_with(shell, secret).succeeded()
    }

    /// Adds it with another secret than its own.
    pub fn add_with(&self, shell: &mut Shell, secret: &str) -> Run {
        shell.set(SECRET, secret);
        let run = shell.run(&self.words(self.name, &self.access.by_variable()));
        shell.unset(SECRET);
        run
    }

    /// Adds it without a word about its secret.
    pub fn add_without_secret(&self, shell: &Shell) -> Run {
        shell.run(&self.words(self.name, &[]))
    }

    /// Adds it once more under another name, with its secret on standard input.
    pub fn add_by_stdin(&self, shell: &Shell, name: &str) -> Run {
        let line = format!("{}\n", self.access.secret().unwrap_or_default());
        shell.run_with(&self.words(name, &self.access.by_stdin()), &line)
    }

    /// Gives the connector its own secret.
    pub fn mend(&self, shell: &mut Shell) -> Run {
        shell.set(SECRET, self.access.secret().unwrap_or_default());
        let run = shell.run(&[&["edit", self.name], &self.access.by_variable()[..]].concat());
        shell.unset(SECRET);
        run
    }

    fn words<'a>(&'a self, name: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
        let target: Vec<&str> = self.target.iter().map(String::as_str).collect();
        [&["add", name, "--trust", "--json"], flags, &target].concat()
    }

    /// The connector as `show` has it.
    pub fn shown(&self, shell: &Shell) -> Value {
        shell.json(&["show", self.name])
    }
}

impl Program {
    fn words(self) -> Vec<String> {
        [vec!["--".to_owned(), self.command], self.args].concat()
    }
}

/// Reads the file; fails the test when there is none.
fn listing() -> Listing {
    let path = std::env::var_os(VARIABLE).unwrap_or_else(|| {
        panic!("{VARIABLE} is not set: run `.ci/real-servers cargo test --test real -- --ignored`")
    });
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|fault| panic!("{VARIABLE}: {}: {fault}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}
