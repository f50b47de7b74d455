//! What was found out about a server from its URL alone.

use serde::{Deserialize, Serialize};

use super::Untrusted;

/// How messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// Streamable HTTP (MCP 2025-03-26 and later).
    StreamableHttp,
    /// HTTP+SSE (MCP 2024-11-05, deprecated).
    Sse,
    /// Standard input and output of a local program.
    Stdio,
}

impl Transport {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::StreamableHttp => "streamable-http",
            Self::Sse => "sse",
            Self::Stdio => "stdio",
        }
    }
}

/// Which of the two protocol families a server speaks (`docs/terminology.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Era {
    /// 2026-07-28 and later: stateless, `server/discover`.
    Modern,
    /// 2024-11-05 to 2025-11-25: `initialize`, sessions.
    Legacy,
}

/// How a server wants to be authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthKind {
    /// Not at all.
    None,
    /// `Authorization: Bearer …` with a token the operator has.
    Bearer,
    /// `Authorization: Basic …`, user and password.
    Basic,
    /// OAuth 2.1.
    Oauth,
    /// A header of the server's own, an API key for instance.
    Header,
    /// It wants something; what, cannot be told.
    Unknown,
}

impl AuthKind {
    /// The word used on the command line and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bearer => "bearer",
            Self::Basic => "basic",
            Self::Oauth => "oauth",
            Self::Header => "header",
            Self::Unknown => "unknown",
        }
    }

    /// How it is called where people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bearer => "Bearer",
            Self::Basic => "Basic",
            Self::Oauth => "OAuth 2.1",
            Self::Header => "header",
            Self::Unknown => "unknown",
        }
    }
}

/// How sure a conclusion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// One of several readings.
    Guess,
    /// The usual reading.
    Likely,
    /// The server said so in so many words.
    Certain,
}

/// One request, what came back, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What was asked, e.g. `POST /mcp server/discover`.
    pub request: String,
    /// What came back in short; quotes the server.
    pub answer: Untrusted,
    /// What that means, in callboard's words.
    pub means: String,
}

/// How a client becomes known to an authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    /// Client ID metadata document.
    Cimd,
    /// Dynamic client registration (RFC 7591).
    Dynamic,
    /// By hand, with the provider.
    Manual,
}

/// What a sign-in by OAuth would need, from the servers' metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthNeeds {
    /// The authorization server's issuer (RFC 8414).
    pub issuer: Untrusted,
    /// Ways to register, best first.
    pub registration: Vec<Registration>,
    /// Whether a device code can be used (RFC 8628).
    pub device: bool,
    /// Whether PKCE with S256 is advertised (RFC 7636).
    pub pkce: bool,
    /// Scopes that would be asked for at first.
    pub scopes: Vec<Untrusted>,
    /// The resource the token would be for (RFC 9728).
    #[serde(default)]
    pub resource: Option<Untrusted>,
    /// Where the person would approve.
    #[serde(default)]
    pub authorization_endpoint: Option<Untrusted>,
    /// What is wrong with the metadata, if a sign-in could not work as it stands.
    #[serde(default)]
    pub broken: Option<String>,
}

/// What a server calls itself. A claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerIdentity {
    /// Its name.
    pub name: Untrusted,
    /// Its version.
    pub version: Untrusted,
}

/// The whole conclusion about a URL (`detect --json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detection {
    /// The URL that answered, after redirects on the same origin.
    pub url: String,
    /// How messages travel.
    pub transport: Option<Transport>,
    /// The newest protocol version both sides know.
    pub protocol: Option<String>,
    /// Which family.
    pub era: Option<Era>,
    /// How it wants to be authenticated.
    pub auth: AuthKind,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// What OAuth would need, where it was found.
    pub oauth: Option<OAuthNeeds>,
    /// What the server calls itself, where it said so without a sign-in.
    pub server: Option<ServerIdentity>,
}
