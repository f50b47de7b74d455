//! Looks after one connector: performs what its [`Life`] asks for and tells it
//! what happened.

mod order;

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::Steps;
use super::attempt::{AttemptFault, Audience, Standing, attempt};
use super::board::{Board, Live};
use super::changing::removed;
use super::lifecycle::{Effect, Event, Life, Phase};
use crate::domain::{
    ConnectorId, DecidedBy, Decision, Fault, JournalEvent, Status, Target, Timestamp, Untrusted,
};
use crate::mcp::session::{Offers, Session, SessionEvent};
use crate::protocol::{AddStep, EventKind};
use crate::secrets::SecretsError;
use crate::store::NewEntry;

pub(super) use order::{Order, Waiter};

/// How many lines of a local program's standard error are kept.
const STDERR_LINES: usize = 20;

/// How long a changed list is left to settle before it is read again.
const SETTLE: Duration = Duration::from_millis(50);

/// How long an orderly goodbye to a server may take when the board ends.
const GOODBYE: Duration = Duration::from_secs(8);

/// How long requests under way may take when their session is given up for want of a
/// sign-in: those that were refused for it say so themselves.
const ANSWERS: Duration = Duration::from_secs(5);

/// Starts the keeper of a connector.
pub(super) fn begin(board: &Arc<Board>, id: &ConnectorId) {
    let (orders, inbox) = mpsc::unbounded_channel();
    board.with_entry(id, |entry| entry.orders = Some(orders));
    let keeper = Keeper {
        board: Arc::clone(board),
        id: id.clone(),
        life: Life::default(),
        trying: None,
        standing: None,
        due: None,
        relist: None,
        relisting: None,
        offers: None,
        audience: Audience::default(),
        waiters: Vec::new(),
        heirs: Vec::new(),
    };
    board.tasks.spawn(keeper.run(inbox));
}

type Trying = JoinHandle<Result<Standing, AttemptFault>>;

struct Keeper {
    board: Arc<Board>,
    id: ConnectorId,
    life: Life,
    trying: Option<(u64, Trying)>,
    standing: Option<(u64, Standing)>,
    due: Option<(u64, Instant)>,
    relist: Option<Instant>,
    relisting: Option<JoinHandle<()>>,
    /// When faces are told that resources or prompts may differ.
    offers: Option<Instant>,
    audience: Audience,
    waiters: Vec<Waiter>,
    /// Who waits for what follows which session.
    heirs: Vec<(Arc<Session>, Waiter)>,
}

/// Whatever a keeper woke up for.
enum Woken {
    Order(Option<Order>),
    Tried(u64, Result<Standing, AttemptFault>),
    Session(u64, SessionEvent),
    Due(u64),
    Relist,
    Offers,
    Stopping,
}

impl Keeper {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Order>) {
        let stopping = self.board.hanging_up.clone();
        let last_words = loop {
            match self.wake(&mut inbox, &stopping).await {
                Woken::Order(Some(Order::Renew { steps, waiter })) => {
                    self.join_audience(steps);
                    self.waiters.extend(waiter);
                    self.step(Event::Renew).await;
                }
                Woken::Order(Some(Order::Settle { waiter })) => {
                    self.waiters.push(waiter);
                    self.answer_by_phase();
                }
                Woken::Order(Some(Order::Successor { of, waiter })) => {
                    self.heirs.push((of, waiter));
                    self.answer_by_phase();
                }
                Woken::Order(Some(Order::Disable)) => self.step(Event::Disable).await,
                Woken::Order(Some(Order::SignInNeeded { fault })) => {
                    self.step(Event::SignInNeeded { fault }).await;
                }
                Woken::Order(Some(Order::VaultOpened)) => self.step(Event::VaultOpened).await,
                Woken::Order(Some(Order::VaultClosed)) => {
                    let fault = Fault::from(SecretsError::Locked { why: None });
                    self.step(Event::VaultClosed { fault }).await;
                }
                Woken::Order(Some(Order::End) | None) => break removed(),
                Woken::Stopping => break Fault::config("the board ended meanwhile").retryable(),
                Woken::Tried(attempt, result) => self.tried(attempt, result).await,
                Woken::Session(attempt, event) => self.heard(attempt, event).await,
                Woken::Due(attempt) => self.step(Event::Due { attempt }).await,
                Woken::Relist => self.list_again(),
                Woken::Offers => self.publish_offers(),
            }
        };
        self.answer(&Err(last_words.clone()));
        if let Some(session) = self.give_up() {
            session.closes_for(last_words);
            say_goodbye(session).await;
        }
    }

    fn join_audience(&self, steps: Option<Steps<AddStep>>) {
        self.audience
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(steps);
    }

    async fn wake(
        &mut self,
        inbox: &mut mpsc::UnboundedReceiver<Order>,
        stopping: &CancellationToken,
    ) -> Woken {
        let due = self.due;
        let relist = self.relist;
        let offers = self.offers;
        tokio::select! {
            biased;
            () = stopping.cancelled() => Woken::Stopping,
            order = inbox.recv() => Woken::Order(order),
            (attempt, result) = tried(&mut self.trying) => Woken::Tried(attempt, result),
            (attempt, event) = heard(&mut self.standing) => Woken::Session(attempt, event),
            attempt = due_at(due) => Woken::Due(attempt),
            _ = due_at(relist.map(|at| (0, at))) => Woken::Relist,
            _ = due_at(offers.map(|at| (0, at))) => Woken::Offers,
        }
    }

    async fn step(&mut self, event: Event) {
        for effect in self.life.step(event) {
            match effect {
                Effect::Connect { attempt: number } => {
                    self.due = None;
                    let trying = attempt(
                        Arc::clone(&self.board),
                        self.id.clone(),
                        Arc::clone(&self.audience),
                    );
                    self.trying = Some((number, tokio::spawn(trying)));
                }
                Effect::HangUp => {
                    if let Some(session) = self.give_up() {
                        if let Some(why) = self.why_it_hangs_up() {
                            session.closes_for(why);
                        }
                        self.board.tasks.spawn(say_goodbye(session));
                    }
                }
                Effect::Retire => self.retire(),
                Effect::Wait { attempt, delay } => {
                    self.due = Some((attempt, Instant::now() + delay));
                }
                Effect::Publish => self.publish(),
            }
        }
        self.answer_by_phase();
    }

    /// What the calls that wait to be sent are told.
    fn why_it_hangs_up(&self) -> Option<Fault> {
        match self.life.phase() {
            Phase::Disabled => Some(switched_off()),
            _ => self.life.fault().cloned(),
        }
    }

    /// Answers whoever waits, unless an attempt is under way.
    fn answer_by_phase(&mut self) {
        let result = match self.life.phase() {
            Phase::Connecting => return,
            Phase::Connected => Ok(()),
            Phase::Disabled => Err(switched_off()),
            Phase::Waiting { fault, .. }
            | Phase::Failed(fault)
            | Phase::SignIn(fault)
            | Phase::Locked(fault) => Err(fault.clone()),
        };
        if !matches!(self.life.phase(), Phase::Waiting { .. }) {
            self.answer_heirs(&result);
        }
        self.answer(&result);
    }

    /// Answers whoever waits for what follows a session that stands no longer. Those
    /// who have lost one wait for as long as it is tried again by itself.
    fn answer_heirs(&mut self, result: &Result<(), Fault>) {
        let stands = self
            .standing
            .as_ref()
            .map(|(_, standing)| &standing.session);
        let heirs = std::mem::take(&mut self.heirs);
        for (of, waiter) in heirs {
            if stands.is_some_and(|session| Arc::ptr_eq(session, &of)) {
                self.heirs.push((of, waiter));
            } else {
                // Whoever waited may have gone.
                let _ = waiter.send(result.clone());
            }
        }
    }

    async fn tried(&mut self, attempt: u64, result: Result<Standing, AttemptFault>) {
        self.trying = None;
        let event = match result {
            Ok(standing) => {
                let info = standing.session.info().clone();
                let live = Live {
                    session: Arc::clone(&standing.session),
                    target: standing.target.clone(),
                    listed_at: std::time::Instant::now(),
                };
                self.standing = Some((attempt, standing));
                self.remember(&info, &live.target).await;
                if info.offers != Offers::default() {
                    self.offers = Some(Instant::now());
                }
                self.board.with_entry(&self.id, |entry| {
                    entry.live = Some(live);
                    entry.condition.info = Some(info);
                });
                Event::Connected { attempt }
            }
            Err(failure) => {
                for line in failure.stderr {
                    self.keep_stderr(line);
                }
                Event::Failed {
                    attempt,
                    fault: failure.fault,
                    locked: failure.locked,
                    dice: dice(),
                }
            }
        };
        self.step(event).await;
    }

    /// Keeps how the server was reached, so that the next time begins there.
    async fn remember(&self, info: &crate::mcp::session::SessionInfo, target: &Target) {
        let Ok(mut turn) = self.board.turn(&self.id).await else {
            return;
        };
        let connector = &mut turn.stored.connector;
        let known = (connector.transport, connector.era);
        if connector.target != *target || known == (Some(info.transport), Some(info.era)) {
            return;
        }
        connector.transport = Some(info.transport);
        connector.era = Some(info.era);
        // Worth a retry next time at most: a failure changes nothing else.
        if let Err(fault) = self.board.write(&turn).await {
            tracing::warn!(connector = %self.id, %fault, "how it was reached is not kept");
        }
    }

    async fn heard(&mut self, attempt: u64, event: SessionEvent) {
        match event {
            SessionEvent::FunctionsChanged => {
                self.relist.get_or_insert(Instant::now() + SETTLE);
            }
            SessionEvent::OffersChanged => {
                self.offers.get_or_insert(Instant::now() + SETTLE);
            }
            SessionEvent::Closed(fault) => {
                self.step(Event::Lost {
                    attempt,
                    fault,
                    dice: dice(),
                })
                .await;
            }
            SessionEvent::Stderr(line) => self.keep_stderr(line),
            SessionEvent::AskedOutside => self.note_asked_outside().await,
        }
    }

    /// A question that belongs to no call was declined.
    async fn note_asked_outside(&self) {
        let named = self.board.stored(&self.id);
        let entry = NewEntry {
            connector: named
                .ok()
                .map(|stored| (self.id.clone(), stored.connector.name.to_string())),
            decision: Some(Decision::Denied),
            by: Some(DecidedBy::Rule),
            rule: Some("question declined: asked outside of any call".to_owned()),
            ..NewEntry::default()
        };
        self.board.note(JournalEvent::Question, entry).await;
    }

    fn keep_stderr(&self, line: Untrusted) {
        self.board.with_entry(&self.id, |entry| {
            let kept = &mut entry.condition.stderr;
            if kept.len() == STDERR_LINES {
                kept.pop_front();
            }
            kept.push_back(line);
        });
    }

    /// Reads a changed list again, aside: orders must not wait for a slow server.
    fn list_again(&mut self) {
        if self
            .relisting
            .as_ref()
            .is_some_and(|task| !task.is_finished())
        {
            self.relist = Some(Instant::now() + SETTLE);
            return;
        }
        self.relist = None;
        let Some((_, standing)) = &self.standing else {
            return;
        };
        let session = Arc::clone(&standing.session);
        let (board, id) = (Arc::clone(&self.board), self.id.clone());
        let target = standing.target.clone();
        self.relisting = Some(tokio::spawn(async move {
            let listed = match session.list_functions().await {
                Ok(functions) => board.keep_listing(&id, &target, &functions).await,
                Err(fault) => Err(fault),
            };
            if let Err(fault) = listed {
                tracing::warn!(connector = %id, kind = ?fault.kind, "a changed list cannot be read");
            }
            board.publish(&id);
        }));
    }

    /// What resources and prompts there are is not kept here: whoever shows them lists
    /// them again.
    fn publish_offers(&mut self) {
        self.offers = None;
        let id = self.id.clone();
        self.board.bus.publish(EventKind::Offers { id });
    }

    /// Drops the attempt there is, and lets go of the session.
    fn give_up(&mut self) -> Option<Arc<Session>> {
        self.due = None;
        self.relist = None;
        self.offers = None;
        if let Some((_, trying)) = self.trying.take() {
            trying.abort();
        }
        if let Some(relisting) = self.relisting.take() {
            relisting.abort();
        }
        self.board.with_entry(&self.id, |entry| {
            entry.live = None;
            entry.condition.info = None;
        });
        self.standing.take().map(|(_, standing)| standing.session)
    }

    /// Lets go of the session once what is under way has been answered.
    fn retire(&mut self) {
        let Some(session) = self.give_up() else {
            return;
        };
        if let Some(why) = self.life.fault() {
            session.closes_for(why.clone());
        }
        let hanging_up = self.board.hanging_up.clone();
        self.board.tasks.spawn(async move {
            tokio::select! {
                () = session.answered() => {}
                () = tokio::time::sleep(ANSWERS) => {}
                () = hanging_up.cancelled() => {}
            }
            say_goodbye(session).await;
        });
    }

    fn publish(&self) {
        let status = self.life.status();
        let fault = self.life.fault().cloned();
        let retry_at = self
            .due
            .map(|(_, at)| Timestamp::now().after(at.saturating_duration_since(Instant::now())));
        self.board.with_entry(&self.id, |entry| {
            let condition = &mut entry.condition;
            if condition.status != status {
                condition.since = Timestamp::now();
            }
            if status == Status::Connecting {
                condition.stderr.clear();
            }
            condition.status = status;
            condition.fault = fault;
            condition.retry_at = retry_at;
        });
        self.board.publish(&self.id);
    }

    fn answer(&mut self, result: &Result<(), Fault>) {
        for waiter in self.waiters.drain(..) {
            // Whoever waited may have gone.
            let _ = waiter.send(result.clone());
        }
        let mut audience = self.audience.lock().unwrap_or_else(PoisonError::into_inner);
        audience.clear();
    }
}

fn switched_off() -> Fault {
    Fault::config("it was switched off meanwhile")
}

async fn say_goodbye(session: Arc<Session>) {
    // A server that does not answer its goodbye is left to itself.
    let _ = tokio::time::timeout(GOODBYE, session.close()).await;
}

async fn tried(trying: &mut Option<(u64, Trying)>) -> (u64, Result<Standing, AttemptFault>) {
    match trying {
        Some((attempt, handle)) => {
            let result = handle.await.unwrap_or_else(|error| {
                tracing::error!(%error, "an attempt to connect broke");
                Err(Fault::internal("connecting failed inside callboard").into())
            });
            (*attempt, result)
        }
        None => std::future::pending().await,
    }
}

async fn heard(standing: &mut Option<(u64, Standing)>) -> (u64, SessionEvent) {
    match standing {
        Some((attempt, standing)) => match standing.events.recv().await {
            Some(event) => (*attempt, event),
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

async fn due_at(due: Option<(u64, Instant)>) -> u64 {
    match due {
        Some((attempt, at)) => {
            sleep_until(at).await;
            attempt
        }
        None => std::future::pending().await,
    }
}

/// A number that need not be secret, only spread.
fn dice() -> u32 {
    getrandom::u32().unwrap_or(0)
}
