//! EdDSA on Ed25519 (RFC 8037 section 3.1, RFC 9864 section 2.2).

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use signature::{Error, MultipartSigner, MultipartVerifier};

use super::{Algorithm, Ed25519, EdDsa, Raw};

/// The algorithms that are Ed25519 under one name or the other.
pub(super) trait OnEd25519: Algorithm {}
impl OnEd25519 for EdDsa {}
impl OnEd25519 for Ed25519 {}

impl<A: OnEd25519> MultipartSigner<Raw<A, [u8; 64]>> for SigningKey {
    fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Raw<A, [u8; 64]>, Error> {
        let signature: Signature = self.try_multipart_sign(message)?;
        Ok(Raw::new(signature.to_bytes()))
    }
}

/// Strictly, as `VerifyingKey::verify_strict` does: neither the key nor `R` may be of small order, so that a signature
/// fits one message and one key.
impl<A: OnEd25519> MultipartVerifier<Raw<A, [u8; 64]>> for VerifyingKey {
    fn multipart_verify(&self, message: &[&[u8]], signature: &Raw<A, [u8; 64]>) -> Result<(), Error> {
        let signature = Signature::from_bytes(signature.bytes());
        if let [message] = message {
            return self.verify_strict(message, &signature);
        }
        // There is no strict verification of several parts: its two further conditions, on public values, and then
        // the verification itself. A test holds both ways equal.
        let r = VerifyingKey::from_bytes(signature.r_bytes())?;
        if self.is_weak() || r.is_weak() {
            return Err(Error::new());
        }
        MultipartVerifier::<Signature>::multipart_verify(self, message, &signature)
    }
}

#[cfg(feature = "alloc")]
impl crate::key::FromJwk for SigningKey {
    fn from_jwk(jwk: &jose_jwk::Jwk) -> Result<Self, jose_jwk::Error> {
        jwk.try_into()
    }
}

#[cfg(feature = "alloc")]
impl crate::key::FromJwk for VerifyingKey {
    fn from_jwk(jwk: &jose_jwk::Jwk) -> Result<Self, jose_jwk::Error> {
        let key: Self = jwk.try_into()?;
        if key.is_weak() {
            return Err(jose_jwk::Error::Weak(jose_jwk::Weakness::SmallOrder));
        }
        Ok(key)
    }
}
