//! Requests that take a while: they say each step, then end in one answer.
//!
//! The answer is a stream of JSON Lines, each a [`Frame`]. Whoever closes the
//! stream before its end cancels what runs.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::CarriedSecret;
use super::sign_in::SignInNews;
use super::view::{ConnectorView, Reading};
use crate::domain::{
    AuthMethod, ConnectionOptions, ConnectorName, Detection, Evidence, Fault, Function, Progress,
    Question, SignInOptions, Untrusted,
};

/// A request that says its steps: `POST` of its JSON to its path.
pub trait Operation: Serialize + DeserializeOwned + Send + 'static {
    /// What is said on the way.
    type Step: Serialize + DeserializeOwned + Send + 'static;
    /// What comes at the end.
    type Answer: Serialize + DeserializeOwned + Send + 'static;
    /// Where it is sent.
    const PATH: &'static str;

    /// Whether a face that is too slow to be told every step may miss this one.
    fn may_be_missed(_step: &Self::Step) -> bool {
        true
    }
}

/// One line of an operation's stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame<Step, Answer> {
    /// Something on the way.
    Step(Step),
    /// The end.
    Done(Answer),
    /// The end, in a fault.
    Fault(Fault),
}

macro_rules! operation {
    ($request:ty: $step:ty => $answer:ty, $path:literal) => {
        impl Operation for $request {
            type Step = $step;
            type Answer = $answer;
            const PATH: &'static str = $path;
        }
    };
}

macro_rules! connecting {
    ($request:ty, $path:literal) => {
        impl Operation for $request {
            type Step = AddStep;
            type Answer = ConnectorView;
            const PATH: &'static str = $path;

            fn may_be_missed(step: &AddStep) -> bool {
                step.may_be_missed()
            }
        }
    };
}

/// Finds out what stands behind a URL. Stores nothing, connects nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Detect {
    /// The URL as typed.
    pub url: String,
    /// How to reach it.
    #[serde(default)]
    pub options: ConnectionOptions,
}
operation!(Detect: Evidence => Detection, "/v1/detect");

/// A stage of making a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Finding out how the server wants to be authenticated.
    Detect,
    /// Reaching it.
    Reach,
    /// Agreeing on a protocol version.
    Negotiate,
    /// Signing in.
    SignIn,
    /// Listing its functions.
    ListFunctions,
    /// Keeping their definitions.
    Pin,
}

/// How a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// Under way.
    Started,
    /// Over, well.
    Done,
    /// Over, not well.
    Failed,
}

/// What an addition says on the way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddStep {
    /// Which stage.
    pub name: Step,
    /// How it stands.
    pub state: StepState,
    /// What was seen, where the stage is detection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What happened, where the stage is a sign-in by OAuth 2.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignInNews>,
}

impl AddStep {
    /// Whether a face that is too slow to be told every step may miss this one. Whoever
    /// is not told of a consent waits for ever.
    pub(super) fn may_be_missed(&self) -> bool {
        !matches!(self.sign_in, Some(SignInNews::Consent(_)))
    }
}

/// Where a new connector is to point.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TargetWanted {
    /// A server on the network.
    Http {
        /// The URL as typed.
        url: String,
    },
    /// A local program; the face has resolved it already.
    Program {
        /// Absolute path.
        command: String,
        /// Its arguments.
        args: Vec<String>,
        /// `PATH` of the terminal.
        path: Option<String>,
        /// Folder of the terminal.
        cwd: String,
    },
}

/// How a new connector is to authenticate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthWanted {
    /// As detection finds.
    Auto,
    /// Like this.
    Given(AuthMethod),
}

/// Which of a connector's secrets one is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretName {
    /// The Bearer token.
    Token,
    /// The Basic password.
    Password,
    /// The value of this header.
    Header(String),
    /// The value of this variable of a local program.
    Env(String),
    /// The secret of a client that was registered by hand (OAuth 2.1).
    #[serde(rename = "client-secret")]
    ClientSecret,
}

/// Adds a connector. One whose first connection fails is kept, except where the
/// request itself is wrong or what answers is no MCP server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Add {
    /// What it is to be called.
    pub name: ConnectorName,
    /// The operator's words about it.
    #[serde(default)]
    pub description: String,
    /// Where it points.
    pub target: TargetWanted,
    /// How it authenticates.
    pub auth: AuthWanted,
    /// User name, where `auth` is left to detection and turns out as Basic.
    #[serde(default)]
    pub user: Option<String>,
    /// Its secrets.
    #[serde(default)]
    pub secrets: Vec<(SecretName, CarriedSecret)>,
    /// How it is reached.
    #[serde(default)]
    pub options: ConnectionOptions,
    /// The operator says that they trust it. Without it nothing is added.
    pub trust: bool,
    /// Whether to connect now; otherwise it is only detected and kept. Where its server
    /// wants a sign-in, that is begun, and the operation ends with it.
    pub connect: bool,
    /// How it signs in by OAuth 2.1, where that differs from the usual.
    #[serde(default)]
    pub sign_in: SignInOptions,
}
connecting!(Add, "/v1/connectors/add");

impl Add {
    /// Whether something of it goes into the vault, which has to be chosen and open
    /// then: a secret, the query of its URL, the password of its proxy.
    pub fn holds_secret(&self) -> bool {
        let query = matches!(&self.target, TargetWanted::Http { url } if url.contains('?'));
        let signs_in = self.auth == AuthWanted::Given(AuthMethod::Oauth);
        !self.secrets.is_empty() || query || signs_in || proxy_has_password(&self.options)
    }
}

/// Whether a proxy's address has a part before `@` that holds more than a user.
fn proxy_has_password(options: &ConnectionOptions) -> bool {
    let before_host = options
        .proxy
        .as_deref()
        .and_then(|proxy| proxy.rsplit_once('@'))
        .map_or("", |(before, _)| before);
    let user = before_host
        .split_once("://")
        .map_or(before_host, |(_, user)| user);
    user.contains(':')
}

/// Changes a connector; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Edit {
    /// Which.
    pub name: String,
    /// The operator's words.
    pub description: Option<String>,
    /// A new URL is a new trust: secrets are dropped, definitions accepted anew.
    pub url: Option<String>,
    /// How it authenticates.
    pub auth: Option<AuthMethod>,
    /// Secrets to put in place of the present ones of the same name.
    pub secrets: Vec<(SecretName, CarriedSecret)>,
    /// How it is reached, whole.
    pub options: Option<ConnectionOptions>,
    /// Needed with a new URL.
    pub trust: bool,
    /// How it signs in by OAuth 2.1, whole.
    pub sign_in: Option<SignInOptions>,
}
connecting!(Edit, "/v1/connectors/edit");

impl Edit {
    /// Whether something of it goes into the vault, as for [`Add::holds_secret`].
    pub fn holds_secret(&self) -> bool {
        let query = self.url.as_ref().is_some_and(|url| url.contains('?'));
        let proxy = self.options.as_ref().is_some_and(proxy_has_password);
        !self.secrets.is_empty() || query || proxy
    }
}

/// Switches a connector on and connects it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enable {
    /// Which.
    pub name: String,
}
operation!(Enable: AddStep => ConnectorView, "/v1/connectors/enable");

/// Connects anew and lists the functions again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refresh {
    /// Which.
    pub name: String,
}
operation!(Refresh: AddStep => ConnectorView, "/v1/connectors/refresh");

/// Runs a function as the operator.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Call {
    /// Which connector.
    pub name: String,
    /// Which function, as the server spells it.
    pub function: String,
    /// Its arguments, already checked by the face and checked again by the board.
    pub arguments: Map<String, Value>,
    /// The digest of the definition that the operator read when they said yes;
    /// needed where the function is on *ask*, of no use against a block.
    #[serde(default)]
    pub approved_digest: Option<String>,
    /// Whether what the server asks back becomes a question to the operator;
    /// otherwise it is declined.
    #[serde(default)]
    pub ask_back: bool,
}

impl Operation for Call {
    type Step = CallStep;
    type Answer = CallAnswer;
    const PATH: &'static str = "/v1/call";

    fn may_be_missed(step: &CallStep) -> bool {
        // Whoever is not told of a question waits for ever.
        matches!(step, CallStep::Progress(_))
    }
}

/// What a call says on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CallStep {
    /// How far it is.
    Progress(Progress),
    /// The server asks something back. The question is open at the board, for
    /// whichever face answers first.
    Question(Box<Question>),
    /// The server asked something back, and was declined without anybody being asked.
    Declined {
        /// The server's words, where it could be read at all.
        message: Option<Untrusted>,
        /// Why, in words that follow *it was declined:*.
        why: String,
    },
}

/// What a function answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallAnswer {
    /// The MCP result as the server gave it.
    pub result: Value,
    /// Its size on the wire, in bytes.
    pub bytes: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// Reads a resource, and again whenever the server says that it changed, until the
/// stream is closed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WatchResource {
    /// Which connector.
    pub name: String,
    /// Which resource.
    pub uri: String,
}
operation!(WatchResource: Reading => (), "/v1/resources/watch");

/// The functions of a connector, in the server's order, some at a time: nobody has to
/// hold the answer whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ListFunctions {
    /// Which connector.
    pub name: String,
}

impl Operation for ListFunctions {
    type Step = Vec<Function>;
    type Answer = ();
    const PATH: &'static str = "/v1/functions/list";

    fn may_be_missed(_step: &Self::Step) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_s_password_is_told_from_its_user_and_port() {
        let has = |proxy: &str| {
            proxy_has_password(&ConnectionOptions {
                proxy: Some(proxy.to_owned()),
                ..ConnectionOptions::default()
            })
        };
        assert!(has("http://ana:secret@proxy:8080"));
        assert!(has("socks5://:secret@proxy"));
        assert!(!has("http://ana@proxy:8080"));
        assert!(!has("http://proxy:8080"));
    }
}
