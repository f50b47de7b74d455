//! What a server may say to us unasked.

#![expect(
    deprecated,
    reason = "roots are refused, and rmcp marks even their types"
)]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rmcp::{
    ClientHandler, ErrorData, RoleClient,
    model::{
        ClientCapabilities, ClientConfig, ErrorCode, Implementation, ListRootsResult,
        ProtocolVersion,
    },
    service::{NotificationContext, RequestContext},
};
use tokio::sync::mpsc::Sender;

use super::SessionEvent;
use crate::domain::Fault;
use crate::mcp::hide::Hidden;

/// Where a session's events go. Says the end once, and one change of the list at a
/// time however many arrive.
pub(super) struct Reports {
    events: Sender<SessionEvent>,
    hidden: Hidden,
    ended: AtomicBool,
    changing: AtomicBool,
    offers_changing: AtomicBool,
}

impl Reports {
    pub(super) fn new(events: Sender<SessionEvent>, hidden: Hidden) -> Self {
        Self {
            events,
            hidden,
            ended: AtomicBool::new(false),
            changing: AtomicBool::new(false),
            offers_changing: AtomicBool::new(false),
        }
    }

    /// What no fault may quote.
    pub(super) fn hidden(&self) -> &Hidden {
        &self.hidden
    }

    /// Whether the end was said, or nobody wants to hear it.
    pub(super) fn is_over(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// From here on nobody wants to hear.
    pub(super) fn silence(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// The session is over.
    pub(super) async fn closed(&self, fault: Fault) {
        if !self.ended.swap(true, Ordering::Relaxed) {
            let fault = self.hidden.fault(fault);
            let _ = self.events.send(SessionEvent::Closed(fault)).await;
        }
    }

    /// The list of functions changed.
    pub(super) async fn changed(&self) {
        self.say_once(&self.changing, SessionEvent::FunctionsChanged)
            .await;
    }

    /// What the server offers besides functions changed.
    pub(super) async fn offers_changed(&self) {
        self.say_once(&self.offers_changing, SessionEvent::OffersChanged)
            .await;
    }

    async fn say_once(&self, saying: &AtomicBool, event: SessionEvent) {
        if self.is_over() || saying.swap(true, Ordering::Relaxed) {
            return;
        }
        let _ = self.events.send(event).await;
        saying.store(false, Ordering::Relaxed);
    }
}

/// Answers a server's requests and hears its notifications. An elicitation is
/// declined, which is what rmcp does by itself.
pub(super) struct Handler(pub(super) Arc<Reports>);

impl ClientHandler for Handler {
    fn get_info(&self) -> ClientConfig {
        let us = Implementation::new("callboard", env!("CARGO_PKG_VERSION"));
        let mut config = ClientConfig::new(ClientCapabilities::default(), us);
        config.protocol_version = ProtocolVersion::V_2025_11_25;
        config
    }

    async fn list_roots(
        &self,
        _context: RequestContext<RoleClient>,
    ) -> Result<ListRootsResult, ErrorData> {
        Err(ErrorData::new(
            ErrorCode::METHOD_NOT_FOUND,
            "roots are not offered",
            None,
        ))
    }

    async fn on_tool_list_changed(&self, _context: NotificationContext<RoleClient>) {
        self.0.changed().await;
    }

    async fn on_resource_list_changed(&self, _context: NotificationContext<RoleClient>) {
        self.0.offers_changed().await;
    }

    async fn on_prompt_list_changed(&self, _context: NotificationContext<RoleClient>) {
        self.0.offers_changed().await;
    }
}
