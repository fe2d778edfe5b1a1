//! Payloads that come piece by piece, apart from the text.

use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use jose_jwk::header::Header;
use rand_core::TryCryptoRng;

use super::headers::{Headers, Protected, Signature};
use super::parse::Unverified;
use super::sign::Builder;
use super::state::{AtLeastOne, Empty, Finished, State};
use super::verify::{Require, VerifiedSignatures};
use crate::hash::Pieces;
use crate::key::Room;
use crate::rng::{AnyRng, Rng, with_default_rng};
use crate::{Error, Hasher, SignHashed, VerifyHashed, rules, trace};

/// Who signs a payload that comes piece by piece: any number of keys, each with its headers.
///
/// A [`SigningKey`](crate::SigningKey) gives a key that fits with [`hashing`](crate::SigningKey::hashing).
///
/// ```
/// # #[cfg(all(feature = "std", feature = "p256", feature = "p384"))] {
/// use jose_jwk::{AlgSet, Jwk, JwkSet, JwsAlg, SysRng};
/// use jose_jws::json::{Require, Signers, Unverified};
/// use jose_jws::{Header, SigningKey, VerifyingKeys};
/// let one = Jwk::generate(JwsAlg::Es256, &mut SysRng)?.with_kid("one");
/// let two = Jwk::generate(JwsAlg::Es384, &mut SysRng)?.with_kid("two");
/// let (first, second) = (SigningKey::try_from(&one)?, SigningKey::try_from(&two)?);
/// let (first, second) = (first.hashing()?, second.hashing()?);
///
/// let signers = Signers::new().add(&first, &Header::default())?.add(&second, &Header::default())?;
/// let mut signer = signers.start();
/// for piece in ["a payload ", "that comes ", "in pieces"] {
///     signer.update(piece.as_bytes());
/// }
/// let text = signer.finish()?.general()?;
///
/// let set = JwkSet::from_iter([one, two]);
/// let keys = VerifyingKeys::from_jwks(&set, AlgSet::of(&[JwsAlg::Es256, JwsAlg::Es384]))?;
/// let keys = keys.hashing()?;
/// let mut verifier = Unverified::parse(&text)?.verifier(&keys, Require::All)?;
/// verifier.update(b"a payload that comes in pieces");
/// assert_eq!(verifier.finish()?.len(), 2);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Two have no compact form, and after the payload there is no further signature:
///
/// ```compile_fail
/// # use jose_jws::{Header, Hashing, SigningKey, json::Signers};
/// # fn f(key: &Hashing<'_, SigningKey>, header: &Header<'_>) -> Result<(), jose_jws::Error> {
/// let text = Signers::new().add(key, header)?.add(key, header)?.start().finish()?.compact()?;
/// # Ok(())
/// # }
/// ```
///
/// ```compile_fail
/// # use jose_jws::{Header, Hashing, SigningKey, json::Signers};
/// # fn f(key: &Hashing<'_, SigningKey>, header: &Header<'_>) -> Result<(), jose_jws::Error> {
/// let text = Signers::new().add(key, header)?.start().finish()?.sign(key, header)?;
/// # Ok(())
/// # }
/// ```
#[must_use = "`start` takes the payload"]
pub struct Signers<'k, K: ?Sized, S = Empty> {
    signers: Vec<(&'k K, Signature)>,
    hashers: Vec<Hasher>,
    /// Whether the payload is encoded, from the first signer on.
    encoded: Option<bool>,
    state: PhantomData<S>,
}

impl<K: SignHashed + ?Sized> Signers<'_, K> {
    /// Starts with nobody.
    pub fn new() -> Self {
        Self { signers: Vec::new(), hashers: Vec::new(), encoded: None, state: PhantomData }
    }
}

impl<K: SignHashed + ?Sized> Default for Signers<'_, K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'k, K: SignHashed + ?Sized, S: State> Signers<'k, K, S> {
    /// Adds a key. The header gets its `alg`, and its `kid` where it has none of its own.
    ///
    /// # Errors
    ///
    /// As [`Builder::prepare`]; [`Error::WholePayload`] where the key's algorithm needs the whole payload.
    pub fn add(self, key: &'k K, header: &Header<'_>) -> Result<Signers<'k, K, S::Signed>, Error> {
        let protected = Protected::Header(rules::named(header, key)?);
        self.push(key, &Headers { protected, unprotected: None })
    }

    /// Adds a key under both headers. A protected header that is not given as text gets the key's `alg`, and its `kid`
    /// where neither header has one.
    ///
    /// # Errors
    ///
    /// As [`Builder::prepare_headers`]; [`Error::WholePayload`] where the key's algorithm needs the whole payload.
    pub fn add_headers(
        self,
        key: &'k K,
        headers: &Headers<'_>,
    ) -> Result<Signers<'k, K, S::SignedWithHeader>, Error> {
        self.push(key, &headers.named(key)?)
    }

    fn push<T>(mut self, key: &'k K, headers: &Headers<'_>) -> Result<Signers<'k, K, T>, Error> {
        let (signature, is_encoded) = Signature::new(key.alg(), headers)?;
        if self.encoded.is_some_and(|encoded| encoded != is_encoded) {
            return Err(Error::B64Mixed);
        }
        self.hashers.push(key.hasher()?.after(signature.protected().as_bytes()));
        self.signers.push((key, signature));
        let Self { signers, hashers, .. } = self;
        Ok(Signers { signers, hashers, encoded: Some(is_encoded), state: PhantomData })
    }
}

impl<'k, K: SignHashed + ?Sized, S: AtLeastOne> Signers<'k, K, S> {
    /// Goes on to the payload.
    pub fn start(self) -> Signer<'k, K, S> {
        let pieces = Pieces::new(self.hashers, self.encoded.unwrap_or(true));
        Signer { signers: self.signers, pieces, state: PhantomData }
    }
}

impl<K: ?Sized, S> fmt::Debug for Signers<'_, K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signers").finish_non_exhaustive()
    }
}

/// Signs a payload that comes piece by piece, with all of its [`Signers`].
#[must_use = "`finish` signs"]
pub struct Signer<'k, K: ?Sized, S> {
    signers: Vec<(&'k K, Signature)>,
    pieces: Pieces<Vec<Hasher>>,
    state: PhantomData<S>,
}

impl<K: SignHashed + ?Sized, S: AtLeastOne> Signer<'_, K, S> {
    /// Takes the next octets of the payload.
    pub fn update(&mut self, octets: &[u8]) {
        self.pieces.update(octets);
    }

    /// Signs what was taken. What comes back has the forms that the signatures fit, without the payload.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`] or [`Error::Rng`] where a key fails.
    pub fn finish(self) -> Result<Builder<'static, Finished<S>>, Error> {
        with_default_rng(|rng| self.finish_with(rng))
    }

    /// The same with random numbers of the caller's, for keys that need some.
    ///
    /// # Errors
    ///
    /// As [`Signer::finish`].
    pub fn finish_with_rng<R: TryCryptoRng + ?Sized>(
        self,
        rng: &mut R,
    ) -> Result<Builder<'static, Finished<S>>, Error> {
        self.finish_with(&mut AnyRng(rng))
    }

    fn finish_with(self, rng: &mut dyn Rng) -> Result<Builder<'static, Finished<S>>, Error> {
        let hashers = self.pieces.finish().into_iter();
        let signed = self.signers.into_iter().zip(hashers).map(|((key, signature), hasher)| {
            let mut room = Room::for_key(key);
            let len = key.sign_hashed(hasher, rng, room.octets())?;
            Ok(signature.with_octets(room.signature(len)?))
        });
        signed.collect::<Result<_, Error>>().map(Builder::finished)
    }
}

impl<K: ?Sized, S> fmt::Debug for Signer<'_, K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl<'t> Unverified<'t> {
    /// Starts to verify the signatures over a payload that comes by another way, piece by piece.
    ///
    /// A [`VerifyingKey`](crate::VerifyingKey) or [`VerifyingKeys`](crate::VerifyingKeys) gives keys that fit with
    /// `hashing`.
    ///
    /// # Errors
    ///
    /// [`Error::PayloadPresent`] where there is one in the message. Where no signature can verify whatever the
    /// payload is, or one cannot and [`Require::All`] must, the reason; [`Error::WholePayload`] is one, for an
    /// algorithm that needs the whole payload.
    pub fn verifier<'v, V: VerifyHashed + ?Sized>(
        self,
        keys: &'v V,
        require: Require,
    ) -> Result<Verifier<'v, 't, V>, Error> {
        self.check_detached()?;
        let (mut hashers, mut refused) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            let hasher = entry
                .signed(&self.parts, self.understood, keys)
                .and_then(|signed| keys.hasher(&signed).map_err(|error| trace::refused(error, &signed)));
            match hasher {
                Ok(hasher) => {
                    hashers.push(hasher.after(self.parts.get(&entry.protected)));
                    refused.push(None);
                }
                Err(reason) => refused.push(Some(reason)),
            }
        }
        match refused.iter().flatten().next() {
            Some(reason) if hashers.is_empty() || require == Require::All => Err(*reason),
            _ => {
                let pieces = Pieces::new(hashers, self.encoded);
                Ok(Verifier { keys, jws: self, require, refused, pieces })
            }
        }
    }
}

/// Verifies the signatures over a payload that comes piece by piece: [`Unverified::verifier`] makes one.
#[must_use = "`finish` verifies"]
pub struct Verifier<'v, 't, V: ?Sized> {
    keys: &'v V,
    jws: Unverified<'t>,
    require: Require,
    /// Why a signature has no hash, for each of them.
    refused: Vec<Option<Error>>,
    pieces: Pieces<Vec<Hasher>>,
}

impl<V: VerifyHashed + ?Sized> Verifier<'_, '_, V> {
    /// Takes the next octets of the payload. Nothing is known of them before [`Verifier::finish`] has said so.
    pub fn update(&mut self, octets: &[u8]) {
        self.pieces.update(octets);
    }

    /// Verifies what was taken.
    ///
    /// # Errors
    ///
    /// As [`Unverified::verify_detached`] where too few signatures verify.
    pub fn finish(self) -> Result<VerifiedSignatures, Error> {
        let Self { keys, jws, require, refused, pieces } = self;
        let mut hashers = pieces.finish().into_iter();
        let mut refused = refused.into_iter();
        VerifiedSignatures::select(jws.parts, jws.entries, require, |parts, entry| {
            if let Some(reason) = refused.next().flatten() {
                return Err(reason);
            }
            let hasher = hashers.next().ok_or(Error::Signature)?;
            let signed = entry.signed(parts, jws.understood, keys)?;
            let index =
                keys.verify_hashed(hasher, &signed).map_err(|error| trace::refused(error, &signed))?;
            Ok((signed.alg, index))
        })
    }
}

impl<V: ?Sized> fmt::Debug for Verifier<'_, '_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}
