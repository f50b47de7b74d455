//! Makes a session in one way; the next way is somebody else's decision.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rmcp::{
    RoleClient,
    model::ProtocolVersion,
    service::{
        ClientInitializeError, ClientLifecycleMode, RunningService,
        serve_client_with_lifecycle_and_ct,
    },
    transport::{
        StreamableHttpClientTransport, common::client_side_sse::ExponentialBackoff,
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    SessionEvent,
    asks::Asks,
    fault::{Failure, ONLY_NEWER, from_handshake},
    handler::{Handler, Reports},
    http::{Http, STREAM_TRIES},
    plan::{Attempt, ConnectPlan, Stage},
    program::Start,
    sse::SseTransport,
    stdio::StdioTransport,
    wire::Wire,
};
use crate::domain::{Era, Fault, FaultKind, Target, Transport};
use crate::mcp::hide::Hidden;

/// How long a server may take to begin an answer, and to shake hands.
const WAIT: Duration = Duration::from_secs(30);
/// How long a program may take to shake hands; many install themselves first.
const PROGRAM_WAIT: Duration = Duration::from_secs(60);
/// Calls to one server that may run at once.
const MAX_CONCURRENT: usize = 256;

/// Pause before a broken stream is taken up again; it doubles.
const FIRST_RETRY: Duration = Duration::from_millis(if cfg!(test) { 20 } else { 1000 });

/// A session that stands.
pub(super) struct Started {
    pub(super) running: RunningService<RoleClient, Handler>,
    pub(super) wire: Arc<Wire>,
    pub(super) reports: Arc<Reports>,
    pub(super) asks: Arc<Asks>,
    pub(super) end: CancellationToken,
    pub(super) took: Duration,
}

/// What every way to connect needs.
pub(super) struct Ground<'a> {
    pub(super) plan: &'a ConnectPlan,
    /// Client and checked address, for a server on the network.
    pub(super) http: Option<(reqwest::Client, Url)>,
    pub(super) events: Sender<SessionEvent>,
}

impl Ground<'_> {
    /// How long an answer may take to begin.
    pub(super) fn wait(&self) -> Duration {
        let usual = match self.plan.target {
            Target::Http { .. } => WAIT,
            Target::Program { .. } => PROGRAM_WAIT,
        };
        self.plan
            .options
            .timeout_seconds
            .map_or(usual, |seconds| Duration::from_secs(seconds.into()))
    }

    /// Tries one way, and says when something answers.
    pub(super) async fn attempt(
        &self,
        attempt: Attempt,
        on_stage: &mut (dyn FnMut(Stage) + Send),
    ) -> Result<Started, Failure> {
        let wire = Arc::new(Wire::new());
        let mut reached = wire.reached();
        let limit = self.wait();
        let started = tokio::time::timeout(limit, self.start(attempt, &wire));
        tokio::pin!(started);
        let outcome = tokio::select! {
            biased;
            outcome = &mut started => outcome,
            // Nothing borrowed may outlive the wait: who answers next would be locked out.
            _ = async { reached.wait_for(|reached| *reached).await.is_ok() } => {
                on_stage(Stage::Negotiate);
                started.await
            }
        };
        if *reached.borrow() {
            on_stage(Stage::Negotiate);
        }
        outcome.unwrap_or_else(|_| {
            let mut fault = self.too_slow(limit, *reached.borrow());
            if let Some(remark) = wire.remarked() {
                fault = fault.hint(remark);
            }
            Err(Failure {
                fault: wire.noted().unwrap_or(fault),
                // It answers, only not this: perhaps it waits for an `initialize`.
                other_era: attempt.era == Era::Modern && *reached.borrow(),
            })
        })
    }

    /// The time is over; `reached` where an answer had begun.
    fn too_slow(&self, limit: Duration, reached: bool) -> Fault {
        let (who, reached) = match &self.http {
            Some((_, url)) => (url.host_str().unwrap_or("the server"), reached),
            // That it runs is no answer yet.
            None => ("the program", false),
        };
        let seconds = limit.as_secs();
        let message = if reached {
            format!("{who} began to answer and did not come to an end within {seconds} s")
        } else {
            format!("{who} did not answer within {seconds} s")
        };
        Fault::new(FaultKind::Network, message)
            .hint("--timeout SECONDS gives it longer")
            .retryable()
    }

    async fn start(&self, attempt: Attempt, wire: &Arc<Wire>) -> Result<Started, Failure> {
        let began = Instant::now();
        let reports = Arc::new(Reports::new(self.events.clone(), Hidden::of(self.plan)));
        let end = CancellationToken::new();
        let asks = Arc::new(Asks::default());
        let handler = Handler {
            reports: Arc::clone(&reports),
            asks: Arc::clone(&asks),
        };
        let mode = mode(attempt.era);
        let running = match (attempt.transport, &self.plan.target, &self.http) {
            (Transport::Stdio, Target::Program { .. }, _) => {
                let transport = self.program(wire)?;
                serve_client_with_lifecycle_and_ct(handler, transport, mode, end.clone()).await
            }
            (Transport::Sse, _, Some((client, url))) => {
                let http = self.http(client, wire);
                let transport = SseTransport::connect(http, url).await?;
                serve_client_with_lifecycle_and_ct(handler, transport, mode, end.clone()).await
            }
            (_, _, Some((client, url))) => {
                let http = self.http(client, wire);
                let transport = StreamableHttpClientTransport::with_client(http, config(url));
                serve_client_with_lifecycle_and_ct(handler, transport, mode, end.clone()).await
            }
            _ => {
                let fault = Fault::internal("this target has no such transport");
                return Err(Failure {
                    fault,
                    other_era: false,
                });
            }
        };
        let running = running
            .map_err(|error: ClientInitializeError| from_handshake(&error, attempt.era, wire))?;
        let took = began.elapsed();
        Ok(Started {
            running,
            wire: Arc::clone(wire),
            reports,
            asks,
            end,
            took,
        })
    }

    fn http(&self, client: &reqwest::Client, wire: &Arc<Wire>) -> Http {
        let credentials = self.plan.credentials.clone();
        Http::new(client.clone(), credentials, Arc::clone(wire), self.wait())
    }

    fn program(&self, wire: &Arc<Wire>) -> Result<StdioTransport, Failure> {
        let Target::Program {
            command,
            args,
            path,
            cwd,
            ..
        } = &self.plan.target
        else {
            let fault = Fault::internal("a server on the network is no program");
            return Err(Failure {
                fault,
                other_era: false,
            });
        };
        let start = Start {
            command,
            args,
            path: path.as_deref(),
            cwd,
            credentials: &self.plan.credentials,
        };
        StdioTransport::start(&start, Arc::clone(wire), self.events.clone()).map_err(|fault| {
            Failure {
                fault,
                other_era: false,
            }
        })
    }
}

/// Never rmcp's own guessing: it takes a late answer to its probe for a fault.
fn mode(era: Era) -> ClientLifecycleMode {
    match era {
        Era::Modern => ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        },
        Era::Legacy => ClientLifecycleMode::Initialize,
    }
}

fn config(url: &Url) -> StreamableHttpClientTransportConfig {
    let mut config = StreamableHttpClientTransportConfig::with_uri(url.as_str())
        .max_concurrent_requests(MAX_CONCURRENT);
    let mut retry = ExponentialBackoff::default();
    retry.max_times = Some(STREAM_TRIES);
    retry.base_duration = FIRST_RETRY;
    retry.max_delay = Some(Duration::from_secs(60));
    config.retry_config = Arc::new(retry);
    config
}

/// The failure to report when every way failed: what says most, and of equals the
/// one that came last before another family was tried in vain.
pub(super) fn verdict(failures: Vec<Failure>) -> Fault {
    let mut best: Option<Failure> = None;
    for failure in failures {
        let better = match &best {
            None => true,
            Some(_) if !failure.other_era => true,
            Some(best) if !best.other_era => true,
            // Of two errors the first may be for words the server does not know.
            Some(best) if failure.fault.kind == FaultKind::Server => {
                weight(&failure.fault) >= weight(&best.fault)
            }
            Some(best) => weight(&failure.fault) > weight(&best.fault),
        };
        if better {
            best = Some(failure);
        }
    }
    best.map_or_else(
        || Fault::internal("there was no way to connect"),
        |failure| failure.fault,
    )
}

/// How much a fault says.
fn weight(fault: &Fault) -> u8 {
    match fault.kind {
        FaultKind::NotMcp if fault.message.contains("HTTP 4") => 0,
        FaultKind::NotMcp if fault.message == ONLY_NEWER => 0,
        FaultKind::NotMcp => 1,
        FaultKind::Server => 2,
        _ => 3,
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            other_era: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: FaultKind, message: &str, other_era: bool) -> Failure {
        Failure {
            fault: Fault::new(kind, message),
            other_era,
        }
    }

    #[test]
    fn what_says_most_is_reported() {
        let page = "a web page answers";
        let failures = vec![
            failure(FaultKind::NotMcp, "the server failed with HTTP 404", true),
            failure(FaultKind::NotMcp, "the server failed with HTTP 404", true),
            failure(FaultKind::NotMcp, page, true),
        ];
        assert_eq!(verdict(failures).message, page);
        let failures = vec![
            failure(FaultKind::Server, "error -32600", true),
            failure(FaultKind::NotMcp, "the server failed with HTTP 405", true),
        ];
        assert_eq!(verdict(failures).message, "error -32600");
        let failures = vec![
            failure(FaultKind::Server, "no session id", true),
            failure(FaultKind::Server, "the database is away", true),
            failure(FaultKind::NotMcp, "the server failed with HTTP 405", true),
        ];
        assert_eq!(verdict(failures).message, "the database is away");
        let failures = vec![
            failure(FaultKind::NotMcp, "it ends too early", true),
            failure(FaultKind::NotMcp, ONLY_NEWER, true),
        ];
        assert_eq!(verdict(failures).message, "it ends too early");
        let failures = vec![
            failure(FaultKind::Server, "error -32600", true),
            failure(FaultKind::SignIn, "sign in", false),
        ];
        assert_eq!(verdict(failures).kind, FaultKind::SignIn);
    }
}
