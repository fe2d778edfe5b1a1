//! Keys whose algorithms hash first, so that a message may come in chunks.

use core::fmt;

use jose_b64::base64url::Encoder;
use jose_jwa::{Hash, JwsAlg};
use rand_core::TryCryptoRng;
use sha2::{Digest, Sha256, Sha384, Sha512};
use signature::hazmat::{PrehashSigner, PrehashVerifier, RandomizedPrehashSigner};
use signature::{MultipartSigner, MultipartVerifier, RandomizedMultipartSigner};

use crate::alg::Prehashed;
use crate::error::Error;
use crate::key::{Candidate, Key, RandomizedKey, Sign, Verify, put};

/// A key that signs a message that comes in chunks.
pub trait SignHashed: Sign {
    /// Starts the hash of a message.
    ///
    /// # Errors
    ///
    /// [`Error::NotStreamable`] if the algorithm needs the whole message.
    fn hasher(&self) -> Result<Hasher, Error>;

    /// Signs the message that went through the hash into `out` and returns the signature's length.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`], [`Error::Rng`] or [`Error::BufferTooSmall`].
    fn sign_hashed(&self, hasher: Hasher, out: &mut [u8]) -> Result<usize, Error>;
}

/// A key that verifies a message that comes in chunks.
pub trait VerifyHashed: Verify {
    /// Starts the hash of a message with these headers; `message` and `signature` are not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::NotStreamable`] if the algorithm needs the whole message; [`Error::KidUnknown`], [`Error::KeyNotFound`] or
    /// [`Error::KeyAmbiguous`] if it is not for one key.
    fn hasher(&self, candidate: &Candidate<'_>) -> Result<Hasher, Error>;

    /// Verifies the message that went through the hash, and returns the index of the key that matched; `message` is not
    /// looked at.
    ///
    /// # Errors
    ///
    /// As [`Verify::verify`].
    fn verify_hashed(&self, hasher: Hasher, candidate: &Candidate<'_>) -> Result<usize, Error>;
}

/// The hash of a message of which a part was taken, with the key in it where the algorithm is HMAC.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    #[cfg(feature = "hmac")]
    Hs256(hmac::Hmac<Sha256>),
    #[cfg(feature = "hmac")]
    Hs384(hmac::Hmac<Sha384>),
    #[cfg(feature = "hmac")]
    Hs512(hmac::Hmac<Sha512>),
}

impl Hasher {
    fn for_alg(alg: JwsAlg) -> Result<Self, Error> {
        match alg.hash() {
            Some(Hash::Sha256) => Ok(Self(State::Sha256(Sha256::new()))),
            Some(Hash::Sha384) => Ok(Self(State::Sha384(Sha384::new()))),
            Some(Hash::Sha512) => Ok(Self(State::Sha512(Sha512::new()))),
            _ => Err(Error::NotStreamable),
        }
    }

    /// Takes the next bytes of the message.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(hash) => hash.update(bytes),
            State::Sha384(hash) => hash.update(bytes),
            State::Sha512(hash) => hash.update(bytes),
            #[cfg(feature = "hmac")]
            State::Hs256(mac) => hmac::Mac::update(mac, bytes),
            #[cfg(feature = "hmac")]
            State::Hs384(mac) => hmac::Mac::update(mac, bytes),
            #[cfg(feature = "hmac")]
            State::Hs512(mac) => hmac::Mac::update(mac, bytes),
        }
    }

    /// Passes on the digest. Never a MAC, which must be compared in constant time.
    fn digest<T>(self, f: impl FnOnce(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
        match self.0 {
            State::Sha256(hash) => f(&hash.finalize()),
            State::Sha384(hash) => f(&hash.finalize()),
            State::Sha512(hash) => f(&hash.finalize()),
            #[cfg(feature = "hmac")]
            _ => Err(Error::NotStreamable),
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").finish_non_exhaustive()
    }
}

impl<A, K> SignHashed for Key<'_, A, K>
where
    A: Prehashed,
    K: MultipartSigner<A::Signature> + PrehashSigner<A::Signature>,
{
    fn hasher(&self) -> Result<Hasher, Error> {
        Hasher::for_alg(A::ALG)
    }

    fn sign_hashed(&self, hasher: Hasher, out: &mut [u8]) -> Result<usize, Error> {
        hasher.digest(|digest| put::<A>(self.inner().sign_prehash(digest).map_err(|_| Error::Signing)?, out))
    }
}

impl<A, K, F, R> SignHashed for RandomizedKey<'_, A, K, F>
where
    A: Prehashed,
    K: RandomizedMultipartSigner<A::Signature> + RandomizedPrehashSigner<A::Signature>,
    F: Fn() -> R,
    R: TryCryptoRng,
{
    fn hasher(&self) -> Result<Hasher, Error> {
        Hasher::for_alg(A::ALG)
    }

    fn sign_hashed(&self, hasher: Hasher, out: &mut [u8]) -> Result<usize, Error> {
        hasher.digest(|digest| {
            let signature = self.inner().sign_prehash_with_rng(&mut self.rng(), digest);
            put::<A>(signature.map_err(|_| Error::Rng)?, out)
        })
    }
}

impl<A, K> VerifyHashed for Key<'_, A, K>
where
    A: Prehashed,
    K: MultipartVerifier<A::Signature> + PrehashVerifier<A::Signature>,
{
    fn hasher(&self, candidate: &Candidate<'_>) -> Result<Hasher, Error> {
        candidate.check_kid(self.kid_str())?;
        Hasher::for_alg(A::ALG)
    }

    fn verify_hashed(&self, hasher: Hasher, candidate: &Candidate<'_>) -> Result<usize, Error> {
        let signature = A::Signature::try_from(candidate.signature).map_err(|_| Error::Signature)?;
        hasher
            .digest(|digest| self.inner().verify_prehash(digest, &signature).map_err(|_| Error::Signature))?;
        Ok(0)
    }
}

/// The three of HMAC, whose hash has the key in it.
#[cfg(feature = "hmac")]
macro_rules! keyed {
    ($($alg:ident),+) => {
        $(
            impl SignHashed for Key<'_, crate::alg::$alg, crate::alg::HmacKey<crate::alg::$alg>> {
                fn hasher(&self) -> Result<Hasher, Error> {
                    Ok(Hasher(State::$alg(self.inner().start())))
                }

                fn sign_hashed(&self, hasher: Hasher, out: &mut [u8]) -> Result<usize, Error> {
                    let State::$alg(mac) = hasher.0 else { return Err(Error::Signing) };
                    let tag = hmac::Mac::finalize(mac).into_bytes();
                    out.get_mut(..tag.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&tag);
                    Ok(tag.len())
                }
            }

            impl VerifyHashed for Key<'_, crate::alg::$alg, crate::alg::HmacKey<crate::alg::$alg>> {
                fn hasher(&self, candidate: &Candidate<'_>) -> Result<Hasher, Error> {
                    candidate.check_kid(self.kid_str())?;
                    SignHashed::hasher(self)
                }

                fn verify_hashed(&self, hasher: Hasher, candidate: &Candidate<'_>) -> Result<usize, Error> {
                    let State::$alg(mac) = hasher.0 else { return Err(Error::Signature) };
                    // In constant time.
                    hmac::Mac::verify_slice(mac, candidate.signature).map_err(|_| Error::Signature)?;
                    Ok(0)
                }
            }
        )+
    };
}

#[cfg(feature = "hmac")]
keyed!(Hs256, Hs384, Hs512);

/// The hash of a JWS Signing Input whose payload comes in chunks, encoded on the way if it is to be.
#[derive(Debug)]
pub(crate) struct Pieces {
    hasher: Hasher,
    encoder: Option<Encoder>,
}

impl Pieces {
    /// Starts with a hash and the base64url of the header.
    pub(crate) fn new(mut hasher: Hasher, header: &[u8], encoded: bool) -> Self {
        hasher.update(header);
        hasher.update(b".");
        Self { hasher, encoder: encoded.then(Encoder::new) }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let hasher = &mut self.hasher;
        match &mut self.encoder {
            Some(encoder) => encoder.update(bytes, |text| hasher.update(text.as_bytes())),
            None => hasher.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Hasher {
        let Self { mut hasher, encoder } = self;
        if let Some(encoder) = encoder {
            encoder.finish(|text| hasher.update(text.as_bytes()));
        }
        hasher
    }
}

/// A pointer to a key signs and verifies in chunks as the key does.
macro_rules! pointers {
    ($($pointer:ty),+) => {
        $(
            impl<K: SignHashed + ?Sized> SignHashed for $pointer {
                fn hasher(&self) -> Result<Hasher, Error> {
                    (**self).hasher()
                }

                fn sign_hashed(&self, hasher: Hasher, out: &mut [u8]) -> Result<usize, Error> {
                    (**self).sign_hashed(hasher, out)
                }
            }

            impl<K: VerifyHashed + ?Sized> VerifyHashed for $pointer {
                fn hasher(&self, candidate: &Candidate<'_>) -> Result<Hasher, Error> {
                    (**self).hasher(candidate)
                }

                fn verify_hashed(&self, hasher: Hasher, candidate: &Candidate<'_>) -> Result<usize, Error> {
                    (**self).verify_hashed(hasher, candidate)
                }
            }
        )+
    };
}

pointers!(&K);
#[cfg(feature = "alloc")]
pointers!(alloc::boxed::Box<K>);
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
pointers!(alloc::sync::Arc<K>);
