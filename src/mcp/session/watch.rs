//! Watches one resource: hears when it changes.
//!
//! Legacy servers are told with `resources/subscribe` and `resources/unsubscribe`
//! (MCP 2025-11-25, server/resources); modern ones hold a stream open for each
//! resource (MCP 2026-07-28, `subscriptions/listen`). Whoever watches what somebody
//! watches already shares that one's subscription.

#![expect(
    deprecated,
    reason = "legacy servers know no other way, and rmcp marks what newer ones have dropped"
)]

use std::{sync::Arc, time::Duration};

use rmcp::{
    model::{
        ClientRequest, ErrorCode, SubscribeRequest, SubscribeRequestParams, SubscriptionFilter,
        UnsubscribeRequest, UnsubscribeRequestParams,
    },
    service::Subscription,
};
use tokio::sync::watch::Receiver;
use tokio_util::sync::CancellationToken;

use super::{
    Session,
    changes::{Ear, Stream},
    fault::{self, Reach, WireFault},
    request::InFlight,
    watches::{Entered, Told},
    wire::Kind,
};
use crate::domain::{Era, Fault, FaultKind};

/// How long a server may take to hear that nobody watches any more.
const GOODBYE: Duration = Duration::from_secs(5);

/// Why a resource may be another by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The server says that it was updated.
    Updated,
    /// Nobody could hear for a while whether it was.
    Perhaps,
    /// The session is over; another may follow.
    SessionOver,
}

/// A resource that is watched. Dropping it ends that; the server is told when nobody
/// else watches the same.
pub struct Watch {
    session: Arc<Session>,
    uri: String,
    told: Receiver<Told>,
    seen: Told,
}

impl Session {
    /// Watches a resource from now on.
    ///
    /// # Errors
    ///
    /// The server refuses or is gone, or too many resources are watched.
    pub async fn watch(self: &Arc<Self>, uri: &str) -> Result<Watch, Fault> {
        let watches = self.wire().watches();
        let _turn = watches.turn().await;
        let Some(entered) = watches.enter(uri, &self.end) else {
            return Err(too_many());
        };
        let Entered { told, end, stands } = entered;
        let seen = told.borrow().clone();
        // From here on dropping it, at whichever point, leaves again.
        let watch = Watch {
            session: Arc::clone(self),
            uri: uri.to_owned(),
            told,
            seen,
        };
        if let Some(over) = &watch.seen.over {
            return Err(over.clone());
        }
        if !stands {
            if let Err(wire) = self.subscribe(uri, end).await {
                watches.forget(uri);
                self.lost_if(&wire).await;
                return Err(self.hidden().fault(wire.fault));
            }
            watches.stands(uri);
        }
        Ok(watch)
    }

    async fn subscribe(&self, uri: &str, end: CancellationToken) -> Result<(), WireFault> {
        match self.info().era {
            Era::Legacy => self.say_subscribed(uri).await,
            Era::Modern => self.open_stream(uri, end).await,
        }
    }

    async fn say_subscribed(&self, uri: &str) -> Result<(), WireFault> {
        let params = SubscribeRequestParams::new(uri);
        let request = ClientRequest::SubscribeRequest(SubscribeRequest::new(params));
        self.tell(request, self.answer_wait()).await
    }

    async fn open_stream(&self, uri: &str, end: CancellationToken) -> Result<(), WireFault> {
        let stream = Stream {
            peer: self.peer().clone(),
            filter: SubscriptionFilter::builder()
                .resource_subscription(uri)
                .build(),
            ear: Ear::Resource {
                wire: Arc::clone(self.wire()),
                uri: uri.to_owned(),
            },
            end,
        };
        let wait = self.answer_wait();
        let opened = tokio::time::timeout(wait, stream.open()).await;
        let subscription = opened
            .map_err(|_| too_slow(wait))?
            .map_err(|error| refused(fault::from_service(&error, self.wire())))?;
        if !takes_on(&subscription, uri) {
            return Err(WireFault::new(not_told(), Reach::Refused));
        }
        tokio::spawn(stream.keep(Some(subscription)));
        Ok(())
    }

    /// Tells a server something whose answer says no more than that it was heard.
    async fn tell(&self, request: ClientRequest, wait: Duration) -> Result<(), WireFault> {
        let mut flight = InFlight::start(self, request, Kind::Whole).await?;
        match tokio::time::timeout(wait, flight.answer()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(refused(fault::from_service(&error, self.wire()))),
            Err(_) => {
                flight.cancel("no answer in time").await;
                Err(too_slow(wait))
            }
        }
    }

    /// Tells the server that nobody watches this any more, if that is still so.
    async fn unwatch(&self, uri: &str) {
        let watches = self.wire().watches();
        let _turn = watches.turn().await;
        if !watches.forget_idle(uri) || self.is_over() || self.info().era == Era::Modern {
            return;
        }
        let params = UnsubscribeRequestParams::new(uri);
        let request = ClientRequest::UnsubscribeRequest(UnsubscribeRequest::new(params));
        // A server that does not take it sends updates that nobody hears.
        let _ = self.tell(request, GOODBYE).await;
    }

    /// Asks a server that began anew for updates again.
    async fn subscribe_again(&self, uri: &str, renewal: u64) -> Result<(), Fault> {
        let watches = self.wire().watches();
        let _turn = watches.turn().await;
        if self.info().era == Era::Modern || !watches.ask_again(uri, renewal) {
            return Ok(());
        }
        match self.say_subscribed(uri).await {
            Ok(()) => Ok(()),
            Err(wire) => {
                self.lost_if(&wire).await;
                Err(self.hidden().fault(wire.fault))
            }
        }
    }
}

impl Watch {
    /// Waits until there is a reason to read again. However many there were meanwhile,
    /// it is one.
    ///
    /// # Errors
    ///
    /// The server does not tell any more.
    pub async fn changed(&mut self) -> Result<Change, Fault> {
        loop {
            tokio::select! {
                biased;
                () = self.session.end.cancelled() => return Ok(Change::SessionOver),
                told = self.told.changed() => if told.is_err() {
                    return Ok(Change::SessionOver);
                },
            }
            let now = self.told.borrow_and_update().clone();
            let before = std::mem::replace(&mut self.seen, now.clone());
            if let Some(fault) = now.over {
                return Err(fault);
            }
            let renewed = now.renewals != before.renewals;
            if renewed
                && let Err(fault) = self.session.subscribe_again(&self.uri, now.renewals).await
            {
                return match self.session.is_over() {
                    true => Ok(Change::SessionOver),
                    false => Err(fault),
                };
            }
            if now.updates != before.updates {
                return Ok(Change::Updated);
            }
            if renewed || now.doubts != before.doubts {
                return Ok(Change::Perhaps);
            }
        }
    }

    /// Counts what was told until now as known: what is read after this has it.
    /// Whether the server said meanwhile that it was updated.
    pub fn settle(&mut self) -> bool {
        // The renewals are left: after these more than reading is to be done.
        let told = self.told.borrow();
        let updated = self.seen.updates != told.updates;
        self.seen.updates = told.updates;
        self.seen.doubts = told.doubts;
        updated
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if !self.session.wire().watches().leave(&self.uri) {
            return;
        }
        let session = Arc::clone(&self.session);
        let uri = std::mem::take(&mut self.uri);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { session.unwatch(&uri).await });
        }
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

/// Whether the server says that it will tell of this resource.
pub(super) fn takes_on(subscription: &Subscription, uri: &str) -> bool {
    let taken = subscription.acknowledged().resource_subscriptions.as_ref();
    taken.is_some_and(|uris| uris.iter().any(|taken| taken == uri))
}

/// What is said of a server that does not know the request.
fn refused(wire: WireFault) -> WireFault {
    match wire.code {
        Some(ErrorCode::METHOD_NOT_FOUND) => WireFault {
            fault: not_told(),
            ..wire
        },
        _ => wire,
    }
}

/// The server does not do what it said that it could.
pub(super) fn not_told() -> Fault {
    Fault::new(
        FaultKind::Server,
        "the server does not tell when this resource changes",
    )
}

fn too_many() -> Fault {
    Fault::new(
        FaultKind::User,
        "as many resources of this connector are watched as can be",
    )
    .hint("end one of the others first")
}

fn too_slow(wait: Duration) -> WireFault {
    let fault = Fault::new(
        FaultKind::Network,
        format!(
            "the server did not answer within {} s to being asked for changes",
            wait.as_secs()
        ),
    );
    WireFault::new(fault.retryable(), Reach::Unknown)
}
