//! Hears of changed lists from a modern server (MCP 2026-07-28,
//! `subscriptions/listen`): a stream that is opened again when it ends, ever more
//! slowly, and never in a hurry.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rmcp::{
    Peer, RoleClient, ServiceError,
    model::{ErrorCode, ServerNotification, SubscriptionFilter},
    service::Subscription,
};
use tokio_util::sync::CancellationToken;

use super::handler::Reports;

/// First and longest pause before it is opened again.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// A stream that stood this long ended for a reason of the network's.
const STOOD: Duration = Duration::from_secs(60);

/// Listens until the session ends or the server shows that it cannot.
pub(super) async fn listen(peer: Peer<RoleClient>, reports: Arc<Reports>, end: CancellationToken) {
    let mut failures = 0u32;
    let mut opened_before = false;
    loop {
        let began = Instant::now();
        let filter = SubscriptionFilter::builder().tools_list_changed().build();
        let opened = tokio::select! {
            opened = peer.listen(filter) => opened,
            () = end.cancelled() => return,
        };
        match opened {
            Ok(mut subscription) => {
                if opened_before {
                    // Something may have changed while nobody listened.
                    reports.changed().await;
                }
                opened_before = true;
                tokio::select! {
                    () = hear(&mut subscription, &reports) => {}
                    () = end.cancelled() => return,
                }
            }
            Err(error) if is_final(&error) => return,
            Err(_) => {}
        }
        failures = if began.elapsed() > STOOD {
            0
        } else {
            failures.saturating_add(1)
        };
        tokio::select! {
            () = tokio::time::sleep(pause(failures, jitter())) => {}
            () = end.cancelled() => return,
        }
    }
}

async fn hear(subscription: &mut Subscription, reports: &Reports) {
    while let Ok(Some(notification)) = subscription.next().await {
        if let ServerNotification::ToolListChangedNotification(_) = notification {
            reports.changed().await;
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
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        assert!(pause(0, 0) >= Duration::from_millis(500));
        assert!(pause(1, 255) <= Duration::from_secs(2));
        assert!(pause(40, 255) <= LONGEST_PAUSE);
        assert!(pause(40, 0) >= LONGEST_PAUSE / 2);
    }
}
