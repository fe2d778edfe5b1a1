//! Keys that are held outside, and the one path on which all keys are recovered.

use alloc::vec::Vec;
use core::fmt;
use core::future::Future;

use jose_b64::Secret;
use jose_jwa::JweFamily;
use jose_jwk::{AlgSet, JweAlg, JweEnc, Jwk, PublicJwk};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::decryption::Policy;
use crate::cek::Cek;
use crate::key_management::key_agreement::{derive, derives};
use crate::key_management::key_wrap::KeyWrap;
use crate::params::Params;
use crate::rng::DynRng;
use crate::trace::Step;
use crate::{EncryptionKey, Error};

/// What the holder of a key is asked for. Algorithm, key and message were found to fit before.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Request<'r> {
    /// The octets that were encrypted with RSA or wrapped with AES Key Wrap.
    Unwrap {
        /// The algorithm.
        alg: JweAlg,
        /// What was received.
        encrypted_key: &'r [u8],
    },
    /// The octets that were encrypted with AES-GCM, without additional data (RFC 7518 section 4.7).
    UnwrapGcm {
        /// The algorithm.
        alg: JweAlg,
        /// What was received.
        encrypted_key: &'r [u8],
        /// The initialization vector.
        iv: &'r [u8; 12],
        /// The authentication tag.
        tag: &'r [u8; 16],
    },
    /// The octets that were wrapped with AES Key Wrap by a key from a password (RFC 7518 section 4.8). Only keys from
    /// JWKs are asked this.
    UnwrapWithPassword {
        /// The algorithm.
        alg: JweAlg,
        /// What was received.
        encrypted_key: &'r [u8],
        /// `p2s`, decoded.
        salt: &'r [u8],
        /// `p2c`, within the limits.
        count: u32,
    },
    /// The shared secret Z of an agreement with a public key (RFC 7518 section 4.6): the `x` coordinate of the common
    /// point, or the output of X25519 or X448. It is derived and unwrapped here.
    Agree {
        /// The algorithm.
        alg: JweAlg,
        /// The sender's ephemeral key.
        epk: &'r PublicJwk,
    },
}

/// Why the holder of a key does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The octets are none that the key encrypted. The message then fails as any other does.
    Failed,
    /// The key cannot be reached, or the operation was not permitted.
    Unavailable,
}

/// A key held outside that unwraps and agrees: in a KMS, an HSM, an enclave.
pub trait Unwrap {
    /// The octets that are asked for.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    fn unwrap(&self, request: &Request<'_>) -> Result<Secret, Refusal>;
}

/// The same for one that answers later.
pub trait UnwrapAsync {
    /// The octets that are asked for.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    fn unwrap(&self, request: &Request<'_>) -> impl Future<Output = Result<Secret, Refusal>>;
}

/// A key held outside that wraps.
pub trait Wrap {
    /// The encrypted key of a content encryption key, for an algorithm with AES Key Wrap or RSA.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    fn wrap(&self, alg: JweAlg, cek: &[u8]) -> Result<Vec<u8>, Refusal>;
}

/// The same for one that answers later.
pub trait WrapAsync {
    /// The encrypted key of a content encryption key, for an algorithm with AES Key Wrap or RSA.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    fn wrap(&self, alg: JweAlg, cek: &[u8]) -> impl Future<Output = Result<Vec<u8>, Refusal>>;
}

/// A key held outside that wraps and answers later, with what it may be used for.
pub struct AsyncEncryptionKey<K> {
    /// All of the key but what it answers.
    key: EncryptionKey,
    outside: K,
}

/// An answer that is there already.
struct Answer(Vec<u8>);

impl Wrap for Answer {
    fn wrap(&self, _alg: JweAlg, _cek: &[u8]) -> Result<Vec<u8>, Refusal> {
        Ok(self.0.clone())
    }
}

impl<K: WrapAsync> AsyncEncryptionKey<K> {
    /// Takes the key; see [`EncryptionKey::outside`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn new(public: Option<&Jwk>, kid: Option<&str>, alg: JweAlg, key: K) -> Result<Self, Error> {
        let own = EncryptionKey::outside(public, kid, alg, Answer(Vec::new()))?;
        Ok(Self { key: own, outside: key })
    }

    /// A content encryption key, and a key that answers for it alone.
    ///
    /// The generator is no object here, so that the future is as free to move between threads as the caller's own.
    pub(crate) async fn draw<R: TryCryptoRng<Error = Error>>(
        &self,
        enc: JweEnc,
        rng: &mut R,
    ) -> Result<(Cek, EncryptionKey), Error> {
        let cek = Cek::random(enc, rng)?;
        let answer = self.outside.wrap(self.key.alg(), cek.as_slice()).await;
        let answer = answer.map_err(Refusal::of_wrapping)?;
        let key = EncryptionKey::outside(None, self.key.kid(), self.key.alg(), Answer(answer))?;
        Ok((cek, key))
    }
}

impl<K> fmt::Debug for AsyncEncryptionKey<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncEncryptionKey").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Refusal {
    pub(super) fn of_wrapping(self) -> Error {
        match self {
            Self::Failed => Error::Encryption,
            Self::Unavailable => Error::Unavailable,
        }
    }

    fn of_unwrapping<T>(self) -> Result<Option<T>, Error> {
        match self {
            Self::Failed => Ok(None),
            Self::Unavailable => Err(Error::Unavailable),
        }
    }
}

/// A key held outside that answers later, with what it may be used for.
pub struct AsyncDecryptionKey<K> {
    policy: Policy,
    key: K,
}

impl<K: UnwrapAsync> AsyncDecryptionKey<K> {
    /// Takes the key; see [`DecryptionKey::outside`](crate::DecryptionKey::outside).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn new(public: &Jwk, allowed: AlgSet<JweAlg>, key: K) -> Result<Self, Error> {
        Ok(Self { policy: Policy::outside(public, allowed)?, key })
    }

    /// Takes a symmetric key; see [`DecryptionKey::outside_symmetric`](crate::DecryptionKey::outside_symmetric).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn symmetric(kid: Option<&str>, allowed: AlgSet<JweAlg>, key: K) -> Result<Self, Error> {
        Ok(Self { policy: Policy::outside_symmetric(kid, allowed)?, key })
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where that leaves the key without any.
    pub fn with_encs(self, allowed: AlgSet<JweEnc>) -> Result<Self, Error> {
        Ok(Self { policy: self.policy.with_encs(allowed)?, ..self })
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) async fn recover<R: TryCryptoRng<Error = Error>>(
        &self,
        alg: JweAlg,
        enc: JweEnc,
        params: &Params,
        encrypted_key: &[u8],
        rng: &mut R,
    ) -> Result<Cek, Error> {
        let found = answer(self.key.unwrap(&request(alg, params, encrypted_key)).await)?;
        conclude(alg, enc, params, encrypted_key, found, rng)
    }
}

impl<K> fmt::Debug for AsyncDecryptionKey<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncDecryptionKey").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// What the message asks of its key.
pub(super) fn request<'r>(alg: JweAlg, params: &'r Params, encrypted_key: &'r [u8]) -> Request<'r> {
    match params {
        Params::None => Request::Unwrap { alg, encrypted_key },
        Params::Gcm { iv, tag } => Request::UnwrapGcm { alg, encrypted_key, iv, tag },
        Params::Password { salt, count } => {
            Request::UnwrapWithPassword { alg, encrypted_key, salt, count: *count }
        }
        Params::Agreement { epk, .. } => Request::Agree { alg, epk },
    }
}

pub(super) fn answer(answer: Result<Secret, Refusal>) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    match answer {
        Ok(octets) => Ok(Some(Zeroizing::new(octets.expose().to_vec()))),
        Err(refusal) => refusal.of_unwrapping(),
    }
}

/// The content encryption key that the answer leads to, or else a random one, so that the message fails where all fail:
/// at its tag (RFC 7516 section 11.5). It is drawn either way.
pub(super) fn conclude(
    alg: JweAlg,
    enc: JweEnc,
    params: &Params,
    encrypted_key: &[u8],
    answer: Option<Zeroizing<Vec<u8>>>,
    rng: &mut DynRng<'_>,
) -> Result<Cek, Error> {
    let mut cek = Cek::random(enc, rng)?;
    let is_answered = answer.is_some();
    let found = match (params, alg.kek_len()) {
        (Params::Agreement { apu, apv, .. }, kek_len) => answer.and_then(|z| {
            let (id, len) = derives(alg, enc)?;
            let mut derived = Zeroizing::new(alloc::vec![0; len]);
            derive(&z, id, apu, apv, &mut derived).ok()?;
            if kek_len.is_some() { unwrap_key(&derived, encrypted_key) } else { Some(derived) }
        }),
        _ => answer,
    };
    let lost_at = match (&found, params) {
        (Some(_), _) => Step::CekLength,
        (None, Params::Agreement { .. }) if !is_answered => Step::Agreement,
        (None, _) => Step::EncryptedKey,
    };
    cek.replace(found.as_ref().map(|octets| octets.as_slice()), lost_at);
    Ok(cek)
}

/// AES Key Wrap; `None` where the octets are none that the key wrapped.
pub(super) fn unwrap_key(kek: &[u8], encrypted_key: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let len = encrypted_key.len().checked_sub(crate::key_management::key_wrap::OVERHEAD)?;
    if len > crate::enc::MAX_CEK_LEN {
        return None;
    }
    let mut octets = Zeroizing::new(alloc::vec![0; len]);
    KeyWrap::new(kek).ok()?.unwrap(encrypted_key, &mut octets).ok()?;
    Some(octets)
}

/// Whether an algorithm's content encryption key is wrapped by what [`Wrap`] can do.
pub(super) fn can_wrap(alg: JweAlg) -> bool {
    matches!(alg.family(), JweFamily::KeyWrap | JweFamily::KeyEncryption)
}
