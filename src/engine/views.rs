//! What faces are shown of the board.

use super::Engine;
use super::board::{Board, Entry};
use crate::domain::{AuthKind, ConnectorId, Fault, Status};
use crate::mcp::oauth::described;
use crate::protocol::{ConnectorCounts, ConnectorView, EventKind, SnapshotView, StatusView};

impl Entry {
    /// The connector as faces show it.
    pub(super) fn view(&self) -> ConnectorView {
        let connector = &self.stored.connector;
        let condition = &self.condition;
        let info = condition.info.as_ref();
        let status = match condition.status {
            Status::Connected if self.counts.changed > 0 => Status::Changed,
            status => status,
        };
        ConnectorView {
            name: connector.name.clone(),
            url: connector.address(),
            description: connector.description.clone(),
            auth: self.auth_kind(),
            enabled: connector.enabled,
            status,
            fault: condition.fault.clone(),
            protocol: info.map(|info| info.protocol.clone()),
            functions: self.counts,
            sign_in: self.stored.sign_in.clone(),
            server: info.map(|info| info.server.clone()),
            since: condition.since,
            id: connector.id.clone(),
            transport: info.map(|info| info.transport).or(connector.transport),
            era: info.map(|info| info.era).or(connector.era),
            latency_ms: info.map(|info| info.latency_ms),
            retry_at: condition.retry_at,
            target: connector.target.clone(),
            method: connector.auth.clone(),
            options: connector.options.clone(),
            trusted_at: connector.trusted_at,
            oauth: self.stored.oauth.clone(),
            evidence: self.stored.evidence.clone(),
            stderr: condition.stderr.iter().cloned().collect(),
            sign_in_options: self.stored.sign_in_options.clone(),
            signing_in: self.signing.running,
            sign_in_report: self.signing.report.clone(),
            scopes_wanted: self
                .signing
                .step_up
                .as_ref()
                .map_or_else(Vec::new, |step| described(&step.added)),
        }
    }

    fn auth_kind(&self) -> AuthKind {
        self.stored.connector.auth.kind()
    }
}

impl Board {
    /// Tells every face how a connector stands.
    pub(super) fn publish(&self, id: &ConnectorId) {
        if let Some(view) = self.with_entry(id, |entry| entry.view()) {
            self.bus.publish(EventKind::Connector(Box::new(view)));
        }
    }

    /// The connector as faces show it.
    ///
    /// # Errors
    /// `not-found`, where it was removed meanwhile.
    pub(super) fn view(&self, id: &ConnectorId) -> Result<ConnectorView, Fault> {
        self.with_entry(id, |entry| entry.view())
            .ok_or_else(|| Fault::not_found("that connector was removed meanwhile"))
    }

    /// Everything.
    pub(super) fn snapshot(&self) -> SnapshotView {
        SnapshotView {
            board: self.info.clone(),
            person: self.person.view(),
            connectors: self.views(),
            vault: self.vault.state(),
            storage: self.storage_fault(),
            questions: self.open_questions(),
            consents: self.sign_ins.consents(),
            held: Vec::new(),
            agents: self.agents.present(),
        }
    }

    fn views(&self) -> Vec<ConnectorView> {
        let mut views: Vec<ConnectorView> =
            self.with_entries(|entries| entries.values().map(Entry::view).collect());
        views.sort_by_key(|view| view.name.folded());
        views
    }
}

impl Engine {
    /// The board in short.
    pub fn status(&self) -> StatusView {
        let views = self.board.views();
        let count = |wanted: &[Status]| {
            views
                .iter()
                .filter(|view| wanted.contains(&view.status))
                .count()
        };
        StatusView {
            board: self.board.info.clone(),
            connectors: ConnectorCounts {
                total: views.len(),
                connected: count(&[Status::Connected, Status::Changed]),
                failed: count(&[Status::Failed]),
                sign_in: count(&[Status::SignIn]),
                locked: count(&[Status::Locked]),
            },
            held: 0,
            vault: self.board.vault.state(),
            storage: self.board.storage_fault(),
            faces: self.board.bus.listeners(),
        }
    }

    /// Everything a face needs that has just attached.
    pub fn snapshot(&self) -> SnapshotView {
        self.board.snapshot()
    }

    /// All connectors, by name.
    pub fn connectors(&self) -> Vec<ConnectorView> {
        self.board.views()
    }

    /// One connector.
    ///
    /// # Errors
    /// `not-found`.
    pub fn show(&self, name: &str) -> Result<ConnectorView, Fault> {
        let id = self.board.find(name)?;
        self.board.view(&id)
    }
}
