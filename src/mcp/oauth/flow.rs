//! The sign-in from its first request to its tokens.
//!
//! The future owns everything of it: dropped, the listener is closed and nothing is
//! left. Between the answer of the token endpoint and its return nothing waits, so
//! whoever runs it in a task of its own loses no token to a caller that goes away.

mod attempt;
mod ways;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::{mpsc, oneshot};
use url::Url;

use self::attempt::Attempt;
pub use self::ways::until_over;
use super::address::Rules;
use super::ask::Asker;
use super::discover::{Discovered, Wanted, discover};
use super::knock::challenge_of;
use super::record::SignInRecord;
use super::scopes::{self, StepUp};
use super::token::TokenFault;
use super::trail::{SignInEvent, Trail};
use crate::domain::{
    ConnectionOptions, ConsentId, Fault, ManualRegistration, Registration, Secret, SignInOptions,
    SignInStage, SignInStep,
};
use crate::guard::address::is_loopback;
use crate::mcp::challenge::Challenge;
use crate::mcp::network::Network;

/// What to sign in to, and how.
#[derive(Clone, Debug)]
pub struct SignInRequest {
    /// What the consent is called.
    pub id: ConsentId,
    /// The MCP server.
    pub server: Url,
    /// The Bearer challenge that it answered with. `None`: it is asked.
    pub challenge: Option<Challenge>,
    /// How to reach it and everything it names: CA, proxy.
    pub options: ConnectionOptions,
    /// What the operator set.
    pub sign_in: SignInOptions,
    /// The secret of a client that was registered by hand.
    pub client_secret: Option<Secret>,
    /// The sign-in before, whose registration and port are used again where they fit.
    pub earlier: Option<SignInRecord>,
    /// More scopes are needed than were granted.
    pub step_up: Option<StepUp>,
    /// The earlier registration is not to be used again: the server forgot it.
    pub fresh_client: bool,
    /// Set while a question is under way whose answer may be tokens that nobody was told
    /// of yet: whoever ends the sign-in then lets it go on until this is over.
    pub asking: Arc<AtomicBool>,
}

/// What a person pasted, and who is told what is wrong with it.
#[derive(Debug)]
pub struct Pasted {
    /// As pasted.
    pub text: Secret,
    /// Takes what was wrong with it, or that it was the answer. The sign-in itself may
    /// fail after that.
    pub verdict: oneshot::Sender<Result<(), Fault>>,
}

/// A sign-in that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInFault {
    /// What went wrong.
    pub fault: Fault,
    /// Everything that happened.
    pub steps: Vec<SignInStep>,
    /// What to register by hand, where nothing else is possible.
    pub by_hand: Option<Box<ManualRegistration>>,
    /// The server no longer knows the client: the next try sets
    /// [`SignInRequest::fresh_client`].
    pub client_lost: bool,
}

/// Why it ends.
#[derive(Debug)]
struct End {
    fault: Fault,
    by_hand: Option<Box<ManualRegistration>>,
    client_lost: bool,
}

impl From<Fault> for End {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            by_hand: None,
            client_lost: false,
        }
    }
}

impl From<TokenFault> for End {
    fn from(fault: TokenFault) -> Self {
        let lost = matches!(&fault, TokenFault::Refused(code, _) if code == "invalid_client");
        Self {
            fault: fault.into(),
            by_hand: None,
            client_lost: lost,
        }
    }
}

/// Signs in. `pasted` brings what a person pastes; `on_event` is told every step, and
/// the consent when a person is needed. The first answer wins.
///
/// # Errors
/// - [`crate::domain::FaultKind::SignIn`]: it did not come about, and another try may;
/// - [`crate::domain::FaultKind::Denied`]: the person refused, or what the server names must not be
///   used;
/// - [`crate::domain::FaultKind::User`], [`crate::domain::FaultKind::Config`]: what the operator set cannot be used;
/// - [`crate::domain::FaultKind::Network`], [`crate::domain::FaultKind::Server`]: not now.
pub async fn sign_in(
    network: &Network,
    request: SignInRequest,
    mut pasted: mpsc::Receiver<Pasted>,
    on_event: &mut (dyn FnMut(SignInEvent) + Send),
) -> Result<SignInRecord, SignInFault> {
    let mut trail = Trail::new(on_event);
    match go(network, &request, &mut pasted, &mut trail).await {
        Ok(record) => {
            trail.done();
            Ok(record)
        }
        Err(end) => {
            trail.failed(&end.fault);
            Err(SignInFault {
                fault: end.fault,
                steps: trail.into_steps(),
                by_hand: end.by_hand,
                client_lost: end.client_lost,
            })
        }
    }
}

async fn go(
    network: &Network,
    request: &SignInRequest,
    pasted: &mut mpsc::Receiver<Pasted>,
    trail: &mut Trail<'_>,
) -> Result<SignInRecord, End> {
    let (server, set) = (&request.server, &request.sign_in);
    trail.begin(SignInStage::Resource);
    if server.scheme() != "https" && !is_loopback(server) {
        return Err(
            Fault::denied("plain http to another machine never carries a token")
                .hint("use the server's https:// address")
                .into(),
        );
    }
    let rules = Rules {
        server: server.clone(),
        private_network: set.private_network,
    };
    let asker = Asker::new(network, &request.options, rules)?;
    let wanted = wanted(request)?;
    let challenge = match &request.challenge {
        Some(known) => Some(known.clone()),
        None => challenge_of(&asker, server, trail).await,
    };
    let is_named = matches!(wanted, Wanted::Only(_));
    let found = discover(&asker, challenge.as_ref(), wanted, trail).await?;
    let scopes = wanted_scopes(request, challenge.as_ref(), &found);
    let resource = match &found.resource {
        Some(resource) => resource.resource.clone(),
        None => canonical(server),
    };
    let mut attempt = Attempt {
        request,
        found,
        scopes,
        resource,
        is_named,
        asker,
    };
    if set.machine {
        return attempt.for_a_machine(trail).await;
    }
    attempt.with_a_person(pasted, trail).await
}

/// Which authorization server is preferred. A client's secret goes to the one that it
/// was given for (CVE-2026-104850).
fn wanted(request: &SignInRequest) -> Result<Wanted<'_>, Fault> {
    let set = &request.sign_in;
    let earlier = request.earlier.as_ref();
    if let Some(issuer) = &set.issuer {
        return Ok(Wanted::Only(issuer));
    }
    let same_client = |record: &&SignInRecord| {
        record.client.kind == Registration::Manual
            && Some(&record.client.id) == set.client_id.as_ref()
    };
    if let Some(record) = earlier.filter(same_client) {
        return Ok(Wanted::Only(&record.issuer));
    }
    if set.machine {
        // Nobody would see where the secret goes.
        return Err(
            Fault::user("a machine account needs its authorization server named")
                .hint("give its issuer with --issuer https://…"),
        );
    }
    Ok(earlier.map_or(Wanted::Any, |record| Wanted::Rather(&record.issuer)))
}

fn wanted_scopes(
    request: &SignInRequest,
    challenge: Option<&Challenge>,
    found: &Discovered,
) -> Vec<String> {
    if let Some(step) = &request.step_up {
        return step.ask.clone();
    }
    let challenge = challenge.and_then(|one| one.param("scope"));
    let resource = found
        .resource
        .as_ref()
        .and_then(|one| one.scopes.as_deref());
    scopes::choose(
        &request.sign_in.scopes,
        challenge,
        resource,
        &found.server.scopes,
    )
}

/// The server as a resource (RFC 8707 section 2): without query and fragment, a bare
/// host without its slash (MCP 2026-07-28, "Canonical server URI").
fn canonical(server: &Url) -> String {
    let mut url = server.clone();
    url.set_query(None);
    url.set_fragment(None);
    let text = url.as_str();
    match url.path() {
        "/" => text.trim_end_matches('/').to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_as_a_resource_without_query_and_bare_slash() {
        for (server, resource) in [
            ("https://mcp.example/", "https://mcp.example"),
            (
                "https://mcp.example:8443/mcp?key=1",
                "https://mcp.example:8443/mcp",
            ),
            ("https://mcp.example/a/", "https://mcp.example/a/"),
        ] {
            assert_eq!(canonical(&Url::parse(server).unwrap()), resource);
        }
    }
}
