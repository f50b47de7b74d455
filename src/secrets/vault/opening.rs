//! Reading the vault's file, and getting the key that opens it.

use std::path::Path;
use std::time::Duration;

use super::{FILE, Shelf, Vault};
use crate::domain::{Secret, VaultKind};
use crate::secrets::SecretsError;
use crate::secrets::container::{Flaw, KeyPlace, Page};
use crate::secrets::files::Folder;
use crate::secrets::keyfile;
use crate::secrets::keyring::UNASKED;
use crate::secrets::record::Bytes;
use crate::secrets::sealed::VaultKey;

impl Vault {
    /// Looks at the file again. A file that cannot be trusted is an error and changes
    /// nothing here, so that nothing is ever written over it.
    pub(super) fn reload(&mut self) -> Result<(), SecretsError> {
        if self.kind() == Some(VaultKind::Memory) {
            return Ok(());
        }
        let bytes = match Folder::open(&self.folder)? {
            Some(folder) => folder.read(FILE)?,
            None => None,
        };
        let Some(bytes) = bytes else {
            return match self.shelf {
                None => Ok(()),
                Some(_) => Err(self.damaged("it is gone since the board read it")),
            };
        };
        if let Some(Shelf {
            file: Some(known), ..
        }) = &self.shelf
            && *known == **bytes
        {
            return Ok(());
        }
        let page = self.page(&bytes)?;
        let same_key = self
            .shelf
            .as_ref()
            .is_some_and(|shelf| shelf.book.key_id == page.book.key_id);
        if !same_key {
            self.key = None;
            self.trouble = None;
        }
        if let Some(key) = &self.key
            && !page.fits(key)
        {
            return Err(self.damaged("it was changed by something other than callboard"));
        }
        self.shelf = Some(Shelf {
            book: page.book,
            file: Some(bytes.to_vec()),
        });
        Ok(())
    }

    fn page(&self, bytes: &[u8]) -> Result<Page, SecretsError> {
        Page::read(bytes, self.means.cost).map_err(|flaw| match flaw {
            Flaw::Damaged(how) => self.damaged(how),
            Flaw::Newer(version) => SecretsError::Newer {
                path: self.folder.join(FILE),
                version,
            },
        })
    }

    /// Has the key, fetching it where the kind allows that without asking.
    pub(super) fn open_itself(&mut self) -> Result<(), SecretsError> {
        let Some(kind) = self.kind() else {
            return Err(self.not_chosen());
        };
        if self.key.is_some() {
            return Ok(());
        }
        if self.closed || kind == VaultKind::Passphrase || self.trouble.is_some() {
            return Err(SecretsError::Locked {
                why: self.trouble.clone(),
            });
        }
        self.fetch_key(None, UNASKED)
    }

    /// Gets the key from where it is and checks that it is the one that sealed the
    /// file. Keeps the reason when a keyring or key file does not give it, so that not
    /// every connector waits for it again.
    pub(super) fn fetch_key(
        &mut self,
        passphrase: Option<&Secret>,
        patience: Duration,
    ) -> Result<(), SecretsError> {
        let Some(Shelf {
            book,
            file: Some(file),
        }) = &self.shelf
        else {
            return Err(SecretsError::Internal("a vault in memory lost its key"));
        };
        let found = match &book.key {
            KeyPlace::Passphrase(wrapped) => match passphrase {
                Some(passphrase) => wrapped.unwrap_key(&book.key_id, passphrase),
                None => return Err(SecretsError::Locked { why: None }),
            },
            KeyPlace::Keyring => {
                let answer = self.means.keyring.find(&book.key_id, patience);
                answer.map_err(|why| SecretsError::Locked { why: Some(why) })
            }
            KeyPlace::File => key_from_file(&self.folder, &book.key_id),
            KeyPlace::Memory => Err(SecretsError::Internal("a vault in memory lost its key")),
        };
        let checked = found.and_then(|key| {
            if self.page(file)?.fits(&key) {
                Ok(key)
            } else {
                Err(self.damaged("it was changed by something other than callboard"))
            }
        });
        match checked {
            Ok(key) => {
                self.key = Some(key);
                self.trouble = None;
                Ok(())
            }
            Err(SecretsError::WrongPassphrase) => Err(SecretsError::WrongPassphrase),
            Err(SecretsError::Locked { why }) => {
                self.trouble.clone_from(&why);
                Err(SecretsError::Locked { why })
            }
            Err(error) => {
                self.trouble = Some(error.to_string());
                Err(error)
            }
        }
    }
}

fn key_from_file(folder: &Path, id: &Bytes) -> Result<VaultKey, SecretsError> {
    let locked = |why: &str| SecretsError::Locked {
        why: Some(why.to_owned()),
    };
    let folder = Folder::open(folder)?.ok_or_else(|| locked("its folder is gone"))?;
    let named = keyfile::read(&folder)?.ok_or_else(|| locked("its key file vault.key is gone"))?;
    if named.id != *id {
        return Err(locked("its key file vault.key belongs to another vault"));
    }
    Ok(named.key)
}
