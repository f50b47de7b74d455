//! Signing in by OAuth 2.1: what faces ask for and what they are told.
//!
//! A sign-in belongs to the board, one for each connector. Whoever began it may leave;
//! its consent waits until it is answered, taken back, or over.

use serde::{Deserialize, Serialize};

use super::CarriedSecret;
use super::operation::{AddStep, Operation};
use super::request::Endpoint;
use super::view::ConnectorView;
use crate::domain::{ConnectorId, ConnectorName, Consent, ConsentId, Fault, SignInStep};

/// A consent that waits, as faces show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentView {
    /// Its name.
    pub id: ConsentId,
    /// Whose sign-in.
    pub connector: ConnectorId,
    /// What that is called.
    pub name: ConnectorName,
    /// What a person is asked.
    pub consent: Consent,
    /// What happened so far, each stage as it stands.
    pub steps: Vec<SignInStep>,
    /// What came back last that was not the answer, and why.
    pub refused: Option<Fault>,
}

/// Why a consent waits no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConsentEnd {
    /// The sign-in succeeded, and its tokens are kept.
    SignedIn,
    /// Nobody answered in time.
    Expired,
    /// Somebody took it back, or the connector was removed or pointed elsewhere.
    Cancelled,
    /// Another sign-in of the same connector took its place.
    Replaced,
    /// The sign-in failed; the connector's report says how.
    Failed(Fault),
    /// The board ended. A consent does not outlive it.
    Stopped,
}

/// What a sign-in says on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInNews {
    /// A stage as it stands now; it replaces what was said of it before.
    Step(SignInStep),
    /// A person is waited for.
    Consent(Box<ConsentView>),
    /// Something came back that is not the answer. The sign-in goes on.
    Refused(Fault),
}

/// Signs in, and connects. Where a sign-in of the connector is under way already,
/// this one takes its place; what was signed in before stays until it succeeded.
///
/// Closing the stream leaves the sign-in to the board; [`CancelLogin`] ends it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Login {
    /// Which connector.
    pub name: String,
    /// A device code is needed: without one the sign-in fails.
    pub device: bool,
    /// The earlier registration is not used again.
    pub fresh_client: bool,
    /// Scopes to ask for this once, instead of the usual.
    pub scopes: Vec<String>,
    /// Watch the sign-in that is under way instead of beginning another; begin one
    /// where none is.
    pub join: bool,
}

impl Operation for Login {
    type Step = AddStep;
    type Answer = ConnectorView;
    const PATH: &'static str = "/v1/sign-in";

    fn may_be_missed(step: &Self::Step) -> bool {
        step.may_be_missed()
    }
}

macro_rules! endpoint {
    ($request:ty => $answer:ty, $path:literal, $get:literal) => {
        impl Endpoint for $request {
            type Answer = $answer;
            const PATH: &'static str = $path;
            const ANSWERS_GET: bool = $get;
        }
    };
}

/// The consents that wait, in the order they were opened.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Consents {}
endpoint!(Consents => Vec<ConsentView>, "/v1/consents", true);

/// Hands in what the browser ended at: the whole redirect URL, its query, the code, or
/// `code#state`. The answer says that it was the answer, the fault what is wrong with
/// it; the sign-in waits on then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasteLogin {
    /// Which connector.
    pub name: String,
    /// As pasted.
    pub text: CarriedSecret,
}
endpoint!(PasteLogin => (), "/v1/sign-in/paste", false);

/// Ends a sign-in that is under way. What was signed in before stays.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CancelLogin {
    /// Which connector.
    pub name: String,
}
endpoint!(CancelLogin => (), "/v1/sign-in/cancel", false);

/// Has the server take the tokens back, and forgets them. They are forgotten whatever
/// the server says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Logout {
    /// Which connector.
    pub name: String,
}
endpoint!(Logout => LoggedOut, "/v1/sign-in/logout", false);

/// What [`Logout`] did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedOut {
    /// What the authorization server said.
    pub revocation: Revocation,
    /// The connector as it is now.
    pub connector: ConnectorView,
}

/// What an authorization server said to the tokens being given back (RFC 7009).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// It took them back.
    Accepted,
    /// It offers no way to; they end by themselves.
    NotOffered,
    /// It could not be told, or refused.
    Failed(Fault),
    /// Nobody was signed in.
    NotSignedIn,
}

impl Revocation {
    /// In words, after *signed out* or *removed*.
    pub fn words(&self) -> String {
        match self {
            Self::Accepted => "the server took the tokens back".to_owned(),
            Self::NotOffered => {
                "the server offers no way to take tokens back; they end by themselves".to_owned()
            }
            Self::Failed(fault) => {
                format!("the tokens are forgotten here, but not taken back there: {fault}")
            }
            Self::NotSignedIn => "nobody was signed in".to_owned(),
        }
    }
}

/// What [`Remove`](super::Remove) did beside forgetting the connector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Forgotten {
    /// What the authorization server said, where somebody was signed in.
    pub revocation: Option<Revocation>,
}
