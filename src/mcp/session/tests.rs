//! Sessions with servers that behave, and with servers that do not.

mod asking;
mod fake;
mod http;
mod misbehaving;
mod offers;
mod sse;
mod stdio;

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::domain::{ConnectionOptions, FaultKind, Progress};

/// A session and what it says.
pub(super) struct Tried {
    pub(super) session: Session,
    pub(super) events: mpsc::Receiver<SessionEvent>,
    pub(super) stages: Vec<Stage>,
}

pub(super) fn plan(url: &str) -> ConnectPlan {
    ConnectPlan {
        target: Target::Http {
            url: url.to_owned(),
            query: false,
        },
        transport: None,
        era: None,
        credentials: Credentials::None,
        options: ConnectionOptions::default(),
    }
}

pub(super) async fn connect(plan: ConnectPlan) -> Result<Tried, Fault> {
    let (tell, events) = mpsc::channel(64);
    let mut stages = Vec::new();
    let session = within(Session::connect(
        &Network::new().unwrap(),
        plan,
        &mut |stage| stages.push(stage),
        tell,
    ))
    .await?;
    Ok(Tried {
        session,
        events,
        stages,
    })
}

/// Fails instead of hanging.
pub(super) async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("took too long")
}

pub(super) async fn call(session: &Session, name: &str) -> Result<CallAnswer, CallFault> {
    call_with(session, name, Map::new()).await
}

pub(super) async fn call_with(
    session: &Session,
    name: &str,
    arguments: Map<String, Value>,
) -> Result<CallAnswer, CallFault> {
    let never = CancellationToken::new();
    within(session.call(name, arguments, &mut |_: Progress| {}, &asking::Mute, never)).await
}

impl Tried {
    pub(super) async fn closed(&mut self) -> Fault {
        loop {
            match within(self.events.recv()).await {
                Some(SessionEvent::Closed(fault)) => return fault,
                Some(_) => {}
                None => panic!("nobody said that the session is over"),
            }
        }
    }
}
