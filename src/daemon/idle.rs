//! When a board is of no use any more.

use std::time::Duration;

use tokio::time::sleep;

use crate::engine::Engine;

/// Returns once nothing has been enabled and nobody attached for this long. Takes
/// no processor time while it waits: it looks only when something happened.
pub(super) async fn out_of_use(engine: &Engine, limit: Duration) {
    loop {
        let activity = engine.activity();
        if engine.in_use() {
            activity.await;
            continue;
        }
        tokio::select! {
            () = sleep(limit) => return,
            () = activity => {}
        }
    }
}
