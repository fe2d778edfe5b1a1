use jose_b64::json::Str;
use jose_jwa::{AlgSet, JweAlg, JweEnc};
use jose_jwk::{Allowed, Candidates, JwkSet, SelectError, Skipped};

use super::decryption::DecryptionKey;
use super::external::AsyncDecryptionKey;
use super::policy::Prepared;
use crate::error::Error;
use crate::jwe::few::Few;

/// Where the keys for a message come from. Its name is private, which seals [`Decrypt`].
#[expect(unnameable_types, reason = "a detail of the sealed `Decrypt`")]
pub trait KeySource {
    #[doc(hidden)]
    type Key: Prepared;

    /// The keys to try for a recipient, each with its place among those that were given.
    #[doc(hidden)]
    fn select(
        &self,
        kid: Option<Str<'_>>,
        alg: JweAlg,
        enc: Option<JweEnc>,
    ) -> Result<Few<(usize, &Self::Key)>, Error>;
}

/// One or more keys that decrypt. Sealed: a key of your own implements [`UnwrapKey`](crate::UnwrapKey) and is put into a
/// [`DecryptionKey`].
pub trait Decrypt: KeySource<Key = DecryptionKey> {}

impl<S: KeySource<Key = DecryptionKey> + ?Sized> Decrypt for S {}

/// A single key: a message may have the key's `kid`, or none, or the key none.
fn only<'k, K: Prepared>(
    key: &'k K,
    kid: Option<Str<'_>>,
    alg: JweAlg,
    enc: Option<JweEnc>,
) -> Result<Few<(usize, &'k K)>, Error> {
    key.policy().check(alg, enc)?;
    key.policy().check_kid(kid)?;
    Ok((0, key).into())
}

impl KeySource for DecryptionKey {
    type Key = Self;

    fn select(
        &self,
        kid: Option<Str<'_>>,
        alg: JweAlg,
        enc: Option<JweEnc>,
    ) -> Result<Few<(usize, &Self)>, Error> {
        only(self, kid, alg, enc)
    }
}

impl<K> KeySource for AsyncDecryptionKey<K> {
    type Key = Self;

    fn select(
        &self,
        kid: Option<Str<'_>>,
        alg: JweAlg,
        enc: Option<JweEnc>,
    ) -> Result<Few<(usize, &Self)>, Error> {
        only(self, kid, alg, enc)
    }
}

/// The keys of a JWK Set, prepared to decrypt.
///
/// The key for a recipient is the one of the set that serves its algorithm and has its `kid`. A header without `kid` fits a
/// set in which only one key serves its algorithm. A `kid` that no key has fits none, whatever else the set holds. Clones
/// share the prepared keys.
#[derive(Clone, Debug)]
pub struct DecryptionKeys {
    keys: Candidates<DecryptionKey>,
}

impl DecryptionKeys {
    /// Prepares each key of the set that serves one of the allowed algorithms. The others are skipped, and
    /// [`skipped`](Self::skipped) lists them.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if no algorithm is allowed; [`Error::NoUsableKey`] with the reason for each key if no key
    /// of the set serves any.
    pub fn from_jwks(set: &JwkSet, allowed: impl Into<Allowed<JweAlg>>) -> Result<Self, Error> {
        let allowed = allowed.into();
        if allowed.algs().is_empty() {
            return Err(Error::AlgorithmsEmpty);
        }
        Ok(Self { keys: Candidates::prepare(set, |jwk| DecryptionKey::in_set(jwk, allowed))? })
    }

    /// Takes keys that are prepared already.
    ///
    /// # Errors
    ///
    /// [`Error::NoUsableKey`] if there are none.
    pub fn new(keys: impl IntoIterator<Item = DecryptionKey>) -> Result<Self, Error> {
        Ok(Self { keys: Candidates::new(keys)? })
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if that leaves a key without any.
    pub fn with_encs(self, allowed: impl Into<AlgSet<JweEnc>>) -> Result<Self, Error> {
        let allowed = allowed.into();
        Ok(Self { keys: self.keys.try_map(|key| key.with_encs(allowed))? })
    }

    /// Tries up to this many keys that fit a recipient; if more fit, none is tried. Keys without `kid` then fit a header with
    /// any.
    #[must_use]
    pub fn max_candidates(self, max: usize) -> Self {
        Self { keys: self.keys.max_candidates(max) }
    }

    /// The keys of the set that serve no allowed algorithm, by their place in the set.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        self.keys.skipped()
    }

    /// Why no key may decrypt such a message: of one key its reason, of several what they have in common.
    fn why_not(&self, alg: JweAlg, enc: Option<JweEnc>) -> Error {
        let rank = |error: &Error| match error {
            Error::AlgorithmNotAllowed { .. } => 0,
            Error::Key(_) => 1,
            _ => 2,
        };
        let keys = || self.keys.iter().map(|(_, key)| key);
        match keys().filter_map(|key| key.policy().check(alg, enc).err()).max_by_key(rank) {
            Some(Error::AlgorithmNotAllowed { found, .. }) => Error::AlgorithmNotAllowed {
                found,
                allowed: keys().fold(AlgSet::EMPTY, |algs, key| algs.union(key.algs())),
            },
            Some(Error::Key(_)) if keys().nth(1).is_some() => Error::KeyNotFound,
            Some(reason) => reason,
            None => Error::KeyNotFound,
        }
    }
}

impl KeySource for DecryptionKeys {
    type Key = DecryptionKey;

    fn select(
        &self,
        kid: Option<Str<'_>>,
        alg: JweAlg,
        enc: Option<JweEnc>,
    ) -> Result<Few<(usize, &DecryptionKey)>, Error> {
        match self.keys.select(kid, |key| key.policy().check(alg, enc).is_ok()) {
            Ok(keys) => Ok(keys.collect()),
            Err(SelectError::NotFound) => Err(self.why_not(alg, enc)),
            Err(error) => Err(error.into()),
        }
    }
}

/// A pointer to keys decrypts as the keys do.
macro_rules! pointers {
    ($($pointer:ty),+) => {
        $(
            impl<K: KeySource + ?Sized> KeySource for $pointer {
                type Key = K::Key;

                fn select(
                    &self,
                    kid: Option<Str<'_>>,
                    alg: JweAlg,
                    enc: Option<JweEnc>,
                ) -> Result<Few<(usize, &K::Key)>, Error> {
                    (**self).select(kid, alg, enc)
                }
            }
        )+
    };
}

pointers!(&K, alloc::boxed::Box<K>);
#[cfg(target_has_atomic = "ptr")]
pointers!(alloc::sync::Arc<K>);
