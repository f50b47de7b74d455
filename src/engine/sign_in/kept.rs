//! Keeping what came of a sign-in.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::{ConnectorId, ConsentId, Fault, FaultKind, Registration, Timestamp};
use crate::engine::board::Board;
use crate::mcp::oauth::{SignInEvent, SignInRecord};
use crate::protocol::ConsentEnd;

/// Pause between two attempts to keep it.
const PAUSE: Duration = Duration::from_millis(500);

impl Board {
    /// Keeps what came of a sign-in; where vault or disk take nothing just now, as soon
    /// as they do, for as long as the consent lasts: nobody has to consent twice because
    /// the vault was locked meanwhile. Says whether it was still wanted. What is not
    /// kept is taken back.
    ///
    /// # Errors
    /// Why it could not be kept.
    pub(super) async fn keep_when_possible(
        self: &Arc<Self>,
        connector: &ConnectorId,
        id: &ConsentId,
        record: SignInRecord,
        cut: &CancellationToken,
    ) -> Result<bool, Fault> {
        let mut told = None;
        let kept = loop {
            let fault = match self.keep_sign_in(connector, id, record.clone()).await {
                Ok(true) => return Ok(true),
                Ok(false) => break Ok(false),
                Err(fault) => fault,
            };
            if fault.kind != FaultKind::Config || !self.is_open_still(connector, id) {
                break Err(fault);
            }
            let fault = Fault {
                message: format!(
                    "you are signed in, which is kept as soon as it can be: {}",
                    fault.message
                ),
                ..fault
            };
            if told.as_ref() != Some(&fault) {
                told = Some(fault.clone());
                self.heard_of_sign_in(connector, id, SignInEvent::Refused(fault));
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = cut.cancelled() => break Ok(false),
                () = self.stopping.cancelled() => {
                    let ended = Fault::config("the board has ended, and the sign-in with it");
                    self.cut_sign_in(connector, ConsentEnd::Stopped, &ended);
                    break Ok(false);
                }
            }
        };
        // What the server says to that changes nothing here.
        let _ = self.take_back(connector, &record).await;
        kept
    }

    /// Whether a consent could still be waited for.
    fn is_open_still(&self, connector: &ConnectorId, id: &ConsentId) -> bool {
        let running = self.sign_ins.running();
        let one = running.get(connector).filter(|one| one.id == *id);
        let consent = one.and_then(|one| one.consent.as_ref());
        consent.is_some_and(|view| view.consent.expires_at > Timestamp::now())
    }

    /// Keeps what came of a sign-in: over the earlier one only now. Says whether it was
    /// still wanted.
    async fn keep_sign_in(
        self: &Arc<Self>,
        connector: &ConnectorId,
        id: &ConsentId,
        record: SignInRecord,
    ) -> Result<bool, Fault> {
        let tokens = self.sign_ins.tokens(self, connector);
        let _held = tokens.hold().await?;
        let wanted = self
            .sign_ins
            .running()
            .get(connector)
            .is_some_and(|one| one.id == *id);
        if !wanted {
            return Ok(false);
        }
        // Newer than what was renewed while a person was waited for.
        let standing = self.read_record(connector).await.ok().flatten();
        let newest = standing.iter().cloned().chain(tokens.known());
        let newest = newest.map(|one| one.generation).max();
        let record = record.following(newest.unwrap_or(0));
        self.put_record(connector, &record).await?;
        let mut turn = self.turn(connector).await?;
        let before = turn.stored.sign_in.replace(record.shown());
        let options = &mut turn.stored.sign_in_options;
        if record.client.kind == Registration::Manual && options.issuer.is_none() {
            // A client's secret goes to the issuer that took it, and to no other.
            options.issuer = Some(record.issuer.clone());
        }
        self.write(&turn).await?;
        let before = before.filter(|before| before.issuer.raw() != record.issuer);
        if let Some(before) = before
            && let Err(fault) = self
                .remove_record(&turn.stored.connector, before.issuer.raw())
                .await
        {
            tracing::warn!(connector = %connector, kind = ?fault.kind, "an earlier sign-in was not forgotten");
        }
        let unsaved = tokens.adopt(record.clone()).map(|unsaved| *unsaved);
        for old in standing.into_iter().chain(unsaved) {
            if old.is_replaced_by(&record) {
                let (board, id) = (Arc::clone(self), connector.clone());
                // Nobody waits for that, and what the server says changes nothing here.
                self.tasks
                    .spawn(async move { board.take_back(&id, &old).await });
            }
        }
        Ok(true)
    }
}
