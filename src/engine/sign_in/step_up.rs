//! A server that wants more than was granted (RFC 6750 section 3.1).

use super::tokens::Tokens;
use crate::domain::{Fault, FaultKind};
use crate::guard::sanitise;
use crate::mcp::challenge::Challenge;
use crate::mcp::oauth::{STEP_UP_LIMIT, StepUp, described};

impl Tokens {
    /// Takes a refusal for want of a scope in; says what to tell whoever asked.
    pub(super) fn lacks(&self, challenge: &Challenge) -> Option<Fault> {
        let board = self.board().ok()?;
        let record = self.known()?;
        let step = StepUp::read(challenge, &record.scopes_asked, &record.scopes)?;
        let name = board.stored(&self.id).ok()?.connector.name;
        let wanted = described(&step.added)
            .iter()
            .map(|scope| sanitise::line(&scope.name, 60))
            .collect::<Vec<_>>()
            .join(", ");
        let fault = |kind| {
            let text = format!("the server wants more than you gave {name}: {wanted}");
            Fault::new(kind, text)
        };
        let opened = board.with_entry(&self.id, |entry| {
            let signing = &mut entry.signing;
            if step
                .added
                .iter()
                .all(|scope| signing.denied.contains(scope))
            {
                return Err("you said no to it; `callboard login` with --scope asks all the same");
            }
            if signing.step_ups >= STEP_UP_LIMIT {
                return Err("it was asked for again and again and not granted: the server's fault");
            }
            let new = signing.step_up.as_ref() != Some(&step);
            signing.step_up = Some(step.clone());
            Ok(new)
        })?;
        match opened {
            Ok(new) => {
                if new {
                    board.publish(&self.id);
                }
                let fault = fault(FaultKind::SignIn);
                Some(fault.hint(format!("callboard login {name} asks you for it")))
            }
            Err(why) => Some(fault(FaultKind::Denied).hint(why)),
        }
    }
}
