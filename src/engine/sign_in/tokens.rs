//! The tokens of one connector, for everybody who uses it: read once, renewed once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use url::Url;

use super::named_fault;
use super::shelf::{Held, OnDisk};
use crate::domain::{ConnectorId, Fault, FaultKind, Secret, Timestamp};
use crate::engine::board::Board;
use crate::engine::credentials::sign_in_needed;
use crate::engine::keeper::Order;
use crate::engine::vault::VaultFault;
use crate::mcp::challenge::Challenge;
use crate::mcp::oauth::{RefreshFault, Shelf, SignInRecord, refresh};
use crate::mcp::session::{Token, TokenSource};

/// How long a renewal ahead of time that failed is not tried again.
const REST: Duration = Duration::from_secs(30);

/// A renewal that everybody waits for who needs it.
type Renewing = Shared<BoxFuture<'static, Result<(), Fault>>>;

/// The tokens of one connector.
#[derive(Debug)]
pub(in crate::engine) struct Tokens {
    board: Weak<Board>,
    pub(super) id: ConnectorId,
    turn: Arc<tokio::sync::Mutex<()>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// As it was read or kept last.
    pub(super) record: Option<SignInRecord>,
    /// New tokens that are not on the disk yet, and not to be used before they are.
    pub(super) unsaved: Option<Box<SignInRecord>>,
    renewing: Option<Renewing>,
    /// The highest generation that the server accepted.
    accepted: u64,
    /// What came of a refusal; if it is refused as well, another helps no more.
    renewed_for_refusal: Option<u64>,
    rest_until: Option<Instant>,
    /// The tokens before: a server may still quote them.
    before: Vec<Secret>,
}

impl State {
    pub(super) fn take(&mut self, record: SignInRecord) {
        if let Some(old) = &self.record
            && old.generation != record.generation
        {
            self.before = old.secrets();
        }
        self.record = Some(record);
        self.unsaved = None;
        self.rest_until = None;
    }
}

/// A renewal under way: over when this is dropped, however it ends.
struct Renewal<'a>(&'a Tokens);

impl Drop for Renewal<'_> {
    fn drop(&mut self) {
        self.0.lock().renewing = None;
    }
}

impl Tokens {
    pub(super) fn new(board: &Arc<Board>, id: &ConnectorId) -> Self {
        Self {
            board: Arc::downgrade(board),
            id: id.clone(),
            turn: Arc::default(),
            state: Mutex::default(),
        }
    }

    /// Tokens of nobody, for tests.
    #[cfg(test)]
    pub(super) fn alone() -> Self {
        Self {
            board: Weak::new(),
            id: ConnectorId::new("c1"),
            turn: Arc::default(),
            state: Mutex::default(),
        }
    }

    pub(super) fn known(&self) -> Option<SignInRecord> {
        self.lock().record.clone()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn board(&self) -> Result<Arc<Board>, Fault> {
        let gone = || Fault::config("the board has ended").retryable();
        self.board.upgrade().ok_or_else(gone)
    }

    pub(super) fn shelf(&self) -> Result<OnDisk, Fault> {
        Ok(OnDisk {
            board: self.board()?,
            id: self.id.clone(),
            turn: Arc::clone(&self.turn),
        })
    }

    /// Keeps everybody else from renewing, keeping or forgetting this sign-in.
    pub(in crate::engine) async fn hold(&self) -> Result<Held, Fault> {
        self.shelf()?.lock().await
    }

    /// Takes in a sign-in that was kept. Hands out tokens of the one before that were
    /// not kept yet.
    pub(super) fn adopt(&self, record: SignInRecord) -> Option<Box<SignInRecord>> {
        let mut state = self.lock();
        let unsaved = state.unsaved.take();
        state.take(record);
        state.renewed_for_refusal = None;
        state.accepted = 0;
        unsaved
    }

    /// Forgets everything: the sign-in has ended. Hands out tokens that are nowhere else,
    /// for the server to take back.
    pub(super) fn end(&self) -> Option<Box<SignInRecord>> {
        std::mem::take(&mut *self.lock()).unsaved
    }

    /// Forgets what was read: the sign-in stands, and the vault is locked.
    pub(super) fn forget(&self) {
        let mut state = self.lock();
        // Tokens that are nowhere else are kept for as long as there is hope.
        let unsaved = state.unsaved.take();
        *state = State {
            unsaved,
            ..State::default()
        };
    }

    /// The sign-in that stands, as far as it is of use.
    ///
    /// # Errors
    /// [`FaultKind::SignIn`] where there is none that a person need not mend.
    pub(in crate::engine) async fn ready(&self) -> Result<SignInRecord, VaultFault> {
        let passing = |fault| VaultFault {
            fault,
            locked: false,
        };
        let known = self.lock().record.clone();
        let board = self.board().map_err(passing)?;
        let record = match known {
            Some(record) => record,
            None => {
                let name = board.stored(&self.id).map_err(passing)?.connector.name;
                let read = board.read_record(&self.id).await?;
                let record = read.ok_or_else(|| passing(sign_in_needed(&name)))?;
                // Newer ones may have come while this was read.
                self.lock().record.get_or_insert(record).clone()
            }
        };
        if record.spent {
            let name = board.stored(&self.id).map_err(passing)?.connector.name;
            let fault = Fault::new(
                FaultKind::SignIn,
                format!("the authorization server has ended the sign-in of {name}"),
            );
            return Err(passing(
                fault.hint(format!("sign in again: callboard login {name}")),
            ));
        }
        Ok(record)
    }

    /// The token for a request, renewed before where that is due.
    async fn token(self: Arc<Self>, url: Url) -> Result<Token, Fault> {
        self.keep_unsaved().await?;
        let mut record = self.ready().await?;
        let now = Timestamp::now();
        let near = record.refresh_at().is_some_and(|at| at <= now);
        if record.is_expired(now) {
            Arc::clone(&self).renew(record.generation).await?;
            record = self.ready().await?;
        } else if near && record.is_refreshable() && !self.rests() {
            match Arc::clone(&self).renew(record.generation).await {
                Ok(()) => record = self.ready().await?,
                Err(fault) if fault.kind == FaultKind::SignIn => return Err(fault),
                // It holds for a while yet, unless newer ones wait to be kept.
                Err(fault) if self.lock().unsaved.is_some() => return Err(fault),
                Err(fault) => tracing::info!(connector = %self.id, kind = ?fault.kind,
                    "a token was not renewed ahead of its end"),
            }
        }
        let bearer = record.bearer_for(&url)?.clone();
        Ok(Token {
            bearer,
            generation: record.generation,
        })
    }

    fn rests(&self) -> bool {
        let until = self.lock().rest_until;
        until.is_some_and(|until| until > Instant::now())
    }

    async fn refused(self: Arc<Self>, generation: u64) -> Result<(), Fault> {
        let (newest, helps) = {
            let state = self.lock();
            let newest = state.record.as_ref().map_or(0, |record| record.generation);
            let tried = state.renewed_for_refusal == Some(generation);
            (newest, !tried || state.accepted >= generation)
        };
        if newest > generation {
            return Ok(());
        }
        if !helps {
            let fault = Fault::new(
                FaultKind::SignIn,
                "the server does not accept the token that was given for it just now",
            );
            let fault = fault.hint("sign in again: callboard login NAME");
            return Err(self.lost(fault).await);
        }
        Arc::clone(&self).renew(generation).await?;
        let mut state = self.lock();
        state.renewed_for_refusal = state.record.as_ref().map(|record| record.generation);
        Ok(())
    }

    /// Renews in a task of its own, once for everybody who asks meanwhile.
    async fn renew(self: Arc<Self>, known: u64) -> Result<(), Fault> {
        let board = self.board()?;
        let renewing = {
            let mut state = self.lock();
            match &state.renewing {
                Some(renewing) => renewing.clone(),
                None => {
                    let me = Arc::clone(&self);
                    // The board waits for it when it ends.
                    let task = board.tasks.spawn(async move { me.renewed(known).await });
                    let renewing = async move {
                        task.await.unwrap_or_else(|error| {
                            Err(Fault::internal(format!("a renewal broke: {error}")))
                        })
                    };
                    let renewing = renewing.boxed().shared();
                    state.renewing = Some(renewing.clone());
                    renewing
                }
            }
        };
        renewing.await
    }

    async fn renewed(self: Arc<Self>, known: u64) -> Result<(), Fault> {
        let _over = Renewal(&self);
        Arc::clone(&self).ask_for_new(known).await
    }

    async fn ask_for_new(self: Arc<Self>, known: u64) -> Result<(), Fault> {
        // What comes after these would present a refresh token that was used already.
        self.keep_unsaved().await?;
        let board = self.board()?;
        let stored = board.stored(&self.id)?;
        let (name, options) = (stored.connector.name, stored.connector.options);
        let shelf = self.shelf()?;
        let asked = refresh(&board.network, &options, &shelf, known, &mut |_| {}).await;
        match asked {
            Ok(refreshed) => {
                let record = refreshed.into_record();
                self.lock().take(record.clone());
                board.show_sign_in(&self.id, &record).await;
                Ok(())
            }
            Err(RefreshFault {
                fault,
                unsaved: Some(unsaved),
            }) => {
                tracing::error!(connector = %self.id, kind = ?fault.kind, "new tokens cannot be kept yet");
                self.lock().unsaved = Some(unsaved);
                let me = Arc::clone(&self);
                board.tasks.spawn(me.go_on_keeping(Arc::clone(&board)));
                Err(fault)
            }
            Err(RefreshFault { fault, .. }) if fault.kind == FaultKind::SignIn => {
                Err(self.lost(fault).await)
            }
            Err(RefreshFault { fault, .. }) => {
                self.lock().rest_until = Some(Instant::now() + REST);
                Err(named_fault(fault, &name))
            }
        }
    }

    /// Only a person can mend it: the connector says so, once.
    async fn lost(&self, fault: Fault) -> Fault {
        {
            let mut state = self.lock();
            if let Some(record) = state.record.take() {
                state.before = record.secrets();
            }
        }
        let Ok(board) = self.board() else {
            return fault;
        };
        let Ok(stored) = board.stored(&self.id) else {
            return fault;
        };
        let fault = named_fault(fault, &stored.connector.name);
        if stored.sign_in.is_none() {
            // Somebody signed out, and has said so.
            return fault;
        }
        if let Ok(Some(record)) = board.read_record(&self.id).await {
            board.show_sign_in(&self.id, &record).await;
        }
        board
            .note_sign_in(&self.id, "ended by its server".to_owned())
            .await;
        let order = Order::SignInNeeded {
            fault: fault.clone(),
        };
        board.order(&self.id, order);
        fault
    }
}

/// The tokens of a connector, as a session asks for them.
#[derive(Debug)]
pub(in crate::engine) struct Bearer(pub(in crate::engine) Arc<Tokens>);

impl TokenSource for Bearer {
    fn token(&self, url: &Url) -> BoxFuture<'static, Result<Token, Fault>> {
        Arc::clone(&self.0).token(url.clone()).boxed()
    }

    fn refused(&self, generation: u64) -> BoxFuture<'static, Result<(), Fault>> {
        Arc::clone(&self.0).refused(generation).boxed()
    }

    fn accepted(&self, generation: u64) {
        let mut state = self.0.lock();
        state.accepted = state.accepted.max(generation);
    }

    fn lacks(&self, challenge: &Challenge) -> Option<Fault> {
        self.0.lacks(challenge)
    }

    fn secrets(&self) -> Vec<Secret> {
        let state = self.0.lock();
        let mut all = state.before.clone();
        for record in state.record.iter().chain(state.unsaved.as_deref()) {
            all.extend(record.secrets());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_renewal_that_breaks_stands_in_the_way_of_none() {
        let tokens = Arc::new(Tokens::alone());
        let never = std::future::pending().boxed().shared();
        tokens.lock().renewing = Some(never);
        let broken = tokio::spawn({
            let tokens = Arc::clone(&tokens);
            async move {
                let _over = Renewal(&tokens);
                panic!("as a test wants it");
            }
        });
        assert!(broken.await.is_err());
        assert!(tokens.lock().renewing.is_none());
    }
}
