//! HMAC with SHA-2 (RFC 7518 section 3.2).

use core::fmt;

use ::hmac::digest::Digest;
use ::hmac::digest::block_api::EagerHash;
use ::hmac::{Hmac, KeyInit, Mac};
use jose_jwa::looks_like_key;
use signature::{MultipartSigner, MultipartVerifier};

use super::algorithm::{Algorithm, Raw};
use crate::Error;

/// One of the HMAC algorithms, with its hash function.
pub trait HmacAlgorithm: Algorithm {
    /// The hash function.
    type Digest: EagerHash;
}

/// A secret with its pads already absorbed, at least as long as the algorithm's digest.
#[derive(Clone)]
pub struct HmacKey<A: HmacAlgorithm>(Hmac<A::Digest>);

impl<A: HmacAlgorithm> HmacKey<A> {
    /// Prepares the secret, which must be at least as long as the digest and no key in another form.
    ///
    /// # Errors
    ///
    /// [`Error::SecretTooShort`] if it is shorter than the digest; [`Error::LooksLikeKey`] if it is, say, a public key in PEM:
    /// anybody who knows that could sign.
    pub fn new(secret: &[u8]) -> Result<Self, Error> {
        if looks_like_key(secret) { Err(Error::LooksLikeKey) } else { Self::dangerous_new(secret) }
    }

    /// Prepares any bytes that are at least as long as the digest, even if they look like a key in another form, which anybody
    /// may know.
    ///
    /// # Errors
    ///
    /// [`Error::SecretTooShort`] if the secret is shorter than the digest.
    pub fn dangerous_new(secret: &[u8]) -> Result<Self, Error> {
        let too_short = || Error::SecretTooShort { alg: A::ALG, found: secret.len() };
        if secret.len() < <A::Digest as Digest>::output_size() {
            return Err(too_short());
        }
        Ok(Self(Hmac::new_from_slice(secret).map_err(|_| too_short())?))
    }

    /// The MAC of a message that has not begun.
    pub(crate) fn start(&self) -> Hmac<A::Digest> {
        self.0.clone()
    }

    fn mac(&self, message: &[&[u8]]) -> Hmac<A::Digest> {
        let mut mac = self.start();
        for part in message {
            mac.update(part);
        }
        mac
    }
}

impl<A: HmacAlgorithm> fmt::Debug for HmacKey<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HmacKey").finish_non_exhaustive()
    }
}

impl<A: HmacAlgorithm, const N: usize> MultipartSigner<Raw<A, [u8; N]>> for HmacKey<A> {
    fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Raw<A, [u8; N]>, signature::Error> {
        let tag = self.mac(message).finalize().into_bytes();
        Raw::try_from(tag.as_slice()).map_err(|_| signature::Error::new())
    }
}

impl<A: HmacAlgorithm, const N: usize> MultipartVerifier<Raw<A, [u8; N]>> for HmacKey<A> {
    fn multipart_verify(&self, message: &[&[u8]], tag: &Raw<A, [u8; N]>) -> Result<(), signature::Error> {
        // In constant time.
        self.mac(message).verify_slice(tag.bytes()).map_err(|_| signature::Error::new())
    }
}

#[cfg(feature = "alloc")]
impl<A: HmacAlgorithm> crate::key::FromJwk for HmacKey<A> {
    fn from_jwk(jwk: &jose_jwk::Jwk) -> Result<Self, jose_jwk::Error> {
        let secret = jwk.expose_secret_member("k").unwrap_or_default();
        let weak = jose_jwk::Weakness::SecretTooShort { alg: A::ALG, found: secret.len() };
        // That it is a secret was checked where the JWK was made.
        Self::dangerous_new(secret).map_err(|_| jose_jwk::Error::Weak(weak))
    }
}
