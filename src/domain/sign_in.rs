//! A sign-in by OAuth 2.1: what the operator set, what a person is asked, how far
//! it is, and what came of it. No token is in here.

use serde::{Deserialize, Serialize};

use super::{Fault, Registration, Timestamp, Untrusted};

/// Shortest and longest time a consent waits, in seconds.
pub const CONSENT_RANGE: std::ops::RangeInclusive<u32> = 1..=3600;

/// How one connector signs in, where it differs from the usual. The secret of a
/// client that was registered by hand is in the vault, never here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInOptions {
    /// The client that was registered by hand with the provider.
    pub client_id: Option<String>,
    /// Where callboard's client ID metadata document is published. `None`: that
    /// way of registering is not used.
    pub client_metadata_url: Option<String>,
    /// Scopes to ask for instead of those that the server names.
    pub scopes: Vec<String>,
    /// Port on 127.0.0.1 that waits for the answer. `None`: a free one.
    pub callback_port: Option<u16>,
    /// The whole redirect URL, used letter by letter. `None`: one on the port above.
    pub redirect_url: Option<String>,
    /// The authorization server to use where the resource names several; another
    /// one is refused.
    pub issuer: Option<String>,
    /// The operator accepts a server that does not say that it checks PKCE
    /// (RFC 7636). It is sent all the same.
    pub unadvertised_pkce: bool,
    /// The operator accepts an authorization server in a private network that the
    /// MCP server is not in.
    pub private_network: bool,
    /// A machine account: the client credentials grant (RFC 6749 section 4.4),
    /// without any person.
    pub machine: bool,
    /// Seconds a consent waits. `None`: five minutes.
    pub consent_seconds: Option<u32>,
}

/// A scope with what it seems to mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// As the server writes it (RFC 6749 section 3.3).
    pub name: Untrusted,
    /// A reading of it in callboard's words, where there is one. The server decides
    /// what it really allows.
    pub words: Option<String>,
}

/// Names one consent that waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConsentId(String);

impl ConsentId {
    /// Wraps an identifier that was drawn.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A consent that waits for a person. It ends with whatever answers first: the
/// browser at the callback address, a pasted address or code, the device code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its name.
    pub id: ConsentId,
    /// The address to open in a browser; `None` where only a device code can be
    /// used. ASCII, https (or http on this machine), safe to hand to a program as
    /// one argument.
    pub url: Option<String>,
    /// Host of that address, for the eye. In punycode where it is not ASCII.
    pub host: String,
    /// The authorization server (RFC 8414).
    pub issuer: Untrusted,
    /// What is asked for.
    pub scopes: Vec<Scope>,
    /// Of those, the ones that were not granted before; empty at a first sign-in.
    pub added: Vec<Scope>,
    /// Where the browser ends, letter by letter.
    pub redirect_url: Option<String>,
    /// The port on 127.0.0.1 that waits; `None` where the redirect URL does not lead
    /// to this machine and the answer has to be pasted.
    pub callback_port: Option<u16>,
    /// The device code, where the server offers one.
    pub device: Option<DeviceCode>,
    /// How the client is known to the server.
    pub registration: Registration,
    /// Whether the server did not promise to check PKCE and the operator accepted it.
    pub unadvertised_pkce: bool,
    /// When the consent began.
    pub since: Timestamp,
    /// When it ends unanswered.
    pub expires_at: Timestamp,
}

/// What to type on another device (RFC 8628 section 3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// The code to type.
    pub code: Untrusted,
    /// Where to type it.
    pub url: String,
    /// The same address with the code in it.
    pub url_with_code: Option<String>,
    /// When the code ends.
    pub expires_at: Timestamp,
}

/// A stage of a sign-in, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInStage {
    /// Reading what the MCP server says about its protection (RFC 9728).
    Resource,
    /// Reading what the authorization server says about itself (RFC 8414).
    Issuer,
    /// Becoming known to it.
    Register,
    /// Waiting for a person.
    Consent,
    /// Exchanging the answer for tokens.
    Token,
}

impl SignInStage {
    /// How it is called where people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Resource => "what the server asks for",
            Self::Issuer => "its authorization server",
            Self::Register => "registering callboard there",
            Self::Consent => "your consent",
            Self::Token => "tokens",
        }
    }
}

/// How a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInState {
    /// Under way.
    Started,
    /// Over, well.
    Done,
    /// Over, not well.
    Failed,
}

/// One request of a sign-in. Secrets are left out of all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What was asked, e.g. `POST https://as.example/token`.
    pub request: String,
    /// What came back in short; quotes the server.
    pub answer: Untrusted,
    /// What that means, in callboard's words.
    pub means: String,
    /// A `curl` line that repeats it; secrets stand as `$NAME`.
    pub curl: String,
}

/// One stage of a sign-in with what happened in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInStep {
    /// Which stage.
    pub stage: SignInStage,
    /// How it stands.
    pub state: SignInState,
    /// Its requests, in their order.
    pub exchanges: Vec<Exchange>,
    /// Why it failed, one sentence.
    pub cause: Option<String>,
    /// What mends it, where that is known.
    pub cure: Option<String>,
}

/// What is known of a connector's sign-in (`show`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Who signed in, where the authorization server says so. A claim.
    pub account: Option<Untrusted>,
    /// The authorization server that issued the tokens.
    pub issuer: Untrusted,
    /// What the tokens are for (RFC 8707).
    pub resource: String,
    /// How the client is known to the server.
    pub registration: Registration,
    /// The name it is known by.
    pub client_id: Untrusted,
    /// The redirect URL that was used; `None` where no browser was needed.
    pub redirect_url: Option<String>,
    /// Scopes that were asked for.
    pub scopes_asked: Vec<Scope>,
    /// Scopes that were granted.
    pub scopes: Vec<Scope>,
    /// When the access token ends; `None` where the server did not say.
    pub expires_at: Option<Timestamp>,
    /// Whether it can be refreshed without a person.
    pub refreshable: bool,
    /// When the person signed in.
    pub signed_in_at: Timestamp,
    /// When the token was refreshed last.
    pub refreshed_at: Option<Timestamp>,
}

/// A sign-in that failed, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInReport {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub fault: Fault,
    /// Everything that was asked and answered.
    pub steps: Vec<SignInStep>,
    /// What to register by hand, where nothing else is possible.
    pub by_hand: Option<Box<ManualRegistration>>,
}

/// What to register by hand with a provider that registers no clients by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManualRegistration {
    /// The authorization server.
    pub issuer: Untrusted,
    /// Where it says how to register, where it says so.
    pub documentation: Option<String>,
    /// The redirect URL to register, letter by letter.
    pub redirect_url: Option<String>,
    /// The grants that the client needs.
    pub grants: Vec<String>,
    /// The scopes that it will ask for.
    pub scopes: Vec<Scope>,
}
