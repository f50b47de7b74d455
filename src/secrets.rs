//! The vault: secrets at rest.
//!
//! One sealed file holds every secret; the kinds of vault differ only in where the
//! file's key lives ([`VaultKind`](crate::domain::VaultKind)). The kind is chosen
//! once and stored, and nothing ever falls back to a weaker one: a key that cannot
//! be had leaves the vault locked, and the vault says why.
//!
//! Every call blocks (disk, Argon2id, keyring): call from a thread that may.

mod container;
mod error;
mod files;
mod keyfile;
mod keyring;
mod passphrase;
mod process;
mod record;
mod sealed;
mod vault;

pub use error::SecretsError;
pub use process::harden_process;
pub use record::RecordKey;
pub use vault::{Best, Otherwise, Vault};
