//! Where the record of a sign-in is kept: in the vault, under its issuer.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::OwnedMutexGuard;
use url::Url;

use super::named_fault;
use crate::domain::{Connector, ConnectorId, Fault, Secret, Target};
use crate::engine::board::Board;
use crate::engine::vault::VaultFault;
use crate::mcp::oauth::{Shelf, SignInRecord};
use crate::secrets::RecordKey;
use crate::store::StoredConnector;

/// What the record of a sign-in is kept under.
const RECORD: &str = "oauth";

/// Where one sign-in is kept.
pub(super) struct OnDisk {
    pub(super) board: Arc<Board>,
    pub(super) id: ConnectorId,
    pub(super) turn: Arc<tokio::sync::Mutex<()>>,
}

/// Nobody else refreshes, keeps or forgets this sign-in meanwhile: in this process by
/// the one, in others that share the vault's folder by the other.
pub(in crate::engine) struct Held {
    _here: OwnedMutexGuard<()>,
    _everywhere: Option<File>,
}

impl Shelf for OnDisk {
    type Guard = Held;

    async fn lock(&self) -> Result<Held, Fault> {
        let here = Arc::clone(&self.turn).lock_owned().await;
        let path = lock_file(self.board.vault.folder(), &self.id);
        let everywhere = tokio::task::spawn_blocking(move || lock(&path))
            .await
            .map_err(|error| Fault::internal(format!("a lock was not taken: {error}")))??;
        Ok(Held {
            _here: here,
            _everywhere: everywhere,
        })
    }

    async fn load(&self) -> Result<Option<SignInRecord>, Fault> {
        Ok(self.board.read_record(&self.id).await?)
    }

    async fn save(&self, record: &SignInRecord) -> Result<(), Fault> {
        self.board.put_record(&self.id, record).await
    }
}

fn lock_file(folder: &Path, id: &ConnectorId) -> PathBuf {
    folder.join(format!("sign-in-{}.lock", id.as_str()))
}

/// A vault in memory has no folder, and nobody shares it.
fn lock(path: &Path) -> Result<Option<File>, Fault> {
    if path.parent().is_none_or(|folder| !folder.is_dir()) {
        return Ok(None);
    }
    let failed = |error: std::io::Error| {
        Fault::config(format!("{} cannot be locked: {error}", path.display()))
            .hint("put CALLBOARD_HOME on a file system that knows locks")
    };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(Some(file))
}

fn key(connector: &Connector, issuer: &str) -> RecordKey {
    RecordKey {
        issuer: Some(issuer.to_owned()),
        ..RecordKey::new(connector.id.clone(), connector.target.origin(), RECORD)
    }
}

fn key_of(stored: &StoredConnector) -> Option<RecordKey> {
    let sign_in = stored.sign_in.as_ref()?;
    Some(key(&stored.connector, sign_in.issuer.raw()))
}

impl Board {
    /// The record of the sign-in that stands, read anew; `None` where there is none.
    pub(in crate::engine) async fn read_record(
        &self,
        id: &ConnectorId,
    ) -> Result<Option<SignInRecord>, VaultFault> {
        let passing = |fault| VaultFault {
            fault,
            locked: false,
        };
        let stored = self.stored(id).map_err(passing)?;
        let Some(key) = key_of(&stored) else {
            return Ok(None);
        };
        let kept: Option<Secret> = self.vault.with(move |vault| vault.get(&key)).await?;
        let Some(kept) = kept else {
            return Ok(None);
        };
        let read = SignInRecord::from_secret(&kept)
            .map_err(|fault| passing(named_fault(fault, &stored.connector.name)))?;
        Ok(Some(read))
    }

    /// Keeps a record; it is on the disk when this returns.
    pub(super) async fn put_record(
        &self,
        id: &ConnectorId,
        record: &SignInRecord,
    ) -> Result<(), Fault> {
        let stored = self.stored(id)?;
        let here = match &stored.connector.target {
            Target::Http { url, .. } => Url::parse(url).ok(),
            Target::Program { .. } => None,
        };
        if here.is_none_or(|here| here.origin() != record.server.origin()) {
            return Err(Fault::config("the connector points elsewhere by now"));
        }
        let key = key(&stored.connector, &record.issuer);
        let secret = record.to_secret()?;
        self.vault
            .with(move |vault| vault.put(&key, &secret))
            .await?;
        Ok(())
    }

    /// Forgets the record of an issuer.
    pub(in crate::engine) async fn remove_record(
        &self,
        connector: &Connector,
        issuer: &str,
    ) -> Result<(), Fault> {
        let key = key(connector, issuer);
        self.vault.with(move |vault| vault.remove(&key)).await?;
        Ok(())
    }

    /// Takes the file of a lock away with its connector.
    pub(in crate::engine) fn remove_lock(&self, id: &ConnectorId) {
        // It may never have been made.
        let _ = std::fs::remove_file(lock_file(self.vault.folder(), id));
    }
}
