//! The sign-in from its first request to its tokens.
//!
//! The future owns everything of it: dropped, the listener is closed and nothing is
//! left. Between the answer of the token endpoint and its return nothing waits, so
//! whoever runs it in a task of its own loses no token to a caller that goes away.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::address::Rules;
use super::answer::{Said, read_callback, read_pasted};
use super::ask::Asker;
use super::authorize::{Authorization, Wish, authorize, refuse_without_pkce};
use super::callback::{Callback, Place, USUAL_PATH, place_of};
use super::client::Client;
use super::device::{self, Device};
use super::discover::{Discovered, Wanted, discover};
use super::metadata::server::ServerMetadata;
use super::record::SignInRecord;
use super::registration::{Earlier, Plan, by_hand, plan, register};
use super::scopes::{self, StepUp, described};
use super::token::{self, TokenFault, Tokens};
use super::trail::{SignInEvent, Trail};
use crate::domain::{
    CONSENT_RANGE, ConnectionOptions, Consent, ConsentId, Fault, FaultKind, ManualRegistration,
    Registration, Secret, SignInOptions, SignInStage, SignInStep, Timestamp, Untrusted,
};
use crate::guard::address::is_loopback;
use crate::mcp::challenge::Challenge;
use crate::mcp::network::Network;

/// How long a consent waits where nothing else was set, in seconds.
const CONSENT_SECONDS: u32 = 300;

/// What to sign in to, and how.
#[derive(Clone, Debug)]
pub struct SignInRequest {
    /// What the consent is called.
    pub id: ConsentId,
    /// The MCP server.
    pub server: Url,
    /// The Bearer challenge that it answered with, if one is known.
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

/// Signs in. `pasted` brings what a person pastes; `on_event` is told every step, and
/// the consent when a person is needed. The first answer wins.
///
/// # Errors
/// - [`FaultKind::SignIn`]: it did not come about, and another try may;
/// - [`FaultKind::Denied`]: the person refused, or what the server names must not be
///   used;
/// - [`FaultKind::User`], [`FaultKind::Config`]: what the operator set cannot be used;
/// - [`FaultKind::Network`], [`FaultKind::Server`]: not now.
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
    let found = discover(&asker, request.challenge.as_ref(), wanted, trail).await?;
    let scopes = wanted_scopes(request, &found);
    let resource = match &found.resource {
        Some(resource) => resource.resource.clone(),
        None => canonical(server),
    };
    let mut attempt = Attempt {
        request,
        found,
        scopes,
        resource,
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

fn wanted_scopes(request: &SignInRequest, found: &Discovered) -> Vec<String> {
    if let Some(step) = &request.step_up {
        return step.ask.clone();
    }
    let challenge = request
        .challenge
        .as_ref()
        .and_then(|one| one.param("scope"));
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

/// One sign-in under way.
struct Attempt<'a> {
    request: &'a SignInRequest,
    found: Discovered,
    scopes: Vec<String>,
    resource: String,
    asker: Asker<'a>,
}

impl Attempt<'_> {
    async fn for_a_machine(&mut self, trail: &mut Trail<'_>) -> Result<SignInRecord, End> {
        trail.begin(SignInStage::Register);
        let set = &self.request.sign_in;
        let secret = self.request.client_secret.as_ref();
        let server = &self.found.server;
        let plan = plan(server, set, secret, None, None, Timestamp::now())?;
        let Plan::Known(client) = plan else {
            return Err(Fault::internal("a machine account without a client").into());
        };
        if client.secret.is_none() {
            return Err(Fault::user("a machine account needs a client secret")
                .hint("give it with --client-secret-stdin")
                .into());
        }
        trail.begin(SignInStage::Token);
        let request = token::for_a_machine(&client, &server.token, &self.scopes, &self.resource);
        let tokens = token::ask(&self.asker, &request, "the machine account", trail)
            .await
            .map_err(ended)?;
        Ok(self.record(client, None, tokens))
    }

    async fn with_a_person(
        &mut self,
        pasted: &mut mpsc::Receiver<Pasted>,
        trail: &mut Trail<'_>,
    ) -> Result<SignInRecord, End> {
        trail.begin(SignInStage::Register);
        let server = &self.found.server;
        let set = &self.request.sign_in;
        if server.authorization.is_some() {
            refuse_without_pkce(server, set.unadvertised_pkce)?;
        }
        let (mut callback, redirect) = self.listen().await?;
        let (client, redirect) = self.client(redirect, trail).await?;
        trail.begin(SignInStage::Consent);
        let device = self.device(&client, trail).await?;
        let wish = Wish {
            client_id: &client.id,
            redirect: &redirect,
            scopes: &self.scopes,
            resource: &self.resource,
        };
        let asked = match (&server.authorization, &device) {
            (None, Some(_)) => None,
            _ => Some(authorize(server, wish)?),
        };
        let consent = self.consent(&client, asked.as_ref(), callback.as_ref(), device.as_ref());
        let end = Instant::now() + Duration::from_secs(self.consent_seconds().into());
        trail.tell(SignInEvent::Consent(Box::new(consent)));
        let mut ways = Ways {
            asked: asked.as_ref(),
            callback: callback.as_mut(),
            pasted,
            device: device.as_ref(),
        };
        let answered = ways.wait(self, &client, end, trail).await?;
        // The port is closed before anything else happens.
        drop(callback);
        trail.begin(SignInStage::Token);
        let tokens = match (answered, &asked) {
            (Answered::Tokens(tokens), _) => tokens,
            (Answered::Code(code), Some(asked)) => {
                let token = &self.found.server.token;
                let request = token::exchange(
                    &client,
                    token,
                    &code,
                    &asked.verifier,
                    &asked.redirect,
                    &self.resource,
                );
                token::ask(&self.asker, &request, "the code", trail)
                    .await
                    .map_err(ended)?
            }
            (Answered::Code(_), None) => {
                return Err(Fault::internal("a code that nobody asked for").into());
            }
        };
        let redirect = asked.map(|asked| asked.redirect);
        Ok(self.record(client, redirect, tokens))
    }

    /// The listener, where one fits, and the redirect URL.
    async fn listen(&self) -> Result<(Option<Callback>, String), Fault> {
        let set = &self.request.sign_in;
        if let Some(redirect) = &set.redirect_url {
            let callback = match place_of(redirect, set.callback_port)? {
                Some(place) => Some(Callback::listen(&place).await?),
                None => None,
            };
            return Ok((callback, redirect.clone()));
        }
        let before = self.request.earlier.as_ref().and_then(|record| {
            let url = Url::parse(record.redirect_url.as_deref()?).ok()?;
            url.port().filter(|_| is_loopback(&url))
        });
        let callback = Callback::listen(&Place {
            port: set.callback_port,
            rather: before,
            path: USUAL_PATH.to_owned(),
            v6_too: true,
        })
        .await?;
        let redirect = format!("http://127.0.0.1:{}{USUAL_PATH}", callback.port);
        Ok((Some(callback), redirect))
    }

    /// The client, and the redirect URL that it is registered with.
    async fn client(
        &self,
        redirect: String,
        trail: &mut Trail<'_>,
    ) -> Result<(Client, String), End> {
        let (request, server) = (self.request, &self.found.server);
        let set = &request.sign_in;
        let mut redirects = vec![redirect.clone()];
        if set.redirect_url.is_none() {
            // Some servers know this machine by its name alone.
            redirects.push(redirect.replacen("127.0.0.1", "localhost", 1));
        }
        let record = request.earlier.as_ref().filter(|_| !request.fresh_client);
        let earlier = record.map(|record| Earlier {
            client: &record.client,
            issuer: &record.issuer,
            redirect: record.redirect_url.as_deref(),
        });
        let secret = request.client_secret.as_ref();
        for redirect in &redirects {
            let now = Timestamp::now();
            let decided = plan(server, set, secret, earlier, Some(redirect), now)?;
            if let Plan::Known(client) = decided {
                let again = redirects.first() != Some(redirect);
                if !again || client.kind == Registration::Dynamic {
                    return Ok((client, redirect.clone()));
                }
            }
        }
        match plan(server, set, secret, None, Some(&redirect), Timestamp::now())? {
            Plan::Known(client) => Ok((client, redirect)),
            Plan::Dynamic(endpoint) => {
                let asked = register(
                    &self.asker,
                    server,
                    &endpoint,
                    &redirects,
                    &self.scopes,
                    trail,
                );
                Ok(asked.await?)
            }
            Plan::ByHand => {
                let (fault, form) = by_hand(server, Some(&redirect), &self.scopes);
                Err(End {
                    fault,
                    by_hand: Some(Box::new(form)),
                    client_lost: false,
                })
            }
        }
    }

    /// A device code, where the server has them. Where a browser can be used as well,
    /// the sign-in does without.
    async fn device(
        &self,
        client: &Client,
        trail: &mut Trail<'_>,
    ) -> Result<Option<Device>, Fault> {
        let server = &self.found.server;
        let Some(endpoint) = &server.device else {
            return Ok(None);
        };
        let begun = device::begin(
            &self.asker,
            client,
            endpoint,
            &self.scopes,
            &self.resource,
            trail,
        );
        match begun.await {
            Ok(device) => Ok(Some(device)),
            Err(fault) if server.authorization.is_none() => Err(fault),
            Err(fault) => {
                trail.tell(SignInEvent::Refused(fault));
                Ok(None)
            }
        }
    }

    fn consent_seconds(&self) -> u32 {
        let seconds = self.request.sign_in.consent_seconds;
        seconds
            .unwrap_or(CONSENT_SECONDS)
            .clamp(*CONSENT_RANGE.start(), *CONSENT_RANGE.end())
    }

    fn consent(
        &self,
        client: &Client,
        asked: Option<&Authorization>,
        callback: Option<&Callback>,
        device: Option<&Device>,
    ) -> Consent {
        let since = Timestamp::now();
        let server = &self.found.server;
        let place = asked.map(|asked| asked.url.clone());
        let host = match (&place, device) {
            (Some(url), _) => url.host_str().unwrap_or_default().to_owned(),
            (None, Some(device)) => Url::parse(&device.shown.url)
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
                .unwrap_or_default(),
            (None, None) => String::new(),
        };
        let added = self.request.step_up.as_ref();
        Consent {
            id: self.request.id.clone(),
            url: place.map(Url::into),
            host,
            issuer: Untrusted::new(server.issuer.as_str()),
            scopes: described(&self.scopes),
            added: added.map_or_else(Vec::new, |step| described(&step.added)),
            redirect_url: asked.map(|asked| asked.redirect.clone()),
            callback_port: callback.filter(|_| asked.is_some()).map(|one| one.port),
            device: device.map(|one| one.shown.clone()),
            registration: client.kind,
            unadvertised_pkce: !server.pkce && asked.is_some(),
            since,
            expires_at: since.after(Duration::from_secs(self.consent_seconds().into())),
        }
    }

    fn record(&self, client: Client, redirect: Option<String>, tokens: Tokens) -> SignInRecord {
        let (request, now) = (self.request, Timestamp::now());
        let server: &ServerMetadata = &self.found.server;
        let before = request
            .earlier
            .as_ref()
            .map_or(0, |record| record.generation);
        SignInRecord {
            server: request.server.clone(),
            resource: self.resource.clone(),
            issuer: server.issuer.clone(),
            client,
            redirect_url: redirect,
            token: server.token.clone(),
            revocation: server.revocation.clone(),
            private_network: request.sign_in.private_network,
            machine: request.sign_in.machine,
            scopes: tokens.scopes.unwrap_or_else(|| self.scopes.clone()),
            scopes_asked: self.scopes.clone(),
            access_token: tokens.access,
            refresh_token: tokens.refresh,
            issued_at: now,
            expires_at: tokens.expires_at,
            signed_in_at: now,
            refreshed_at: None,
            account: tokens.account,
            generation: before.saturating_add(1),
            refreshing_since: None,
            spent: false,
        }
    }
}

/// A token fault that ends a sign-in.
fn ended(fault: TokenFault) -> End {
    let client_lost = matches!(&fault, TokenFault::Refused(code, _) if code == "invalid_client");
    End {
        fault: fault.into(),
        by_hand: None,
        client_lost,
    }
}

/// What answered first.
enum Answered {
    Code(Secret),
    Tokens(Tokens),
}

/// The ways in which an answer may come.
struct Ways<'a> {
    asked: Option<&'a Authorization>,
    callback: Option<&'a mut Callback>,
    pasted: &'a mut mpsc::Receiver<Pasted>,
    device: Option<&'a Device>,
}

impl Ways<'_> {
    /// Waits for the first answer.
    async fn wait(
        &mut self,
        attempt: &Attempt<'_>,
        client: &Client,
        end: Instant,
        trail: &mut Trail<'_>,
    ) -> Result<Answered, Fault> {
        let (token, resource) = (&attempt.found.server.token, attempt.resource.as_str());
        let device = self.device;
        let polling = async {
            match device {
                Some(device) => device::wait(&attempt.asker, client, token, device, resource).await,
                None => std::future::pending().await,
            }
        };
        let mut polling = std::pin::pin!(polling);
        let (mut polls, mut pastes) = (true, true);
        loop {
            tokio::select! {
                arrival = next(self.callback.as_deref_mut()) => {
                    let judged = match self.asked {
                        Some(asked) => read_callback(arrival.query.expose(), asked),
                        None => Err(Fault::user("no answer is waited for here")),
                    };
                    // The browser may be gone.
                    let _ = arrival.verdict.send(judged.is_ok());
                    match judged {
                        Ok(Said::Code(code)) => return Ok(Answered::Code(code)),
                        Ok(Said::Refused(fault)) => return Err(fault),
                        Err(fault) => trail.tell(SignInEvent::Refused(fault)),
                    }
                }
                paste = self.pasted.recv(), if pastes => {
                    let Some(Pasted { text, verdict }) = paste else {
                        pastes = false;
                        continue;
                    };
                    let judged = match self.asked {
                        Some(asked) => read_pasted(text.expose(), asked),
                        None => Err(Fault::user("this sign-in ends by itself once the code was typed")
                            .hint("type the device code at the address shown; there is nothing to paste")),
                    };
                    let _ = verdict.send(judged.as_ref().map(|_| ()).map_err(Clone::clone));
                    match judged {
                        Ok(Said::Code(code)) => return Ok(Answered::Code(code)),
                        Ok(Said::Refused(fault)) => return Err(fault),
                        Err(fault) => trail.tell(SignInEvent::Refused(fault)),
                    }
                }
                polled = &mut polling, if polls => match polled {
                    Ok(tokens) => return Ok(Answered::Tokens(tokens)),
                    Err(fault) if fault.kind == FaultKind::Denied || self.asked.is_none() => {
                        return Err(fault);
                    }
                    Err(fault) => {
                        polls = false;
                        trail.tell(SignInEvent::Refused(fault));
                    }
                },
                () = sleep_until(end) => {
                    return Err(Fault::new(FaultKind::SignIn, "nobody answered in time, so the sign-in has ended")
                        .hint("start it again: callboard login NAME"));
                }
            }
        }
    }
}

async fn next(callback: Option<&mut Callback>) -> super::callback::Arrival {
    match callback {
        Some(callback) => callback.next().await,
        None => std::future::pending().await,
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
