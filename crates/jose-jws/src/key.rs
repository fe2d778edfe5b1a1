//! What a key does, and how RustCrypto's traits become it.

#[cfg(feature = "alloc")]
mod external;
#[cfg(feature = "alloc")]
mod prepared;
mod room;
#[cfg(feature = "alloc")]
mod set;
#[cfg(feature = "alloc")]
mod signing;
#[cfg(feature = "alloc")]
mod verifying;

use core::fmt;
use core::marker::PhantomData;

use jose_b64::json::Str;
use jose_jwa::header::{Header, JoseHeader};
use jose_jwa::{AlgSet, JwsAlg};
use rand_core::TryCryptoRng;
use signature::{MultipartSigner, MultipartVerifier, RandomizedMultipartSigner, SignatureEncoding};

use crate::alg::Algorithm;
use crate::error::Error;

#[cfg(feature = "alloc")]
pub use external::{AsyncKey, AsyncVerifier};
#[cfg(feature = "alloc")]
#[allow(unused_imports, reason = "a build without any family prepares no key")]
pub(crate) use prepared::{FromJwk, Shared};
pub(crate) use room::{Room, check_signature_len};
#[cfg(feature = "alloc")]
pub use set::VerifyingKeys;
#[cfg(feature = "alloc")]
pub use signing::SigningKey;
#[cfg(feature = "alloc")]
pub use verifying::VerifyingKey;

pub(crate) mod sealed {
    #[expect(unnameable_types, reason = "it seals `Sign` and `Verify`")]
    pub trait Sealed {}
}

/// A key that signs with one algorithm. Sealed: a key of your own implements `signature::MultipartSigner` and is put into
/// a [`Key`].
pub trait Sign: sealed::Sealed {
    /// The algorithm.
    fn alg(&self) -> JwsAlg;

    /// The `kid` that the header gets if the caller sets none.
    fn kid(&self) -> Option<&str>;

    /// The maximum length of a signature, in bytes.
    fn max_signature_len(&self) -> usize;

    /// Signs the concatenation of the parts into `out`, and returns the length of the signature.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`], [`Error::Rng`] or [`Error::BufferTooSmall`].
    fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, Error>;

    /// The base64url of this header with the `alg` and `kid` of the key, if the key has it at hand.
    #[doc(hidden)]
    fn written_header(&self, _header: &Header<'_>) -> Option<&[u8]> {
        None
    }
}

/// One or more keys that verify. Sealed: a key of your own implements `signature::MultipartVerifier` and is put into a
/// [`Key`].
pub trait Verify: sealed::Sealed {
    /// The algorithms that the key was prepared for.
    fn algs(&self) -> AlgSet<JwsAlg>;

    /// Why the key is not used with an algorithm that is not among [`Verify::algs`].
    fn why_not(&self, alg: JwsAlg) -> Error {
        Error::AlgorithmNotAllowed { found: alg, allowed: self.algs() }
    }

    /// Verifies a signature, and returns the place of the key that matched, 0 for a single key.
    ///
    /// The caller has checked that the algorithm is among [`Verify::algs`].
    ///
    /// # Errors
    ///
    /// [`Error::Signature`] if the signature does not verify; [`Error::KidUnknown`], [`Error::KeyNotFound`] or
    /// [`Error::KeyAmbiguous`] if no key was tried.
    fn verify(&self, candidate: &Candidate<'_>) -> Result<usize, Error>;
}

/// What a [`Verify`] is asked about. None of it is verified yet.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'s> {
    /// The algorithm of the header.
    pub alg: JwsAlg,
    /// The protected header.
    pub header: JoseHeader<'s>,
    /// The unprotected header, which only the JSON serializations can have.
    pub unprotected: JoseHeader<'s>,
    /// The JWS Signing Input, in parts.
    pub message: &'s [&'s [u8]],
    /// The signature.
    pub signature: &'s [u8],
}

impl<'s> Candidate<'s> {
    /// `kid`, from whichever header has it.
    #[must_use]
    pub fn kid(&self) -> Option<Str<'s>> {
        self.header.kid().or(self.unprotected.kid())
    }

    /// Whether a key that is prepared for these algorithms may verify it.
    ///
    /// An `alg` that is not integrity protected could be exchanged for another one (RFC 7515 section 10.7): it counts
    /// only if the key has no other.
    #[must_use]
    pub fn may_use(&self, algs: AlgSet<JwsAlg>) -> bool {
        if self.header.alg().is_some() { algs.contains(self.alg) } else { algs == self.alg.into() }
    }

    /// Checks that key and message do not have two different `kid`s.
    pub(crate) fn check_kid(&self, own: Option<&str>) -> Result<(), Error> {
        match (own, self.kid()) {
            (Some(own), Some(kid)) if kid != own => Err(Error::KidUnknown),
            _ => Ok(()),
        }
    }
}

/// A key bound to one algorithm: any type that implements `signature::MultipartSigner` or `MultipartVerifier` for the
/// algorithm's [signature type](Algorithm::Signature), RustCrypto's own or one of yours that talks to an HSM.
///
/// ```
/// use jose_jws::{Key, Sign, alg::Es256};
///
/// fn main() -> Result<(), signature::Error> {
///     let secret = [7; 32];
///     let key = Key::<Es256, _>::new(p256::ecdsa::SigningKey::from_slice(&secret)?)
///         .with_kid("dev-7");
///     assert_eq!(key.kid(), Some("dev-7"));
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Key<'k, A, K> {
    key: K,
    kid: Option<&'k str>,
    alg: PhantomData<A>,
}

impl<'k, A, K> Key<'k, A, K> {
    /// Binds the key to the algorithm.
    pub const fn new(key: K) -> Self {
        Self { key, kid: None, alg: PhantomData }
    }

    /// Names the key: headers get the name as `kid`, and a message with another `kid` does not verify.
    #[must_use]
    pub fn with_kid(self, kid: &'k str) -> Self {
        Self { kid: Some(kid), ..self }
    }

    /// The key within.
    pub const fn inner(&self) -> &K {
        &self.key
    }

    pub(crate) const fn kid_str(&self) -> Option<&'k str> {
        self.kid
    }
}

/// Like [`Key`], for a key that draws random numbers for each signature: RSA, or ECDSA hedged against a faulty
/// computation (`signature::RandomizedMultipartSigner`).
///
/// `F` is the source of the random number generators: `Fn() -> R`, such as `|| SysRng`.
#[derive(Clone, Copy)]
pub struct RandomizedKey<'k, A, K, F> {
    key: Key<'k, A, K>,
    rng: F,
}

impl<'k, A, K, F> RandomizedKey<'k, A, K, F> {
    /// Binds the key to the algorithm and to its source of random numbers.
    pub const fn new(key: K, rng: F) -> Self {
        Self { key: Key::new(key), rng }
    }

    /// Names the key: headers get the name as `kid`.
    #[must_use]
    pub fn with_kid(self, kid: &'k str) -> Self {
        Self { key: self.key.with_kid(kid), ..self }
    }

    /// The key within.
    pub const fn inner(&self) -> &K {
        self.key.inner()
    }

    /// A generator for one signature.
    pub(crate) fn rng<R>(&self) -> R
    where
        F: Fn() -> R,
    {
        (self.rng)()
    }
}

impl<A: Algorithm, K> fmt::Debug for Key<'_, A, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("alg", &A::ALG).field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl<A: Algorithm, K, F> fmt::Debug for RandomizedKey<'_, A, K, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key.fmt(f)
    }
}

impl<A, K> sealed::Sealed for Key<'_, A, K> {}
impl<A, K, F> sealed::Sealed for RandomizedKey<'_, A, K, F> {}

/// Puts the bytes of a signature at the front of `out`.
pub(crate) fn put<A: Algorithm>(signature: A::Signature, out: &mut [u8]) -> Result<usize, Error> {
    let bytes: <A::Signature as SignatureEncoding>::Repr =
        signature.try_into().map_err(|_| Error::Signing)?;
    let bytes = bytes.as_ref();
    out.get_mut(..bytes.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(bytes);
    Ok(bytes.len())
}

impl<A: Algorithm, K: MultipartSigner<A::Signature>> Sign for Key<'_, A, K> {
    fn alg(&self) -> JwsAlg {
        A::ALG
    }

    fn kid(&self) -> Option<&str> {
        self.kid
    }

    fn max_signature_len(&self) -> usize {
        A::MAX_SIGNATURE_LEN
    }

    fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, Error> {
        put::<A>(self.key.try_multipart_sign(message).map_err(|_| Error::Signing)?, out)
    }
}

impl<A, K, F, R> Sign for RandomizedKey<'_, A, K, F>
where
    A: Algorithm,
    K: RandomizedMultipartSigner<A::Signature>,
    F: Fn() -> R,
    R: TryCryptoRng,
{
    fn alg(&self) -> JwsAlg {
        A::ALG
    }

    fn kid(&self) -> Option<&str> {
        self.key.kid
    }

    fn max_signature_len(&self) -> usize {
        A::MAX_SIGNATURE_LEN
    }

    fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, Error> {
        // Such a signer fails only by its generator, whose error the trait does not pass on.
        let signature = self.key.key.try_multipart_sign_with_rng(&mut self.rng(), message);
        put::<A>(signature.map_err(|_| Error::Rng)?, out)
    }
}

impl<A: Algorithm, K: MultipartVerifier<A::Signature>> Verify for Key<'_, A, K> {
    fn algs(&self) -> AlgSet<JwsAlg> {
        A::ALG.into()
    }

    fn verify(&self, candidate: &Candidate<'_>) -> Result<usize, Error> {
        candidate.check_kid(self.kid)?;
        let signature = A::Signature::try_from(candidate.signature).map_err(|_| Error::Signature)?;
        self.key.multipart_verify(candidate.message, &signature).map_err(|_| Error::Signature)?;
        Ok(0)
    }
}

/// Several keys without a heap: the one whose algorithm and `kid` fit verifies, and only one may fit.
impl Verify for [&dyn Verify] {
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.iter().fold(AlgSet::EMPTY, |all, key| all.union(key.algs()))
    }

    fn why_not(&self, alg: JwsAlg) -> Error {
        match self {
            [key] => key.why_not(alg),
            _ => Error::AlgorithmNotAllowed { found: alg, allowed: self.algs() },
        }
    }

    fn verify(&self, candidate: &Candidate<'_>) -> Result<usize, Error> {
        let mut found = Err(Error::KeyNotFound);
        for (index, key) in self.iter().enumerate().filter(|(_, key)| key.algs().contains(candidate.alg)) {
            match (key.verify(candidate), &found) {
                (Err(Error::KidUnknown), Err(Error::KeyNotFound)) => found = Err(Error::KidUnknown),
                (Err(Error::KidUnknown | Error::KeyNotFound | Error::AlgorithmNotAllowed { .. }), _) => {}
                (result, Err(Error::KeyNotFound | Error::KidUnknown)) => found = result.map(|_| index),
                _ => return Err(Error::KeyAmbiguous),
            }
        }
        found
    }
}

impl sealed::Sealed for [&dyn Verify] {}

/// A pointer to a key signs and verifies as the key does.
macro_rules! pointers {
    ($($pointer:ty),+) => {
        $(
            impl<K: Sign + ?Sized> Sign for $pointer {
                fn alg(&self) -> JwsAlg {
                    (**self).alg()
                }

                fn kid(&self) -> Option<&str> {
                    (**self).kid()
                }

                fn max_signature_len(&self) -> usize {
                    (**self).max_signature_len()
                }

                fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, Error> {
                    (**self).sign(message, out)
                }

                fn written_header(&self, header: &Header<'_>) -> Option<&[u8]> {
                    (**self).written_header(header)
                }
            }

            impl<K: Verify + ?Sized> Verify for $pointer {
                fn algs(&self) -> AlgSet<JwsAlg> {
                    (**self).algs()
                }

                fn why_not(&self, alg: JwsAlg) -> Error {
                    (**self).why_not(alg)
                }

                fn verify(&self, candidate: &Candidate<'_>) -> Result<usize, Error> {
                    (**self).verify(candidate)
                }
            }

            impl<K: sealed::Sealed + ?Sized> sealed::Sealed for $pointer {}
        )+
    };
}

pointers!(&K);
#[cfg(feature = "alloc")]
pointers!(alloc::boxed::Box<K>);
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pointers!(alloc::sync::Arc<K>);
