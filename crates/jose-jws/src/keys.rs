use alloc::vec::Vec;

use jose_jwk::{AlgSet, JwkSet, JwsAlg, Skipped};

use crate::key::{Signed, Verify, sealed};
use crate::{Error, Hasher, Hashing, VerifyHashed, VerifyingKey};

/// The keys of a JWK Set, prepared to verify.
///
/// The key is the one of the set that serves the header's algorithm and has its `kid`. A header without `kid` fits a
/// set in which one key alone serves its algorithm; a `kid` that no key has fits none, whatever else the set holds.
#[derive(Debug)]
pub struct VerifyingKeys {
    /// With the place that each has among those that were given.
    keys: Vec<(usize, VerifyingKey)>,
    skipped: Vec<Skipped>,
    /// How many candidates may be tried.
    try_each: usize,
}

impl VerifyingKeys {
    /// Prepares each key of the set that can serve one of the allowed algorithms; the others are skipped, and
    /// [`VerifyingKeys::skipped`] says why.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where no algorithm is allowed, [`Error::KeyNotFound`] where no key of the set can
    /// serve any, [`Error::KeysMixed`] where both symmetric and asymmetric keys could.
    pub fn from_jwks(set: &JwkSet, allowed: AlgSet<JwsAlg>) -> Result<Self, Error> {
        let mut keys = Vec::new();
        let mut skipped = Vec::new();
        for (index, jwk) in set.into_iter().enumerate() {
            match VerifyingKey::from_jwk(jwk, allowed) {
                Ok(key) => keys.push((index, key)),
                Err(Error::Key(reason)) => skipped.push(Skipped { index, reason }),
                Err(error) => return Err(error),
            }
        }
        if allowed.is_empty() {
            return Err(Error::AlgorithmsEmpty);
        }
        Self::prepared(keys).map(|prepared| Self { skipped, ..prepared })
    }

    /// Takes keys that are prepared already.
    ///
    /// # Errors
    ///
    /// [`Error::KeyNotFound`] where there is none, [`Error::KeysMixed`] where both symmetric and asymmetric ones are
    /// among them.
    pub fn new(keys: impl IntoIterator<Item = VerifyingKey>) -> Result<Self, Error> {
        Self::prepared(keys.into_iter().enumerate().collect())
    }

    fn prepared(keys: Vec<(usize, VerifyingKey)>) -> Result<Self, Error> {
        let symmetric = keys.iter().filter(|(_, key)| key.is_symmetric()).count();
        match keys.len() {
            0 => Err(Error::KeyNotFound),
            all if symmetric != 0 && symmetric != all => Err(Error::KeysMixed),
            _ => Ok(Self { keys, skipped: Vec::new(), try_each: 1 }),
        }
    }

    /// Tries each key that fits, up to this many; where more fit, none is tried. Keys without `kid` then fit a header
    /// with any.
    #[must_use]
    pub fn try_each(self, at_most: usize) -> Self {
        Self { try_each: at_most, ..self }
    }

    /// The keys of the set that cannot serve any allowed algorithm, by their place among those of the set.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// These keys, to verify a payload that comes piece by piece. Exactly one must fit its header: none are tried.
    ///
    /// # Errors
    ///
    /// [`Error::WholePayload`] where one of their algorithms is EdDSA or ML-DSA.
    pub fn hashing(&self) -> Result<Hashing<'_, Self>, Error> {
        self.keys.iter().try_for_each(|(_, key)| key.hashing().map(drop))?;
        Ok(Hashing(self))
    }

    /// The one key that fits.
    fn find(&self, signed: &Signed<'_>) -> Result<&(usize, VerifyingKey), Error> {
        let mut candidates = self.keys.iter().filter(|(_, key)| self.fits(key, signed));
        match (candidates.next(), candidates.next()) {
            (Some(found), None) => Ok(found),
            (None, _) => Err(Error::KeyNotFound),
            (Some(_), Some(_)) => Err(Error::KeyAmbiguous),
        }
    }

    fn fits(&self, key: &VerifyingKey, signed: &Signed<'_>) -> bool {
        signed.may_use(key.algs())
            && match (signed.kid(), key.kid()) {
                (None, _) => true,
                (Some(kid), Some(own)) => kid == *own,
                (Some(_), None) => self.try_each > 1,
            }
    }
}

impl Verify for VerifyingKeys {
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.keys.iter().fold(AlgSet::EMPTY, |all, (_, key)| all.union(key.algs()))
    }

    fn refusal(&self, alg: JwsAlg) -> Error {
        match self.keys.as_slice() {
            [(_, key)] => key.refusal(alg),
            _ => Error::AlgorithmNotAllowed,
        }
    }

    fn verify(&self, signed: &Signed<'_>) -> Result<usize, Error> {
        let candidates = || self.keys.iter().filter(|(_, key)| self.fits(key, signed));
        match candidates().count() {
            0 => return Err(Error::KeyNotFound),
            count if count > self.try_each => return Err(Error::KeyAmbiguous),
            _ => {}
        }
        candidates()
            .find(|(_, key)| key.verify(signed).is_ok())
            .map(|(index, _)| *index)
            .ok_or(Error::Signature)
    }
}

impl sealed::Sealed for VerifyingKeys {}

impl VerifyHashed for Hashing<'_, VerifyingKeys> {
    fn hasher(&self, signed: &Signed<'_>) -> Result<Hasher, Error> {
        self.0.find(signed)?.1.hashing()?.hasher(signed)
    }

    fn verify_hashed(&self, hasher: Hasher, signed: &Signed<'_>) -> Result<usize, Error> {
        let (index, key) = self.0.find(signed)?;
        key.hashing()?.verify_hashed(hasher, signed)?;
        Ok(*index)
    }
}
