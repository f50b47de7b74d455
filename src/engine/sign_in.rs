//! Sign-ins by OAuth 2.1: those under way, one for each connector, and the tokens of
//! those that stand.
//!
//! A sign-in belongs to the board. Faces begin it, hear of it and hand in what comes
//! back; none of them ends it by leaving. Faces are told under the lock under which
//! a consent opens, changes or closes, so that none hears of the end first.

mod kept;
mod out;
mod requests;
mod run;
mod shelf;
mod step_up;
mod tokens;
mod unsaved;
mod wanted;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::Steps;
use super::board::Board;
use crate::domain::{ConnectorId, ConnectorName, ConsentId, Fault, SignInReport, SignInStep};
use crate::mcp::oauth::{Pasted, SignInEvent, SignInRecord, StepUp};
use crate::protocol::{AddStep, ConsentEnd, ConsentView, EventKind, SignInNews, Step, StepState};

pub(super) use tokens::{Bearer, Tokens};

/// What a connector's entry knows of its sign-ins.
#[derive(Clone, Debug, Default)]
pub(super) struct Signing {
    /// Whether one is under way.
    pub(super) running: bool,
    /// The last that failed.
    pub(super) report: Option<SignInReport>,
    /// The server wants more than was granted.
    pub(super) step_up: Option<StepUp>,
    /// Scopes that a person did not want to give.
    pub(super) denied: Vec<String>,
    /// Step-ups since one succeeded.
    pub(super) step_ups: u32,
    /// The authorization server forgot callboard.
    pub(super) client_lost: bool,
}

/// All sign-ins of a board.
#[derive(Debug, Default)]
pub(super) struct SignIns {
    running: Mutex<BTreeMap<ConnectorId, Running>>,
    tokens: Mutex<BTreeMap<ConnectorId, Arc<Tokens>>>,
}

/// A sign-in under way.
#[derive(Debug)]
struct Running {
    id: ConsentId,
    name: ConnectorName,
    consent: Option<ConsentView>,
    steps: Vec<SignInStep>,
    refused: Option<Fault>,
    pasted: mpsc::Sender<Pasted>,
    /// Cancelled when it is over for another reason than its own end.
    cut: CancellationToken,
    /// A device code has to be offered.
    device: bool,
    audience: Vec<Steps<AddStep>>,
    waiters: Vec<oneshot::Sender<Result<(), Fault>>>,
}

impl Running {
    fn say(&self, news: &SignInNews) {
        for steps in &self.audience {
            steps.say(said(news.clone()));
        }
    }

    fn view(&mut self) -> Option<ConsentView> {
        let view = self.consent.as_mut()?;
        view.steps.clone_from(&self.steps);
        view.refused.clone_from(&self.refused);
        Some(view.clone())
    }
}

/// A step of an operation that says something of a sign-in.
fn said(news: SignInNews) -> AddStep {
    AddStep {
        name: Step::SignIn,
        state: StepState::Started,
        evidence: None,
        sign_in: Some(news),
    }
}

impl SignIns {
    fn running(&self) -> MutexGuard<'_, BTreeMap<ConnectorId, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn all_tokens(&self) -> MutexGuard<'_, BTreeMap<ConnectorId, Arc<Tokens>>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether any is under way.
    pub(super) fn any_running(&self) -> bool {
        !self.running().is_empty()
    }

    /// The consents that wait, in the order they were opened.
    pub(super) fn consents(&self) -> Vec<ConsentView> {
        let running = self.running();
        let mut open: Vec<ConsentView> = running
            .values()
            .filter_map(|one| one.consent.clone())
            .collect();
        open.sort_by_key(|view| view.consent.since);
        open
    }

    /// The tokens of a connector, the same for all who use it.
    pub(super) fn tokens(&self, board: &Arc<Board>, id: &ConnectorId) -> Arc<Tokens> {
        let mut all = self.all_tokens();
        let made = || Arc::new(Tokens::new(board, id));
        Arc::clone(all.entry(id.clone()).or_insert_with(made))
    }

    /// Forgets what was read of the vault: it was locked.
    pub(super) fn forget_read(&self) {
        for tokens in self.all_tokens().values() {
            tokens.forget();
        }
    }

    /// Forgets the tokens of a connector: the sign-in has ended. Hands out what was not
    /// kept, for the server to take back.
    pub(super) fn end(&self, id: &ConnectorId) -> Option<Box<SignInRecord>> {
        let ended = self.all_tokens().remove(id)?;
        ended.end()
    }
}

impl Board {
    /// Takes in what a sign-in says of itself.
    fn heard_of_sign_in(&self, connector: &ConnectorId, id: &ConsentId, event: SignInEvent) {
        let mut all = self.sign_ins.running();
        let Some(one) = all.get_mut(connector).filter(|one| one.id == *id) else {
            return;
        };
        let news = match event {
            SignInEvent::Step(mut step) => {
                step.cure = step.cure.map(|cure| named(&cure, &one.name));
                match one.steps.iter_mut().find(|known| known.stage == step.stage) {
                    Some(known) => known.clone_from(&step),
                    None => one.steps.push(step.clone()),
                }
                SignInNews::Step(step)
            }
            SignInEvent::Refused(fault) => {
                let fault = named_fault(fault, &one.name);
                one.refused = Some(fault.clone());
                SignInNews::Refused(fault)
            }
            SignInEvent::Consent(consent) => {
                if one.device && consent.device.is_none() {
                    one.cut.cancel();
                    return;
                }
                one.consent = Some(ConsentView {
                    id: id.clone(),
                    connector: connector.clone(),
                    name: one.name.clone(),
                    consent: *consent,
                    steps: Vec::new(),
                    refused: None,
                });
                let Some(view) = one.view().map(Box::new) else {
                    return;
                };
                self.bus.publish(EventKind::ConsentOpened(view.clone()));
                one.say(&SignInNews::Consent(view));
                return;
            }
        };
        one.say(&news);
        if let Some(view) = one.view() {
            self.bus.publish(EventKind::ConsentChanged(Box::new(view)));
        }
    }

    /// Ends a sign-in that is under way; says whether there was one. Whoever waits for
    /// it is told `fault`.
    pub(super) fn cut_sign_in(
        &self,
        connector: &ConnectorId,
        end: ConsentEnd,
        fault: &Fault,
    ) -> bool {
        let Some(one) = self.close_sign_in(connector, None, end) else {
            return false;
        };
        one.cut.cancel();
        for waiter in one.waiters {
            // Whoever waited may have gone.
            let _ = waiter.send(Err(fault.clone()));
        }
        self.publish(connector);
        true
    }

    /// Takes a sign-in off the board; `None` where it is another by now.
    fn close_sign_in(
        &self,
        connector: &ConnectorId,
        id: Option<&ConsentId>,
        end: ConsentEnd,
    ) -> Option<Running> {
        let mut all = self.sign_ins.running();
        if id.is_some_and(|id| all.get(connector).is_none_or(|one| one.id != *id)) {
            return None;
        }
        let one = all.remove(connector)?;
        self.with_entry(connector, |entry| entry.signing.running = false);
        if one.consent.is_some() {
            self.bus.publish(EventKind::ConsentClosed {
                id: one.id.clone(),
                connector: connector.clone(),
                end,
            });
        }
        Some(one)
    }
}

/// The name of a connector in place of `NAME` in a command that is shown.
fn named(text: &str, name: &ConnectorName) -> String {
    text.replace("callboard login NAME", &format!("callboard login {name}"))
        .replace("callboard edit NAME", &format!("callboard edit {name}"))
}

/// The same for a fault.
pub(super) fn named_fault(mut fault: Fault, name: &ConnectorName) -> Fault {
    for hint in &mut fault.hints {
        *hint = named(hint, name);
    }
    fault
}
