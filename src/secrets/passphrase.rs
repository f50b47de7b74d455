//! A vault whose key is wrapped under a passphrase: Argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use super::SecretsError;
use super::record::Bytes;
use super::sealed::{KEY_LENGTH, VaultKey, framed, random};
use crate::domain::Secret;

/// How much work a guess costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cost {
    /// Memory in KiB.
    pub(super) memory_kib: u32,
    /// Passes over it.
    pub(super) passes: u32,
    /// Lanes.
    pub(super) lanes: u32,
}

impl Cost {
    /// The second recommended choice of RFC 9106 §4: 64 MiB, three passes, four lanes.
    /// Whoever raises it has to go on reading vaults made with this one.
    pub(super) const FLOOR: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };

    /// Above this a file only means to exhaust the machine.
    const CEILING: Self = Self {
        memory_kib: 1024 * 1024,
        passes: 64,
        lanes: 64,
    };

    fn is_between(self, floor: Self) -> bool {
        let within = |value, least, most| value >= least && value <= most;
        within(self.memory_kib, floor.memory_kib, Self::CEILING.memory_kib)
            && within(self.passes, floor.passes, Self::CEILING.passes)
            && within(self.lanes, floor.lanes, Self::CEILING.lanes)
    }
}

/// The vault's key under a passphrase, as it stands in the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wrapped {
    cost: Cost,
    salt: Bytes,
    wrapped: Bytes,
}

impl Wrapped {
    /// Wraps `key` under `passphrase`.
    pub(super) fn wrap(
        key: &VaultKey,
        key_id: &Bytes,
        passphrase: &Secret,
        cost: Cost,
    ) -> Result<Self, SecretsError> {
        let salt = Bytes(random::<16>()?.to_vec());
        let outer = derive(passphrase, &salt, cost)?;
        let wrapped = Bytes(outer.seal(&binding(key_id, cost, &salt), key.bytes())?);
        Ok(Self {
            cost,
            salt,
            wrapped,
        })
    }

    /// Whether the parameters are such as callboard writes: never cheaper than
    /// `floor`, never so dear that opening the file would exhaust the machine.
    pub(super) fn is_sound(&self, floor: Cost) -> bool {
        self.cost.is_between(floor) && self.salt.0.len() == 16
    }

    /// The key, if the passphrase is the right one.
    pub(super) fn unwrap_key(
        &self,
        key_id: &Bytes,
        passphrase: &Secret,
    ) -> Result<VaultKey, SecretsError> {
        let outer = derive(passphrase, &self.salt, self.cost)?;
        outer
            .open(&binding(key_id, self.cost, &self.salt), &self.wrapped.0)
            .and_then(|key| VaultKey::from_bytes(&key))
            .ok_or(SecretsError::WrongPassphrase)
    }
}

fn binding(key_id: &Bytes, cost: Cost, salt: &Bytes) -> Vec<u8> {
    framed(
        "callboard vault key 1",
        &[
            Some(&key_id.0),
            Some(&cost.memory_kib.to_le_bytes()),
            Some(&cost.passes.to_le_bytes()),
            Some(&cost.lanes.to_le_bytes()),
            Some(&salt.0),
        ],
    )
}

fn derive(passphrase: &Secret, salt: &Bytes, cost: Cost) -> Result<VaultKey, SecretsError> {
    const ODD: SecretsError = SecretsError::Internal("the passphrase cannot be worked on");
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY_LENGTH)).map_err(|_| ODD)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    VaultKey::filled(|key| {
        argon2
            .hash_password_into(passphrase.expose().as_bytes(), &salt.0, key)
            .map_err(|error| match error {
                argon2::Error::OutOfMemory => {
                    SecretsError::Internal("there is no memory to work on the passphrase")
                }
                _ => ODD,
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost {
        memory_kib: 32,
        passes: 1,
        lanes: 1,
    };

    fn id() -> Bytes {
        Bytes(vec![7; 16])
    }

    #[test]
    fn the_key_comes_back_with_the_passphrase_and_only_with_it() {
        let key = VaultKey::fresh().unwrap();
        let wrapped = Wrapped::wrap(&key, &id(), &Secret::new("right"), CHEAP).unwrap();
        let back = wrapped.unwrap_key(&id(), &Secret::new("right")).unwrap();
        assert_eq!(back.bytes(), key.bytes());
        for wrong in ["wrong", "", "Right", "right "] {
            let refused = wrapped.unwrap_key(&id(), &Secret::new(wrong));
            assert!(matches!(refused, Err(SecretsError::WrongPassphrase)));
        }
        let elsewhere = wrapped.unwrap_key(&Bytes(vec![8; 16]), &Secret::new("right"));
        assert!(matches!(elsewhere, Err(SecretsError::WrongPassphrase)));
    }

    #[test]
    fn parameters_below_the_floor_or_beyond_reason_are_not_sound() {
        let key = VaultKey::fresh().unwrap();
        let mut wrapped = Wrapped::wrap(&key, &id(), &Secret::new("x"), CHEAP).unwrap();
        assert!(wrapped.is_sound(CHEAP));
        assert!(!wrapped.is_sound(Cost::FLOOR));
        wrapped.cost.memory_kib = u32::MAX;
        assert!(!wrapped.is_sound(CHEAP));
    }

    #[test]
    fn the_floor_is_what_the_standard_recommends() {
        let key = VaultKey::fresh().unwrap();
        let wrapped = Wrapped::wrap(&key, &id(), &Secret::new("x"), Cost::FLOOR).unwrap();
        assert!(wrapped.is_sound(Cost::FLOOR));
        assert_eq!(
            (
                wrapped.cost.memory_kib,
                wrapped.cost.passes,
                wrapped.cost.lanes
            ),
            (65536, 3, 4)
        );
    }
}
