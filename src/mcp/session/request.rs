//! One request on its way, taken back at the server if nobody waits any more.

use std::{sync::Arc, time::Duration};

use rmcp::{
    RoleClient, ServiceError,
    model::{ClientRequest, ServerResult},
    service::{PeerRequestOptions, RequestHandle},
};
use tokio::sync::mpsc;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{
    Session,
    fault::{self, Reach, WireFault},
    wire::{Kept, Kind, Wire},
};
use crate::domain::Progress;

/// Whether the answer to this may take as long as its server shows signs of life:
/// something is worked out there, not merely looked up.
pub(super) fn may_take_long(request: &ClientRequest) -> bool {
    matches!(
        request,
        ClientRequest::CallToolRequest(_)
            | ClientRequest::ReadResourceRequest(_)
            | ClientRequest::GetPromptRequest(_)
    )
}

/// A request that was handed to the transport.
pub(super) struct InFlight {
    handle: Option<RequestHandle<RoleClient>>,
    id: rmcp::model::RequestId,
    wire: Arc<Wire>,
    /// Counts it among what is under way.
    _under_way: TaskTrackerToken,
}

impl InFlight {
    /// Hands a request over.
    pub(super) async fn start(
        session: &Session,
        request: ClientRequest,
        kind: Kind,
    ) -> Result<Self, WireFault> {
        let under_way = session.under_way.token();
        let wire = Arc::clone(session.wire());
        let gone = |_| WireFault::new(fault::unsent(&wire), Reach::NotSent).lost();
        let handle = session
            .peer()
            .send_request_with_option(request, PeerRequestOptions::no_options())
            .await
            .map_err(gone)?;
        wire.open(&handle.id, kind, Some(&handle.progress_token));
        Ok(Self {
            id: handle.id.clone(),
            handle: Some(handle),
            wire,
            _under_way: under_way,
        })
    }

    /// What it was sent under.
    pub(super) fn id(&self) -> &rmcp::model::RequestId {
        &self.id
    }

    /// Its progress reports.
    pub(super) fn reports(&self) -> Option<mpsc::Receiver<Progress>> {
        self.wire.reports(&self.id)
    }

    /// Waits for the answer; may be dropped and called again.
    pub(super) async fn answer(&mut self) -> Result<ServerResult, ServiceError> {
        let Some(handle) = self.handle.as_mut() else {
            return Err(ServiceError::TransportClosed);
        };
        let answer = (&mut handle.rx).await;
        self.handle = None;
        answer.unwrap_or(Err(ServiceError::TransportClosed))
    }

    /// The same, for as long as there is a sign of life at least this often: the
    /// answer, or a report of progress. `None`: there was none.
    pub(super) async fn answer_while_alive(
        &mut self,
        idle: Duration,
    ) -> Option<Result<ServerResult, ServiceError>> {
        let mut reports = self.reports();
        loop {
            let alive = async {
                match &mut reports {
                    Some(reports) => reports.recv().await,
                    None => std::future::pending().await,
                }
            };
            let woken = tokio::select! {
                biased;
                answer = self.answer() => return Some(answer),
                report = alive => report,
                () = tokio::time::sleep(idle) => return None,
            };
            if woken.is_none() {
                reports = None;
            }
        }
    }

    /// Whether it failed before it left; it does not leave any more then.
    pub(super) fn was_kept_back(&self) -> bool {
        self.wire.keep_back(&self.id)
    }

    /// What was kept of the answer.
    pub(super) fn take(&self) -> Option<Kept> {
        self.wire.take(&self.id)
    }

    /// Takes it back at the server.
    pub(super) async fn cancel(mut self, reason: &str) {
        if let Some(handle) = self.handle.take() {
            let _ = handle.cancel(Some(reason.to_owned())).await;
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let wire = Arc::clone(&self.wire);
        let id = self.id.clone();
        let Some(handle) = self.handle.take() else {
            wire.forget(&id);
            return;
        };
        // The slot goes last: until the transport knows, an answer may still come.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = handle
                    .cancel(Some("nobody waits any more".to_owned()))
                    .await;
                wire.forget(&id);
            });
        }
    }
}
