//! Signing out: the server is told, and everything is forgotten.

use std::sync::Arc;

use super::shelf::Held;
use crate::domain::{AuthMethod, ConnectorId, Fault};
use crate::engine::board::Board;
use crate::mcp::oauth::{Revoked, SignInRecord, revoke};
use crate::protocol::{ConsentEnd, Revocation};

impl Board {
    /// Keeps everybody from renewing the tokens of a connector that signs in.
    ///
    /// # Errors
    /// `not-found`, or the lock cannot be had.
    pub(in crate::engine) async fn hold_sign_in(
        self: &Arc<Self>,
        id: &ConnectorId,
    ) -> Result<Option<Held>, Fault> {
        if self.stored(id)?.connector.auth != AuthMethod::Oauth {
            return Ok(None);
        }
        Ok(Some(self.sign_ins.tokens(self, id).hold().await?))
    }

    /// Ends what is under way, has the server take the tokens back and forgets them,
    /// whatever it says.
    ///
    /// # Errors
    /// `config` where vault or database take nothing.
    pub(in crate::engine) async fn sign_out(
        self: &Arc<Self>,
        id: &ConnectorId,
    ) -> Result<Revocation, Fault> {
        let fault = Fault::config("the connector was signed out meanwhile");
        self.cut_sign_in(id, ConsentEnd::Cancelled, &fault);
        let tokens = self.sign_ins.tokens(self, id);
        let held = tokens.hold().await?;
        let stored = self.stored(id)?;
        let Some(sign_in) = stored.sign_in.clone() else {
            return Ok(Revocation::NotSignedIn);
        };
        let said = match self.read_record(id).await {
            Ok(Some(record)) => self.take_back(id, &record).await,
            Ok(None) => Revocation::NotSignedIn,
            Err(fault) if fault.locked => return Err(fault.fault),
            // What cannot be read cannot be taken back, and is forgotten all the same.
            Err(fault) => Revocation::Failed(fault.fault),
        };
        let said = both(said, self.take_unsaved_back(id).await);
        self.remove_record(&stored.connector, sign_in.issuer.raw())
            .await?;
        let mut turn = self.turn(id).await?;
        turn.stored.sign_in = None;
        self.write(&turn).await?;
        drop(turn);
        drop(held);
        self.sign_ins.end(id);
        self.with_entry(id, |entry| entry.signing = super::Signing::default());
        self.note_sign_in(id, format!("signed out: {}", in_short(&said)))
            .await;
        Ok(said)
    }

    /// Has the server take back what could not be kept, where there is any. To be held
    /// meanwhile.
    pub(in crate::engine) async fn take_unsaved_back(
        self: &Arc<Self>,
        id: &ConnectorId,
    ) -> Option<Revocation> {
        let unsaved = self.sign_ins.tokens(self, id).end()?;
        Some(self.take_back(id, &unsaved).await)
    }

    /// Has the server take the tokens of a record back.
    pub(in crate::engine) async fn take_back(
        &self,
        id: &ConnectorId,
        record: &SignInRecord,
    ) -> Revocation {
        let options = self
            .stored(id)
            .map(|stored| stored.connector.options)
            .unwrap_or_default();
        match revoke(&self.network, &options, record, &mut |_| {}).await {
            Revoked::Accepted => Revocation::Accepted,
            Revoked::NotOffered => Revocation::NotOffered,
            Revoked::Failed(fault) => Revocation::Failed(fault),
        }
    }
}

/// What became of the tokens that were kept, and of those that were not.
fn both(kept: Revocation, unsaved: Option<Revocation>) -> Revocation {
    match (kept, unsaved) {
        (Revocation::Failed(fault), _) | (_, Some(Revocation::Failed(fault))) => {
            Revocation::Failed(fault)
        }
        (_, Some(said)) | (said, None) => said,
    }
}

fn in_short(said: &Revocation) -> &'static str {
    match said {
        Revocation::Accepted => "taken back",
        Revocation::NotOffered => "the server takes nothing back",
        Revocation::Failed(_) => "not taken back",
        Revocation::NotSignedIn => "nobody was signed in",
    }
}
