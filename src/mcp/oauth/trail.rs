//! What a sign-in did, stage by stage, told as it happens and kept for its report.

use crate::domain::{Consent, Exchange, Fault, SignInStage, SignInState, SignInStep};

/// Most requests that are kept of one stage; a device code is polled for minutes.
const KEPT: usize = 24;

/// Something that happened in a sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInEvent {
    /// A step as it stands now; it replaces what was told of its stage before.
    Step(SignInStep),
    /// A person is waited for.
    Consent(Box<Consent>),
    /// Something came back that is not the answer, or one way to answer is gone. The
    /// sign-in goes on.
    Refused(Fault),
}

/// The steps so far, and who is told of each.
pub(super) struct Trail<'a> {
    steps: Vec<SignInStep>,
    tell: &'a mut (dyn FnMut(SignInEvent) + Send),
}

impl<'a> Trail<'a> {
    pub(super) fn new(tell: &'a mut (dyn FnMut(SignInEvent) + Send)) -> Self {
        Self {
            steps: Vec::new(),
            tell,
        }
    }

    /// A stage begins; the one before ended well.
    pub(super) fn begin(&mut self, stage: SignInStage) {
        if self
            .steps
            .last()
            .is_some_and(|step| step.stage == stage && step.state == SignInState::Started)
        {
            return;
        }
        self.done();
        self.steps.push(SignInStep {
            stage,
            state: SignInState::Started,
            exchanges: Vec::new(),
            cause: None,
            cure: None,
        });
        self.say();
    }

    /// A request was answered, or not.
    pub(super) fn note(&mut self, exchange: Exchange) {
        if let Some(step) = self.steps.last_mut() {
            if step.exchanges.len() >= KEPT {
                step.exchanges.pop();
            }
            step.exchanges.push(exchange);
            self.say();
        }
    }

    /// The last stage ended well.
    pub(super) fn done(&mut self) {
        self.end(SignInState::Done, None);
    }

    /// The last stage ended badly.
    pub(super) fn failed(&mut self, fault: &Fault) {
        self.end(SignInState::Failed, Some(fault));
    }

    /// Something else happened.
    pub(super) fn tell(&mut self, event: SignInEvent) {
        (self.tell)(event);
    }

    fn end(&mut self, state: SignInState, fault: Option<&Fault>) {
        if let Some(step) = self.steps.last_mut()
            && step.state == SignInState::Started
        {
            step.state = state;
            step.cause = fault.map(|fault| fault.message.clone());
            step.cure = fault.and_then(|fault| fault.hints.first().cloned());
            self.say();
        }
    }

    fn say(&mut self) {
        if let Some(step) = self.steps.last() {
            (self.tell)(SignInEvent::Step(step.clone()));
        }
    }

    /// Everything, for the report.
    pub(super) fn into_steps(self) -> Vec<SignInStep> {
        self.steps
    }
}

impl std::fmt::Debug for Trail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trail").field("steps", &self.steps).finish()
    }
}
