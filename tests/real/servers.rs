//! Where the real servers are: the file that `.ci/real-servers` writes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// Names the file.
const VARIABLE: &str = "CALLBOARD_REAL_SERVERS";

/// All of them.
#[derive(Deserialize)]
pub(crate) struct Servers {
    /// server-everything over Streamable HTTP.
    pub(crate) everything_http: Open,
    /// server-everything over HTTP+SSE.
    pub(crate) everything_sse: Open,
    /// server-everything as a local program.
    pub(crate) everything_stdio: Program,
    /// `.ci/real-servers.d/fast.py`, open to everybody.
    pub(crate) fast: Open,
    /// The same, with a Bearer token.
    pub(crate) fast_bearer: Bearer,
    /// The same, behind nginx with user and password.
    pub(crate) fast_basic: Basic,
    /// The same, as a local program.
    pub(crate) fast_stdio: Program,
}

/// A server that asks for nothing.
#[derive(Deserialize)]
pub(crate) struct Open {
    pub(crate) url: String,
}

/// A server that wants a Bearer token.
#[derive(Deserialize)]
pub(crate) struct Bearer {
    pub(crate) url: String,
    pub(crate) token: String,
}

/// A server that wants user and password.
#[derive(Deserialize)]
pub(crate) struct Basic {
    pub(crate) url: String,
    pub(crate) user: String,
    pub(crate) password: String,
}

/// A server that is started as a local program.
#[derive(Deserialize)]
pub(crate) struct Program {
    pub(crate) command: String,
    pub(crate) args: Vec<String>,
}

impl Servers {
    /// Reads the file; fails the test when there is none.
    pub(crate) fn started() -> Self {
        let path = std::env::var_os(VARIABLE).unwrap_or_else(|| {
            panic!(
                "{VARIABLE} is not set: run `.ci/real-servers cargo test --test real -- --ignored`"
            )
        });
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|fault| panic!("{VARIABLE}: {}: {fault}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
    }
}

impl Bearer {
    /// The value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

impl Basic {
    /// The value of the `Authorization` header (RFC 7617).
    pub(crate) fn authorization(&self) -> String {
        let pair = format!("{}:{}", self.user, self.password);
        format!("Basic {}", STANDARD.encode(pair))
    }
}
