//! Watching a resource: it is read once, and again whenever it changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::board::Live;
use super::connectors::cancelled;
use super::keeper::Order;
use super::offers::{Wanted, carried};
use super::{Engine, Steps};
use crate::domain::{ConnectorId, Fault, FaultKind};
use crate::guard::json;
use crate::mcp::session::{Change, Session};
use crate::protocol::{Reading, WatchResource};

/// How long a changed resource is left to settle before it is read again; with it a
/// storm of updates is so many readings a second and no more.
const SETTLE: Duration = Duration::from_millis(50);

/// A session that followed another and ended sooner than this is not followed again:
/// a server that dies of being read must not be started for ever.
const LASTING: Duration = Duration::from_secs(5);

/// How often in a row a reading may fail that was worth trying again, and the first and
/// longest pause before that. The pause doubles.
const MOST_FAILURES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

impl Engine {
    /// Reads a resource and says it, and again whenever the server says that it
    /// changed, until it is taken back. A session that ends is followed into the next,
    /// however long the server is away.
    ///
    /// # Errors
    /// As for [`Engine::read_resource`]; where the server does not tell of changes; and
    /// whatever ends the watching.
    pub async fn watch_resource(
        &self,
        watch: WatchResource,
        steps: Steps<Reading>,
        cancel: CancellationToken,
    ) -> Result<(), Fault> {
        tokio::select! {
            ended = self.follow(&watch, &steps, &cancel) => ended,
            () = cancel.cancelled() => Err(self.taken_back()),
        }
    }

    /// Why a watch ended that nothing went wrong with.
    fn taken_back(&self) -> Fault {
        if self.board.stopping.is_cancelled() {
            return Fault::new(FaultKind::Network, "the board has ended").retryable();
        }
        cancelled()
    }

    async fn follow(
        &self,
        watch: &WatchResource,
        steps: &Steps<Reading>,
        cancel: &CancellationToken,
    ) -> Result<(), Fault> {
        let id = self.board.find(&watch.name)?;
        let mut live = self.session(&id, cancel).await?;
        let target = live.target.clone();
        let mut last = Last::default();
        let mut followed = false;
        loop {
            self.require_offer(&id, &live, Wanted::Changes)?;
            let begun = Instant::now();
            let told = tell_changes(&live.session, &watch.uri, &mut last, steps).await;
            let lasted = !followed || begun.elapsed() >= LASTING;
            match told {
                // Who has seen nothing yet is told at once.
                Err(fault) if last.0.is_none() || !lasted => return Err(fault),
                // A session that is over fails in many ways; the next one may not.
                Err(fault) if !live.session.is_over() => return Err(fault),
                Ok(()) if !lasted => return Err(again_and_again()),
                _ => live = self.successor(&id, &live.session, cancel).await?,
            }
            followed = true;
            if live.target != target {
                return Err(Fault::config("the connector points elsewhere by now")
                    .hint("watch it again to watch what it points at"));
            }
        }
    }

    /// The session that follows one that ended, waited for as long as the board tries by
    /// itself.
    async fn successor(
        &self,
        id: &ConnectorId,
        of: &Arc<Session>,
        cancel: &CancellationToken,
    ) -> Result<Live, Fault> {
        let (waiter, settled) = oneshot::channel();
        let of = Arc::clone(of);
        self.board.order(id, Order::Successor { of, waiter });
        match settled.await {
            Ok(Err(fault)) => Err(fault),
            // Without a keeper there is no connector either, as will be said now.
            Ok(Ok(())) | Err(_) => self.session(id, cancel).await,
        }
    }
}

/// How long to wait before a reading that failed is tried again; `None`: it is not. A
/// server that is asked too often says how long it wants to be left alone.
fn pause(fault: &Fault, failures: u32) -> Option<Duration> {
    if !fault.retry || failures > MOST_FAILURES {
        return None;
    }
    let doubled = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(9));
    let asked = Duration::from_millis(fault.retry_after_ms.unwrap_or(0));
    Some(doubled.max(asked).min(LONGEST_PAUSE))
}

fn again_and_again() -> Fault {
    Fault::new(
        FaultKind::Network,
        "the connection to the server ends again and again",
    )
    .retryable()
}

/// What was said last.
#[derive(Default)]
struct Last(Option<String>);

impl Last {
    /// Whether this is to be said: where the server tells of a change always, otherwise
    /// only what differs.
    fn is_news(&mut self, reading: &Reading, change: Change) -> bool {
        let digest = json::digest(&reading.result);
        let differs = self.0.as_ref() != Some(&digest);
        self.0 = Some(digest);
        differs || change == Change::Updated
    }
}

/// Says a resource and its changes for as long as a session lasts.
async fn tell_changes(
    session: &Arc<Session>,
    uri: &str,
    last: &mut Last,
    steps: &Steps<Reading>,
) -> Result<(), Fault> {
    // Watched before it is read, so that nothing falls between the two.
    let mut watch = session.watch(uri).await?;
    let mut change = Change::Perhaps;
    let mut failures = 0;
    loop {
        let reading = match session.read_resource(uri).await {
            Ok(reading) => carried(reading),
            Err(fault) if last.0.is_some() && !session.is_over() => {
                failures += 1;
                let pause = pause(&fault, failures).ok_or(fault)?;
                tokio::time::sleep(pause).await;
                continue;
            }
            Err(fault) => return Err(fault),
        };
        failures = 0;
        if last.is_news(&reading, change) {
            steps.hand(reading).await;
        }
        change = watch.changed().await?;
        if change == Change::SessionOver {
            return Ok(());
        }
        tokio::time::sleep(SETTLE).await;
        if watch.settle() {
            change = Change::Updated;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_worth_trying_again_is_tried_a_few_times_and_more_slowly() {
        let seconds = |fault: &Fault, failures| pause(fault, failures).map(|d| d.as_secs());
        let gone = Fault::not_found("no such resource");
        assert_eq!(seconds(&gone, 1), None);
        let slow = Fault::new(FaultKind::Network, "too slow").retryable();
        assert_eq!(seconds(&slow, 1), Some(1));
        assert_eq!(seconds(&slow, MOST_FAILURES), Some(16));
        assert_eq!(seconds(&slow, MOST_FAILURES + 1), None);
        let busy = Fault::new(FaultKind::Server, "busy").retry_after(30_000);
        assert_eq!(seconds(&busy, 1), Some(30));
        let rude = Fault::new(FaultKind::Server, "busy").retry_after(u64::MAX);
        assert_eq!(pause(&rude, 1), Some(LONGEST_PAUSE));
    }

    #[test]
    fn what_may_have_changed_is_said_only_where_it_did() {
        let reading = |text: &str| Reading {
            result: json!({"contents": [{"uri": "x://a", "text": text}]}),
            bytes: 1,
        };
        let mut last = Last::default();
        assert!(last.is_news(&reading("one"), Change::Perhaps));
        assert!(!last.is_news(&reading("one"), Change::Perhaps));
        assert!(last.is_news(&reading("one"), Change::Updated));
        assert!(last.is_news(&reading("two"), Change::Perhaps));
    }
}
