//! A connector's life, as a pure step.
//!
//! [`Life::step`] takes what happened and says what is to be done; it starts
//! nothing itself. Attempts and timers carry the number they were set with, so
//! that one that comes late changes nothing.

use std::time::Duration;

use crate::domain::{Fault, FaultKind, Status};

/// First wait after a failure that may heal.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// Longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Where a connector is in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Switched off.
    Disabled,
    /// An attempt is under way.
    Connecting,
    /// A session stands.
    Connected,
    /// The last attempt failed; another follows by itself.
    Waiting {
        /// Why it failed.
        fault: Fault,
        /// How long until then.
        delay: Duration,
    },
    /// It failed in a way that only a person can mend.
    Failed(Fault),
    /// The server wants a person to sign in.
    SignIn(Fault),
    /// Its secret is in a vault that is closed.
    Locked(Fault),
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The operator switched it on, asked for a new attempt, or changed it.
    Renew,
    /// The operator switched it off.
    Disable,
    /// An attempt made a session.
    Connected {
        /// Which attempt.
        attempt: u64,
    },
    /// An attempt failed.
    Failed {
        /// Which attempt.
        attempt: u64,
        /// Why.
        fault: Fault,
        /// Whether it failed for a closed vault.
        locked: bool,
        /// Any number; spreads attempts so that many connectors do not come at once.
        dice: u32,
    },
    /// The session ended by itself.
    Lost {
        /// Which attempt had made it.
        attempt: u64,
        /// Why.
        fault: Fault,
        /// As in `Failed`.
        dice: u32,
    },
    /// A timer ran out.
    Due {
        /// Which attempt had set it.
        attempt: u64,
    },
    /// The sign-in is over, by its server or by the operator.
    SignInNeeded {
        /// What is said of it.
        fault: Fault,
    },
    /// The vault was opened.
    VaultOpened,
    /// The vault was closed, and this connector's secret is in it.
    VaultClosed {
        /// What is said of it.
        fault: Fault,
    },
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Begin this attempt.
    Connect {
        /// Its number.
        attempt: u64,
    },
    /// Drop the attempt or the session there is.
    HangUp,
    /// The same, but requests under way still get their answers.
    Retire,
    /// Send [`Event::Due`] with this number after this long.
    Wait {
        /// The number.
        attempt: u64,
        /// How long.
        delay: Duration,
    },
    /// Tell the faces.
    Publish,
}

/// A connector's life.
#[derive(Clone, Debug)]
pub struct Life {
    phase: Phase,
    attempt: u64,
    failures: u32,
}

impl Default for Life {
    /// A life that has not begun.
    fn default() -> Self {
        Self {
            phase: Phase::Disabled,
            attempt: 0,
            failures: 0,
        }
    }
}

impl Life {
    /// Where it is.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// The word for it.
    pub fn status(&self) -> Status {
        match self.phase {
            Phase::Disabled => Status::Disabled,
            Phase::Connecting => Status::Connecting,
            Phase::Connected => Status::Connected,
            Phase::Waiting { .. } | Phase::Failed(_) => Status::Failed,
            Phase::SignIn(_) => Status::SignIn,
            Phase::Locked(_) => Status::Locked,
        }
    }

    /// What is wrong, if anything is.
    pub fn fault(&self) -> Option<&Fault> {
        match &self.phase {
            Phase::Disabled | Phase::Connecting | Phase::Connected => None,
            Phase::Waiting { fault, .. }
            | Phase::Failed(fault)
            | Phase::SignIn(fault)
            | Phase::Locked(fault) => Some(fault),
        }
    }

    /// The step.
    pub fn step(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Renew => {
                self.failures = 0;
                self.begin(true)
            }
            Event::Disable => {
                // Numbers of what was under way are spent.
                self.attempt += 1;
                self.phase = Phase::Disabled;
                vec![Effect::HangUp, Effect::Publish]
            }
            Event::Connected { attempt } if self.is_current(attempt, &Phase::Connecting) => {
                self.failures = 0;
                self.phase = Phase::Connected;
                vec![Effect::Publish]
            }
            Event::Failed {
                attempt,
                fault,
                locked,
                dice,
            } if self.is_current(attempt, &Phase::Connecting) => {
                if locked {
                    self.phase = Phase::Locked(fault);
                    vec![Effect::Publish]
                } else {
                    self.fail(fault, dice)
                }
            }
            Event::Lost {
                attempt,
                fault,
                dice,
            } if self.is_current(attempt, &Phase::Connected) => {
                let mut effects = vec![Effect::HangUp];
                // A session that dies is made again at once, the first time.
                if fault.retry && self.failures == 0 && fault.retry_after_ms.is_none() {
                    self.failures = 1;
                    effects.extend(self.begin(false));
                } else {
                    effects.extend(self.fail(fault, dice));
                }
                effects
            }
            Event::Due { attempt }
                if attempt == self.attempt && matches!(self.phase, Phase::Waiting { .. }) =>
            {
                self.begin(false)
            }
            Event::VaultOpened if matches!(self.phase, Phase::Locked(_)) => self.begin(false),
            Event::VaultClosed { fault }
                if !matches!(
                    self.phase,
                    Phase::Disabled | Phase::Failed(_) | Phase::SignIn(_)
                ) =>
            {
                self.attempt += 1;
                self.phase = Phase::Locked(fault);
                vec![Effect::HangUp, Effect::Publish]
            }
            Event::SignInNeeded { fault }
                if !matches!(self.phase, Phase::Disabled | Phase::Locked(_)) =>
            {
                self.attempt += 1;
                self.phase = Phase::SignIn(fault);
                vec![Effect::Retire, Effect::Publish]
            }
            // Late, or of no concern in this phase.
            Event::Connected { .. }
            | Event::Failed { .. }
            | Event::Lost { .. }
            | Event::Due { .. }
            | Event::SignInNeeded { .. }
            | Event::VaultOpened
            | Event::VaultClosed { .. } => Vec::new(),
        }
    }

    fn is_current(&self, attempt: u64, phase: &Phase) -> bool {
        attempt == self.attempt && self.phase == *phase
    }

    fn begin(&mut self, hang_up: bool) -> Vec<Effect> {
        self.attempt += 1;
        self.phase = Phase::Connecting;
        let connect = Effect::Connect {
            attempt: self.attempt,
        };
        if hang_up {
            vec![Effect::HangUp, connect, Effect::Publish]
        } else {
            vec![connect, Effect::Publish]
        }
    }

    fn fail(&mut self, fault: Fault, dice: u32) -> Vec<Effect> {
        if fault.kind == FaultKind::SignIn {
            self.phase = Phase::SignIn(fault);
            return vec![Effect::Publish];
        }
        if !fault.retry {
            self.phase = Phase::Failed(fault);
            return vec![Effect::Publish];
        }
        self.failures = self.failures.saturating_add(1);
        let delay = wait(self.failures, fault.retry_after_ms, dice);
        self.phase = Phase::Waiting { fault, delay };
        vec![
            Effect::Wait {
                attempt: self.attempt,
                delay,
            },
            Effect::Publish,
        ]
    }
}

/// How long to wait after so many failures in a row: doubling, never more than
/// five minutes, less a share of up to a quarter by the dice; never sooner than
/// the server asked for, up to an hour.
fn wait(failures: u32, retry_after_ms: Option<u64>, dice: u32) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(9));
    let full = doubled.min(LONGEST_WAIT);
    let jittered = full - full.mul_f64(f64::from(dice % 1000) / 4000.0);
    let asked = Duration::from_millis(retry_after_ms.unwrap_or(0)).min(Duration::from_secs(3600));
    jittered.max(asked)
}

#[cfg(test)]
mod tests;
