use jose_jwa::{AlgSet, JwsAlg};
use jose_jwk::{Allowed, Candidates, JwkSet, Skipped};

use super::verifying::{self, VerifyingKey};
use super::{Candidate, Verify, sealed};
use crate::error::Error;
use crate::hash::{Hasher, VerifyHashed};

/// The keys of a JWK Set, prepared to verify.
///
/// The key for a message is the one of the set that serves the header's algorithm and has its `kid`. A header without
/// `kid` fits a set in which only one key serves its algorithm. A `kid` that no key has fits none, whatever else the set
/// holds. Clones share the prepared keys.
///
/// ```
/// use jose_jws::jwk::{Curve, Jwk, JwkSet, SysRng};
/// use jose_jws::{Error, Header, JwsAlg, SigningKey, VerifyingKeys, compact};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let jwk = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("2026-11");
///     let keys = VerifyingKeys::from_jwks(
///         &JwkSet::from_iter([jwk.clone()]),
///         [JwsAlg::Es256, JwsAlg::Ed25519],
///     )?;
///
///     let token = compact::sign(&SigningKey::try_from(&jwk)?, b"payload", &Header::new())?;
///     assert!(compact::verify(&keys, &token).is_ok());
///     let token = compact::sign(
///         &SigningKey::try_from(&jwk.with_kid("2026-12"))?,
///         b"payload",
///         &Header::new(),
///     )?;
///     assert_eq!(compact::verify(&keys, &token).err(), Some(Error::KidUnknown));
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct VerifyingKeys {
    keys: Candidates<VerifyingKey>,
    algs: AlgSet<JwsAlg>,
}

impl VerifyingKeys {
    /// Prepares each key of the set that serves one of the allowed algorithms. The others are skipped, and
    /// [`skipped`](Self::skipped) lists them.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if no algorithm is allowed; [`Error::NoUsableKey`] with the reason for each key if no key
    /// of the set serves any; [`Error::KeysMixed`] if both symmetric and asymmetric keys do.
    pub fn from_jwks(set: &JwkSet, allowed: impl Into<Allowed<JwsAlg>>) -> Result<Self, Error> {
        let allowed = allowed.into();
        if allowed.algs().is_empty() {
            return Err(Error::AlgorithmsEmpty);
        }
        Self::of(Candidates::prepare(set, |jwk| verifying::in_set(jwk, allowed))?)
    }

    /// Takes keys that are prepared already.
    ///
    /// # Errors
    ///
    /// [`Error::NoUsableKey`] if there are none; [`Error::KeysMixed`] if both symmetric and asymmetric keys are among them.
    pub fn new(keys: impl IntoIterator<Item = VerifyingKey>) -> Result<Self, Error> {
        Self::of(Candidates::new(keys)?)
    }

    fn of(keys: Candidates<VerifyingKey>) -> Result<Self, Error> {
        let symmetric = keys.iter().filter(|(_, key)| key.is_symmetric()).count();
        if symmetric != 0 && symmetric != keys.iter().count() {
            return Err(Error::KeysMixed);
        }
        let algs = keys.iter().fold(AlgSet::EMPTY, |all, (_, key)| all.union(key.algs()));
        Ok(Self { keys, algs })
    }

    /// Tries up to this many keys that fit; if more fit, none is tried. Keys without `kid` then fit a header with any.
    #[must_use]
    pub fn max_candidates(self, max: usize) -> Self {
        Self { keys: self.keys.max_candidates(max), ..self }
    }

    /// Computes values of each key beforehand with which it verifies faster: see [`VerifyingKey::precomputed`].
    #[cfg(feature = "std")]
    #[must_use]
    pub fn precomputed(self) -> Self {
        let Ok(keys) = self.keys.try_map(|key| Ok::<_, core::convert::Infallible>(key.precomputed()));
        Self { keys, ..self }
    }

    /// The keys of the set that serve no allowed algorithm, by their place in the set.
    #[must_use]
    pub fn skipped(&self) -> &[Skipped] {
        self.keys.skipped()
    }

    /// The keys to try.
    fn select(
        &self,
        candidate: &Candidate<'_>,
    ) -> Result<impl Iterator<Item = (usize, &VerifyingKey)>, Error> {
        Ok(self.keys.select(candidate.kid(), |key| candidate.may_use(key.algs()))?)
    }

    /// The one key that fits.
    fn find(&self, candidate: &Candidate<'_>) -> Result<(usize, &VerifyingKey), Error> {
        let mut keys = self.select(candidate)?;
        match (keys.next(), keys.next()) {
            (Some(found), None) => Ok(found),
            _ => Err(Error::KeyAmbiguous),
        }
    }
}

impl Verify for VerifyingKeys {
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.algs
    }

    fn why_not(&self, alg: JwsAlg) -> Error {
        let mut keys = self.keys.iter();
        match (keys.next(), keys.next()) {
            (Some((_, key)), None) => key.why_not(alg),
            _ => Error::AlgorithmNotAllowed { found: alg, allowed: self.algs },
        }
    }

    fn verify(&self, candidate: &Candidate<'_>) -> Result<usize, Error> {
        let mut keys = self.select(candidate)?;
        let found = keys.find(|(_, key)| key.verify_selected(candidate).is_ok());
        found.map(|(index, _)| index).ok_or(Error::Signature)
    }
}

/// Exactly one key must fit the header, whatever [`max_candidates`](VerifyingKeys::max_candidates) allows.
impl VerifyHashed for VerifyingKeys {
    fn hasher(&self, candidate: &Candidate<'_>) -> Result<Hasher, Error> {
        self.find(candidate)?.1.hasher_selected(candidate)
    }

    fn verify_hashed(&self, hasher: Hasher, candidate: &Candidate<'_>) -> Result<usize, Error> {
        let (index, key) = self.find(candidate)?;
        key.verify_hashed_selected(hasher, candidate)?;
        Ok(index)
    }
}

impl sealed::Sealed for VerifyingKeys {}
