//! The one path by which every key recovers the content encryption key of a message: a request, its answer, and the
//! conclusion.

use alloc::vec::Vec;

use jose_b64::Secret;
use jose_jwa::{JweAlg, JweEnc};
use jose_jwk::PublicJwk;
use zeroize::Zeroizing;

use super::description::Refusal;
use crate::error::Error;
use crate::jwe::cek::Cek;
use crate::jwe::header::Params;
use crate::jwe::rng::DynRng;
use crate::jwe::trace::Step;
use crate::key_management::key_agreement::{derive, derives};
use crate::key_management::key_wrap::{KeyWrap, OVERHEAD};

/// What the holder of a key is asked for. Algorithm, key and message were checked to fit before.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Request<'r> {
    /// The bytes that were encrypted with RSA or wrapped with AES Key Wrap.
    Unwrap {
        /// The algorithm.
        alg: JweAlg,
        /// The encrypted key.
        encrypted_key: &'r [u8],
    },
    /// The bytes that were encrypted with AES-GCM, without additional data (RFC 7518 section 4.7).
    UnwrapGcm {
        /// The algorithm.
        alg: JweAlg,
        /// The encrypted key.
        encrypted_key: &'r [u8],
        /// The initialization vector.
        iv: &'r [u8; 12],
        /// The authentication tag.
        tag: &'r [u8; 16],
    },
    /// The bytes that were wrapped with AES Key Wrap by a key from a password (RFC 7518 section 4.8). Only keys from JWKs are
    /// asked this.
    UnwrapWithPassword {
        /// The algorithm.
        alg: JweAlg,
        /// The encrypted key.
        encrypted_key: &'r [u8],
        /// `p2s`, decoded.
        salt: &'r [u8],
        /// `p2c`, within the limits.
        count: u32,
    },
    /// The shared secret Z of an agreement with a public key (RFC 7518 section 4.6): the `x` coordinate of the common point,
    /// or the output of X25519 or X448. The key is derived from it and unwrapped here.
    Agree {
        /// The algorithm.
        alg: JweAlg,
        /// The sender's ephemeral key.
        epk: &'r PublicJwk,
    },
}

/// An answer. `None` if the encrypted key was not encrypted to this key.
pub(super) type Answer = Option<Zeroizing<Vec<u8>>>;

/// What the holder of a key answers.
pub(super) fn answer(answer: Result<Secret, Refusal>) -> Result<Answer, Error> {
    match answer {
        Ok(bytes) => Ok(Some(Zeroizing::new(bytes.expose().to_vec()))),
        Err(Refusal::Failed) => Ok(None),
        Err(Refusal::Unavailable) => Err(Error::Unavailable),
    }
}

/// The encrypted key of a recipient, with everything in the headers that belongs to it.
pub(crate) struct EncryptedKey {
    pub(crate) alg: JweAlg,
    /// `None` with Integrated Encryption, which recovers no key.
    pub(crate) enc: Option<JweEnc>,
    pub(crate) params: Params,
    pub(crate) bytes: Vec<u8>,
}

impl EncryptedKey {
    /// What the message asks of its key.
    pub(super) fn request(&self) -> Request<'_> {
        let (alg, encrypted_key) = (self.alg, self.bytes.as_slice());
        match &self.params {
            // HPKE is asked of no one else.
            Params::None | Params::Hpke { .. } => Request::Unwrap { alg, encrypted_key },
            Params::Gcm { iv, tag } => Request::UnwrapGcm { alg, encrypted_key, iv, tag },
            Params::Password { salt, count } => {
                Request::UnwrapWithPassword { alg, encrypted_key, salt, count: *count }
            }
            Params::Agreement { epk, .. } => Request::Agree { alg, epk },
        }
    }

    /// The content encryption key that the answer leads to, or else a random one, so that the message fails where all fail:
    /// at its tag (RFC 7516 section 11.5). The random one is generated either way.
    pub(super) fn conclude(&self, answer: Answer, rng: &mut DynRng<'_>) -> Result<Cek, Error> {
        let enc = self.enc.ok_or(Error::Decryption)?;
        let mut cek = Cek::random(enc, rng)?;
        let Params::Agreement { apu, apv, .. } = &self.params else {
            cek.replace(answer.as_ref().map(|bytes| bytes.as_slice()), Step::EncryptedKey);
            return Ok(cek);
        };
        let lost_at = if answer.is_some() { Step::EncryptedKey } else { Step::Agreement };
        let found = answer.and_then(|z| {
            let (id, len) = derives(self.alg, enc)?;
            let mut derived = Zeroizing::new(alloc::vec![0; len]);
            derive(&z, id, apu, apv, &mut derived).ok()?;
            if self.alg.kek_len().is_some() { unwrap_key(&derived, &self.bytes) } else { Some(derived) }
        });
        cek.replace(found.as_ref().map(|bytes| bytes.as_slice()), lost_at);
        Ok(cek)
    }
}

/// AES Key Wrap. `None` if the bytes were not wrapped by this key.
pub(super) fn unwrap_key(kek: &[u8], encrypted_key: &[u8]) -> Answer {
    let len = encrypted_key.len().checked_sub(OVERHEAD)?;
    if len > crate::enc::MAX_CEK_LEN {
        return None;
    }
    let mut bytes = Zeroizing::new(alloc::vec![0; len]);
    KeyWrap::new(kek).ok()?.unwrap(encrypted_key, &mut bytes).ok()?;
    Some(bytes)
}
