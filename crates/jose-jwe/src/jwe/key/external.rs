//! Keys that are held elsewhere: in a KMS, an HSM, an enclave.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::future::Future;

use jose_b64::Secret;
use jose_jwa::{AlgSet, JweAlg, JweEnc, JweFamily};
use jose_jwk::{Allowed, Operation, RsaLimits, Usage};
use rand_core::TryCryptoRng;

use super::description::{KeyDescription, Refusal};
use super::policy::{Policy, Prepared};
use super::recover::{EncryptedKey, Request, answer};
use super::wrapped::Wrapped;
use crate::error::Error;
use crate::jwe::cek::Cek;

/// A key held elsewhere that unwraps and agrees.
pub trait UnwrapKey {
    /// The bytes that are asked for.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    fn unwrap_key(&self, request: &Request<'_>) -> Result<Secret, Refusal>;
}

/// Like [`UnwrapKey`], for a key that answers later.
pub trait AsyncUnwrapKey {
    /// The bytes that are asked for.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    fn unwrap_key(&self, request: &Request<'_>) -> impl Future<Output = Result<Secret, Refusal>>;
}

/// A key held elsewhere that wraps.
pub trait WrapKey {
    /// The encrypted key of a content encryption key, for an algorithm with AES Key Wrap or RSA.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    fn wrap_key(&self, alg: JweAlg, cek: &[u8]) -> Result<Vec<u8>, Refusal>;
}

/// Like [`WrapKey`], for a key that answers later.
pub trait AsyncWrapKey {
    /// The encrypted key of a content encryption key, for an algorithm with AES Key Wrap or RSA.
    ///
    /// # Errors
    ///
    /// A [`Refusal`].
    fn wrap_key(&self, alg: JweAlg, cek: &[u8]) -> impl Future<Output = Result<Vec<u8>, Refusal>>;
}

/// Checks that a key that is held elsewhere may wrap with the algorithm.
pub(super) fn check_wrap(description: &KeyDescription<'_>, alg: JweAlg) -> Result<(), Error> {
    if !matches!(alg.family(), JweFamily::KeyWrap | JweFamily::KeyEncryption) {
        return Err(Error::Key(Usage::AlgForbids { wanted: alg.as_str() }.into()));
    }
    match description.jwk() {
        Some(jwk) => Ok(jwk.check_external(Operation::Encrypt(alg), RsaLimits::STRICT)?),
        None => Ok(()),
    }
}

/// A key held elsewhere that wraps and answers later, with what it may be used for.
pub struct AsyncEncryptionKey<K> {
    alg: JweAlg,
    kid: Option<String>,
    key: K,
}

impl<K: AsyncWrapKey> AsyncEncryptionKey<K> {
    /// Takes the key. It wraps with AES Key Wrap or encrypts with RSA.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] if the algorithm is another one, or the description forbids it.
    pub fn external<'d>(
        description: impl Into<KeyDescription<'d>>,
        alg: JweAlg,
        key: K,
    ) -> Result<Self, Error> {
        let description = description.into();
        check_wrap(&description, alg)?;
        Ok(Self { alg, kid: description.kid().map(str::to_owned), key })
    }

    pub(crate) fn alg(&self) -> JweAlg {
        self.alg
    }

    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The content encryption key, wrapped.
    pub(crate) async fn wrap(&self, cek: &Cek) -> Result<Wrapped, Error> {
        let encrypted_key =
            self.key.wrap_key(self.alg, cek.as_slice()).await.map_err(Refusal::of_wrapping)?;
        Ok(Wrapped { encrypted_key, ..Wrapped::default() })
    }
}

impl<K> fmt::Debug for AsyncEncryptionKey<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncEncryptionKey")
            .field("alg", &self.alg)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

/// A key held elsewhere that answers later, with what it may be used for.
pub struct AsyncDecryptionKey<K> {
    policy: Policy,
    key: K,
}

impl<K: AsyncUnwrapKey> AsyncDecryptionKey<K> {
    /// Takes the key; see [`DecryptionKey::external`](crate::DecryptionKey::external).
    ///
    /// # Errors
    ///
    /// Those of [`DecryptionKey::external`](crate::DecryptionKey::external).
    pub fn external<'d>(
        description: impl Into<KeyDescription<'d>>,
        allowed: impl Into<Allowed<JweAlg>>,
        key: K,
    ) -> Result<Self, Error> {
        Ok(Self { policy: Policy::external(&description.into(), allowed.into())?, key })
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if that leaves the key without any.
    pub fn with_encs(self, allowed: impl Into<AlgSet<JweEnc>>) -> Result<Self, Error> {
        Ok(Self { policy: self.policy.with_encs(allowed.into())?, ..self })
    }

    pub(crate) async fn recover<R>(&self, key: &EncryptedKey, rng: &mut R) -> Result<Cek, Error>
    where
        R: TryCryptoRng<Error = Error>,
    {
        key.conclude(answer(self.key.unwrap_key(&key.request()).await)?, rng)
    }
}

impl<K> Prepared for AsyncDecryptionKey<K> {
    fn policy(&self) -> &Policy {
        &self.policy
    }
}

impl<K> fmt::Debug for AsyncDecryptionKey<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncDecryptionKey").field("policy", &self.policy).finish_non_exhaustive()
    }
}
