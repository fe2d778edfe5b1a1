//! HMAC with SHA-2 (RFC 7518 section 3.2).

use core::fmt;

use ::hmac::digest::block_api::EagerHash;
use ::hmac::{Hmac, KeyInit, Mac};
use signature::{MultipartSigner, MultipartVerifier};

use super::Raw;
use crate::Error;

/// A secret with its pads already absorbed, at least as long as the digest.
#[derive(Clone)]
pub struct HmacKey<D: EagerHash>(Hmac<D>);

impl<D: EagerHash> HmacKey<D> {
    /// Prepares the secret.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] where it has fewer octets than the digest.
    pub fn new(secret: &[u8]) -> Result<Self, Error> {
        Self::prepare(secret).map_err(Error::Key)
    }

    fn prepare(secret: &[u8]) -> Result<Self, jose_jwk::Error> {
        let too_short = jose_jwk::Error::Weak(jose_jwk::Weakness::SecretTooShort);
        if secret.len() < <D as ::hmac::digest::Digest>::output_size() {
            return Err(too_short);
        }
        Ok(Self(Hmac::new_from_slice(secret).map_err(|_| too_short)?))
    }

    fn mac(&self, message: &[&[u8]]) -> Hmac<D> {
        let mut mac = self.0.clone();
        for part in message {
            mac.update(part);
        }
        mac
    }
}

impl<D: EagerHash> fmt::Debug for HmacKey<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HmacKey").finish_non_exhaustive()
    }
}

impl<A, const N: usize, D: EagerHash> MultipartSigner<Raw<A, [u8; N]>> for HmacKey<D> {
    fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Raw<A, [u8; N]>, signature::Error> {
        let tag = self.mac(message).finalize().into_bytes();
        Raw::try_from(tag.as_slice()).map_err(|_| signature::Error::new())
    }
}

impl<A, const N: usize, D: EagerHash> MultipartVerifier<Raw<A, [u8; N]>> for HmacKey<D> {
    fn multipart_verify(&self, message: &[&[u8]], tag: &Raw<A, [u8; N]>) -> Result<(), signature::Error> {
        // In constant time.
        self.mac(message).verify_slice(tag.octets()).map_err(|_| signature::Error::new())
    }
}

#[cfg(feature = "alloc")]
impl<D: EagerHash> super::FromJwk for HmacKey<D> {
    fn from_jwk(jwk: &jose_jwk::Jwk) -> Result<Self, jose_jwk::Error> {
        Self::prepare(jwk.expose_secret_member("k").ok_or(jose_jwk::Error::WrongKey)?)
    }
}
