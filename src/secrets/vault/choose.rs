//! Choosing where the vault's key lives, and changing that.

use super::{FILE, Shelf, Vault, store};
use crate::domain::{Secret, VaultKind};
use crate::secrets::SecretsError;
use crate::secrets::container::{Book, KeyPlace};
use crate::secrets::files::{Folder, WriteLock};
use crate::secrets::keyfile::{self, NamedKey};
use crate::secrets::keyring::UNASKED;
use crate::secrets::passphrase::Wrapped;
use crate::secrets::record::{Bytes, Record};
use crate::secrets::sealed::{VaultKey, random};

/// What to do where nobody chose and there is no keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// Leave it to a person: there is a terminal.
    Ask,
    /// Keep secrets in memory: there is nobody to ask.
    Memory,
}

/// What came of choosing the best kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Best {
    /// The vault is of this kind, now or since before.
    Chosen(VaultKind),
    /// A person has to choose.
    MustChoose {
        /// Why the keyring is not used, in a sentence.
        why: String,
    },
}

/// A new key, and where it was put.
struct Prepared {
    named: NamedKey,
    place: KeyPlace,
    why: String,
}

impl Vault {
    /// Keeps the kind there is; else takes the keyring if it works; else what
    /// `otherwise` says. Never takes a key file by itself.
    ///
    /// # Errors
    /// When the keyring passed its probe and then failed, or the vault cannot be
    /// written.
    pub fn choose_best(&mut self, otherwise: Otherwise) -> Result<Best, SecretsError> {
        self.reload()?;
        if let Some(kind) = self.kind() {
            return Ok(Best::Chosen(kind));
        }
        let kind = match self.choose(VaultKind::Keyring, None) {
            Ok(()) => VaultKind::Keyring,
            Err(SecretsError::Keyring { reason }) if otherwise == Otherwise::Ask => {
                return Ok(Best::MustChoose { why: reason });
            }
            Err(SecretsError::Keyring { .. }) => {
                self.choose(VaultKind::Memory, None)?;
                VaultKind::Memory
            }
            Err(error) => return Err(error),
        };
        Ok(Best::Chosen(kind))
    }

    /// Makes a vault of this kind, or changes the one there is: every secret is sealed
    /// anew under a new key. Choosing `passphrase` again changes the passphrase.
    ///
    /// # Errors
    /// When the keyring fails its probe, a passphrase is missing, a vault with secrets
    /// is to move into memory, the vault there is is locked, or it cannot be written.
    /// The vault is then as it was; only when the old key file cannot be removed has
    /// it changed already.
    pub fn choose(
        &mut self,
        kind: VaultKind,
        passphrase: Option<&Secret>,
    ) -> Result<(), SecretsError> {
        self.reload()?;
        let before = self.kind();
        if before == Some(kind) && kind != VaultKind::Passphrase {
            return Ok(());
        }
        if before.is_some() && kind == VaultKind::Memory {
            return Err(SecretsError::refused(
                "there is a vault already, and memory would lose its secrets",
                "choose keyring, passphrase or file, or move the vault's file away first",
            ));
        }
        if before.is_some() {
            self.open_itself()?;
        }
        let held = match kind {
            VaultKind::Memory => None,
            _ => Some(Folder::open_or_create(&self.folder)?),
        };
        let prepared = self.prepare(kind, passphrase, held.as_ref())?;
        // a new key is left where it is when the vault cannot be written under it: it
        // opens nothing, and what failed may have been only the last step
        match held {
            None => self.begin_in_memory(prepared),
            Some(folder) => self.move_under(prepared, &folder),
        }
    }

    /// Draws a key and puts it where this kind keeps it.
    fn prepare(
        &mut self,
        kind: VaultKind,
        passphrase: Option<&Secret>,
        folder: Option<&Folder>,
    ) -> Result<Prepared, SecretsError> {
        let mut named = NamedKey {
            id: Bytes(random::<16>()?.to_vec()),
            key: VaultKey::fresh()?,
        };
        let place = match kind {
            VaultKind::Keyring => {
                self.keep_in_keyring(&named)?;
                KeyPlace::Keyring
            }
            VaultKind::Passphrase => KeyPlace::Passphrase(Wrapped::wrap(
                &named.key,
                &named.id,
                usable(passphrase)?,
                self.means.cost,
            )?),
            VaultKind::File => {
                let folder = folder.ok_or(SecretsError::Internal("it has no folder"))?;
                named = key_file(folder, named)?;
                KeyPlace::File
            }
            VaultKind::Memory => KeyPlace::Memory,
        };
        let why = match (kind, &self.no_keyring) {
            (VaultKind::Keyring, _) => "the system keyring works here".to_owned(),
            (_, Some(reason)) => reason.clone(),
            (_, None) => "it was chosen so".to_owned(),
        };
        Ok(Prepared { named, place, why })
    }

    fn keep_in_keyring(&mut self, named: &NamedKey) -> Result<(), SecretsError> {
        let keyring = &self.means.keyring;
        let kept = keyring
            .probe(UNASKED)
            .and_then(|()| keyring.keep(&named.id, &named.key));
        self.no_keyring = kept.as_ref().err().cloned();
        kept.map_err(|reason| SecretsError::Keyring { reason })
    }

    fn begin_in_memory(&mut self, prepared: Prepared) -> Result<(), SecretsError> {
        let book = Book {
            key_id: prepared.named.id,
            key: prepared.place,
            why: prepared.why,
            records: Vec::new(),
        };
        self.shelf = Some(Shelf { book, file: None });
        self.opened_with(prepared.named.key);
        Ok(())
    }

    /// Writes the vault under the new key, and then forgets the old one.
    fn move_under(&mut self, prepared: Prepared, folder: &Folder) -> Result<(), SecretsError> {
        let lock = folder.lock()?;
        let had = self.shelf.is_some();
        if self.kind() == Some(VaultKind::Memory) && folder.read(FILE)?.is_some() {
            return Err(chosen_meanwhile());
        }
        self.reload()?;
        if !had && self.shelf.is_some() {
            return Err(chosen_meanwhile());
        }
        let old = self.shelf.as_ref().map(|shelf| &shelf.book);
        let records = match (old, &self.key) {
            (None, _) => Vec::new(),
            (Some(book), Some(key)) => self.sealed_anew(book, key, &prepared.named.key)?,
            (Some(_), None) => return Err(SecretsError::Locked { why: None }),
        };
        let left = old.map(|book| (book.key.kind(), book.key_id.clone()));
        let book = Book {
            key_id: prepared.named.id,
            key: prepared.place,
            why: prepared.why,
            records,
        };
        let file = Some(store(folder, &lock, &book, &prepared.named.key)?);
        self.shelf = Some(Shelf { book, file });
        self.opened_with(prepared.named.key);
        self.forget_key(left, folder, &lock)
    }

    fn sealed_anew(
        &self,
        book: &Book,
        old: &VaultKey,
        new: &VaultKey,
    ) -> Result<Vec<Record>, SecretsError> {
        let seal = |record: &Record| {
            let bound = Record::binding(&record.id, &record.key);
            let plain = old
                .open(&bound, &record.sealed.0)
                .ok_or_else(|| self.damaged("a secret in it is not the one that was kept there"))?;
            Ok(Record {
                id: record.id.clone(),
                key: record.key.clone(),
                sealed: Bytes(new.seal(&bound, &plain)?),
            })
        };
        book.records.iter().map(seal).collect()
    }

    fn forget_key(
        &self,
        left: Option<(VaultKind, Bytes)>,
        folder: &Folder,
        lock: &WriteLock,
    ) -> Result<(), SecretsError> {
        match left {
            // a keyring that does not answer keeps a key that opens nothing any more
            Some((VaultKind::Keyring, id)) => {
                let _ = self.means.keyring.forget(&id);
                Ok(())
            }
            Some((VaultKind::File, _)) => keyfile::forget(folder, lock),
            _ => Ok(()),
        }
    }

    fn opened_with(&mut self, key: VaultKey) {
        self.key = Some(key);
        self.closed = false;
        self.trouble = None;
    }
}

fn usable(passphrase: Option<&Secret>) -> Result<&Secret, SecretsError> {
    passphrase
        .filter(|passphrase| !passphrase.is_empty())
        .ok_or_else(|| {
            SecretsError::refused(
                "a passphrase vault needs a passphrase",
                "type one, or name a file that holds it in CALLBOARD_PASSPHRASE_FILE",
            )
        })
}

/// The key in the key file, which a crash may have left before the vault was
/// written; else `fresh`, written there. A key file is never overwritten: a backup of
/// a vault may need it.
fn key_file(folder: &Folder, fresh: NamedKey) -> Result<NamedKey, SecretsError> {
    let lock = folder.lock()?;
    if let Some(found) = keyfile::read(folder)? {
        return Ok(found);
    }
    keyfile::write(folder, &lock, &fresh)?;
    Ok(fresh)
}

fn chosen_meanwhile() -> SecretsError {
    SecretsError::refused(
        "another callboard chose meanwhile where secrets are kept",
        "look at the choice in the settings, then change it there",
    )
}
