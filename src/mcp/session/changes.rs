//! Hears of changes from a modern server (MCP 2026-07-28, `subscriptions/listen`):
//! a stream that is opened again when it ends, ever more slowly, and never in a hurry.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rmcp::{
    Peer, RoleClient, ServiceError,
    model::{ErrorCode, ServerCapabilities, ServerNotification, SubscriptionFilter},
    service::Subscription,
};
use tokio_util::sync::CancellationToken;

use super::{
    handler::Reports,
    watch::{not_told, takes_on},
    wire::Wire,
};

/// First and longest pause before it is opened again.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// A stream that stood this long ended for a reason of the network's.
const STOOD: Duration = Duration::from_secs(60);

/// Who hears a stream.
pub(super) enum Ear {
    /// Whoever keeps the lists.
    Lists(Arc<Reports>),
    /// Whoever watches a resource. The updates themselves reach them by the wire.
    Resource {
        /// The session's.
        wire: Arc<Wire>,
        /// Which resource.
        uri: String,
    },
}

/// A stream that is kept open.
pub(super) struct Stream {
    pub(super) peer: Peer<RoleClient>,
    pub(super) filter: SubscriptionFilter,
    pub(super) ear: Ear,
    /// Ends it.
    pub(super) end: CancellationToken,
}

/// What to ask for of the lists that a server says it tells about; `None`: it tells
/// about none.
pub(super) fn lists(capabilities: &ServerCapabilities) -> Option<SubscriptionFilter> {
    let (tools, resources, prompts) = (
        capabilities.tools.as_ref().and_then(|c| c.list_changed),
        capabilities.resources.as_ref().and_then(|c| c.list_changed),
        capabilities.prompts.as_ref().and_then(|c| c.list_changed),
    );
    let mut filter = SubscriptionFilter::builder();
    if tools == Some(true) {
        filter = filter.tools_list_changed();
    }
    if resources == Some(true) {
        filter = filter.resources_list_changed();
    }
    if prompts == Some(true) {
        filter = filter.prompts_list_changed();
    }
    let filter = filter.build();
    (filter != SubscriptionFilter::default()).then_some(filter)
}

impl Stream {
    /// Opens it once.
    pub(super) async fn open(&self) -> Result<Subscription, ServiceError> {
        self.peer.listen(self.filter.clone()).await
    }

    /// Listens until the end or until the server shows that it cannot. `standing` is
    /// the stream, where it was opened already.
    pub(super) async fn keep(self, standing: Option<Subscription>) {
        let mut failures = 0u32;
        let mut opened_before = standing.is_some();
        let mut standing = standing;
        loop {
            let began = Instant::now();
            let opened = match standing.take() {
                Some(subscription) => Ok(subscription),
                None => {
                    let opened = tokio::select! {
                        opened = self.open() => opened,
                        () = self.end.cancelled() => return,
                    };
                    if opened_before && opened.is_ok() {
                        // Something may have changed while nobody listened.
                        self.ear.missed().await;
                    }
                    opened
                }
            };
            match opened {
                Ok(subscription) if !self.ear.is_meant(&subscription) => {
                    return self.ear.given_up();
                }
                Ok(mut subscription) => {
                    opened_before = true;
                    tokio::select! {
                        () = self.ear.hear(&mut subscription) => {}
                        () = self.end.cancelled() => return,
                    }
                }
                Err(error) if is_final(&error) => return self.ear.given_up(),
                Err(_) => {}
            }
            failures = if began.elapsed() > STOOD {
                0
            } else {
                failures.saturating_add(1)
            };
            tokio::select! {
                () = tokio::time::sleep(pause(failures, jitter())) => {}
                () = self.end.cancelled() => return,
            }
        }
    }
}

impl Ear {
    async fn hear(&self, subscription: &mut Subscription) {
        while let Ok(Some(notification)) = subscription.next().await {
            let Self::Lists(reports) = self else { continue };
            match notification {
                ServerNotification::ToolListChangedNotification(_) => reports.changed().await,
                ServerNotification::ResourceListChangedNotification(_)
                | ServerNotification::PromptListChangedNotification(_) => {
                    reports.offers_changed().await;
                }
                _ => {}
            }
        }
    }

    /// Nobody listened for a while.
    async fn missed(&self) {
        match self {
            Self::Lists(reports) => {
                reports.changed().await;
                reports.offers_changed().await;
            }
            Self::Resource { wire, uri } => wire.watches().doubt(uri),
        }
    }

    /// Whether the server tells of what was asked for.
    fn is_meant(&self, subscription: &Subscription) -> bool {
        match self {
            // One list of three is better than none.
            Self::Lists(_) => true,
            Self::Resource { uri, .. } => takes_on(subscription, uri),
        }
    }

    fn given_up(&self) {
        if let Self::Resource { wire, uri } = self {
            wire.watches().give_up(uri, &not_told());
        }
    }
}

/// Whether asking again is useless.
fn is_final(error: &ServiceError) -> bool {
    match error {
        ServiceError::McpError(error) => {
            matches!(
                error.code,
                ErrorCode::METHOD_NOT_FOUND | ErrorCode::INVALID_PARAMS
            )
        }
        ServiceError::TransportClosed => true,
        _ => false,
    }
}

/// How long to wait after so many failures in a row; `jitter` is from 0 to 255 and
/// spreads the second half.
fn pause(failures: u32, jitter: u8) -> Duration {
    let whole = FIRST_PAUSE
        .saturating_mul(2u32.saturating_pow(failures))
        .min(LONGEST_PAUSE);
    whole / 2 + (whole / 2).mul_f64(f64::from(jitter) / 255.0)
}

fn jitter() -> u8 {
    let mut byte = [0u8];
    match getrandom::fill(&mut byte) {
        Ok(()) => byte.first().copied().unwrap_or(128),
        Err(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        assert!(pause(0, 0) >= Duration::from_millis(500));
        assert!(pause(1, 255) <= Duration::from_secs(2));
        assert!(pause(40, 255) <= LONGEST_PAUSE);
        assert!(pause(40, 0) >= LONGEST_PAUSE / 2);
    }

    #[test]
    fn only_the_lists_that_a_server_tells_about_are_asked_for() {
        let asked = |capabilities: serde_json::Value| {
            let capabilities = serde_json::from_value(capabilities).unwrap();
            lists(&capabilities).map(|filter| serde_json::to_value(filter).unwrap())
        };
        assert_eq!(asked(json!({})), None);
        assert_eq!(
            asked(json!({"tools": {}, "resources": {"subscribe": true}})),
            None
        );
        assert_eq!(
            asked(json!({"prompts": {"listChanged": true}, "tools": {}})),
            Some(json!({"promptsListChanged": true}))
        );
        assert_eq!(
            asked(json!({"tools": {"listChanged": true}, "resources": {"listChanged": true}})),
            Some(json!({"toolsListChanged": true, "resourcesListChanged": true}))
        );
    }
}
