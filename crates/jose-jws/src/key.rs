//! What a key does, and how RustCrypto's traits become it.

use core::fmt;
use core::marker::PhantomData;

use jose_b64::json::Str;
use jose_jwk::header::JoseHeader;
use jose_jwk::{AlgSet, JwsAlg};
use signature::{MultipartSigner, MultipartVerifier, RandomizedMultipartSigner};

use crate::Error;
use crate::alg::Algorithm;
use crate::rng::Rng;

pub(crate) mod sealed {
    #[expect(unnameable_types, reason = "it seals `Sign` and `Verify`")]
    pub trait Sealed {}
}

/// A key that signs with one algorithm. Sealed: a key of your own implements `signature::MultipartSigner` and is put
/// into a [`Key`].
pub trait Sign: sealed::Sealed {
    /// The algorithm.
    fn alg(&self) -> JwsAlg;

    /// The `kid` that the header gets where the caller names none.
    fn kid(&self) -> Option<&str>;

    /// The most octets that a signature has.
    fn max_signature_len(&self) -> usize;

    /// Signs the concatenation of the parts into `out` and returns the signature's length.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`], [`Error::Rng`] or [`Error::BufferTooSmall`].
    fn sign(&self, message: &[&[u8]], rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error>;
}

/// One or more keys that verify. Sealed: a key of your own implements `signature::MultipartVerifier` and is put into a
/// [`Key`].
pub trait Verify: sealed::Sealed {
    /// The algorithms that it may be used with.
    fn algs(&self) -> AlgSet<JwsAlg>;

    /// Why it is not used with an algorithm that is none of [`Verify::algs`].
    fn refusal(&self, alg: JwsAlg) -> Error {
        let _ = alg;
        Error::AlgorithmNotAllowed
    }

    /// Verifies, and returns the index of the key that matched, 0 where there is one.
    ///
    /// The caller has found the algorithm among [`Verify::algs`].
    ///
    /// # Errors
    ///
    /// [`Error::Signature`] where the signature does not verify, [`Error::KeyNotFound`] or [`Error::KeyAmbiguous`]
    /// where no key was tried.
    fn verify(&self, signed: &Signed<'_>) -> Result<usize, Error>;
}

/// What a [`Verify`] is asked about. Nobody has verified any of it yet.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'s> {
    /// The algorithm of the header.
    pub alg: JwsAlg,
    /// The protected header.
    pub header: JoseHeader<'s>,
    /// The unprotected header, which the JSON serializations alone can have.
    pub unprotected: JoseHeader<'s>,
    /// The JWS signing input, in parts.
    pub message: &'s [&'s [u8]],
    /// The signature's octets.
    pub signature: &'s [u8],
}

impl<'s> Signed<'s> {
    /// `kid`, from whichever header has it.
    #[must_use]
    pub fn kid(&self) -> Option<Str<'s>> {
        self.header.kid().or(self.unprotected.kid())
    }

    /// Whether a key that is prepared for these algorithms may verify it.
    ///
    /// An `alg` that is not integrity protected could be exchanged for another one (RFC 7515 section 10.7): it counts
    /// only where the key has no other.
    #[must_use]
    pub fn may_use(&self, algs: AlgSet<JwsAlg>) -> bool {
        if self.header.alg().is_some() { algs.contains(self.alg) } else { algs == self.alg.into() }
    }

    /// A key that has a name is meant by a message that names a key only where both are the same.
    pub(crate) fn is_for_kid(&self, own: Option<&str>) -> bool {
        own.zip(self.kid()).is_none_or(|(own, kid)| kid == *own)
    }
}

/// The longest signature of the families that need no heap: ES512's.
const SMALL_SIGNATURE: usize = 132;

/// Room for a signature.
pub(crate) struct Room {
    small: [u8; SMALL_SIGNATURE],
    #[cfg(feature = "alloc")]
    large: alloc::vec::Vec<u8>,
}

impl Room {
    /// As much as the key may need.
    pub(crate) fn for_key<K: Sign + ?Sized>(key: &K) -> Self {
        #[cfg(not(feature = "alloc"))]
        let _ = key;
        #[cfg(feature = "alloc")]
        let max = key.max_signature_len();
        Self {
            small: [0; SMALL_SIGNATURE],
            #[cfg(feature = "alloc")]
            large: alloc::vec![0; if max > SMALL_SIGNATURE { max } else { 0 }],
        }
    }

    /// All of it, to sign into.
    pub(crate) fn octets(&mut self) -> &mut [u8] {
        #[cfg(feature = "alloc")]
        if !self.large.is_empty() {
            return &mut self.large;
        }
        &mut self.small
    }

    /// The signature, which has this length.
    pub(crate) fn signature(&mut self, len: usize) -> Result<&[u8], Error> {
        self.octets().get(..len).ok_or(Error::Signing)
    }
}

/// A signature that someone else made has the length of its algorithm.
pub(crate) fn check_signature_len(alg: JwsAlg, signature: &[u8]) -> Result<(), Error> {
    if signature.is_empty() || alg.signature_len().is_some_and(|len| len != signature.len()) {
        return Err(Error::Signing);
    }
    Ok(())
}

/// A key bound to one algorithm: any type that implements `signature::MultipartSigner` or `MultipartVerifier` for the
/// algorithm's [signature type](Algorithm::Signature), RustCrypto's own or one of yours that talks to an HSM.
///
/// ```
/// # #[cfg(feature = "p256")] {
/// use jose_jws::{Key, alg::Es256};
/// let secret = [7; 32];
/// let key = Key::<Es256, _>::new(p256::ecdsa::SigningKey::from_slice(&secret)?).with_kid("dev-7");
/// # let _ = key;
/// # }
/// # Ok::<(), signature::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Key<'k, A, K> {
    key: K,
    kid: Option<&'k str>,
    alg: PhantomData<A>,
}

/// The same for a key that draws random numbers for each signature: RSA, or ECDSA hedged against a faulty computation
/// (`signature::RandomizedMultipartSigner`).
#[derive(Clone, Copy)]
pub struct RandomizedKey<'k, A, K>(Key<'k, A, K>);

impl<'k, A, K> Key<'k, A, K> {
    /// Binds the key to the algorithm.
    pub const fn new(key: K) -> Self {
        Self { key, kid: None, alg: PhantomData }
    }

    /// Names the key: its signatures say so in `kid`, and a message with another `kid` does not verify.
    #[must_use]
    pub fn with_kid(self, kid: &'k str) -> Self {
        Self { kid: Some(kid), ..self }
    }

    pub(crate) const fn kid_str(&self) -> Option<&'k str> {
        self.kid
    }

    /// The key within.
    pub const fn inner(&self) -> &K {
        &self.key
    }
}

impl<'k, A, K> RandomizedKey<'k, A, K> {
    /// Binds the key to the algorithm.
    pub const fn new(key: K) -> Self {
        Self(Key::new(key))
    }

    /// Names the key: its signatures say so in `kid`.
    #[must_use]
    pub fn with_kid(self, kid: &'k str) -> Self {
        Self(self.0.with_kid(kid))
    }

    /// The key within.
    pub const fn inner(&self) -> &K {
        self.0.inner()
    }
}

impl<A: Algorithm, K> fmt::Debug for Key<'_, A, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("alg", &A::ALG).field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl<A: Algorithm, K> fmt::Debug for RandomizedKey<'_, A, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<A, K> sealed::Sealed for Key<'_, A, K> {}
impl<A, K> sealed::Sealed for RandomizedKey<'_, A, K> {}

/// Puts a signature's octets at the front of `out`.
pub(crate) fn put<A: Algorithm>(signature: A::Signature, out: &mut [u8]) -> Result<usize, Error> {
    let octets: <A::Signature as signature::SignatureEncoding>::Repr =
        signature.try_into().map_err(|_| Error::Signing)?;
    let octets = octets.as_ref();
    out.get_mut(..octets.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(octets);
    Ok(octets.len())
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

    fn sign(&self, message: &[&[u8]], _rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error> {
        put::<A>(self.key.try_multipart_sign(message).map_err(|_| Error::Signing)?, out)
    }
}

impl<A: Algorithm, K: RandomizedMultipartSigner<A::Signature>> Sign for RandomizedKey<'_, A, K> {
    fn alg(&self) -> JwsAlg {
        A::ALG
    }

    fn kid(&self) -> Option<&str> {
        self.0.kid
    }

    fn max_signature_len(&self) -> usize {
        A::MAX_SIGNATURE_LEN
    }

    fn sign(&self, message: &[&[u8]], rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error> {
        // The one way in which such a signer fails is by its generator, whose error the trait does not pass on.
        put::<A>(self.0.key.try_multipart_sign_with_rng(rng, message).map_err(|_| Error::Rng)?, out)
    }
}

impl<A: Algorithm, K: MultipartVerifier<A::Signature>> Verify for Key<'_, A, K> {
    fn algs(&self) -> AlgSet<JwsAlg> {
        A::ALG.into()
    }

    fn verify(&self, signed: &Signed<'_>) -> Result<usize, Error> {
        if !signed.is_for_kid(self.kid) {
            return Err(Error::KeyNotFound);
        }
        let signature = A::Signature::try_from(signed.signature).map_err(|_| Error::Signature)?;
        self.key.multipart_verify(signed.message, &signature).map_err(|_| Error::Signature)?;
        Ok(0)
    }
}

/// Keys side by side, without a heap: the one whose algorithm and `kid` fit verifies, and there must be one only.
impl Verify for [&dyn Verify] {
    fn algs(&self) -> AlgSet<JwsAlg> {
        self.iter().fold(AlgSet::EMPTY, |all, key| all.union(key.algs()))
    }

    fn refusal(&self, alg: JwsAlg) -> Error {
        match self {
            [key] => key.refusal(alg),
            _ => Error::AlgorithmNotAllowed,
        }
    }

    fn verify(&self, signed: &Signed<'_>) -> Result<usize, Error> {
        let mut found = Err(Error::KeyNotFound);
        for (index, key) in self.iter().enumerate().filter(|(_, key)| key.algs().contains(signed.alg)) {
            match key.verify(signed) {
                Err(Error::KeyNotFound | Error::AlgorithmNotAllowed) => {}
                _ if found != Err(Error::KeyNotFound) => return Err(Error::KeyAmbiguous),
                result => found = result.map(|_| index),
            }
        }
        found
    }
}

impl sealed::Sealed for [&dyn Verify] {}

/// What points to a key verifies as it does.
macro_rules! pointers {
    ($($pointer:ty),+) => {
        $(
            impl<V: Verify + ?Sized> Verify for $pointer {
                fn algs(&self) -> AlgSet<JwsAlg> {
                    (**self).algs()
                }

                fn refusal(&self, alg: JwsAlg) -> Error {
                    (**self).refusal(alg)
                }

                fn verify(&self, signed: &Signed<'_>) -> Result<usize, Error> {
                    (**self).verify(signed)
                }
            }

            impl<V: Verify + ?Sized> sealed::Sealed for $pointer {}
        )+
    };
}

pointers!(&V);
#[cfg(feature = "alloc")]
pointers!(alloc::boxed::Box<V>);
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pointers!(alloc::sync::Arc<V>);
