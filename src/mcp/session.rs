//! One session with one server.
//!
//! A session is made in whichever way its server speaks: Streamable HTTP of both
//! protocol families, HTTP+SSE of 2024-11-05, or the pipes of a local program. Above
//! it all four are the same: functions are listed, functions are called, resources are
//! read and watched, prompts filled in, changes and the end are events. Definitions and results come through exactly as they were
//! sent (`session/wire.rs` says how).

mod answer;
mod asks;
mod bearer;
mod call;
mod changes;
mod events;
mod fault;
mod handler;
mod http;
mod list;
mod offers;
mod pages;
mod plan;
mod post;
mod program;
mod request;
mod rounds;
mod sse;
mod start;
mod stdio;
mod strict;
mod watch;
mod watches;
mod wire;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rmcp::{Peer, RoleClient, model::ServerCapabilities, service::ClientCacheConfig};
use tokio::{sync::mpsc, task::JoinHandle, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use asks::AskBack;
pub use bearer::{Token, TokenSource};
pub use call::CallAnswer;
pub use fault::CallFault;
pub use list::RawFunction;
pub use offers::RawReading;
pub use plan::{ConnectPlan, Credentials, Stage};
pub use watch::{Change, Watch};

use self::{
    asks::Asks,
    fault::WireFault,
    handler::Reports,
    plan::Attempt,
    start::{Ground, Started},
    wire::Wire,
};
use super::hide::Hidden;
use super::network::Network;
use crate::domain::{Era, Fault, ServerIdentity, Target, Transport, Untrusted};

/// How long a call may go without a sign of life, unless the connector says.
const IDLE: Duration = Duration::from_secs(300);
/// Longest name and version that are kept, in characters.
const MAX_NAME: usize = 200;
/// Longest instructions that are kept, in characters.
const MAX_INSTRUCTIONS: usize = 32 * 1024;
/// How long an orderly end may take before it is left to itself.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// A server that forgets its session again and again has its list read again no
/// more often than this.
const RENEWAL_REST: Duration = Duration::from_secs(30);

/// What was agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// What the server calls itself.
    pub server: ServerIdentity,
    /// Protocol version, e.g. `2025-06-18`.
    pub protocol: String,
    /// Which family that belongs to.
    pub era: Era,
    /// How messages travel.
    pub transport: Transport,
    /// What the server says about its use.
    pub instructions: Option<Untrusted>,
    /// How long the handshake took, in milliseconds.
    pub latency_ms: u64,
    /// What it offers besides functions.
    pub offers: Offers,
}

/// What a server says that it offers besides functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Resources.
    pub resources: bool,
    /// Telling when a resource changes.
    pub subscribe: bool,
    /// Prompts.
    pub prompts: bool,
}

/// What happens to a session by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// The server's list of functions is no longer what it was.
    FunctionsChanged,
    /// What it offers besides, resources or prompts, may be something else by now.
    OffersChanged,
    /// The session is over; said once, and not for [`Session::close`].
    Closed(Fault),
    /// A line that a local program wrote to its standard error.
    Stderr(Untrusted),
    /// The server asked something while nothing of it was called, and was declined;
    /// said once.
    AskedOutside,
}

/// A session. Shared by reference, its calls run side by side; dropping it ends it.
pub struct Session {
    peer: Peer<RoleClient>,
    wire: Arc<Wire>,
    reports: Arc<Reports>,
    asks: Arc<Asks>,
    info: SessionInfo,
    end: CancellationToken,
    watcher: Mutex<Option<JoinHandle<()>>>,
    under_way: TaskTracker,
    answer_wait: Duration,
    idle_wait: Duration,
    says_functions: bool,
}

impl Session {
    /// Connects in the first way that works. `on_stage` hears each stage as it
    /// begins; `events` hears what happens later.
    ///
    /// # Errors
    ///
    /// The network, the server, or the program fails; or what answers is not an MCP
    /// server; or it wants a sign-in.
    pub async fn connect(
        network: &Network,
        plan: ConnectPlan,
        on_stage: &mut (dyn FnMut(Stage) + Send),
        events: mpsc::Sender<SessionEvent>,
    ) -> Result<Self, Fault> {
        on_stage(Stage::Reach);
        let http = match &plan.target {
            Target::Http { url, .. } => {
                let url = plan.checked_url(url)?;
                Some((network.client(&plan.options)?, url))
            }
            Target::Program { .. } => None,
        };
        let ground = Ground {
            plan: &plan,
            http,
            events,
        };
        let mut negotiating = false;
        let mut once = |stage| {
            if !std::mem::replace(&mut negotiating, true) {
                on_stage(stage);
            }
        };
        let mut failures = Vec::new();
        for attempt in plan.attempts() {
            match ground.attempt(*attempt, &mut once).await {
                Ok(started) => {
                    let session = Self::stand(&ground, *attempt, started).await?;
                    on_stage(Stage::ListFunctions);
                    return Ok(session);
                }
                Err(failure) => {
                    let go_on = failure.other_era;
                    failures.push(failure);
                    if !go_on {
                        break;
                    }
                }
            }
        }
        Err(Hidden::of(&plan).fault(start::verdict(failures)))
    }

    async fn stand(ground: &Ground<'_>, attempt: Attempt, started: Started) -> Result<Self, Fault> {
        let Started {
            running,
            wire,
            reports,
            asks,
            end,
            took,
        } = started;
        wire.settle();
        let peer = running.peer().clone();
        let agreed = peer
            .peer_info()
            .ok_or_else(|| Fault::internal("a session without a handshake"))?;
        let version = &agreed.protocol_version;
        if let Some(fault) = fault::unknown_version(version.as_str()) {
            return Err(fault);
        }
        // rmcp's cache would serve stale lists on errors; the board has its own.
        peer.set_response_cache_config(ClientCacheConfig::disabled())
            .await;
        let server = agreed.server_info.as_ref();
        let info = SessionInfo {
            server: ServerIdentity {
                name: server.map(|s| cut(&s.name, MAX_NAME)).unwrap_or_default(),
                version: server
                    .map(|s| cut(&s.version, MAX_NAME))
                    .unwrap_or_default(),
            },
            protocol: version.as_str().to_owned(),
            era: if version.has_initialize() {
                Era::Legacy
            } else {
                Era::Modern
            },
            transport: attempt.transport,
            instructions: agreed
                .instructions
                .as_deref()
                .map(|text| cut(text, MAX_INSTRUCTIONS)),
            latency_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            offers: Offers::of(&agreed.capabilities),
        };
        if attempt.era == Era::Modern
            && let Some(filter) = changes::lists(&agreed.capabilities)
        {
            let stream = changes::Stream {
                peer: peer.clone(),
                filter,
                ear: changes::Ear::Lists(Arc::clone(&reports)),
                end: end.clone(),
            };
            tokio::spawn(stream.keep(None));
        }
        let says_functions = agreed.capabilities.tools.is_some();
        let watcher = tokio::spawn({
            let (wire, reports, end) = (Arc::clone(&wire), Arc::clone(&reports), end.clone());
            async move {
                let over = running.waiting();
                tokio::pin!(over);
                // Reading the list may itself meet a forgotten session.
                let mut rested = Instant::now();
                let mut stale = false;
                loop {
                    tokio::select! {
                        _ = &mut over => break,
                        () = wire.renewed() => stale = true,
                        () = tokio::time::sleep_until(rested), if stale => {
                            stale = false;
                            rested = Instant::now() + RENEWAL_REST;
                            reports.changed().await;
                            reports.offers_changed().await;
                            wire.watches().renewed();
                        }
                        () = wire.gone().cancelled() => {
                            reports.closed(fault::closed(&wire)).await;
                            let _ = over.await;
                            break;
                        }
                    }
                }
                end.cancel();
                reports.closed(fault::closed(&wire)).await;
            }
        });
        let options = &ground.plan.options;
        let chosen = options
            .timeout_seconds
            .map(u64::from)
            .map(Duration::from_secs);
        Ok(Self {
            peer,
            wire,
            reports,
            asks,
            info,
            end,
            watcher: Mutex::new(Some(watcher)),
            under_way: TaskTracker::new(),
            answer_wait: ground.wait(),
            idle_wait: chosen.unwrap_or(IDLE),
            says_functions,
        })
    }

    /// What was agreed on.
    pub fn info(&self) -> &SessionInfo {
        &self.info
    }

    /// Says why it is about to be closed, for whoever waits to send something.
    pub fn closes_for(&self, why: Fault) {
        self.wire.hang_up_for(why);
    }

    /// Ends the session: tells a server that keeps one, stops a program politely.
    /// Returns when it is over, at the latest after ten seconds.
    pub async fn close(&self) {
        self.reports.silence();
        self.end.cancel();
        let watcher = self
            .watcher
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(watcher) = watcher {
            let _ = tokio::time::timeout(LAST_WAIT, watcher).await;
        }
    }

    /// Returns when no request is under way.
    pub async fn answered(&self) {
        self.under_way.close();
        self.under_way.wait().await;
    }

    fn peer(&self) -> &Peer<RoleClient> {
        &self.peer
    }

    fn wire(&self) -> &Arc<Wire> {
        &self.wire
    }

    /// Returns when the session is over.
    async fn over(&self) {
        self.end.cancelled().await;
    }

    fn asks(&self) -> &Arc<Asks> {
        &self.asks
    }

    fn answer_wait(&self) -> Duration {
        self.answer_wait
    }

    fn idle_wait(&self) -> Duration {
        self.idle_wait
    }

    /// What no fault may quote.
    fn hidden(&self) -> &Hidden {
        self.reports.hidden()
    }

    /// Whether it is over, or about to be.
    pub fn is_over(&self) -> bool {
        self.end.is_cancelled() || self.reports.is_over()
    }

    fn says_functions(&self) -> bool {
        self.says_functions
    }

    /// Says that the session is over if a failed request shows it.
    async fn lost_if(&self, failed: &WireFault) {
        if failed.lost {
            // Calls under way may yet be answered; who owns the session ends it.
            self.reports.closed(failed.fault.clone()).await;
        }
    }
}

impl Offers {
    fn of(capabilities: &ServerCapabilities) -> Self {
        let resources = capabilities.resources.as_ref();
        Self {
            resources: resources.is_some(),
            subscribe: resources.and_then(|r| r.subscribe) == Some(true),
            prompts: capabilities.prompts.is_some(),
        }
    }
}

fn cut(text: &str, characters: usize) -> Untrusted {
    Untrusted::from(text.chars().take(characters).collect::<String>())
}

impl Drop for Session {
    fn drop(&mut self) {
        self.reports.silence();
        self.end.cancel();
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
