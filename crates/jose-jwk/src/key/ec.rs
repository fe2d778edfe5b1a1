//! `EC` keys (RFC 7518 section 6.2, RFC 8812): one implementation for all curves.

use elliptic_curve::sec1::{FromSec1Point, ModulusSize, Sec1Point, ToSec1Point};
use elliptic_curve::{CurveArithmetic, FieldBytes, Generate, PublicKey, SecretKey};
use jose_jwa::{Curve, KeyType};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::pair::KeyPair;
use crate::error::Error;
use crate::params::Params;

/// RustCrypto's type for a curve, with its name in the registry.
pub trait EcCurve:
    elliptic_curve::Curve<FieldBytesSize: ModulusSize>
    + CurveArithmetic<AffinePoint: FromSec1Point<Self> + ToSec1Point<Self>>
{
    /// The name.
    const CURVE: Curve;
}

#[cfg(feature = "p256")]
impl EcCurve for p256::NistP256 {
    const CURVE: Curve = Curve::P256;
}

#[cfg(feature = "p384")]
impl EcCurve for p384::NistP384 {
    const CURVE: Curve = Curve::P384;
}

#[cfg(feature = "p521")]
impl EcCurve for p521::NistP521 {
    const CURVE: Curve = Curve::P521;
}

#[cfg(feature = "k256")]
impl EcCurve for k256::Secp256k1 {
    const CURVE: Curve = Curve::Secp256k1;
}

fn is_on<C: EcCurve>(key: &Params) -> Result<(), Error> {
    if key.crv == Some(C::CURVE) { Ok(()) } else { Err(key.wrong_key(C::CURVE.as_str())) }
}

impl<C: EcCurve> KeyPair for SecretKey<C> {
    type Public = PublicKey<C>;

    fn read_private(key: &Params) -> Result<Self, Error> {
        is_on::<C>(key)?;
        let d = <&FieldBytes<C>>::try_from(key.private("d")?).map_err(|_| Error::length("d"))?;
        Self::from_bytes(d).map_err(|_| Error::invalid("d"))
    }

    fn read_public(key: &Params) -> Result<PublicKey<C>, Error> {
        is_on::<C>(key)?;
        let coordinate =
            |name| <&FieldBytes<C>>::try_from(key.public(name)?).map_err(|_| Error::length(name));
        let point = Sec1Point::<C>::from_affine_coordinates(coordinate("x")?, coordinate("y")?, false);
        Option::from(PublicKey::from_sec1_point(&point)).ok_or(Error::NotOnCurve)
    }

    fn public(&self) -> PublicKey<C> {
        self.public_key()
    }

    fn write_public(public: &PublicKey<C>) -> Params {
        let point = public.to_sec1_point(false);
        let key = Params::new(KeyType::Ec, Some(C::CURVE));
        // A public key is never the point at infinity, which alone has no coordinates.
        let key = point.x().into_iter().fold(key, |key, x| key.with_public("x", x.as_slice()));
        point.y().into_iter().fold(key, |key, y| key.with_public("y", y.as_slice()))
    }

    fn write_private(&self, public: Params) -> Params {
        public.with_secret("d", Zeroizing::new(self.to_bytes()).to_vec())
    }

    fn generate<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, Error> {
        Self::try_generate_from_rng(rng).map_err(|_| Error::Rng)
    }

    fn decompress(point: &[u8]) -> Result<Params, Error> {
        let public = PublicKey::from_sec1_bytes(point).map_err(|_| Error::NotOnCurve)?;
        Ok(Self::write_public(&public))
    }
}
