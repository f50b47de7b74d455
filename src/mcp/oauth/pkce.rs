//! Proof key for code exchange (RFC 7636), and other secrets drawn for one sign-in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::domain::{Fault, Secret};

/// A code verifier (RFC 7636 section 4.1): 43 characters, 256 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier(Secret);

impl Verifier {
    /// Draws one.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn draw() -> Result<Self, Fault> {
        draw().map(Self)
    }

    /// The S256 challenge (RFC 7636 section 4.2).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose()))
    }

    pub(super) fn secret(&self) -> &Secret {
        &self.0
    }
}

/// 256 bits in the letters of a URL: a `state` (RFC 6749 section 10.12).
pub(super) fn draw() -> Result<Secret, Fault> {
    let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut_slice())
        .map_err(|error| Fault::internal(format!("the system has no randomness: {error}")))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

/// Compares two secrets in a time that does not depend on where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    digest(one) == digest(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    #[test]
    fn the_challenge_is_the_one_of_the_specification() {
        let verifier = Verifier(Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert_eq!(
            verifier.challenge(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn no_two_verifiers_are_alike_and_none_can_be_printed() {
        let (one, other) = (Verifier::draw().unwrap(), Verifier::draw().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.0.expose().len(), 43);
        assert_eq!(format!("{one:?}"), "Verifier(Secret(hidden))");
        assert!(same("abc", "abc") && !same("abc", "abd"));
    }
}
