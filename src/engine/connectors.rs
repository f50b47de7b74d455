//! Connectors: switched on and off, renamed, refreshed, removed.

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::changing::removed;
use super::credentials::part_query;
use super::keeper::Order;
use super::undo::Change;
use super::{Engine, Steps};
use crate::domain::{ConnectorId, Detection, Evidence, Fault, JournalEvent, Target};
use crate::mcp::detect::{DetectRequest, detect};
use crate::protocol::{
    AddStep, ConnectorView, ConsentEnd, Detect, EventKind, Forgotten, Rename, Revocation,
};
use crate::store::{NewEntry, WholeConnector};

impl Engine {
    /// Finds out what stands behind a URL. Stores nothing.
    ///
    /// # Errors
    /// What is wrong with the URL, the network or the server.
    pub async fn detect(
        &self,
        request: Detect,
        steps: Steps<Evidence>,
        cancel: CancellationToken,
    ) -> Result<Detection, Fault> {
        let request = DetectRequest {
            url: request.url,
            options: request.options,
        };
        let mut say = |evidence: &Evidence| steps.say(evidence.clone());
        let detecting = detect(&self.board.network, &request, &mut say);
        tokio::select! {
            found = detecting => found.map(fit_to_be_shown),
            () = cancel.cancelled() => Err(cancelled()),
        }
    }

    /// Switches a connector on and waits until it is connected or has failed.
    ///
    /// # Errors
    /// Why it does not connect. It stays switched on.
    pub async fn enable(
        &self,
        name: &str,
        steps: Steps<AddStep>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        self.board.require_admin("switch connectors on")?;
        let id = self.board.find(name)?;
        let mut turn = self.board.turn(&id).await?;
        let was_off = !turn.stored.connector.enabled;
        if was_off {
            turn.stored.connector.enabled = true;
            self.board.write(&turn).await?;
        }
        // Told before the turn is over: the keeper hears in the order of writing.
        let connecting = self.begin_connecting(&id, steps);
        drop(turn);
        if was_off {
            self.board.remember(Change::Enabled(id.clone()));
            self.note(JournalEvent::Enabled, &id).await;
        }
        self.connected(&id, connecting, cancel).await
    }

    /// Switches a connector off.
    ///
    /// # Errors
    /// `not-found`, `denied`, or `config` where the database takes nothing.
    pub async fn disable(&self, name: &str) -> Result<ConnectorView, Fault> {
        self.board.require_admin("switch connectors off")?;
        let id = self.board.find(name)?;
        let mut turn = self.board.turn(&id).await?;
        let was_on = turn.stored.connector.enabled;
        if was_on {
            turn.stored.connector.enabled = false;
            self.board.write(&turn).await?;
        }
        self.board.order(&id, Order::Disable);
        drop(turn);
        if was_on {
            self.board.remember(Change::Disabled(id.clone()));
            self.note(JournalEvent::Disabled, &id).await;
        }
        let mut view = self.board.view(&id)?;
        // The keeper hangs up in its own time; what was asked for holds already.
        view.status = crate::domain::Status::Disabled;
        view.fault = None;
        view.enabled = false;
        Ok(view)
    }

    /// Connects anew and lists the functions again.
    ///
    /// # Errors
    /// Why it does not connect.
    pub async fn refresh(
        &self,
        name: &str,
        steps: Steps<AddStep>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        let id = self.board.find(name)?;
        if !self.board.stored(&id)?.connector.enabled {
            return Err(Fault::config(format!("{name} is disabled"))
                .hint(format!("`callboard enable {name}` switches it on")));
        }
        self.connect(&id, steps, cancel).await
    }

    /// Gives a connector another name. Permissions, secrets and session stay.
    ///
    /// # Errors
    /// `not-found`, `denied`, `user` where the name is taken.
    pub async fn rename(&self, rename: Rename) -> Result<ConnectorView, Fault> {
        self.board.require_admin("rename connectors")?;
        let id = self.board.find(&rename.name)?;
        let mut turn = self.board.turn(&id).await?;
        turn.stored.connector.name = rename.to;
        self.board.write(&turn).await?;
        drop(turn);
        self.note(JournalEvent::Edited, &id).await;
        self.board.publish(&id);
        self.board.view(&id)
    }

    /// Forgets a connector, its secrets and its permissions.
    ///
    /// # Errors
    /// `not-found`, `denied`, `config` where vault or database take nothing; then
    /// nothing is forgotten.
    pub async fn remove(&self, name: &str) -> Result<Forgotten, Fault> {
        self.board.require_admin("remove connectors")?;
        let id = self.board.find(name)?;
        self.require_writable().await?;
        let gone = Fault::not_found("the connector was removed meanwhile");
        self.board.cut_sign_in(&id, ConsentEnd::Cancelled, &gone);
        // Nobody renews what is being taken back.
        let held = self.board.hold_sign_in(&id).await?;
        let revocation = match self.board.read_record(&id).await {
            Ok(Some(record)) => Some(self.board.take_back(&id, &record).await),
            // A vault that is locked keeps nobody from removing; it says so itself.
            Ok(None) | Err(_) => None,
        };
        // Of two answers the bad one is told.
        let revocation = match (revocation, self.board.take_unsaved_back(&id).await) {
            (Some(Revocation::Failed(fault)), _) => Some(Revocation::Failed(fault)),
            (said, unsaved) => unsaved.or(said),
        };
        let whole = self.forget(&id).await?;
        // One may have begun before nobody could any more.
        self.board.cut_sign_in(&id, ConsentEnd::Cancelled, &gone);
        drop(held);
        self.board.sign_ins.end(&id);
        self.board.remove_lock(&id);
        self.board.remember(Change::Removed(Box::new(whole)));
        Ok(Forgotten { revocation })
    }

    /// Forgets a connector; gives back what can be, its secrets apart.
    pub(super) async fn forget(&self, id: &ConnectorId) -> Result<WholeConnector, Fault> {
        let turn = self.board.turn(id).await?;
        let named = turn.stored.connector.name.to_string();
        // Secrets go first, and must not go where the rest cannot.
        self.require_writable().await?;
        let store = self.board.store().await;
        let mut signed_out = turn.stored.clone();
        // What comes back comes back without its sign-in.
        signed_out.sign_in = None;
        let whole = store
            .whole_connector(&signed_out)
            .await
            .map_err(|error| self.board.storage_failed(error))?;
        let of = id.clone();
        self.board
            .vault
            .with(move |vault| {
                // A vault that nobody chose holds nothing to forget.
                if vault.state().kind.is_some() && !vault.names(&of).is_empty() {
                    vault.remove_connector(&of)?;
                }
                Ok(())
            })
            .await?;
        store
            .remove_connector(id)
            .await
            .map_err(|error| self.board.storage_failed(error))?;
        self.board.order(id, Order::End);
        self.board.with_entries(|entries| entries.remove(id));
        drop(turn);
        self.board
            .bus
            .publish(EventKind::Removed { id: id.clone() });
        let entry = NewEntry {
            connector: Some((id.clone(), named)),
            ..NewEntry::default()
        };
        self.board.note(JournalEvent::Removed, entry).await;
        self.note_activity();
        Ok(whole)
    }

    /// Makes sure that the database can be written now.
    ///
    /// # Errors
    /// `config`, where it cannot.
    pub(super) async fn require_writable(&self) -> Result<(), Fault> {
        let probed = self.board.store().await.probe().await;
        probed.map_err(|error| self.board.storage_failed(error))
    }

    /// Has a connector's keeper connect, and waits for the end of that. Whoever
    /// stops waiting stops nothing.
    pub(super) async fn connect(
        &self,
        id: &ConnectorId,
        steps: Steps<AddStep>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        let connecting = self.begin_connecting(id, steps);
        self.connected(id, connecting, cancel).await
    }

    pub(super) fn begin_connecting(
        &self,
        id: &ConnectorId,
        steps: Steps<AddStep>,
    ) -> oneshot::Receiver<Result<(), Fault>> {
        let (waiter, end) = oneshot::channel();
        self.board.order(
            id,
            Order::Renew {
                steps: Some(steps),
                waiter: Some(waiter),
            },
        );
        end
    }

    pub(super) async fn connected(
        &self,
        id: &ConnectorId,
        end: oneshot::Receiver<Result<(), Fault>>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        let ended = tokio::select! {
            ended = end => ended,
            () = cancel.cancelled() => return Err(cancelled()),
        };
        match ended {
            Ok(Ok(())) => self.board.view(id),
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(removed()),
        }
    }

    pub(super) async fn note(&self, event: JournalEvent, id: &ConnectorId) {
        let name = self
            .board
            .with_entry(id, |entry| entry.stored.connector.name.to_string());
        let entry = NewEntry {
            connector: name.map(|name| (id.clone(), name)),
            ..NewEntry::default()
        };
        self.board.note(event, entry).await;
    }
}

/// The fault of an operation that was taken back.
pub(super) fn cancelled() -> Fault {
    Fault::new(crate::domain::FaultKind::Network, "cancelled")
}

/// A query may be a key: whoever asked has it already, and a screen or a log must not.
fn fit_to_be_shown(mut found: Detection) -> Detection {
    if let Ok(url) = Url::parse(&found.url) {
        let (url, query) = part_query(url);
        let query = query.is_some();
        found.url = Target::Http { url, query }.address();
    }
    found
}
