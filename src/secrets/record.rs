//! What a secret is kept under, and what binds its ciphertext to that place.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::sealed::framed;
use crate::domain::ConnectorId;

/// What a secret is kept under.
///
/// All of it is authenticated with the ciphertext: a secret sealed for one server
/// cannot be opened for another, even by somebody who can write the vault's file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKey {
    /// Whose it is.
    pub connector: ConnectorId,
    /// Which server it may be sent to ([`crate::domain::Target::origin`]).
    pub origin: String,
    /// What it is: `token`, `password`, `header:X-Key`, `env:NAME`, `oauth`.
    pub name: String,
    /// Which authorisation server issued it, if one did.
    pub issuer: Option<String>,
    /// For which account, where that is known.
    pub account: Option<String>,
}

impl RecordKey {
    /// A key without issuer and account.
    pub fn new(connector: ConnectorId, origin: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            connector,
            origin: origin.into(),
            name: name.into(),
            issuer: None,
            account: None,
        }
    }
}

/// One sealed secret as it stands in the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// Drawn anew at every write, so that an older ciphertext of the same key does
    /// not fit into a newer record.
    pub(super) id: Bytes,
    pub(super) key: RecordKey,
    pub(super) sealed: Bytes,
}

impl Record {
    /// What is authenticated with the ciphertext.
    pub(super) fn binding(id: &Bytes, key: &RecordKey) -> Vec<u8> {
        framed(
            "callboard vault record 1",
            &[
                Some(&id.0),
                Some(key.connector.as_str().as_bytes()),
                Some(key.origin.as_bytes()),
                key.issuer.as_ref().map(String::as_bytes),
                key.account.as_ref().map(String::as_bytes),
                Some(key.name.as_bytes()),
            ],
        )
    }
}

/// Bytes that travel as Base64 (RFC 4648 §4), read strictly.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Bytes {
    pub(super) fn to_base64(&self) -> String {
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &self.0)
    }

    pub(super) fn from_base64(text: &str) -> Option<Self> {
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text)
            .ok()
            .map(Self)
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.0.len())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_base64(&text).ok_or_else(|| de::Error::custom("not Base64"))
    }
}
