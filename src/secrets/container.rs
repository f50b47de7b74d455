//! The vault's file: four lines.
//!
//! ```text
//! callboard-vault 1
//! {"key_id":…,"key":{"kind":…},"why":…,"records":[…]}
//! seal <Base64>
//! sha256 <hex>
//! ```
//!
//! The *seal* is an empty message sealed under the vault's key with the exact bytes
//! of the first two lines bound to it: who lacks the key can neither add, remove, swap
//! nor reorder anything. It is also what tells the right key from a wrong one. The
//! *checksum* covers the lines before it and finds accidents without any key. An older
//! copy of the whole file is accepted: nothing here can know that it is older.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::SecretsError;
use super::passphrase::{Cost, Wrapped};
use super::record::{Bytes, Record};
use super::sealed::VaultKey;
use crate::domain::VaultKind;

const MAGIC: &str = "callboard-vault ";
const VERSION: u32 = 1;

/// Where the key is, and what is needed to have it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum KeyPlace {
    Keyring,
    Passphrase(Wrapped),
    File,
    /// Never written.
    #[serde(skip)]
    Memory,
}

impl KeyPlace {
    pub(super) fn kind(&self) -> VaultKind {
        match self {
            Self::Keyring => VaultKind::Keyring,
            Self::Passphrase(_) => VaultKind::Passphrase,
            Self::File => VaultKind::File,
            Self::Memory => VaultKind::Memory,
        }
    }
}

/// The vault's content, still sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    /// Which key sealed it; drawn with the key.
    pub(super) key_id: Bytes,
    pub(super) key: KeyPlace,
    /// Why this kind was chosen.
    pub(super) why: String,
    pub(super) records: Vec<Record>,
}

/// A file as read.
pub(super) struct Page {
    pub(super) book: Book,
    covered: Vec<u8>,
    seal: Bytes,
}

/// Why bytes are not a vault.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Damaged(&'static str),
    Newer(u32),
}

impl Page {
    /// Reads a file without any key. `floor` is the least a passphrase's guess may cost.
    pub(super) fn read(bytes: &[u8], floor: Cost) -> Result<Self, Flaw> {
        if let Some(version) = announced_version(bytes)
            && version > VERSION
        {
            return Err(Flaw::Newer(version));
        }
        let lines = without_checksum(bytes).ok_or(Flaw::Damaged("its checksum does not fit"))?;
        let text = std::str::from_utf8(lines).map_err(|_| Flaw::Damaged("it is not text"))?;
        let odd = Flaw::Damaged("its lines are not those of a vault");
        let (covered, seal) = match text.rsplit_once("\nseal ") {
            Some((before, seal)) => (format!("{before}\n"), seal),
            None => return Err(odd),
        };
        let (Some(seal), Some(body)) = (
            seal.strip_suffix('\n').and_then(Bytes::from_base64),
            covered.strip_prefix(&format!("{MAGIC}{VERSION}\n")),
        ) else {
            return Err(odd);
        };
        let book: Book =
            serde_json::from_str(body).map_err(|_| Flaw::Damaged("its content cannot be read"))?;
        if let KeyPlace::Passphrase(wrapped) = &book.key
            && !wrapped.is_sound(floor)
        {
            return Err(Flaw::Damaged("its passphrase parameters are out of bounds"));
        }
        Ok(Self {
            book,
            covered: covered.into_bytes(),
            seal,
        })
    }

    /// Whether `key` sealed this page and nobody changed it since.
    pub(super) fn fits(&self, key: &VaultKey) -> bool {
        key.open(&self.covered, &self.seal.0)
            .is_some_and(|message| message.is_empty())
    }
}

impl Book {
    /// The file's bytes.
    pub(super) fn written(&self, key: &VaultKey) -> Result<Vec<u8>, SecretsError> {
        let body = serde_json::to_string(self)
            .map_err(|_| SecretsError::Internal("its content cannot be written"))?;
        let mut lines = format!("{MAGIC}{VERSION}\n{body}\n");
        let seal = Bytes(key.seal(lines.as_bytes(), b"")?);
        lines.push_str(&format!("seal {}\n", seal.to_base64()));
        Ok(with_checksum(lines.into_bytes()))
    }
}

fn announced_version(bytes: &[u8]) -> Option<u32> {
    let first = bytes.split(|byte| *byte == b'\n').next()?;
    let version = std::str::from_utf8(first).ok()?.strip_prefix(MAGIC)?;
    version.parse().ok()
}

/// Adds the last line: the SHA-256 of all before it.
pub(super) fn with_checksum(mut lines: Vec<u8>) -> Vec<u8> {
    let line = checksum_line(&lines);
    lines.extend_from_slice(line.as_bytes());
    lines
}

/// Takes the last line off again; `None` when it does not fit.
pub(super) fn without_checksum(bytes: &[u8]) -> Option<&[u8]> {
    let length = checksum_line(b"").len();
    let (lines, last) = bytes.split_at_checked(bytes.len().checked_sub(length)?)?;
    (last == checksum_line(lines).as_bytes()).then_some(lines)
}

fn checksum_line(lines: &[u8]) -> String {
    let digest: String = Sha256::digest(lines)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("sha256 {digest}\n")
}
