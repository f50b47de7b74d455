//! What faces ask for.

use std::sync::Arc;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::run::deny;
use crate::domain::{ConnectorId, Fault};
use crate::engine::credentials::sign_in_needed;
use crate::engine::keeper::Order;
use crate::engine::{Engine, Steps};
use crate::mcp::oauth::Pasted;
use crate::protocol::{
    AddStep, CancelLogin, ConnectorView, ConsentEnd, ConsentView, LoggedOut, Login, Logout,
    PasteLogin,
};

impl Engine {
    /// Signs in and connects. Leaving ends nothing.
    ///
    /// # Errors
    /// Why it did not come about; or why it does not connect, signed in.
    pub async fn login(
        &self,
        login: Login,
        steps: Steps<AddStep>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        self.board.require_admin("sign in")?;
        let id = self.board.find(&login.name)?;
        self.sign_in(&id, &login, steps, cancel).await
    }

    pub(in crate::engine) async fn sign_in(
        &self,
        id: &ConnectorId,
        login: &Login,
        steps: Steps<AddStep>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        let end = self.board.begin_sign_in(id, login, steps).await?;
        self.connected(id, end, cancel).await
    }

    /// The consents that wait.
    pub fn consents(&self) -> Vec<ConsentView> {
        self.board.sign_ins.consents()
    }

    /// Hands in what the browser ended at.
    ///
    /// # Errors
    /// `not-found` where no sign-in waits; otherwise what is wrong with it.
    pub async fn paste_login(&self, paste: PasteLogin) -> Result<(), Fault> {
        self.board.require_admin("sign in")?;
        let id = self.board.find(&paste.name)?;
        let waiting = self
            .board
            .sign_ins
            .running()
            .get(&id)
            // Before there is a consent nobody can have answered it.
            .filter(|one| one.consent.is_some())
            .map(|one| one.pasted.clone());
        let nothing = || {
            let name = &paste.name;
            Fault::not_found(format!("no sign-in of {name} waits"))
                .hint(format!("begin one: `callboard login {name}`"))
        };
        let (verdict, judged) = oneshot::channel();
        let pasted = Pasted {
            text: paste.text.0.clone(),
            verdict,
        };
        let sender = waiting.ok_or_else(nothing)?;
        sender.send(pasted).await.map_err(|_| nothing())?;
        judged.await.map_err(|_| nothing())?
    }

    /// Ends a sign-in that is under way, or says no to more scopes.
    ///
    /// # Errors
    /// `not-found` where there is none.
    pub fn cancel_login(&self, cancel: &CancelLogin) -> Result<(), Fault> {
        self.board.require_admin("end sign-ins")?;
        let id = self.board.find(&cancel.name)?;
        let fault = Fault::denied("the sign-in was cancelled");
        let ended = self.board.cut_sign_in(&id, ConsentEnd::Cancelled, &fault);
        let declined = self.board.with_entry(&id, |entry| {
            let asked = entry.signing.step_up.is_some();
            deny(&mut entry.signing);
            asked
        });
        if ended || declined == Some(true) {
            self.board.publish(&id);
            return Ok(());
        }
        let name = &cancel.name;
        Err(Fault::not_found(format!("no sign-in of {name} waits")))
    }

    /// Signs out.
    ///
    /// # Errors
    /// `not-found`, `denied`, `config` where vault or database take nothing.
    pub async fn logout(&self, logout: &Logout) -> Result<LoggedOut, Fault> {
        self.board.require_admin("sign out")?;
        let id = self.board.find(&logout.name)?;
        let revocation = Arc::clone(&self.board).sign_out(&id).await?;
        let stored = self.board.stored(&id)?;
        if stored.connector.auth == crate::domain::AuthMethod::Oauth {
            let order = Order::SignInNeeded {
                fault: sign_in_needed(&stored.connector.name),
            };
            self.board.order(&id, order);
        }
        self.board.publish(&id);
        Ok(LoggedOut {
            revocation,
            connector: self.board.view(&id)?,
        })
    }
}
