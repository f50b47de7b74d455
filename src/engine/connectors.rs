//! Connectors: switched on and off, renamed, refreshed, removed.

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::credentials::part_query;
use super::keeper::Order;
use super::{Engine, Steps};
use crate::domain::{ConnectorId, Detection, Evidence, Fault, JournalEvent, Target};
use crate::mcp::detect::{DetectRequest, detect};
use crate::protocol::{AddStep, ConnectorView, Detect, EventKind, Rename};
use crate::store::{NewEntry, StoredConnector};

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
        let mut stored = self.board.stored(&id)?;
        if !stored.connector.enabled {
            stored.connector.enabled = true;
            self.write(stored).await?;
            self.note(JournalEvent::Enabled, &id).await;
        }
        self.connect(&id, steps, cancel).await
    }

    /// Switches a connector off.
    ///
    /// # Errors
    /// `not-found`, `denied`, or `config` where the database takes nothing.
    pub async fn disable(&self, name: &str) -> Result<ConnectorView, Fault> {
        self.board.require_admin("switch connectors off")?;
        let id = self.board.find(name)?;
        let mut stored = self.board.stored(&id)?;
        if stored.connector.enabled {
            stored.connector.enabled = false;
            self.write(stored).await?;
            self.note(JournalEvent::Disabled, &id).await;
        }
        self.board.order(&id, Order::Disable);
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
        let mut stored = self.board.stored(&id)?;
        stored.connector.name = rename.to;
        self.write(stored).await?;
        self.note(JournalEvent::Edited, &id).await;
        self.board.publish(&id);
        self.board.view(&id)
    }

    /// Forgets a connector, its secrets and its permissions.
    ///
    /// # Errors
    /// `not-found`, `denied`, `config` where vault or database take nothing; then
    /// nothing is forgotten.
    pub async fn remove(&self, name: &str) -> Result<(), Fault> {
        self.board.require_admin("remove connectors")?;
        let id = self.board.find(name)?;
        self.forget(&id).await
    }

    pub(super) async fn forget(&self, id: &ConnectorId) -> Result<(), Fault> {
        let named = self.board.stored(id)?.connector.name.to_string();
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
        self.board
            .store()
            .await
            .remove_connector(id)
            .await
            .map_err(|error| self.board.storage_failed(error))?;
        self.board.order(id, Order::End);
        self.board.with_entries(|entries| entries.remove(id));
        self.board
            .bus
            .publish(EventKind::Removed { id: id.clone() });
        let entry = NewEntry {
            connector: Some((id.clone(), named)),
            ..NewEntry::default()
        };
        self.board.note(JournalEvent::Removed, entry).await;
        self.note_activity();
        Ok(())
    }

    /// Writes a changed connector, then lets it count.
    pub(super) async fn write(&self, stored: StoredConnector) -> Result<(), Fault> {
        self.board
            .store()
            .await
            .update_connector(&stored)
            .await
            .map_err(|error| self.board.storage_failed(error))?;
        let id = stored.connector.id.clone();
        self.board.with_entry(&id, |entry| entry.stored = stored);
        self.note_activity();
        Ok(())
    }

    /// Has a connector's keeper connect, and waits for the end of that. Whoever
    /// stops waiting stops nothing.
    pub(super) async fn connect(
        &self,
        id: &ConnectorId,
        steps: Steps<AddStep>,
        cancel: CancellationToken,
    ) -> Result<ConnectorView, Fault> {
        let (waiter, end) = oneshot::channel();
        self.board.order(
            id,
            Order::Renew {
                steps: Some(steps),
                waiter: Some(waiter),
            },
        );
        let ended = tokio::select! {
            ended = end => ended,
            () = cancel.cancelled() => return Err(cancelled()),
        };
        match ended {
            Ok(Ok(())) => self.board.view(id),
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(Fault::not_found("that connector was removed meanwhile")),
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
