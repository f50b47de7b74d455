//! One sign-in from its beginning to the kept tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{Running, named, named_fault};
use crate::domain::{
    ConnectorId, ConnectorName, ConsentId, Fault, FaultKind, JournalEvent, SignInReport,
    SignInStage, SignInState, Timestamp, Untrusted,
};
use crate::engine::Steps;
use crate::engine::board::Board;
use crate::engine::keeper::Order;
use crate::guard::sanitise;
use crate::mcp::oauth::{
    Pasted, SignInEvent, SignInFault, SignInRecord, SignInRequest, StepUp, sign_in, until_over,
};
use crate::protocol::{AddStep, ConsentEnd, Login};
use crate::store::NewEntry;

/// Pasted answers that may wait to be judged.
const PASTES_WAITING: usize = 4;

/// Who waits for the end of a sign-in.
pub(in crate::engine) type End = oneshot::Receiver<Result<(), Fault>>;

impl Board {
    /// Begins a sign-in, in place of one that is under way; or joins that one.
    ///
    /// # Errors
    /// `user` where the connector does not sign in by OAuth, `config` where the vault
    /// could not keep what comes of it.
    pub(in crate::engine) async fn begin_sign_in(
        self: &Arc<Self>,
        connector: &ConnectorId,
        login: &Login,
        steps: Steps<AddStep>,
    ) -> Result<End, Fault> {
        if login.join
            && let Some(end) = self.join_sign_in(connector, &steps)
        {
            return Ok(end);
        }
        let request = self.sign_in_request(connector, login).await?;
        let name = self.stored(connector)?.connector.name;
        let replaced = Fault::new(
            FaultKind::SignIn,
            "another sign-in took the place of this one",
        );
        self.cut_sign_in(connector, ConsentEnd::Replaced, &replaced);
        let (sender, pasted) = mpsc::channel(PASTES_WAITING);
        let (waiter, end) = oneshot::channel();
        let cut = CancellationToken::new();
        let id = request.id.clone();
        self.sign_ins.running().insert(
            connector.clone(),
            Running {
                id: id.clone(),
                name,
                consent: None,
                steps: Vec::new(),
                refused: None,
                pasted: sender,
                cut: cut.clone(),
                device: login.device,
                audience: vec![steps],
                waiters: vec![waiter],
            },
        );
        self.with_entry(connector, |entry| entry.signing.running = true);
        self.publish(connector);
        let (board, connector) = (Arc::clone(self), connector.clone());
        self.tasks
            .spawn(async move { board.run_sign_in(connector, id, request, pasted, cut).await });
        Ok(end)
    }

    fn join_sign_in(&self, connector: &ConnectorId, steps: &Steps<AddStep>) -> Option<End> {
        let mut all = self.sign_ins.running();
        let one = all.get_mut(connector)?;
        let (waiter, end) = oneshot::channel();
        one.waiters.push(waiter);
        one.audience.push(steps.clone());
        for step in &one.steps {
            steps.say(super::said(crate::protocol::SignInNews::Step(step.clone())));
        }
        if let Some(view) = one.view() {
            let news = crate::protocol::SignInNews::Consent(Box::new(view));
            steps.say(super::said(news));
        }
        Some(end)
    }

    async fn run_sign_in(
        self: Arc<Self>,
        connector: ConnectorId,
        id: ConsentId,
        request: SignInRequest,
        pasted: mpsc::Receiver<Pasted>,
        cut: CancellationToken,
    ) {
        let asked_for_more = request.step_up.clone();
        let signing = self.sign_in_unless_cut(&connector, &id, request, pasted, &cut);
        let Some(result) = signing.await else {
            return;
        };
        match result {
            Ok(record) => match self.keep_when_possible(&connector, &id, record, &cut).await {
                Ok(true) => {
                    self.sign_in_done(&connector, &id, asked_for_more.as_ref())
                        .await
                }
                Ok(false) => {}
                Err(fault) => {
                    self.sign_in_failed(&connector, &id, failed(fault), false)
                        .await;
                }
            },
            Err(fault) => {
                let refused = fault.fault.kind == FaultKind::Denied && asked_for_more.is_some();
                self.sign_in_failed(&connector, &id, fault, refused).await;
            }
        }
    }

    async fn sign_in_done(
        self: &Arc<Self>,
        connector: &ConnectorId,
        id: &ConsentId,
        asked_for_more: Option<&StepUp>,
    ) {
        self.with_entry(connector, |entry| {
            let granted = |scope: &String| {
                let sign_in = entry.stored.sign_in.as_ref();
                sign_in.is_some_and(|one| one.scopes.iter().any(|had| had.name.raw() == scope))
            };
            // Consented to and not granted: it will be wanted again.
            let in_vain = asked_for_more.is_some_and(|step| !step.added.iter().all(granted));
            let step_ups = match in_vain {
                true => entry.signing.step_ups.saturating_add(1),
                false => 0,
            };
            entry.signing = super::Signing {
                step_ups,
                ..super::Signing::default()
            };
        });
        let Some(one) = self.close_sign_in(connector, Some(id), ConsentEnd::SignedIn) else {
            return;
        };
        let stored = self.stored(connector).ok();
        let issuer = stored
            .as_ref()
            .and_then(|stored| stored.sign_in.as_ref())
            .map(|sign_in| shown(&sign_in.issuer));
        let line = format!("signed in at {}", issuer.unwrap_or_default());
        self.note_sign_in(connector, line).await;
        self.publish(connector);
        let connects = stored.is_some_and(|stored| stored.connector.enabled);
        if !connects {
            for waiter in one.waiters {
                let _ = waiter.send(Ok(()));
            }
            return;
        }
        let audience = one.audience;
        let told = move |step: AddStep| {
            for steps in &audience {
                steps.say(step.clone());
            }
        };
        let (waiter, connected) = oneshot::channel();
        self.order(
            connector,
            Order::Renew {
                steps: Some(Steps::new(told, |_| Box::pin(std::future::ready(())))),
                waiter: Some(waiter),
            },
        );
        let waiters = one.waiters;
        self.tasks.spawn(async move {
            let connected = connected.await;
            for waiter in waiters {
                let result = connected.clone();
                // A keeper that ended says nothing; dropping the waiter says so.
                if let Ok(result) = result {
                    let _ = waiter.send(result);
                }
            }
        });
    }

    async fn sign_in_failed(
        &self,
        connector: &ConnectorId,
        id: &ConsentId,
        failure: SignInFault,
        refused: bool,
    ) {
        let name = self.name_of(connector);
        let Ok(parsed) = ConnectorName::parse(&name) else {
            return;
        };
        let fault = named_fault(failure.fault, &parsed);
        let now = Timestamp::now();
        let expired = self
            .sign_ins
            .running()
            .get(connector)
            .and_then(|one| one.consent.as_ref())
            .is_some_and(|view| fault.kind == FaultKind::SignIn && view.consent.expires_at <= now);
        let end = if expired {
            ConsentEnd::Expired
        } else {
            ConsentEnd::Failed(fault.clone())
        };
        let Some(one) = self.close_sign_in(connector, Some(id), end) else {
            return;
        };
        let mut steps = failure.steps;
        if steps.is_empty() {
            steps.clone_from(&one.steps);
            if let Some(last) = steps.last_mut() {
                last.state = SignInState::Failed;
                last.cause = Some(fault.message.clone());
                last.cure = fault.hints.first().cloned();
            }
        }
        for step in &mut steps {
            step.cure = step.cure.take().map(|cure| named(&cure, &parsed));
        }
        let report = SignInReport {
            at: now,
            fault: fault.clone(),
            steps,
            by_hand: failure.by_hand,
        };
        self.with_entry(connector, |entry| {
            let signing = &mut entry.signing;
            signing.report = Some(report);
            signing.client_lost = failure.client_lost;
            if refused {
                deny(signing);
            }
        });
        let line = if expired {
            "a sign-in was not answered in time".to_owned()
        } else {
            format!("a sign-in failed: {}", fault.message)
        };
        self.note_sign_in(connector, line).await;
        self.publish(connector);
        for waiter in one.waiters {
            // Whoever waited may have gone.
            let _ = waiter.send(Err(fault.clone()));
        }
    }

    /// Signs in. `None`: somebody ended it meanwhile, and nothing is left of it.
    async fn sign_in_unless_cut(
        &self,
        connector: &ConnectorId,
        id: &ConsentId,
        request: SignInRequest,
        pasted: mpsc::Receiver<Pasted>,
        cut: &CancellationToken,
    ) -> Option<Result<SignInRecord, SignInFault>> {
        // Once tokens are asked for, the server may have given some away.
        let exchanges = AtomicBool::new(false);
        let asking = Arc::clone(&request.asking);
        let mut hear = |event: SignInEvent| {
            if matches!(&event, SignInEvent::Step(step) if step.stage == SignInStage::Token) {
                exchanges.store(true, Ordering::Relaxed);
            }
            self.heard_of_sign_in(connector, id, event);
        };
        // Boxed: it is large, and most boards never sign in.
        let mut signing = sign_in(&self.network, request, pasted, &mut hear).boxed();
        Some(tokio::select! {
            biased;
            () = cut.cancelled() => {
                if exchanges.load(Ordering::Relaxed) {
                    if let Ok(record) = signing.await {
                        self.take_back(connector, &record).await;
                    }
                    return None;
                }
                if let Some(Ok(record)) = until_over(&mut signing, &asking).await {
                    self.take_back(connector, &record).await;
                    return None;
                }
                // Cut by whoever took it off the board, or for want of a device code.
                let fault = Fault::user("the server offers no device code")
                    .hint(format!("callboard login {}", self.name_of(connector)));
                self.sign_in_failed(connector, id, failed(fault), false).await;
                return None;
            }
            () = self.stopping.cancelled() => {
                let last = match exchanges.load(Ordering::Relaxed) {
                    // The board waits for it.
                    true => Some(signing.await),
                    false => until_over(&mut signing, &asking).await,
                };
                if last.is_none() {
                    let ended = Fault::config("the board has ended, and the sign-in with it");
                    self.cut_sign_in(connector, ConsentEnd::Stopped, &ended);
                }
                return last;
            }
            result = &mut signing => result,
        })
    }

    /// Writes what is shown of a record, where it differs.
    pub(super) async fn show_sign_in(&self, connector: &ConnectorId, record: &SignInRecord) {
        let Ok(mut turn) = self.turn(connector).await else {
            return;
        };
        let shown = Some(record.shown());
        if turn.stored.sign_in.is_none() || turn.stored.sign_in == shown {
            return;
        }
        turn.stored.sign_in = shown;
        // It is in the vault; what is shown is written with the next change.
        if let Err(fault) = self.write(&turn).await {
            tracing::warn!(connector = %connector, kind = ?fault.kind, "what is shown of a sign-in is not kept");
        }
        drop(turn);
        self.publish(connector);
    }

    /// Writes a line about the sign-in of a connector.
    pub(super) async fn note_sign_in(&self, connector: &ConnectorId, rule: String) {
        let entry = NewEntry {
            connector: Some((connector.clone(), self.name_of(connector))),
            rule: Some(rule),
            ..NewEntry::default()
        };
        self.note(JournalEvent::SignIn, entry).await;
    }

    fn name_of(&self, connector: &ConnectorId) -> String {
        self.stored(connector)
            .map(|stored| stored.connector.name.to_string())
            .unwrap_or_default()
    }
}

/// A person said no to more scopes; it is not asked for again by itself.
pub(super) fn deny(signing: &mut super::Signing) {
    if let Some(step) = signing.step_up.take() {
        signing.denied.extend(step.added);
    }
}

fn failed(fault: Fault) -> SignInFault {
    SignInFault {
        fault,
        steps: Vec::new(),
        by_hand: None,
        client_lost: false,
    }
}

fn shown(issuer: &Untrusted) -> String {
    sanitise::line(issuer, 120)
}
