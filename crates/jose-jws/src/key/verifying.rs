use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use jose_jwa::{AlgSet, JwsAlg};
use jose_jwk::{Allowed, Error as KeyError, Jwk, Operation, Served};
use signature::MultipartVerifier;

use super::prepared::{self, Shared, Verifier};
use super::signing::only_alg;
use super::{Candidate, Key, Verify, sealed};
use crate::alg::Algorithm;
use crate::error::Error;
use crate::hash::{Hasher, VerifyHashed};

/// A key that verifies with the algorithms that it was prepared for, from a JWK or from a key of your own.
///
/// Clones share the prepared key.
#[derive(Clone)]
pub struct VerifyingKey {
    kid: Option<String>,
    algs: AlgSet<JwsAlg>,
    served: Shared<Served<JwsAlg, Verifier>>,
    /// Whether ES256K accepts the lower `s` only.
    low_s: bool,
}

impl VerifyingKey {
    /// Prepares a key for those of the allowed algorithms that it serves.
    ///
    /// A private key verifies too, with its public part.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] if none is allowed; [`Error::Key`] if the key serves none of them, with the rule that
    /// forbids the one that comes closest.
    pub fn from_jwk(jwk: impl AsRef<Jwk>, allowed: impl Into<Allowed<JwsAlg>>) -> Result<Self, Error> {
        let key = Self::prepare(jwk.as_ref(), allowed.into());
        key.map_err(|reason| reason.map_or(Error::AlgorithmsEmpty, Error::Key))
    }

    pub(super) fn prepare(jwk: &Jwk, allowed: Allowed<JwsAlg>) -> Result<Self, Option<KeyError>> {
        let served = Served::new(allowed.algs(), |alg| {
            jwk.check_with(Operation::Verify(alg), allowed.rsa_limits())?;
            prepared::verifier(alg, jwk)
        })?;
        Ok(Self::of(jwk.kid(), served))
    }

    fn of(kid: Option<&str>, served: Served<JwsAlg, Verifier>) -> Self {
        Self { kid: kid.map(String::from), algs: served.algs(), served: Shared::new(served), low_s: false }
    }

    /// Takes a key that is bound to its algorithm already: one of RustCrypto's, or one of yours.
    pub fn new<A, K>(key: Key<'static, A, K>) -> Self
    where
        A: Algorithm,
        K: MultipartVerifier<A::Signature> + Send + Sync + 'static,
    {
        let kid = key.kid_str();
        // In a box it is not taken for one that was prepared here.
        let key: Box<dyn Verify + Send + Sync> = Box::new(key);
        Self::of(kid, Served::one(A::ALG, Verifier::Whole(Shared::new(key))))
    }

    /// Takes a key that is held elsewhere and described by a JWK: its `use`, `key_ops`, `alg`, type and curve are checked
    /// as for any other key, and its `kid` names the key.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids the key's algorithm.
    pub fn external<A, K>(jwk: impl AsRef<Jwk>, key: Key<'static, A, K>) -> Result<Self, Error>
    where
        A: Algorithm,
        K: MultipartVerifier<A::Signature> + Send + Sync + 'static,
    {
        let jwk = jwk.as_ref();
        super::signing::check_external(jwk, A::ALG)?;
        let key = Self::new(key);
        Ok(Self { kid: jwk.kid().map(String::from).or(key.kid), ..key })
    }

    /// Refuses the higher of the two `s` with which an ES256K signature verifies, so that nobody can make a second
    /// signature out of a first. RFC 8812 has no such rule; Bitcoin does. Other algorithms are not affected.
    #[must_use]
    pub fn require_low_s(self) -> Self {
        Self { low_s: true, ..self }
    }

    /// Computes multiples of the public key beforehand, with which it verifies two to four times as fast.
    ///
    /// For a key that verifies many messages. Clones share what was computed. On a 64-bit processor it takes:
    ///
    /// | key | memory | about as long as | a verification then takes |
    /// | --- | --- | --- | --- |
    /// | P-256 | 297 KiB | 20 verifications | a quarter |
    /// | P-384 | 357 KiB | 15 verifications | a quarter |
    /// | P-521 | 413 KiB | 10 verifications | a third |
    /// | secp256k1 | 203 KiB | 20 verifications | half |
    /// | Ed25519 | 215 KiB | 10 verifications | half |
    /// | RSA of 2048, 3072 or 4096 bits | 2 KiB | one verification | half |
    ///
    /// The first key of a curve takes twice the memory and time, for multiples of the generator that all others share.
    /// RSA keys of other lengths, keys for HMAC, Ed448 and ML-DSA, and keys from [`new`](Self::new) and
    /// [`external`](Self::external) are returned as they are.
    ///
    /// The key accepts the same signatures as before. How long it takes depends on the key, the message and the
    /// signature, all of which are public.
    #[cfg(feature = "std")]
    #[must_use]
    pub fn precomputed(self) -> Self {
        let mut made = prepared::Precomputed::default();
        let served = self.served.map(|key| made.of(key).unwrap_or_else(|| key.clone()));
        Self { served: Shared::new(served), ..self }
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The prepared key for a message whose `kid` was compared.
    fn find(&self, candidate: &Candidate<'_>) -> Result<&Verifier, Error> {
        if !candidate.may_use(self.algs) {
            return Err(Error::AlgorithmNotAllowed { found: candidate.alg, allowed: self.algs });
        }
        self.served.get(candidate.alg).ok_or_else(|| self.why_not(candidate.alg))
    }

    fn check_low_s(&self, candidate: &Candidate<'_>) -> Result<(), Error> {
        if self.low_s && !is_low_s(candidate) { Err(Error::Signature) } else { Ok(()) }
    }

    /// Verifies a message whose `kid` was compared.
    pub(super) fn verify_selected(&self, candidate: &Candidate<'_>) -> Result<(), Error> {
        self.check_low_s(candidate)?;
        self.find(candidate)?.as_verify().verify(candidate).map(|_| ())
    }

    /// Starts the hash of a message whose `kid` was compared.
    pub(super) fn hasher_selected(&self, candidate: &Candidate<'_>) -> Result<Hasher, Error> {
        self.find(candidate)?.as_hashed()?.hasher(candidate)
    }

    /// Verifies a message that went through the hash and whose `kid` was compared.
    pub(super) fn verify_hashed_selected(
        &self,
        hasher: Hasher,
        candidate: &Candidate<'_>,
    ) -> Result<(), Error> {
        self.check_low_s(candidate)?;
        self.find(candidate)?.as_hashed()?.verify_hashed(hasher, candidate).map(|_| ())
    }

    /// Whether it is a secret shared with the signer, and not a public key.
    pub(super) fn is_symmetric(&self) -> bool {
        self.algs.iter().any(JwsAlg::is_symmetric)
    }
}

#[allow(unused_variables, reason = "a build without k256")]
fn is_low_s(candidate: &Candidate<'_>) -> bool {
    #[cfg(feature = "k256")]
    if candidate.alg == JwsAlg::Es256K {
        return crate::alg::is_low_s(candidate.signature);
    }
    true
}

/// The algorithm is the one that `alg` of the key names, or the only one that the key serves and that is not deprecated.
impl TryFrom<&Jwk> for VerifyingKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::AlgorithmAmbiguous`] if there are several; otherwise those of [`VerifyingKey::from_jwk`].
    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        Self::from_jwk(jwk, only_alg(jwk)?)
    }
}

impl Verify for VerifyingKey {
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.algs
    }

    fn why_not(&self, alg: JwsAlg) -> Error {
        let not_allowed = Error::AlgorithmNotAllowed { found: alg, allowed: self.algs };
        self.served.refusal(alg).map_or(not_allowed, Error::Key)
    }

    fn verify(&self, candidate: &Candidate<'_>) -> Result<usize, Error> {
        candidate.check_kid(self.kid())?;
        self.verify_selected(candidate).map(|()| 0)
    }
}

/// [`Error::NotStreamable`] with EdDSA and ML-DSA, and with keys from [`VerifyingKey::new`] and
/// [`VerifyingKey::external`].
impl VerifyHashed for VerifyingKey {
    fn hasher(&self, candidate: &Candidate<'_>) -> Result<Hasher, Error> {
        candidate.check_kid(self.kid())?;
        self.hasher_selected(candidate)
    }

    fn verify_hashed(&self, hasher: Hasher, candidate: &Candidate<'_>) -> Result<usize, Error> {
        self.verify_hashed_selected(hasher, candidate).map(|()| 0)
    }
}

impl sealed::Sealed for VerifyingKey {}

impl jose_jwk::Candidate for VerifyingKey {
    fn kid(&self) -> Option<&str> {
        self.kid()
    }
}

/// A key of a set. That at least one algorithm is allowed was checked.
pub(super) fn in_set(jwk: &Jwk, allowed: Allowed<JwsAlg>) -> Result<VerifyingKey, KeyError> {
    VerifyingKey::prepare(jwk, allowed).map_err(|reason| reason.unwrap_or(KeyError::AlgorithmUnknown))
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("algs", &self.algs)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
