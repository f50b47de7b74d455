//! Runs one function.

use std::time::Duration;

use futures_util::{StreamExt, stream::FuturesUnordered};
use rmcp::ServiceError;
use rmcp::model::{CallToolRequest, ClientRequest, ErrorCode, ServerResult};
use serde_json::{Map, Value};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    CallFault, Session,
    asks::{self, AskBack},
    fault::{self, Reach, WireFault},
    request::InFlight,
    rounds::{self, MAX_ROUNDS, Wanted, Wants},
    wire::{Kept, Kind},
};
use crate::domain::{Era, Fault, FaultKind, Progress};

/// What a function answered.
#[derive(Clone, Debug, PartialEq)]
pub struct CallAnswer {
    /// The whole result as the server gave it.
    pub result: Value,
    /// How many bytes the message had that brought it.
    pub bytes: u64,
}

/// How one round ended.
enum Round {
    Answered(CallAnswer),
    /// The server wants something before it goes on.
    Wants(Wants),
    /// The server says that headers and arguments differ: it did not run.
    StaleHeaders(Fault),
    Failed(WireFault),
    Cancelled,
}

impl Session {
    /// Runs a function. `progress` hears how far it is, `asks` what the server asks
    /// back; `cancel` takes it back at the server, and so does dropping this future.
    ///
    /// # Errors
    ///
    /// See [`CallFault`]. Never sent twice, but where the server said that it did not
    /// run or is not done: for want of a header that a newer list names, of an
    /// answer, or of a page that somebody has visited now.
    pub async fn call(
        &self,
        name: &str,
        arguments: Map<String, Value>,
        progress: &mut (dyn FnMut(Progress) + Send),
        asks: &dyn AskBack,
        cancel: CancellationToken,
    ) -> Result<CallAnswer, CallFault> {
        let mut wanted = Wanted::new(name, arguments);
        let mut relisted = false;
        let mut rounds = 0;
        let ended = loop {
            let wants = match self.round(&wanted, progress, asks, &cancel).await {
                Round::Answered(answer) => break Ok(answer),
                Round::Cancelled => break Err(CallFault::Cancelled),
                Round::StaleHeaders(fault) if relisted => break Err(CallFault::Refused(fault)),
                Round::StaleHeaders(_) => {
                    // rmcp learns the headers from the list it sees.
                    self.list_functions().await.map_err(not_run)?;
                    relisted = true;
                    continue;
                }
                Round::Failed(wire) => {
                    self.lost_if(&wire).await;
                    break Err(wire.into_call());
                }
                Round::Wants(wants) => wants,
            };
            rounds += 1;
            if rounds > MAX_ROUNDS {
                break Err(CallFault::Refused(rounds::too_many()));
            }
            let satisfied = tokio::select! {
                biased;
                () = cancel.cancelled() => break Err(CallFault::Cancelled),
                // Nobody is asked for a session that is over.
                () = self.over() => break Err(CallFault::Unknown(fault::closed(self.wire()))),
                satisfied = wanted.satisfy(wants, asks) => satisfied,
            };
            if let Err(fault) = satisfied {
                break Err(CallFault::Refused(fault));
            }
        };
        ended.map_err(|fault| self.hidden().call(fault))
    }

    async fn round(
        &self,
        wanted: &Wanted,
        progress: &mut (dyn FnMut(Progress) + Send),
        asks: &dyn AskBack,
        cancel: &CancellationToken,
    ) -> Round {
        if cancel.is_cancelled() {
            return Round::Cancelled;
        }
        // Before it is sent: a server may ask before we know that it was.
        let mut listening = self.asks().listen(asks.willing());
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(wanted.params()));
        let mut flight = match InFlight::start(self, request, Kind::Whole).await {
            Ok(flight) => flight,
            Err(wire) => return Round::Failed(wire),
        };
        listening.is(flight.id());
        let mut open = FuturesUnordered::new();
        let mut reports = flight.reports();
        let idle = self.idle_wait();
        let sleep = tokio::time::sleep(idle);
        tokio::pin!(sleep);
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => {
                    drop(open);
                    flight.cancel("cancelled by the operator").await;
                    return Round::Cancelled;
                }
                report = next(&mut reports) => match report {
                    Some(report) => {
                        sleep.as_mut().reset(Instant::now() + idle);
                        progress(report);
                    }
                    None => reports = None,
                },
                asked = listening.next() => open.push(asks::put(asks, asked)),
                Some(()) = open.next() => sleep.as_mut().reset(Instant::now() + idle),
                answer = flight.answer() => return self.judge(&flight, answer),
                // A server that waits for an answer has no sign of life to give.
                () = &mut sleep, if open.is_empty() => {
                    flight.cancel("no sign of life").await;
                    return Round::Failed(silent(idle));
                }
            }
        }
    }

    fn judge(&self, flight: &InFlight, answer: Result<ServerResult, ServiceError>) -> Round {
        let kept_back = answer.is_err() && flight.was_kept_back();
        match (answer, flight.take()) {
            (_, Some(Kept::Spoiled(fault))) => Round::Failed(WireFault::new(fault, Reach::Unknown)),
            (Ok(_), Some(Kept::Result(result, bytes))) => self.judge_result(result, bytes),
            (Ok(_), None) => Round::Failed(WireFault::new(
                Fault::new(FaultKind::Server, "the server's answer makes no sense"),
                Reach::Unknown,
            )),
            (Err(ServiceError::McpError(error)), _) if error.code == ErrorCode::HEADER_MISMATCH => {
                Round::StaleHeaders(fault::from_rpc(&error))
            }
            (Err(error), _) => match &error {
                ServiceError::McpError(said) if self.info().era == Era::Legacy => {
                    match rounds::pages(said) {
                        Some(wants) => Round::Wants(wants),
                        None => Round::Failed(fault::from_service(&error, self.wire())),
                    }
                }
                _ => {
                    let failed = fault::from_service(&error, self.wire());
                    if kept_back && failed.reach == Reach::Unknown {
                        let fault = fault::unsent(self.wire());
                        return Round::Failed(WireFault::new(fault, Reach::NotSent));
                    }
                    Round::Failed(failed)
                }
            },
        }
    }

    /// Whether a result is the end of a call (MCP 2026-07-28, `resultType`). Legacy
    /// servers know no such member.
    fn judge_result(&self, result: Value, bytes: u64) -> Round {
        let refused = |fault| Round::Failed(WireFault::new(fault, Reach::Refused));
        let Some(members) = result.as_object() else {
            return refused(Fault::new(
                FaultKind::Server,
                "the server's answer is not a result",
            ));
        };
        let kind = members.get("resultType").and_then(Value::as_str);
        let message = match kind {
            _ if self.info().era == Era::Legacy => {
                return Round::Answered(CallAnswer { result, bytes });
            }
            None | Some("complete") => return Round::Answered(CallAnswer { result, bytes }),
            Some("input_required") => {
                return match rounds::input(&result) {
                    Ok(wants) => Round::Wants(wants),
                    Err(fault) => refused(fault),
                };
            }
            Some("task") => "the function answers with a task, which callboard did not offer",
            Some(_) => "the function answers with a kind of result that callboard does not know",
        };
        refused(Fault::new(FaultKind::Server, message))
    }
}

async fn next(reports: &mut Option<tokio::sync::mpsc::Receiver<Progress>>) -> Option<Progress> {
    match reports {
        Some(reports) => reports.recv().await,
        None => std::future::pending().await,
    }
}

fn silent(idle: Duration) -> WireFault {
    let fault = Fault::new(
        FaultKind::Network,
        format!(
            "the function gave no sign of life for {} s and was cancelled; it may have run",
            idle.as_secs()
        ),
    )
    .hint("a longer time-out can be set for the connector");
    WireFault::new(fault, Reach::Unknown)
}

/// What a call ends in that did not run for want of a list.
fn not_run(fault: Fault) -> CallFault {
    match fault.kind {
        FaultKind::SignIn => CallFault::SignIn(fault),
        _ => CallFault::NotSent(fault),
    }
}
