//! The store, opened again when what kept it from being written may be over.

use std::path::PathBuf;
use std::sync::PoisonError;
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
    /// What went wrong in use, and when it was last looked at.
    broken: std::sync::Mutex<Option<(StoreError, Instant)>>,
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
            broken: std::sync::Mutex::default(),
        }
    }

    /// Notes what went wrong in use. The store takes no writes until it is over.
    pub(super) fn broke(&self, error: &StoreError) {
        self.set_broken(Some((error.clone(), Instant::now())));
    }

    /// The store, as it is now. One that was locked, full or not writable is
    /// tried anew now and then; one that is damaged or newer stays as it is.
    pub(super) async fn store(&self) -> Store {
        let mut state = self.state.lock().await;
        let may_heal = state.store.impairment().is_some_and(may_pass);
        if may_heal && state.tried.elapsed() >= RETRY {
            state.store.close().await;
            state.store = Store::open(&self.path).await;
            state.tried = Instant::now();
        }
        match self.broken() {
            Some((error, tried)) if may_pass(&error) && tried.elapsed() >= RETRY => {
                let still = state.store.probe().await.err();
                let still = still.map(|error| (error, Instant::now()));
                self.set_broken(still.clone());
                state
                    .store
                    .clone()
                    .impaired_by(still.map(|(error, _)| error))
            }
            broken => state
                .store
                .clone()
                .impaired_by(broken.map(|(error, _)| error)),
        }
    }

    fn broken(&self) -> Option<(StoreError, Instant)> {
        self.broken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set_broken(&self, broken: Option<(StoreError, Instant)>) {
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = broken;
    }

    /// Closes it.
    pub(super) async fn close(&self) {
        self.state.lock().await.store.close().await;
    }
}

/// Whether it may be over by itself.
fn may_pass(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Locked { .. }
            | StoreError::Full { .. }
            | StoreError::ReadOnly { .. }
            | StoreError::Failing { .. }
            | StoreError::Unreadable { .. }
    )
}
