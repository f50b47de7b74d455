//! The vault, from code that must not block.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Engine, keeper::Order};
use crate::domain::{Fault, JournalEvent, VaultState};
use crate::protocol::{ChooseVault, EventKind, Unlock};
use crate::secrets::{Otherwise, SecretsError, Vault};
use crate::store::NewEntry;

/// The vault behind a lock; what it does happens on a thread that may block.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    folder: PathBuf,
    vault: Arc<Mutex<Option<Vault>>>,
    /// How it stood last; read without waiting for a key that is being derived.
    state: Arc<Mutex<VaultState>>,
}

/// Why the vault did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VaultFault {
    /// For people.
    pub(super) fault: Fault,
    /// Whether opening the vault mends it.
    pub(super) locked: bool,
}

impl From<SecretsError> for VaultFault {
    fn from(error: SecretsError) -> Self {
        Self {
            locked: error.is_locked(),
            fault: error.into(),
        }
    }
}

impl From<VaultFault> for Fault {
    fn from(fault: VaultFault) -> Self {
        fault.fault
    }
}

impl Desk {
    /// Opens the vault of a folder. One that cannot be opened is tried again at
    /// each use.
    pub(super) fn open(folder: &Path) -> Self {
        let opened = Vault::open(folder);
        let state = state_of(&opened);
        Self {
            folder: folder.to_owned(),
            vault: Arc::new(Mutex::new(opened.ok())),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes sure that a secret could be kept now.
    ///
    /// # Errors
    /// None was chosen, it is locked, or it cannot be opened.
    pub(super) async fn ready(&self) -> Result<(), VaultFault> {
        self.with(Vault::ready).await
    }

    /// How it stands.
    pub(super) fn state(&self) -> VaultState {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Does something with it.
    ///
    /// # Errors
    /// What it does fails, or the vault cannot be opened.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Vault) -> Result<T, SecretsError> + Send + 'static,
    ) -> Result<T, VaultFault> {
        let desk = self.clone();
        let done = tokio::task::spawn_blocking(move || desk.act(act)).await;
        done.unwrap_or_else(|error| {
            Err(VaultFault {
                fault: Fault::internal(format!("the vault failed: {error}")),
                locked: false,
            })
        })
    }

    fn act<T>(
        &self,
        act: impl FnOnce(&mut Vault) -> Result<T, SecretsError>,
    ) -> Result<T, VaultFault> {
        let mut slot = self.vault.lock().unwrap_or_else(PoisonError::into_inner);
        let mut opened = match slot.take() {
            Some(vault) => Ok(vault),
            None => Vault::open(&self.folder),
        };
        let done = match &mut opened {
            Ok(vault) => act(vault).map_err(VaultFault::from),
            Err(error) => Err(VaultFault {
                fault: Fault::config(error.to_string()).hint("look at it with `callboard doctor`"),
                locked: false,
            }),
        };
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state_of(&opened);
        *slot = opened.ok();
        done
    }
}

fn state_of(opened: &Result<Vault, SecretsError>) -> VaultState {
    match opened {
        Ok(vault) => vault.state(),
        Err(error) => VaultState {
            kind: None,
            locked: true,
            why: error.to_string(),
            warning: None,
        },
    }
}

impl Engine {
    /// Chooses where the vault's key lives.
    ///
    /// # Errors
    /// `denied` for a Member; `config` where that kind cannot be had here.
    pub async fn choose_vault(&self, choose: ChooseVault) -> Result<VaultState, Fault> {
        self.board.require_admin("choose the vault")?;
        let passphrase = choose.passphrase.map(|carried| carried.0);
        self.board
            .vault
            .with(move |vault| vault.choose(choose.kind, passphrase.as_ref()))
            .await?;
        self.vault_changed("chosen", true).await
    }

    /// Chooses the system keyring if it works.
    ///
    /// # Errors
    /// `config` where the vault cannot be used at all.
    pub async fn probe_keyring(&self) -> Result<VaultState, Fault> {
        self.board.require_admin("choose the vault")?;
        let best = self
            .board
            .vault
            .with(|vault| vault.choose_best(Otherwise::Ask))
            .await?;
        match best {
            crate::secrets::Best::Chosen(_) => self.vault_changed("chosen", true).await,
            crate::secrets::Best::MustChoose { why } => {
                let mut state = self.board.vault.state();
                state.why = why;
                Ok(state)
            }
        }
    }

    /// Opens the vault; connectors that waited for it connect.
    ///
    /// # Errors
    /// `config` where it does not open.
    pub async fn unlock(&self, unlock: Unlock) -> Result<VaultState, Fault> {
        let passphrase = unlock.passphrase.map(|carried| carried.0);
        self.board
            .vault
            .with(move |vault| vault.unlock(passphrase.as_ref()))
            .await?;
        self.vault_changed("unlocked", true).await
    }

    /// Closes the vault. Sessions that were made with a secret of it end: whoever
    /// closes it wants nothing to go on with what is in it.
    ///
    /// # Errors
    /// `config` for a vault that has no key to forget.
    pub async fn lock(&self) -> Result<VaultState, Fault> {
        self.board.vault.with(Vault::lock).await?;
        // What was sent and answered may be as secret as what is in the vault.
        self.board.recent.clear();
        self.board.sign_ins.forget_read();
        self.vault_changed("locked", false).await
    }

    async fn vault_changed(&self, what: &str, open: bool) -> Result<VaultState, Fault> {
        let state = self.board.vault.state();
        self.board.bus.publish(EventKind::Vault(state.clone()));
        let kind = state.kind.map_or("none", crate::domain::VaultKind::word);
        let entry = NewEntry {
            rule: Some(format!("{what}: {kind}")),
            ..NewEntry::default()
        };
        self.board.note(JournalEvent::Vault, entry).await;
        let ids: Vec<_> = self.board.with_entries(|entries| {
            entries
                .iter()
                .filter(|(_, entry)| open || entry.stored.connector.has_secret())
                .map(|(id, _)| id.clone())
                .collect()
        });
        for id in ids {
            let order = if open {
                Order::VaultOpened
            } else {
                // No call begins from here on; the keeper hangs up in its own time.
                self.board.with_entry(&id, |entry| entry.live = None);
                Order::VaultClosed
            };
            self.board.order(&id, order);
        }
        Ok(state)
    }
}
