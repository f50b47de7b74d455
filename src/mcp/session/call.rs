//! Runs one function.

use std::time::Duration;

use rmcp::ServiceError;
use rmcp::model::{CallToolRequest, CallToolRequestParams, ClientRequest, ErrorCode, ServerResult};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::{
    CallFault, Session,
    fault::{self, Reach, WireFault},
    request::InFlight,
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
    /// The server says that headers and arguments differ: it did not run.
    StaleHeaders(Fault),
    Failed(WireFault),
    Cancelled,
}

impl Session {
    /// Runs a function. `progress` hears how far it is; `cancel` takes it back at
    /// the server, and so does dropping this future.
    ///
    /// # Errors
    ///
    /// See [`CallFault`]. Never sent twice, but for the one case where the server
    /// said that it did not run for want of a header that a newer list names.
    pub async fn call(
        &self,
        name: &str,
        arguments: Map<String, Value>,
        progress: &mut (dyn FnMut(Progress) + Send),
        cancel: CancellationToken,
    ) -> Result<CallAnswer, CallFault> {
        let first = self.round(name, arguments.clone(), progress, &cancel).await;
        let last = match first {
            Round::StaleHeaders(_) => {
                // rmcp learns the headers from the list it sees.
                self.list_functions().await.map_err(not_run)?;
                self.round(name, arguments, progress, &cancel).await
            }
            other => other,
        };
        let ended = match last {
            Round::Answered(answer) => Ok(answer),
            Round::Cancelled => Err(CallFault::Cancelled),
            Round::StaleHeaders(fault) => Err(CallFault::Refused(fault)),
            Round::Failed(wire) => {
                self.lost_if(&wire).await;
                Err(wire.into_call())
            }
        };
        ended.map_err(|fault| self.hidden().call(fault))
    }

    async fn round(
        &self,
        name: &str,
        arguments: Map<String, Value>,
        progress: &mut (dyn FnMut(Progress) + Send),
        cancel: &CancellationToken,
    ) -> Round {
        if cancel.is_cancelled() {
            return Round::Cancelled;
        }
        let params = CallToolRequestParams::new(name.to_owned()).with_arguments(arguments);
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let mut flight = match InFlight::start(self, request, Kind::Whole).await {
            Ok(flight) => flight,
            Err(wire) => return Round::Failed(wire),
        };
        let mut reports = flight.reports();
        let idle = self.idle_wait();
        let sleep = tokio::time::sleep(idle);
        tokio::pin!(sleep);
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => {
                    flight.cancel("cancelled by the operator").await;
                    return Round::Cancelled;
                }
                report = next(&mut reports) => match report {
                    Some(report) => {
                        sleep.as_mut().reset(tokio::time::Instant::now() + idle);
                        progress(report);
                    }
                    None => reports = None,
                },
                answer = flight.answer() => return self.judge(&flight, answer),
                () = &mut sleep => {
                    flight.cancel("no sign of life").await;
                    return Round::Failed(silent(idle));
                }
            }
        }
    }

    fn judge(&self, flight: &InFlight, answer: Result<ServerResult, ServiceError>) -> Round {
        match (answer, flight.take()) {
            (_, Some(Kept::Spoiled(fault))) => Round::Failed(WireFault::new(fault, Reach::Unknown)),
            (Ok(_), Some(Kept::Result(result, bytes))) => match self.unfinished(&result) {
                Some(fault) => Round::Failed(WireFault::new(fault, Reach::Refused)),
                None => Round::Answered(CallAnswer { result, bytes }),
            },
            (Ok(_), None) => Round::Failed(WireFault::new(
                Fault::new(FaultKind::Server, "the server's answer makes no sense"),
                Reach::Unknown,
            )),
            (Err(ServiceError::McpError(error)), _) if error.code == ErrorCode::HEADER_MISMATCH => {
                Round::StaleHeaders(fault::from_rpc(&error))
            }
            (Err(error), _) => Round::Failed(fault::from_service(&error, self.wire())),
        }
    }

    /// Why a result is not the end of a call, if it is not (MCP 2026-07-28,
    /// `resultType`). Legacy servers know no such member.
    fn unfinished(&self, result: &Value) -> Option<Fault> {
        let Some(members) = result.as_object() else {
            return Some(Fault::new(
                FaultKind::Server,
                "the server's answer is not a result",
            ));
        };
        if self.info().era == Era::Legacy {
            return None;
        }
        let message = match members.get("resultType").and_then(Value::as_str) {
            None | Some("complete") => return None,
            Some("input_required") => {
                "the function asks for more input, which callboard does not pass on yet"
            }
            Some("task") => "the function answers with a task, which callboard did not offer",
            Some(_) => "the function answers with a kind of result that callboard does not know",
        };
        Some(Fault::new(FaultKind::Server, message))
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
