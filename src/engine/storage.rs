//! The store, opened again when what kept it from being written may be over.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::store::{Store, StoreError};

/// At most this often an impaired database is tried again.
const RETRY: Duration = Duration::from_secs(2);

/// The board's database.
#[derive(Debug)]
pub(super) struct Storage {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    store: Store,
    tried: Instant,
}

impl Storage {
    /// Opens it.
    pub(super) async fn open(path: PathBuf) -> Self {
        let store = Store::open(&path).await;
        Self {
            path,
            state: Mutex::new(State {
                store,
                tried: Instant::now(),
            }),
        }
    }

    /// The store, as it is now. One that was locked, full or not writable is
    /// opened anew now and then; one that is damaged or newer stays as it is.
    pub(super) async fn store(&self) -> Store {
        let mut state = self.state.lock().await;
        let may_heal = matches!(
            state.store.impairment(),
            Some(StoreError::Locked { .. } | StoreError::Full { .. } | StoreError::ReadOnly { .. })
        );
        if may_heal && state.tried.elapsed() >= RETRY {
            state.store.close().await;
            state.store = Store::open(&self.path).await;
            state.tried = Instant::now();
        }
        state.store.clone()
    }

    /// Closes it.
    pub(super) async fn close(&self) {
        self.state.lock().await.store.close().await;
    }
}
