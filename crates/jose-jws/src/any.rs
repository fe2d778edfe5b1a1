//! Keys from JWKs, whatever their algorithm.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_jwk::{AlgSet, Jwk, JwsAlg, KeyAlg, KeyOp, Status};
use signature::MultipartVerifier;

use crate::alg::{self, Algorithm};
use crate::hashing::{Hashing, Signer, Verifier};
use crate::key::{Sign, Signed, Verify, sealed};
use crate::rng::Rng;
use crate::{Error, Key, SignHashed, VerifyHashed};

/// A key that signs with one algorithm, prepared once from a JWK or from a key of your own.
pub struct SigningKey {
    kid: Option<String>,
    pub(crate) signer: Signer,
}

impl SigningKey {
    /// Prepares the key for this algorithm.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids it: type, curve, size, `use`, `key_ops`, `alg`, or a public key;
    /// [`jose_jwk::Error::AlgorithmDisabled`] in it where this build lacks the algorithm.
    pub fn from_jwk(jwk: &Jwk, alg: JwsAlg) -> Result<Self, Error> {
        Self::prepare(jwk, alg, false)
    }

    /// The same key with random numbers in each of its signatures, so that a fault in the computation tells less of the
    /// key (hedged ECDSA and ML-DSA). Without, they are deterministic (RFC 6979 for ECDSA).
    ///
    /// RSA draws random numbers in any case, HMAC and EdDSA in none.
    ///
    /// # Errors
    ///
    /// As [`SigningKey::from_jwk`].
    pub fn hedged_from_jwk(jwk: &Jwk, alg: JwsAlg) -> Result<Self, Error> {
        Self::prepare(jwk, alg, true)
    }

    fn prepare(jwk: &Jwk, alg: JwsAlg, hedged: bool) -> Result<Self, Error> {
        jwk.check_jws(alg, KeyOp::Sign).map_err(Error::Key)?;
        let signer = alg::signer(alg, jwk, hedged).map_err(Error::Key)?;
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
        Self { kid: key.kid().map(String::from), signer: Signer::Whole(Box::new(key)) }
    }

    /// The same with a key whose message may come piece by piece.
    pub fn new_hashing(key: impl SignHashed + Send + Sync + 'static) -> Self {
        Self { kid: key.kid().map(String::from), signer: Signer::Hashed(Box::new(key)) }
    }

    /// Takes a key that is held outside and described by a JWK, public or not: the JWK's `use`, `key_ops`, `alg`, type
    /// and curve are checked as for any other key, and its `kid` is the key's.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids the key's algorithm.
    pub fn outside(jwk: &Jwk, key: impl Sign + Send + Sync + 'static) -> Result<Self, Error> {
        check_outside(jwk, key.alg())?;
        let kid = jwk.kid().or(key.kid()).map(String::from);
        Ok(Self { kid, signer: Signer::Whole(Box::new(key)) })
    }

    /// This key, to sign a payload that comes piece by piece.
    ///
    /// # Errors
    ///
    /// [`Error::WholePayload`] where the algorithm is EdDSA or ML-DSA.
    pub fn hashing(&self) -> Result<Hashing<'_, Self>, Error> {
        self.signer.as_hashed().map(|_| Hashing(self))
    }
}

/// What the JWK of a key that is held outside says of it. A public one says whether its signatures are verified.
pub(crate) fn check_outside(jwk: &Jwk, alg: JwsAlg) -> Result<(), Error> {
    let op = if jwk.is_private() { KeyOp::Sign } else { KeyOp::Verify };
    jwk.check_jws(alg, op).map_err(Error::Key)
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
        self.signer.as_sign().alg()
    }

    fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    fn max_signature_len(&self) -> usize {
        self.signer.as_sign().max_signature_len()
    }

    fn sign(&self, message: &[&[u8]], rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error> {
        self.signer.as_sign().sign(message, rng, out)
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
    verifiers: Vec<(JwsAlg, Verifier)>,
    /// The allowed algorithms that the key cannot serve, with the rule that forbids each.
    refused: Vec<(JwsAlg, jose_jwk::Error)>,
    /// Whether ES256K takes the lower `s` alone.
    low_s: bool,
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
        Ok(Self { kid: jwk.kid().map(String::from), algs, verifiers, refused, low_s: false })
    }

    /// Takes a key that is bound to its algorithm already: one of RustCrypto's, or one of yours.
    pub fn new<A, K>(key: Key<'static, A, K>) -> Self
    where
        A: Algorithm,
        K: MultipartVerifier<A::Signature> + Send + Sync + 'static,
    {
        Self::of(A::ALG, key.kid_str().map(String::from), Verifier::Whole(Box::new(key)))
    }

    /// The same with a key whose message may come piece by piece.
    pub fn new_hashing<A, K>(key: Key<'static, A, K>) -> Self
    where
        A: Algorithm,
        K: Send + Sync + 'static,
        Key<'static, A, K>: VerifyHashed,
    {
        Self::of(A::ALG, key.kid_str().map(String::from), Verifier::Hashed(Box::new(key)))
    }

    fn of(alg: JwsAlg, kid: Option<String>, verifier: Verifier) -> Self {
        let verifiers = Vec::from([(alg, verifier)]);
        Self { kid, algs: alg.into(), verifiers, refused: Vec::new(), low_s: false }
    }

    /// Takes a key that is held outside and described by a JWK: its `use`, `key_ops`, `alg`, type and curve are checked
    /// as for any other key, and its `kid` is the key's.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids the key's algorithm.
    pub fn outside<A, K>(jwk: &Jwk, key: Key<'static, A, K>) -> Result<Self, Error>
    where
        A: Algorithm,
        K: MultipartVerifier<A::Signature> + Send + Sync + 'static,
    {
        jwk.check_jws(A::ALG, KeyOp::Verify).map_err(Error::Key)?;
        let key = Self::new(key);
        Ok(Self { kid: jwk.kid().map(String::from).or(key.kid), ..key })
    }

    /// Refuses the higher of the two `s` with which an ES256K signature verifies, so that nobody can make a second
    /// signature of one that he has seen. RFC 8812 has no such rule; Bitcoin has. Other algorithms stay as they are.
    #[must_use]
    pub fn require_low_s(self) -> Self {
        Self { low_s: true, ..self }
    }

    /// This key, to verify a payload that comes piece by piece.
    ///
    /// # Errors
    ///
    /// [`Error::WholePayload`] where one of its algorithms is EdDSA or ML-DSA.
    pub fn hashing(&self) -> Result<Hashing<'_, Self>, Error> {
        self.verifiers.iter().try_for_each(|(_, verifier)| verifier.as_hashed().map(drop))?;
        Ok(Hashing(self))
    }

    pub(crate) fn check_s(&self, signed: &Signed<'_>) -> Result<(), Error> {
        if self.low_s && !alg::is_low_s(signed.alg, signed.signature) {
            Err(Error::Signature)
        } else {
            Ok(())
        }
    }

    /// The verifier for a message, if the message is for this key.
    pub(crate) fn find(&self, signed: &Signed<'_>) -> Result<&Verifier, Error> {
        if !signed.is_for_kid(self.kid()) {
            return Err(Error::KeyNotFound);
        }
        if !signed.may_use(self.algs) {
            return Err(Error::AlgorithmNotAllowed);
        }
        let verifier = self.verifiers.iter().find(|(alg, _)| *alg == signed.alg);
        verifier.map(|(_, verifier)| verifier).ok_or(Error::AlgorithmNotAllowed)
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
        let verifier = self.find(signed)?;
        self.check_s(signed)?;
        verifier.as_verify().verify(signed)
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
