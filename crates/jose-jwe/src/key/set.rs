use alloc::vec::Vec;

use jose_jwk::{AlgSet, JweAlg, JweEnc, JwkSet, Skipped};

use crate::{DecryptionKey, Error};

mod sealed {
    #[expect(unnameable_types, reason = "it seals `Decrypt`")]
    pub trait Sealed {}
}

/// One or more keys that decrypt. Sealed: a key of your own implements [`Unwrap`](crate::Unwrap) and is put into a
/// [`DecryptionKey`].
pub trait Decrypt: sealed::Sealed {
    /// The keys.
    fn keys(&self) -> &[DecryptionKey];

    /// How many keys may be tried for one recipient.
    fn at_most(&self) -> usize;
}

impl sealed::Sealed for DecryptionKey {}

impl Decrypt for DecryptionKey {
    fn keys(&self) -> &[DecryptionKey] {
        core::slice::from_ref(self)
    }

    fn at_most(&self) -> usize {
        1
    }
}

/// The keys of a JWK Set, prepared to decrypt.
///
/// The key is the one of the set that serves a recipient's algorithm and has its `kid`. A header without `kid` fits a
/// set in which one key alone serves its algorithm; a `kid` that no key has fits none, whatever else the set holds.
#[derive(Debug)]
pub struct DecryptionKeys {
    keys: Vec<DecryptionKey>,
    skipped: Vec<Skipped>,
    at_most: usize,
}

impl DecryptionKeys {
    /// Prepares each key of the set that can serve one of the allowed algorithms; the others are skipped, and
    /// [`DecryptionKeys::skipped`] says why.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where no algorithm is allowed, [`Error::KeyNotFound`] where no key of the set can
    /// serve any.
    pub fn from_jwks(set: &JwkSet, allowed: AlgSet<JweAlg>) -> Result<Self, Error> {
        if allowed.is_empty() {
            return Err(Error::AlgorithmsEmpty);
        }
        let mut keys = Vec::new();
        let mut skipped = Vec::new();
        for (index, jwk) in set.into_iter().enumerate() {
            match DecryptionKey::from_jwk(jwk, allowed) {
                Ok(key) => keys.push(key),
                Err(Error::Key(reason)) => skipped.push(Skipped { index, reason }),
                Err(error) => return Err(error),
            }
        }
        Ok(Self { skipped, ..Self::new(keys)? })
    }

    /// Takes keys that are prepared already.
    ///
    /// # Errors
    ///
    /// [`Error::KeyNotFound`] where there is none.
    pub fn new(keys: impl IntoIterator<Item = DecryptionKey>) -> Result<Self, Error> {
        let keys: Vec<DecryptionKey> = keys.into_iter().collect();
        if keys.is_empty() {
            return Err(Error::KeyNotFound);
        }
        Ok(Self { keys, skipped: Vec::new(), at_most: 1 })
    }

    /// Allows these content encryption algorithms and no others.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where that leaves a key without any.
    pub fn with_encs(self, allowed: AlgSet<JweEnc>) -> Result<Self, Error> {
        let keys = self.keys.into_iter().map(|key| key.with_encs(allowed)).collect::<Result<_, _>>()?;
        Ok(Self { keys, ..self })
    }

    /// Tries each key that fits a recipient, up to this many; where more fit, none is tried. Keys without `kid` then
    /// fit a header with any.
    #[must_use]
    pub fn try_each(self, at_most: usize) -> Self {
        Self { at_most, ..self }
    }

    /// The keys of the set that cannot serve any allowed algorithm, by their place among those of the set.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }
}

impl sealed::Sealed for DecryptionKeys {}

impl Decrypt for DecryptionKeys {
    fn keys(&self) -> &[DecryptionKey] {
        &self.keys
    }

    fn at_most(&self) -> usize {
        self.at_most
    }
}
