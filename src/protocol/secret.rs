//! A secret on its way to the board.

use serde::{Deserialize, Serialize, Serializer};

use crate::domain::Secret;

/// A secret inside a request. The one place where a secret is serialised: the
/// link is a private socket of the same user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct CarriedSecret(pub Secret);

impl Serialize for CarriedSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl From<Secret> for CarriedSecret {
    fn from(secret: Secret) -> Self {
        Self(secret)
    }
}
