//! Keys from JWKs, whatever their algorithm.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_jwk::{AlgSet, Jwk, JwsAlg, KeyAlg, KeyOp, Status};
use signature::MultipartVerifier;

use crate::alg::{self, Algorithm};
use crate::key::{Rng, Sign, Signed, Verify, sealed};
use crate::{Error, Key};

pub(crate) type Signer = dyn Sign + Send + Sync;
pub(crate) type Verifier = dyn Verify + Send + Sync;

/// A key that signs with one algorithm, prepared once from a JWK or from a key of your own.
pub struct SigningKey {
    kid: Option<String>,
    signer: Box<Signer>,
}

impl SigningKey {
    /// Prepares the key for this algorithm.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids it: type, curve, size, `use`, `key_ops`, `alg`, or a public key;
    /// [`jose_jwk::Error::AlgorithmDisabled`] in it where this build lacks the algorithm.
    pub fn from_jwk(jwk: &Jwk, alg: JwsAlg) -> Result<Self, Error> {
        jwk.check_jws(alg, KeyOp::Sign).map_err(Error::Key)?;
        let signer = alg::signer(alg, jwk).map_err(Error::Key)?;
        Ok(Self { kid: jwk.kid().map(String::from), signer })
    }

    /// Takes a key that is bound to its algorithm already: one that talks to an HSM, for instance.
    ///
    /// ```
    /// # #[cfg(feature = "p256")] {
    /// use jose_jws::{Key, SigningKey, alg::Es256};
    /// let key = p256::ecdsa::SigningKey::from_slice(&[7; 32])?;
    /// let key = SigningKey::new(Key::<Es256, _>::new(key).with_kid("key-1"));
    /// # let _ = key;
    /// # }
    /// # Ok::<(), signature::Error>(())
    /// ```
    pub fn new(key: impl Sign + Send + Sync + 'static) -> Self {
        Self { kid: key.kid().map(String::from), signer: Box::new(key) }
    }
}

/// The algorithm is the one that `alg` of the key names or, failing that, the only one that the key can serve that is
/// not deprecated.
impl TryFrom<&Jwk> for SigningKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::AlgorithmAmbiguous`] where there are several; otherwise as [`SigningKey::from_jwk`].
    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        if let Some(KeyAlg::Jws(alg)) = jwk.alg() {
            return Self::from_jwk(jwk, *alg);
        }
        let serves = JwsAlg::for_key(jwk.key_type(), jwk.curve());
        let mut algs = serves.iter().filter(|alg| alg.status() != Status::Deprecated);
        match (algs.next(), algs.next()) {
            (Some(alg), None) => Self::from_jwk(jwk, alg),
            (Some(_), Some(_)) => Err(Error::AlgorithmAmbiguous),
            (None, _) => Err(Error::Key(jose_jwk::Error::WrongKey)),
        }
    }
}

impl Sign for SigningKey {
    fn alg(&self) -> JwsAlg {
        self.signer.alg()
    }

    fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    fn max_signature_len(&self) -> usize {
        self.signer.max_signature_len()
    }

    fn sign(&self, message: &[&[u8]], rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error> {
        self.signer.sign(message, rng, out)
    }
}

impl sealed::Sealed for SigningKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("alg", &self.alg()).field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// A key that verifies with the algorithms that it was prepared for, from a JWK or from a key of your own.
pub struct VerifyingKey {
    kid: Option<String>,
    algs: AlgSet<JwsAlg>,
    verifiers: Vec<(JwsAlg, Box<Verifier>)>,
    /// The allowed algorithms that the key cannot serve, with the rule that forbids each.
    refused: Vec<(JwsAlg, jose_jwk::Error)>,
}

impl VerifyingKey {
    /// Prepares the key for those of the allowed algorithms that it can serve.
    ///
    /// A private key verifies too, with its public part.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmsEmpty`] where none is allowed; [`Error::Key`] where the key can serve none of them, with the
    /// rule that forbids the one that comes closest.
    pub fn from_jwk(jwk: &Jwk, allowed: AlgSet<JwsAlg>) -> Result<Self, Error> {
        let (mut verifiers, mut refused) = (Vec::new(), Vec::new());
        for alg in allowed.iter() {
            match jwk.check_jws(alg, KeyOp::Verify).and_then(|()| alg::verifier(alg, jwk)) {
                Ok(verifier) => verifiers.push((alg, verifier)),
                Err(reason) => refused.push((alg, reason)),
            }
        }
        if verifiers.is_empty() {
            // An algorithm for another kind of key tells the least of why this key was refused.
            let telling = refused.iter().find(|(_, reason)| *reason != jose_jwk::Error::WrongKey);
            let reason = telling.or(refused.first()).map(|(_, reason)| *reason);
            return Err(reason.map_or(Error::AlgorithmsEmpty, Error::Key));
        }
        let algs = verifiers.iter().map(|(alg, _)| *alg).collect();
        Ok(Self { kid: jwk.kid().map(String::from), algs, verifiers, refused })
    }

    /// Takes a key that is bound to its algorithm already: one of RustCrypto's, or one of yours.
    pub fn new<A, K>(key: Key<'static, A, K>) -> Self
    where
        A: Algorithm,
        K: MultipartVerifier<A::Signature> + Send + Sync + 'static,
    {
        let kid = key.kid_str().map(String::from);
        let verifier: Box<Verifier> = Box::new(key);
        Self { kid, algs: A::ALG.into(), verifiers: Vec::from([(A::ALG, verifier)]), refused: Vec::new() }
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether it is a secret shared with the signer, and not a public key.
    pub(crate) fn is_symmetric(&self) -> bool {
        self.algs.iter().any(JwsAlg::is_symmetric)
    }
}

impl Verify for VerifyingKey {
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.algs
    }

    fn refusal(&self, alg: JwsAlg) -> Error {
        let rule = self.refused.iter().find(|(refused, _)| *refused == alg);
        rule.map_or(Error::AlgorithmNotAllowed, |(_, reason)| Error::Key(*reason))
    }

    fn verify(&self, signed: &Signed<'_>) -> Result<usize, Error> {
        if self.kid().zip(signed.header.kid()).is_some_and(|(own, kid)| kid != *own) {
            return Err(Error::KeyNotFound);
        }
        let verifier = self.verifiers.iter().find(|(alg, _)| *alg == signed.alg);
        verifier.map_or(Err(Error::AlgorithmNotAllowed), |(_, verifier)| verifier.verify(signed))
    }
}

impl sealed::Sealed for VerifyingKey {}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("algs", &self.algs)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
