//! Payloads that come piece by piece: the keys whose algorithms hash first.

use core::fmt;

use jose_b64::base64url::Encoder;
use jose_jwk::{Hash, JwsAlg};
use sha2::{Digest, Sha256, Sha384, Sha512};
use signature::hazmat::{PrehashSigner, PrehashVerifier, RandomizedPrehashSigner};
use signature::{MultipartSigner, MultipartVerifier, RandomizedMultipartSigner};

use crate::alg::Algorithm;
use crate::key::put;
use crate::rng::Rng;
use crate::{Error, Key, RandomizedKey, Sign, Signed, Verify};

/// An algorithm that signs the digest of its message: RSA and ECDSA, not EdDSA and ML-DSA.
///
/// EdDSA goes over the message twice and ML-DSA binds the key into its hash: both need the whole.
pub trait Prehashed: Algorithm {}

/// A key that signs a message that comes piece by piece.
pub trait SignHashed: Sign {
    /// Starts the hash of a message.
    ///
    /// # Errors
    ///
    /// [`Error::WholePayload`] where the algorithm has none.
    fn hasher(&self) -> Result<Hasher, Error>;

    /// Signs the message that went through the hash into `out` and returns the signature's length.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`], [`Error::Rng`] or [`Error::BufferTooSmall`].
    fn sign_hashed(&self, hasher: Hasher, rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error>;
}

/// A key that verifies a message that comes piece by piece.
pub trait VerifyHashed: Verify {
    /// Starts the hash of a message with these headers; `message` and `signature` are not looked at.
    ///
    /// # Errors
    ///
    /// [`Error::WholePayload`] where the algorithm has none, [`Error::KeyNotFound`] or [`Error::KeyAmbiguous`] where it
    /// is not for one key.
    fn hasher(&self, signed: &Signed<'_>) -> Result<Hasher, Error>;

    /// Verifies the message that went through the hash, and returns the index of the key that matched; `message` is not
    /// looked at.
    ///
    /// # Errors
    ///
    /// As [`Verify::verify`].
    fn verify_hashed(&self, hasher: Hasher, signed: &Signed<'_>) -> Result<usize, Error>;
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
            _ => Err(Error::WholePayload),
        }
    }

    /// Takes the next octets of the message.
    pub fn update(&mut self, octets: &[u8]) {
        match &mut self.0 {
            State::Sha256(hash) => hash.update(octets),
            State::Sha384(hash) => hash.update(octets),
            State::Sha512(hash) => hash.update(octets),
            #[cfg(feature = "hmac")]
            State::Hs256(mac) => hmac::Mac::update(mac, octets),
            #[cfg(feature = "hmac")]
            State::Hs384(mac) => hmac::Mac::update(mac, octets),
            #[cfg(feature = "hmac")]
            State::Hs512(mac) => hmac::Mac::update(mac, octets),
        }
    }

    /// Takes what stands before the payload: the base64url of the header, and a `.`.
    pub(crate) fn after(mut self, header: &[u8]) -> Self {
        self.update(header);
        self.update(b".");
        self
    }

    /// Hands on the digest. A MAC, which is to be compared in constant time, is not handed on here.
    fn digest<T>(self, f: impl FnOnce(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
        match self.0 {
            State::Sha256(hash) => f(&hash.finalize()),
            State::Sha384(hash) => f(&hash.finalize()),
            State::Sha512(hash) => f(&hash.finalize()),
            #[cfg(feature = "hmac")]
            _ => Err(Error::WholePayload),
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

    fn sign_hashed(&self, hasher: Hasher, _rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error> {
        hasher.digest(|digest| put::<A>(self.inner().sign_prehash(digest).map_err(|_| Error::Signing)?, out))
    }
}

impl<A, K> SignHashed for RandomizedKey<'_, A, K>
where
    A: Prehashed,
    K: RandomizedMultipartSigner<A::Signature> + RandomizedPrehashSigner<A::Signature>,
{
    fn hasher(&self) -> Result<Hasher, Error> {
        Hasher::for_alg(A::ALG)
    }

    fn sign_hashed(&self, hasher: Hasher, rng: &mut dyn Rng, out: &mut [u8]) -> Result<usize, Error> {
        hasher.digest(|digest| {
            put::<A>(self.inner().sign_prehash_with_rng(rng, digest).map_err(|_| Error::Rng)?, out)
        })
    }
}

impl<A, K> VerifyHashed for Key<'_, A, K>
where
    A: Prehashed,
    K: MultipartVerifier<A::Signature> + PrehashVerifier<A::Signature>,
{
    fn hasher(&self, signed: &Signed<'_>) -> Result<Hasher, Error> {
        if signed.is_for_kid(self.kid_str()) { Hasher::for_alg(A::ALG) } else { Err(Error::KeyNotFound) }
    }

    fn verify_hashed(&self, hasher: Hasher, signed: &Signed<'_>) -> Result<usize, Error> {
        let signature = A::Signature::try_from(signed.signature).map_err(|_| Error::Signature)?;
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

                fn sign_hashed(
                    &self,
                    hasher: Hasher,
                    _rng: &mut dyn Rng,
                    out: &mut [u8],
                ) -> Result<usize, Error> {
                    let State::$alg(mac) = hasher.0 else { return Err(Error::Signing) };
                    let tag = hmac::Mac::finalize(mac).into_bytes();
                    out.get_mut(..tag.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&tag);
                    Ok(tag.len())
                }
            }

            impl VerifyHashed for Key<'_, crate::alg::$alg, crate::alg::HmacKey<crate::alg::$alg>> {
                fn hasher(&self, signed: &Signed<'_>) -> Result<Hasher, Error> {
                    if signed.is_for_kid(self.kid_str()) { SignHashed::hasher(self) } else { Err(Error::KeyNotFound) }
                }

                fn verify_hashed(&self, hasher: Hasher, signed: &Signed<'_>) -> Result<usize, Error> {
                    let State::$alg(mac) = hasher.0 else { return Err(Error::Signature) };
                    // In constant time.
                    hmac::Mac::verify_slice(mac, signed.signature).map_err(|_| Error::Signature)?;
                    Ok(0)
                }
            }
        )+
    };
}

#[cfg(feature = "hmac")]
keyed!(Hs256, Hs384, Hs512);

/// The hashes of JWS Signing Inputs over one payload that comes in pieces, encoded once on the way where it is to be.
#[derive(Debug)]
pub(crate) struct Pieces<H = [Hasher; 1]> {
    hashers: H,
    encoder: Option<Encoder>,
}

impl<H: AsMut<[Hasher]>> Pieces<H> {
    /// Each hash is [`after`](Hasher::after) its header.
    pub(crate) fn new(hashers: H, encoded: bool) -> Self {
        Self { hashers, encoder: encoded.then(Encoder::new) }
    }

    pub(crate) fn update(&mut self, octets: &[u8]) {
        let mut take = |octets: &[u8]| self.hashers.as_mut().iter_mut().for_each(|one| one.update(octets));
        match &mut self.encoder {
            Some(encoder) => encoder.update(octets, |text| take(text.as_bytes())),
            None => take(octets),
        }
    }

    pub(crate) fn finish(mut self) -> H {
        if let Some(encoder) = self.encoder {
            let hashers = self.hashers.as_mut();
            encoder.finish(|text| hashers.iter_mut().for_each(|one| one.update(text.as_bytes())));
        }
        self.hashers
    }
}
