//! Sealing bytes under a key: XChaCha20-Poly1305 with a random nonce each time.

use std::fmt;

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, Zeroizing};

use super::SecretsError;

pub(super) const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;
const TAG_LENGTH: usize = 16;

/// A 256-bit key. On the heap, so that moving it leaves no copy; wiped when dropped.
pub(super) struct VaultKey(Box<Zeroizing<[u8; KEY_LENGTH]>>);

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VaultKey(hidden)")
    }
}

impl VaultKey {
    /// A key nobody had before.
    pub(super) fn fresh() -> Result<Self, SecretsError> {
        Self::filled(fill)
    }

    /// Takes a key in; `None` where the length is wrong.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != KEY_LENGTH {
            return None;
        }
        Self::filled(|key| {
            key.copy_from_slice(bytes);
            Ok(())
        })
        .ok()
    }

    /// A key written in place by `write`.
    pub(super) fn filled(
        write: impl FnOnce(&mut [u8]) -> Result<(), SecretsError>,
    ) -> Result<Self, SecretsError> {
        let mut key = Box::new(Zeroizing::new([0u8; KEY_LENGTH]));
        write(key.as_mut_slice())?;
        Ok(Self(key))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let key: &[u8; KEY_LENGTH] = &self.0;
        XChaCha20Poly1305::new(<&Key>::from(key))
    }

    /// Seals `plain` together with `bound`, which is not stored: nonce, ciphertext, tag.
    pub(super) fn seal(&self, bound: &[u8], plain: &[u8]) -> Result<Vec<u8>, SecretsError> {
        let nonce: [u8; NONCE_LENGTH] = random()?;
        // room for the tag from the start: growing would leave a copy of the plain text
        let mut buffer = Vec::with_capacity(plain.len() + TAG_LENGTH);
        buffer.extend_from_slice(plain);
        if self
            .cipher()
            .encrypt_in_place(&XNonce::from(nonce), bound, &mut buffer)
            .is_err()
        {
            buffer.zeroize();
            return Err(SecretsError::Internal("a secret is too long to be sealed"));
        }
        let mut sealed = nonce.to_vec();
        sealed.append(&mut buffer);
        Ok(sealed)
    }

    /// Opens what [`VaultKey::seal`] made; `None` when a bit of it, of `bound` or of
    /// the key differs.
    pub(super) fn open(&self, bound: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LENGTH>()?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        self.cipher()
            .decrypt_in_place(&XNonce::from(*nonce), bound, &mut *buffer)
            .ok()?;
        Some(buffer)
    }
}

/// Bytes from the system's generator.
pub(super) fn random<const N: usize>() -> Result<[u8; N], SecretsError> {
    let mut bytes = [0u8; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

fn fill(bytes: &mut [u8]) -> Result<(), SecretsError> {
    getrandom::fill(bytes)
        .map_err(|_| SecretsError::Internal("the system's random generator does not answer"))
}

/// Joins parts so that no two different lists give the same bytes: each part is
/// preceded by whether it is there and by its length.
pub(super) fn framed(domain: &str, parts: &[Option<&[u8]>]) -> Vec<u8> {
    let mut joined = Vec::new();
    let all = std::iter::once(Some(domain.as_bytes())).chain(parts.iter().copied());
    for part in all {
        joined.push(u8::from(part.is_some()));
        if let Some(part) = part {
            joined.extend_from_slice(&(part.len() as u64).to_le_bytes());
            joined.extend_from_slice(part);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ConnectorId;
    use crate::secrets::record::{Bytes, Record, RecordKey};

    fn key() -> RecordKey {
        RecordKey {
            connector: ConnectorId::new("c1"),
            origin: "https://a.example".into(),
            name: "oauth".into(),
            issuer: Some("https://issuer.example".into()),
            account: Some("ana".into()),
        }
    }

    #[test]
    fn what_is_sealed_opens_again_and_never_looks_the_same_twice() {
        let vault_key = VaultKey::fresh().unwrap();
        let one = vault_key.seal(b"here", b"hunter2").unwrap();
        let two = vault_key.seal(b"here", b"hunter2").unwrap();
        assert_ne!(one, two);
        assert_eq!(&*vault_key.open(b"here", &one).unwrap(), b"hunter2");
        assert!(vault_key.open(b"there", &one).is_none());
        assert!(VaultKey::fresh().unwrap().open(b"here", &one).is_none());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let vault_key = VaultKey::fresh().unwrap();
        let sealed = vault_key.seal(b"here", b"hunter2").unwrap();
        for place in 0..sealed.len() {
            for bit in 0..8 {
                let mut bent = sealed.clone();
                bent[place] ^= 1 << bit;
                assert!(vault_key.open(b"here", &bent).is_none());
            }
            assert!(vault_key.open(b"here", &sealed[..place]).is_none());
        }
    }

    #[test]
    fn a_ciphertext_moved_to_any_other_place_does_not_open() {
        let vault_key = VaultKey::fresh().unwrap();
        let id = Bytes(vec![1; 16]);
        let sealed = vault_key
            .seal(&Record::binding(&id, &key()), b"hunter2")
            .unwrap();
        let opens = |id: &Bytes, key: &RecordKey| {
            vault_key.open(&Record::binding(id, key), &sealed).is_some()
        };
        assert!(opens(&id, &key()));
        assert!(!opens(&Bytes(vec![2; 16]), &key()));
        let moved: [fn(&mut RecordKey); 7] = [
            |k| k.connector = ConnectorId::new("c2"),
            |k| k.origin = "https://b.example".into(),
            |k| k.name = "token".into(),
            |k| k.issuer = Some("https://evil.example".into()),
            |k| k.issuer = None,
            |k| k.account = Some("bob".into()),
            |k| std::mem::swap(&mut k.issuer, &mut k.account),
        ];
        for change in moved {
            let mut other = key();
            change(&mut other);
            assert!(!opens(&id, &other), "{other:?}");
        }
    }

    #[test]
    fn parts_cannot_flow_into_each_other() {
        let lists: [&[Option<&[u8]>]; 5] = [
            &[Some(b"ab"), Some(b"c")],
            &[Some(b"a"), Some(b"bc")],
            &[Some(b"abc"), None],
            &[Some(b"abc"), Some(b"")],
            &[Some(b"abc")],
        ];
        let joined: std::collections::HashSet<_> =
            lists.iter().map(|list| framed("d", list)).collect();
        assert_eq!(joined.len(), lists.len());
    }

    #[test]
    fn a_key_shows_nothing_when_debugged() {
        let vault_key = VaultKey::from_bytes(&[0x41; 32]).unwrap();
        assert_eq!(format!("{vault_key:?}"), "VaultKey(hidden)");
    }
}
