//! A vault whose key lies in a file beside it, `vault.key`, mode 0600.
//!
//! It keeps secrets from other users of the machine and from nobody else.

use super::SecretsError;
use super::container::{with_checksum, without_checksum};
use super::files::{Folder, WriteLock};
use super::record::Bytes;
use super::sealed::VaultKey;

const FILE: &str = "vault.key";
const MAGIC: &str = "callboard-vault-key 1";

/// A key and which one it is.
pub(super) struct NamedKey {
    pub(super) id: Bytes,
    pub(super) key: VaultKey,
}

/// Reads the key file; `None` where there is none.
pub(super) fn read(folder: &Folder) -> Result<Option<NamedKey>, SecretsError> {
    let Some(bytes) = folder.read(FILE)? else {
        return Ok(None);
    };
    let damaged = || SecretsError::damaged(&folder.path_of(FILE), "it is not a key of callboard");
    parse(&bytes).map(Some).ok_or_else(damaged)
}

/// Writes a key file where none is.
pub(super) fn write(
    folder: &Folder,
    lock: &WriteLock,
    named: &NamedKey,
) -> Result<(), SecretsError> {
    let mut lines = zeroize::Zeroizing::new(Vec::with_capacity(512));
    for word in [MAGIC, &named.id.to_base64()] {
        lines.extend_from_slice(word.as_bytes());
        lines.push(b'\n');
    }
    let key = zeroize::Zeroizing::new(base64_of(named.key.bytes()));
    lines.extend_from_slice(key.as_bytes());
    lines.push(b'\n');
    let bytes = zeroize::Zeroizing::new(with_checksum(std::mem::take(&mut *lines)));
    folder.write(lock, FILE, &bytes)
}

/// Removes the key file.
pub(super) fn forget(folder: &Folder, lock: &WriteLock) -> Result<(), SecretsError> {
    folder.remove(lock, FILE)
}

fn parse(bytes: &[u8]) -> Option<NamedKey> {
    let text = std::str::from_utf8(without_checksum(bytes)?).ok()?;
    let mut lines = text.lines();
    if lines.next()? != MAGIC {
        return None;
    }
    let id = Bytes::from_base64(lines.next()?)?;
    let key = zeroize::Zeroizing::new(Bytes::from_base64(lines.next()?)?.0);
    let key = VaultKey::from_bytes(&key)?;
    lines.next().is_none().then_some(NamedKey { id, key })
}

/// The key in the form in which files and keyrings keep it.
pub(super) fn base64_of(key: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, key)
}
