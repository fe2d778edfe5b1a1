//! `OKP` keys (RFC 8037 section 2).

use jose_jwa::{Curve, KeyType};
use rand_core::TryCryptoRng;
use zeroize::{Zeroize, Zeroizing};

use super::pair::{KeyPair, random};
use crate::error::Error;
use crate::params::Params;

/// The private key type of a curve whose private and public keys are byte strings of one length.
pub(crate) trait OctetKeyPair: Sized {
    const CURVE: Curve;
    type Public;
    type Bytes: AsRef<[u8]> + for<'b> TryFrom<&'b [u8]> + Zeroize;

    fn from_bytes(d: &Self::Bytes) -> Self;
    fn as_bytes(&self) -> &[u8];
    fn public_key(&self) -> Self::Public;
    fn public_from_bytes(x: &Self::Bytes) -> Result<Self::Public, Error>;
    fn public_bytes(public: &Self::Public) -> Self::Bytes;
}

fn is_on(curve: Curve, key: &Params) -> Result<(), Error> {
    if key.crv == Some(curve) { Ok(()) } else { Err(key.wrong_key(curve.as_str())) }
}

impl<K: OctetKeyPair> KeyPair for K {
    type Public = K::Public;

    fn read_private(key: &Params) -> Result<Self, Error> {
        is_on(K::CURVE, key)?;
        let bytes = K::Bytes::try_from(key.private("d")?).map_err(|_| Error::length("d"))?;
        Ok(K::from_bytes(&Zeroizing::new(bytes)))
    }

    fn read_public(key: &Params) -> Result<K::Public, Error> {
        is_on(K::CURVE, key)?;
        K::public_from_bytes(&K::Bytes::try_from(key.public("x")?).map_err(|_| Error::length("x"))?)
    }

    fn public(&self) -> K::Public {
        self.public_key()
    }

    fn write_public(public: &K::Public) -> Params {
        Params::new(KeyType::Okp, Some(K::CURVE)).with_public("x", K::public_bytes(public).as_ref())
    }

    fn write_private(&self, public: Params) -> Params {
        public.with_secret("d", self.as_bytes())
    }

    fn generate<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, Error> {
        let key = Params::new(KeyType::Okp, Some(K::CURVE));
        Self::read_private(&key.with_secret("d", random(K::CURVE.secret_len(), rng)?))
    }
}

#[cfg(feature = "ed25519")]
impl OctetKeyPair for ed25519_dalek::SigningKey {
    const CURVE: Curve = Curve::Ed25519;
    type Public = ed25519_dalek::VerifyingKey;
    type Bytes = [u8; 32];

    fn from_bytes(d: &[u8; 32]) -> Self {
        Self::from_bytes(d)
    }

    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn public_key(&self) -> Self::Public {
        self.verifying_key()
    }

    fn public_from_bytes(x: &[u8; 32]) -> Result<Self::Public, Error> {
        Self::Public::from_bytes(x).map_err(|_| Error::NotOnCurve)
    }

    fn public_bytes(public: &Self::Public) -> [u8; 32] {
        public.to_bytes()
    }
}

#[cfg(feature = "ed448")]
impl OctetKeyPair for ed448_goldilocks::SigningKey {
    const CURVE: Curve = Curve::Ed448;
    type Public = ed448_goldilocks::VerifyingKey;
    type Bytes = [u8; 57];

    fn from_bytes(d: &[u8; 57]) -> Self {
        Self::from(&ed448_goldilocks::SecretKey::from(*d))
    }

    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn public_key(&self) -> Self::Public {
        self.verifying_key()
    }

    fn public_from_bytes(x: &[u8; 57]) -> Result<Self::Public, Error> {
        let key = Self::Public::from_bytes(x).map_err(|_| Error::NotOnCurve)?;
        // The decoder takes more than the one encoding of a point (RFC 8032 section 5.2.3).
        let canonical = key.to_edwards().to_affine().compress();
        if canonical.as_bytes() == x { Ok(key) } else { Err(Error::NotOnCurve) }
    }

    fn public_bytes(public: &Self::Public) -> [u8; 57] {
        public.to_bytes()
    }
}

#[cfg(feature = "x25519")]
impl OctetKeyPair for x25519_dalek::StaticSecret {
    const CURVE: Curve = Curve::X25519;
    type Public = x25519_dalek::PublicKey;
    type Bytes = [u8; 32];

    fn from_bytes(d: &[u8; 32]) -> Self {
        Self::from(*d)
    }

    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn public_key(&self) -> Self::Public {
        self.into()
    }

    fn public_from_bytes(x: &[u8; 32]) -> Result<Self::Public, Error> {
        Ok(Self::Public::from(*x))
    }

    fn public_bytes(public: &Self::Public) -> [u8; 32] {
        public.to_bytes()
    }
}

#[cfg(feature = "x448")]
impl OctetKeyPair for x448::StaticSecret {
    const CURVE: Curve = Curve::X448;
    type Public = x448::PublicKey;
    type Bytes = [u8; 56];

    fn from_bytes(d: &[u8; 56]) -> Self {
        Self::from(*d)
    }

    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn public_key(&self) -> Self::Public {
        self.into()
    }

    fn public_from_bytes(x: &[u8; 56]) -> Result<Self::Public, Error> {
        Self::Public::from_bytes(x).ok_or(Error::Weak(crate::error::Weakness::SmallOrder))
    }

    fn public_bytes(public: &Self::Public) -> [u8; 56] {
        *public.as_bytes()
    }
}
