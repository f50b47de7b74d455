//! Running a function: looked up, checked, judged, written down, sent, written
//! down.

use std::time::Instant;

use serde_json::Value;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::asking::Asks;
use super::board::Live;
use super::changing::removed;
use super::connectors::cancelled;
use super::functions::changed_meanwhile;
use super::keeper::Order;
use super::{Engine, Steps, recent};
use crate::domain::{
    CallOutcome, ConnectorId, Fault, FaultKind, Function, FunctionState, JournalEvent, Permission,
};
use crate::guard::{arguments, json, sanitise};
use crate::mcp::session::{CallFault, Session};
use crate::policy::{Circumstances, Verdict, decide};
use crate::protocol::{Call, CallAnswer, CallStep};
use crate::store::NewEntry;

impl Engine {
    /// Runs a function as the operator.
    ///
    /// # Errors
    /// `not-found`, `user` for arguments that do not fit, `denied`, the state of a
    /// connector that is not connected, or what became of the call.
    pub async fn call(
        &self,
        call: Call,
        steps: Steps<CallStep>,
        cancel: CancellationToken,
    ) -> Result<CallAnswer, Fault> {
        let id = self.board.find(&call.name)?;
        // Judged before anything is waited for: what is blocked needs no session.
        self.judge_and_note(&id, &call).await?;
        let live = self.session(&id, &cancel).await?;
        tokio::select! {
            looked = self.board.look_again(&id, &live) => looked?,
            () = cancel.cancelled() => return Err(cancelled()),
        }
        // And again, with nobody changing the connector until it is sent: it may
        // have been reconnected, listed anew or permitted anew meanwhile.
        let turn = self.board.turn(&id).await?;
        let record = self.judge_and_note(&id, &call).await?;
        // On disk before anything leaves: a call that nobody can account for is
        // not made.
        let decision = self
            .board
            .write_down(JournalEvent::Decision, record.clone())
            .await?;
        drop(turn);
        let judged = Judged {
            record,
            line: decision.seq,
        };
        self.send(&live.session, call, judged, steps, cancel).await
    }

    /// Judges a call as things are now; a refusal is written down.
    async fn judge_and_note(&self, id: &ConnectorId, call: &Call) -> Result<NewEntry, Fault> {
        let (function, verdict) = self.judge(id, call).await?;
        let record = self.record_of(id, call, verdict)?;
        if verdict.runs() {
            return Ok(record);
        }
        let line = self.board.note(JournalEvent::Decision, record).await;
        let arguments = recent::text(&Value::Object(call.arguments.clone()));
        self.board.recent.keep([line, None], arguments, None);
        Err(refusal(call, &function))
    }

    async fn judge(&self, id: &ConnectorId, call: &Call) -> Result<(Function, Verdict), Fault> {
        let stored = self.board.listed(id, &call.function).await?;
        let function = self.board.function_of(&stored);
        if let Err(faults) = arguments::check(&function.input_schema.value(), &call.arguments) {
            return Err(arguments::fault_of(&function.name, &faults));
        }
        let approved = match &call.approved_digest {
            Some(digest) if *digest != function.digest => {
                return Err(changed_meanwhile(function.name.raw()));
            }
            approved => approved.is_some(),
        };
        let verdict = decide(Circumstances {
            permission: function.permission,
            state: function.state,
            approved,
            permissions_sound: self.board.storage_fault().is_none(),
        });
        Ok((function, verdict))
    }

    fn record_of(
        &self,
        id: &ConnectorId,
        call: &Call,
        verdict: Verdict,
    ) -> Result<NewEntry, Fault> {
        let connector = self.board.stored(id)?.connector.name.to_string();
        Ok(NewEntry {
            connector: Some((id.clone(), connector)),
            function: Some(call.function.clone()),
            decision: Some(verdict.decision),
            by: Some(verdict.by),
            rule: Some(verdict.rule.to_owned()),
            arguments_digest: Some(json::digest(&Value::Object(call.arguments.clone()))),
            ..NewEntry::default()
        })
    }

    /// The session of a connector; an attempt that is under way is waited for.
    pub(super) async fn session(
        &self,
        id: &ConnectorId,
        cancel: &CancellationToken,
    ) -> Result<Live, Fault> {
        if let Some(live) = self.session_now(id)? {
            return Ok(live);
        }
        let (waiter, settled) = oneshot::channel();
        self.board.order(id, Order::Settle { waiter });
        let settled = tokio::select! {
            settled = settled => settled,
            () = cancel.cancelled() => return Err(cancelled()),
        };
        if let Ok(Err(fault)) = settled {
            return Err(fault);
        }
        self.session_now(id)?.ok_or_else(|| {
            Fault::new(FaultKind::Network, "the connector lost its server just now")
                .hint("try again in a moment")
                .retryable()
        })
    }

    fn session_now(&self, id: &ConnectorId) -> Result<Option<Live>, Fault> {
        let (live, connector) = self
            .board
            .with_entry(id, |entry| {
                (entry.live.clone(), entry.stored.connector.clone())
            })
            .ok_or_else(removed)?;
        if !connector.enabled {
            let name = connector.name;
            return Err(Fault::config(format!("{name} is disabled"))
                .hint(format!("`callboard enable {name}` switches it on")));
        }
        // A session of the server that the connector pointed at before is none.
        Ok(live.filter(|live| live.target == connector.target))
    }

    async fn send(
        &self,
        session: &Session,
        call: Call,
        judged: Judged,
        steps: Steps<CallStep>,
        cancel: CancellationToken,
    ) -> Result<CallAnswer, Fault> {
        let begun = Instant::now();
        let sent = recent::text(&Value::Object(call.arguments.clone()));
        let connector = judged.record.connector.clone().ok_or_else(removed)?;
        let willing = call.ask_back;
        let asks = Asks::new(
            &self.board,
            connector,
            &call.function,
            willing,
            steps.clone(),
        );
        let mut on_progress = |progress| steps.say(CallStep::Progress(progress));
        let answer = session
            .call(
                &call.function,
                call.arguments,
                &mut on_progress,
                &asks,
                cancel,
            )
            .await;
        let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outcome, bytes) = match &answer {
            Ok(answer) if answer.result.get("isError") == Some(&Value::Bool(true)) => {
                (CallOutcome::Error, Some(answer.bytes))
            }
            Ok(answer) => (CallOutcome::Ok, Some(answer.bytes)),
            Err(CallFault::NotSent(_) | CallFault::SignIn(_)) => (CallOutcome::NotSent, None),
            Err(CallFault::Refused(_)) => (CallOutcome::Error, None),
            Err(CallFault::Cancelled) => (CallOutcome::Cancelled, None),
            Err(CallFault::Unknown(_)) => (CallOutcome::Unknown, None),
        };
        let entry = NewEntry {
            duration_ms: i64::try_from(took).ok(),
            outcome: Some(outcome),
            result_bytes: bytes.and_then(|bytes| i64::try_from(bytes).ok()),
            ..judged.record
        };
        let line = self.board.note(JournalEvent::Call, entry).await;
        let came = answer
            .as_ref()
            .ok()
            .and_then(|answer| recent::text(&answer.result));
        self.board
            .recent
            .keep([line, Some(judged.line)], sent, came);
        match answer {
            Ok(answer) => Ok(CallAnswer {
                result: answer.result,
                bytes: answer.bytes,
                duration_ms: took,
            }),
            Err(fault) => Err(fault_of_call(fault)),
        }
    }
}

/// A call that may be sent: what is written about it, and its decision's place in
/// the journal.
struct Judged {
    record: NewEntry,
    line: i64,
}

fn fault_of_call(fault: CallFault) -> Fault {
    match fault {
        CallFault::NotSent(fault) | CallFault::Refused(fault) | CallFault::SignIn(fault) => fault,
        CallFault::Cancelled => Fault::new(FaultKind::Server, "the call was cancelled"),
        CallFault::Unknown(mut fault) => {
            // Saying *try again* here could run it twice.
            fault.retry = false;
            fault.retry_after_ms = None;
            fault.message = format!(
                "the answer was lost and the call may have run: {}",
                fault.message
            );
            fault.hints.insert(
                0,
                "look at the server before you run it again; callboard does not".to_owned(),
            );
            fault
        }
    }
}

fn refusal(call: &Call, function: &Function) -> Fault {
    let shown = sanitise::line(&function.name, 60);
    let name = sanitise::line(&call.name.as_str().into(), 40);
    if function.permission == Permission::Block {
        return Fault::denied(format!("{name} · {shown} is on block"))
            .hint(format!("`callboard ask {name} {shown}` takes it off"));
    }
    if function.state == FunctionState::Changed {
        return Fault::denied(format!(
            "{name} · {shown} is not what you accepted: the server changed it"
        ))
        .hint(format!(
            "`callboard function {name} {shown}` shows what it is now"
        ))
        .hint(format!("`callboard ask {name} {shown}` accepts that"));
    }
    Fault::denied(format!("{name} · {shown} is on ask, and nobody said yes"))
        .hint("--yes allows it this once")
        .hint(format!(
            "`callboard always {name} {shown}` allows it from now on"
        ))
}
