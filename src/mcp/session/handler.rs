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
        ClientCapabilities, ClientConfig, CustomRequest, CustomResult, ElicitationCapability,
        ErrorCode, FormElicitationCapability, Implementation, ListRootsResult, ProtocolVersion,
        UrlElicitationCapability,
    },
    service::{InboundStreamOrigin, NotificationContext, RequestContext},
};
use serde_json::json;
use tokio::sync::mpsc::Sender;

use super::{
    SessionEvent,
    asks::{Asks, Routed},
    wire::ASK_BACK,
};
use crate::domain::Fault;
use crate::mcp::hide::Hidden;

/// Where a session's events go. Says the end once, and one change of the list at a
/// time however many arrive.
pub(super) struct Reports {
    events: Sender<SessionEvent>,
    hidden: Hidden,
    ended: AtomicBool,
    changing: AtomicBool,
    asked_outside: AtomicBool,
    offers_changing: AtomicBool,
}

impl Reports {
    pub(super) fn new(events: Sender<SessionEvent>, hidden: Hidden) -> Self {
        Self {
            events,
            hidden,
            ended: AtomicBool::new(false),
            changing: AtomicBool::new(false),
            asked_outside: AtomicBool::new(false),
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

    /// The server asked something while nothing of it was called.
    async fn asked_outside(&self) {
        let said = self.asked_outside.swap(true, Ordering::Relaxed);
        if !said && !self.ended.load(Ordering::Relaxed) {
            let _ = self.events.send(SessionEvent::AskedOutside).await;
        }
    }
}

/// Answers a server's requests and hears its notifications. What it asks back goes
/// to the call it belongs to.
pub(super) struct Handler {
    pub(super) reports: Arc<Reports>,
    pub(super) asks: Arc<Asks>,
}

impl Handler {
    /// Answers an `elicitation/create` of a legacy server, whose parameters came
    /// through as they were sent (`wire.rs`).
    async fn asked(
        &self,
        request: CustomRequest,
        context: &RequestContext<RoleClient>,
    ) -> Result<CustomResult, ErrorData> {
        let origin = context.extensions.get::<InboundStreamOrigin>();
        let params = request.params.unwrap_or_default();
        let routed = tokio::select! {
            routed = self.asks.route(origin, params) => routed,
            () = context.ct.cancelled() => {
                return Err(ErrorData::internal_error("withdrawn", None));
            }
        };
        match routed {
            Routed::Answer(answer) => Ok(CustomResult::new(answer)),
            Routed::Refused(why) => Err(ErrorData::invalid_params(why, None)),
            Routed::Outside => {
                self.reports.asked_outside().await;
                Ok(CustomResult::new(json!({ "action": "decline" })))
            }
        }
    }
}

impl ClientHandler for Handler {
    fn get_info(&self) -> ClientConfig {
        let us = Implementation::new("callboard", env!("CARGO_PKG_VERSION"));
        let mut offered = ClientCapabilities::default();
        offered.elicitation = Some(
            ElicitationCapability::new()
                .with_form(FormElicitationCapability::new())
                .with_url(UrlElicitationCapability::new()),
        );
        let mut config = ClientConfig::new(offered, us);
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

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleClient>,
    ) -> Result<CustomResult, ErrorData> {
        // A server of 2026-07-28 asks by its results, and sends no requests.
        let legacy = context
            .peer
            .peer_info()
            .is_some_and(|agreed| agreed.protocol_version.has_initialize());
        if request.method == ASK_BACK && legacy {
            return self.asked(request, &context).await;
        }
        Err(ErrorData::new(
            ErrorCode::METHOD_NOT_FOUND,
            "callboard takes no such request",
            None,
        ))
    }

    async fn on_tool_list_changed(&self, _context: NotificationContext<RoleClient>) {
        self.reports.changed().await;
    }

    async fn on_resource_list_changed(&self, _context: NotificationContext<RoleClient>) {
        self.reports.offers_changed().await;
    }

    async fn on_prompt_list_changed(&self, _context: NotificationContext<RoleClient>) {
        self.reports.offers_changed().await;
    }
}
