//! Prepared keys, by whether their message may come in pieces.

use alloc::boxed::Box;

use jose_jwk::{AlgSet, JwsAlg};

use crate::key::{Sign, Signed, Verify, sealed};
use crate::rng::Rng;
use crate::{Error, Hasher, SignHashed, SigningKey, VerifyHashed, VerifyingKey};

/// A prepared key, by whether its message may come in pieces.
pub(crate) enum Signer {
    Whole(Box<dyn Sign + Send + Sync>),
    Hashed(Box<dyn SignHashed + Send + Sync>),
}

/// The same to verify.
pub(crate) enum Verifier {
    Whole(Box<dyn Verify + Send + Sync>),
    Hashed(Box<dyn VerifyHashed + Send + Sync>),
}

impl Signer {
    pub(crate) fn as_sign(&self) -> &dyn Sign {
        match self {
            Self::Whole(key) => &**key,
            Self::Hashed(key) => &**key,
        }
    }

    pub(crate) fn as_hashed(&self) -> Result<&dyn SignHashed, Error> {
        match self {
            Self::Whole(_) => Err(Error::WholePayload),
            Self::Hashed(key) => Ok(&**key),
        }
    }
}

impl Verifier {
    pub(crate) fn as_verify(&self) -> &dyn Verify {
        match self {
            Self::Whole(key) => &**key,
            Self::Hashed(key) => &**key,
        }
    }

    pub(crate) fn as_hashed(&self) -> Result<&dyn VerifyHashed, Error> {
        match self {
            Self::Whole(_) => Err(Error::WholePayload),
            Self::Hashed(key) => Ok(&**key),
        }
    }
}

/// A [`SigningKey`], [`VerifyingKey`] or [`VerifyingKeys`](crate::VerifyingKeys) that takes its message piece by piece.
#[derive(Clone, Copy, Debug)]
pub struct Hashing<'k, K>(pub(crate) &'k K);

impl<K> sealed::Sealed for Hashing<'_, K> {}

impl<K: Sign> Sign for Hashing<'_, K> {
    fn alg(&self) -> JwsAlg {
        self.0.alg()
    }

    fn kid(&self) -> Option<&str> {
        self.0.kid()
    }

    fn max_signature_len(&self) -> usize {
        self.0.max_signature_len()
    }

    fn sign(&self, message: &[&[u8]], rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error> {
        self.0.sign(message, rng, out)
    }
}

impl<K: Verify> Verify for Hashing<'_, K> {
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.0.algs()
    }

    fn refusal(&self, alg: JwsAlg) -> Error {
        self.0.refusal(alg)
    }

    fn verify(&self, signed: &Signed<'_>) -> Result<usize, Error> {
        self.0.verify(signed)
    }
}

impl SignHashed for Hashing<'_, SigningKey> {
    fn hasher(&self) -> Result<Hasher, Error> {
        self.0.signer.as_hashed()?.hasher()
    }

    fn sign_hashed(&self, hasher: Hasher, rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error> {
        self.0.signer.as_hashed()?.sign_hashed(hasher, rng, out)
    }
}

impl VerifyHashed for Hashing<'_, VerifyingKey> {
    fn hasher(&self, signed: &Signed<'_>) -> Result<Hasher, Error> {
        self.0.find(signed)?.as_hashed()?.hasher(signed)
    }

    fn verify_hashed(&self, hasher: Hasher, signed: &Signed<'_>) -> Result<usize, Error> {
        let verifier = self.0.find(signed)?;
        self.0.check_s(signed)?;
        verifier.as_hashed()?.verify_hashed(hasher, signed)
    }
}
