//! What a keeper is told to do.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::domain::Fault;
use crate::engine::Steps;
use crate::mcp::session::Session;
use crate::protocol::AddStep;

/// Somebody who waits for the end of an attempt.
pub(in crate::engine) type Waiter = oneshot::Sender<Result<(), Fault>>;

/// What a keeper is told to do.
#[derive(Debug)]
pub(in crate::engine) enum Order {
    /// Connect anew.
    Renew {
        /// Who hears the stages.
        steps: Option<Steps<AddStep>>,
        /// Who waits for the end.
        waiter: Option<Waiter>,
    },
    /// Say when the attempt under way has ended; at once where none is.
    Settle {
        /// Who waits.
        waiter: Waiter,
    },
    /// Say when this session was followed by another, or by a fault that nothing but a
    /// person mends. Whoever used it may know of its end before its keeper does.
    Successor {
        /// The session that ended.
        of: Arc<Session>,
        /// Who waits.
        waiter: Waiter,
    },
    /// Disconnect and stay so.
    Disable,
    /// Somebody has to sign in: the server ended the sign-in, or the operator did.
    SignInNeeded {
        /// What is said of it.
        fault: Fault,
    },
    /// The vault was opened.
    VaultOpened,
    /// The vault was closed.
    VaultClosed,
    /// Disconnect and end.
    End,
}

impl Order {
    /// Connect anew, with nobody waiting.
    pub(in crate::engine) fn renew() -> Self {
        Self::Renew {
            steps: None,
            waiter: None,
        }
    }
}
