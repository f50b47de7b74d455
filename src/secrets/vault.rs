//! The vault itself: which kind, whether it is open, and the secrets in it.

use std::fmt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::SecretsError;
use super::container::Book;
use super::files::{Folder, WriteLock};
use super::keyring::{ASKED, Keyring};
use super::passphrase::Cost;
use super::record::{Bytes, Record, RecordKey};
use super::sealed::{VaultKey, random};
use crate::domain::{ConnectorId, Secret, VaultKind, VaultState};

mod choose;
mod opening;

pub use choose::{Best, Otherwise};

const FILE: &str = "vault";

/// Secrets at rest, one per [`RecordKey`].
///
/// Every call that reads or writes looks at the file again first, so that what
/// another process wrote is seen and never lost. What was acknowledged is on the
/// disk. Every call may block; see [`crate::secrets`].
pub struct Vault {
    folder: PathBuf,
    means: Means,
    /// `None` while no kind was chosen.
    shelf: Option<Shelf>,
    key: Option<VaultKey>,
    /// Locked by [`Vault::lock`]: stays so until [`Vault::unlock`].
    closed: bool,
    /// Why it did not open when it last should have.
    trouble: Option<String>,
    /// What the last probe of the keyring said against it.
    no_keyring: Option<String>,
}

/// What a vault is built with.
struct Means {
    keyring: Keyring,
    /// What a guess costs: for new vaults, and the least for those there are.
    cost: Cost,
}

/// The content, and the file it was read from.
struct Shelf {
    book: Book,
    /// The file's bytes; `None` for a vault in memory.
    file: Option<Vec<u8>>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("folder", &self.folder)
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// Reads what can be read without a key. Asks nobody anything, derives nothing
    /// and leaves the keyring alone. A folder that is not there is made when the
    /// first vault is.
    ///
    /// # Errors
    /// When folder or file are exposed, the file is damaged, or a newer callboard
    /// wrote it.
    pub fn open(folder: &Path) -> Result<Self, SecretsError> {
        let means = Means {
            keyring: Keyring::of_the_system(),
            cost: Cost::FLOOR,
        };
        Self::open_with(folder, means)
    }

    fn open_with(folder: &Path, means: Means) -> Result<Self, SecretsError> {
        let mut vault = Self {
            folder: folder.to_owned(),
            means,
            shelf: None,
            key: None,
            closed: false,
            trouble: None,
            no_keyring: None,
        };
        vault.reload()?;
        Ok(vault)
    }

    /// What can be said of the vault without opening it. A vault that opens itself
    /// when it is first needed counts as unlocked until that fails.
    pub fn state(&self) -> VaultState {
        let Some(shelf) = &self.shelf else {
            return VaultState {
                kind: None,
                locked: false,
                why: self
                    .no_keyring
                    .clone()
                    .unwrap_or_else(|| "nobody has chosen yet where secrets are kept".to_owned()),
                warning: None,
            };
        };
        let kind = shelf.book.key.kind();
        let opens_itself = kind != VaultKind::Passphrase && !self.closed && self.trouble.is_none();
        VaultState {
            kind: Some(kind),
            locked: self.key.is_none() && !opens_itself,
            why: self
                .trouble
                .clone()
                .unwrap_or_else(|| shelf.book.why.clone()),
            warning: warning(kind).map(str::to_owned),
        }
    }

    /// Opens the vault; a passphrase is needed for that kind only.
    ///
    /// # Errors
    /// [`SecretsError::WrongPassphrase`]; [`SecretsError::Locked`] with the reason
    /// when there is no passphrase or the keyring or key file does not give the key.
    pub fn unlock(&mut self, passphrase: Option<&Secret>) -> Result<(), SecretsError> {
        self.reload()?;
        if self.shelf.is_none() {
            return Err(self.not_chosen());
        }
        if self.key.is_none() {
            self.fetch_key(passphrase, ASKED)?;
        }
        self.closed = false;
        Ok(())
    }

    /// Forgets the key until [`Vault::unlock`].
    ///
    /// # Errors
    /// For a vault in memory, whose secrets would be lost with the key.
    pub fn lock(&mut self) -> Result<(), SecretsError> {
        if self.kind() == Some(VaultKind::Memory) {
            return Err(SecretsError::refused(
                "a vault in memory cannot be locked: its secrets would be lost",
                "choose another kind first, or stop the board",
            ));
        }
        if self.shelf.is_some() {
            self.key = None;
            self.closed = true;
        }
        Ok(())
    }

    /// The secret kept under `key`. One kept for another server, connector, issuer or
    /// account is none.
    ///
    /// # Errors
    /// [`SecretsError::Locked`], or the file cannot be trusted.
    pub fn get(&mut self, key: &RecordKey) -> Result<Option<Secret>, SecretsError> {
        self.reload()?;
        let Some(shelf) = &self.shelf else {
            return Ok(None);
        };
        if !shelf.book.records.iter().any(|record| record.key == *key) {
            return Ok(None);
        }
        self.open_itself()?;
        let (Some(shelf), Some(vault_key)) = (&self.shelf, &self.key) else {
            return Err(SecretsError::Locked { why: None });
        };
        let Some(record) = shelf.book.records.iter().find(|record| record.key == *key) else {
            return Ok(None);
        };
        let bound = Record::binding(&record.id, &record.key);
        let mut plain = vault_key
            .open(&bound, &record.sealed.0)
            .ok_or_else(|| self.damaged("a secret in it is not the one that was kept there"))?;
        String::from_utf8(std::mem::take(&mut *plain))
            .map(|text| Some(Secret::new(text)))
            .map_err(|error| {
                drop(Zeroizing::new(error.into_bytes()));
                SecretsError::Internal("a secret in it is not text")
            })
    }

    /// Keeps a secret, in place of what was kept under the same key.
    ///
    /// # Errors
    /// [`SecretsError::NotChosen`], [`SecretsError::Locked`], or the file cannot be
    /// trusted or written.
    pub fn put(&mut self, key: &RecordKey, secret: &Secret) -> Result<(), SecretsError> {
        self.change(|records, vault_key| {
            let id = Bytes(random::<16>()?.to_vec());
            let bound = Record::binding(&id, key);
            let sealed = Bytes(vault_key.seal(&bound, secret.expose().as_bytes())?);
            records.retain(|record| record.key != *key);
            records.push(Record {
                id,
                key: key.clone(),
                sealed,
            });
            Ok(())
        })
    }

    /// Opens it where it opens itself, so that the next secret can be kept.
    ///
    /// # Errors
    /// [`SecretsError::NotChosen`], [`SecretsError::Locked`].
    pub fn ready(&mut self) -> Result<(), SecretsError> {
        self.reload()?;
        self.open_itself()
    }

    /// Forgets one secret; says whether there was one.
    ///
    /// # Errors
    /// As [`Vault::put`], but where there is nothing to forget nothing is needed.
    pub fn remove(&mut self, key: &RecordKey) -> Result<bool, SecretsError> {
        Ok(self.remove_where(|record| record.key == *key)? > 0)
    }

    /// Forgets all secrets of a connector; says how many there were.
    ///
    /// # Errors
    /// As [`Vault::remove`].
    pub fn remove_connector(&mut self, connector: &ConnectorId) -> Result<usize, SecretsError> {
        self.remove_where(|record| record.key.connector == *connector)
    }

    /// The names under which secrets of a connector are kept, sorted. Needs no key;
    /// as of the last look at the file.
    pub fn names(&self, connector: &ConnectorId) -> Vec<String> {
        let records = self.shelf.iter().flat_map(|shelf| &shelf.book.records);
        let mut names: Vec<String> = records
            .filter(|record| record.key.connector == *connector)
            .map(|record| record.key.name.clone())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn remove_where(&mut self, gone: impl Fn(&Record) -> bool) -> Result<usize, SecretsError> {
        self.reload()?;
        let mut records = self.shelf.iter().flat_map(|shelf| &shelf.book.records);
        if !records.any(&gone) {
            return Ok(0);
        }
        self.change(|records, _| {
            let before = records.len();
            records.retain(|record| !gone(record));
            Ok(before - records.len())
        })
    }

    /// Changes the records and writes them, with nobody writing in between. Nothing
    /// of the change stays when it cannot be written.
    fn change<T>(
        &mut self,
        edit: impl FnOnce(&mut Vec<Record>, &VaultKey) -> Result<T, SecretsError>,
    ) -> Result<T, SecretsError> {
        // opened before the lock is taken: a keyring may take its time
        self.reload()?;
        self.open_itself()?;
        let held = self.hold_folder()?;
        self.reload()?;
        let (Some(shelf), Some(vault_key)) = (&self.shelf, &self.key) else {
            return Err(SecretsError::Locked { why: None });
        };
        let mut book = shelf.book.clone();
        let told = edit(&mut book.records, vault_key)?;
        let file = match &held {
            Some((folder, lock)) => Some(store(folder, lock, &book, vault_key)?),
            None => None,
        };
        self.shelf = Some(Shelf { book, file });
        Ok(told)
    }

    /// The folder, ours to write in; `None` for a vault in memory.
    fn hold_folder(&self) -> Result<Option<(Folder, WriteLock)>, SecretsError> {
        if self.kind() == Some(VaultKind::Memory) {
            return Ok(None);
        }
        let folder = Folder::open_or_create(&self.folder)?;
        let lock = folder.lock()?;
        Ok(Some((folder, lock)))
    }

    fn kind(&self) -> Option<VaultKind> {
        self.shelf.as_ref().map(|shelf| shelf.book.key.kind())
    }

    fn not_chosen(&self) -> SecretsError {
        SecretsError::NotChosen {
            why: self.no_keyring.clone(),
        }
    }

    fn damaged(&self, how: &'static str) -> SecretsError {
        SecretsError::damaged(&self.folder.join(FILE), how)
    }
}

/// Seals and writes; gives the bytes now in the file.
fn store(
    folder: &Folder,
    lock: &WriteLock,
    book: &Book,
    key: &VaultKey,
) -> Result<Vec<u8>, SecretsError> {
    let bytes = book.written(key)?;
    folder.write(lock, FILE, &bytes)?;
    Ok(bytes)
}

fn warning(kind: VaultKind) -> Option<&'static str> {
    match kind {
        VaultKind::File => Some(
            "the vault's key lies in a file beside it: it keeps secrets from other users only, and not from whoever has a copy of the folder",
        ),
        VaultKind::Memory => Some("secrets are in memory only and are lost when the board stops"),
        VaultKind::Keyring | VaultKind::Passphrase => None,
    }
}

#[cfg(test)]
mod tests;
