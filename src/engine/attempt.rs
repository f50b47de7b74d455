//! One attempt to connect, from the first byte to the kept list.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use super::Steps;
use super::board::Board;
use crate::domain::{AuthMethod, ConnectorId, Fault, FaultKind, Target, Untrusted};
use crate::mcp::session::{RawFunction, Session, SessionEvent, Stage};
use crate::protocol::{AddStep, Step, StepState};

/// How many events of a session may wait for the keeper.
const EVENTS_WAITING: usize = 64;

/// A session that stands.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) session: Arc<Session>,
    pub(super) events: mpsc::Receiver<SessionEvent>,
    /// Where it leads.
    pub(super) target: Target,
}

/// Why there is none.
#[derive(Debug)]
pub(super) struct AttemptFault {
    pub(super) fault: Fault,
    /// Whether opening the vault mends it.
    pub(super) locked: bool,
    /// What a local program wrote to its standard error before.
    pub(super) stderr: Vec<Untrusted>,
}

impl From<Fault> for AttemptFault {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            locked: false,
            stderr: Vec::new(),
        }
    }
}

/// Whoever listens to the stages of an attempt; more may join while it runs.
pub(super) type Audience = Arc<Mutex<Vec<Steps<AddStep>>>>;

/// Says the stages of an attempt: each that begins ends the one before.
#[derive(Debug)]
pub(super) struct Stages {
    audience: Audience,
    current: Option<Step>,
}

impl Stages {
    pub(super) fn new(audience: Audience) -> Self {
        Self {
            audience,
            current: None,
        }
    }

    /// A stage begins.
    pub(super) fn begin(&mut self, step: Step) {
        if let Some(before) = self.current.replace(step) {
            self.say(before, StepState::Done);
        }
        self.say(step, StepState::Started);
    }

    /// The last stage ended well.
    pub(super) fn done(&mut self) {
        if let Some(step) = self.current.take() {
            self.say(step, StepState::Done);
        }
    }

    /// The stage under way ended badly.
    pub(super) fn failed(&mut self, fault: &Fault) {
        let step = self.current.take().map(|step| match fault.kind {
            FaultKind::SignIn => Step::SignIn,
            _ => step,
        });
        if let Some(step) = step {
            self.say(step, StepState::Failed);
        }
    }

    fn say(&self, name: Step, state: StepState) {
        let audience = self.audience.lock().unwrap_or_else(PoisonError::into_inner);
        for listener in audience.iter() {
            listener.say(AddStep {
                name,
                state,
                evidence: None,
                sign_in: None,
            });
        }
    }
}

/// Connects, lists, keeps.
///
/// # Errors
/// Whatever stands in the way, at whichever stage.
pub(super) async fn attempt(
    board: Arc<Board>,
    id: ConnectorId,
    audience: Audience,
) -> Result<Standing, AttemptFault> {
    let mut stages = Stages::new(audience);
    let result = go(&board, &id, &mut stages).await;
    match &result {
        Ok(_) => stages.done(),
        Err(failure) => stages.failed(&failure.fault),
    }
    result
}

async fn go(
    board: &Arc<Board>,
    id: &ConnectorId,
    stages: &mut Stages,
) -> Result<Standing, AttemptFault> {
    let stored = board.stored(id)?;
    let signs_in = stored.connector.auth != AuthMethod::None
        || matches!(&stored.connector.target, Target::Program { env, .. } if !env.is_empty());
    stages.begin(Step::Reach);
    let plan = board
        .plan(&stored.connector)
        .await
        .map_err(|plan| AttemptFault {
            fault: plan.fault,
            locked: plan.locked,
            stderr: Vec::new(),
        })?;
    let (sender, mut events) = mpsc::channel(EVENTS_WAITING);
    let mut on_stage = |stage| match stage {
        Stage::Reach => {}
        Stage::Negotiate => stages.begin(Step::Negotiate),
        Stage::ListFunctions => {
            if signs_in {
                stages.begin(Step::SignIn);
            }
            stages.begin(Step::ListFunctions);
        }
    };
    let listed = async {
        let session = Session::connect(&board.network, plan, &mut on_stage, sender).await?;
        let functions = session.list_functions().await?;
        Ok((session, functions))
    };
    let (session, functions) = listed.await.map_err(|fault| AttemptFault {
        fault,
        locked: false,
        stderr: last_words(&mut events),
    })?;
    stages.begin(Step::Pin);
    // What cannot be written now was accepted earlier, and permissions count as
    // *ask*: the session is of use all the same.
    if board.storage_fault().is_none() {
        keep(board, id, &stored.connector.target, functions).await?;
    }
    Ok(Standing {
        session: Arc::new(session),
        events,
        target: stored.connector.target,
    })
}

/// Keeps a list to the end, also when the attempt is given up meanwhile.
async fn keep(
    board: &Arc<Board>,
    id: &ConnectorId,
    target: &Target,
    functions: Vec<RawFunction>,
) -> Result<(), Fault> {
    let (keeping, id, target) = (Arc::clone(board), id.clone(), target.clone());
    let kept = board
        .tasks
        .spawn(async move { keeping.keep_listing(&id, &target, &functions).await });
    kept.await
        .unwrap_or_else(|error| Err(Fault::internal(format!("a list was not kept: {error}"))))
}

/// What a program that did not get far wrote to its standard error.
fn last_words(events: &mut mpsc::Receiver<SessionEvent>) -> Vec<Untrusted> {
    std::iter::from_fn(|| events.try_recv().ok())
        .filter_map(|event| match event {
            SessionEvent::Stderr(line) => Some(line),
            SessionEvent::FunctionsChanged
            | SessionEvent::AskedOutside
            | SessionEvent::OffersChanged
            | SessionEvent::Closed(_) => None,
        })
        .collect()
}
