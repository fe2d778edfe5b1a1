//! `EC` keys (RFC 7518 section 6.2, RFC 8812): one conversion for all curves.
#![cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]

use elliptic_curve::sec1::{FromSec1Point, ModulusSize, Sec1Point, ToSec1Point};
use elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, PublicKey, SecretKey};
use jose_jwa::{Curve, KeyType};
use zeroize::Zeroizing;

use crate::params::Params;
use crate::{Error, Jwk, PublicJwk, Usage};

/// RustCrypto's type for a curve, with its name in the registry. Sealed by what it takes: one line a curve, here.
pub trait EcCurve: CurveArithmetic {
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

/// The point lies on the curve, and `d` is its logarithm.
pub(super) fn check<C>(params: &Params) -> Result<(), Error>
where
    C: EcCurve,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let public = public_key::<C>(params)?;
    match secret_key::<C>(params)? {
        Some(secret) if secret.public_key() != public => Err(Error::KeyMismatch),
        _ => Ok(()),
    }
}

/// The key with the point that `d` is the logarithm of.
pub(super) fn complete<C>(params: Params) -> Result<Params, Error>
where
    C: EcCurve,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    Ok(Jwk::from(&secret_key::<C>(&params)?.ok_or(Error::Usage(Usage::NotPrivate))?).params)
}

#[cfg(feature = "pem")]
pub(super) fn decompress<C>(point: &[u8]) -> Result<Params, Error>
where
    C: EcCurve,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    Ok(public_params(&PublicKey::<C>::from_sec1_bytes(point).map_err(|_| Error::NotOnCurve)?))
}

fn public_key<C>(params: &Params) -> Result<PublicKey<C>, Error>
where
    C: EcCurve,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    if params.crv != Some(C::CURVE) {
        return Err(params.wrong_key(C::CURVE.as_str()));
    }
    let coordinate = |name| <&FieldBytes<C>>::try_from(params.public(name)?).map_err(|_| Error::length(name));
    let point = Sec1Point::<C>::from_affine_coordinates(coordinate("x")?, coordinate("y")?, false);
    Option::from(PublicKey::from_sec1_point(&point)).ok_or(Error::NotOnCurve)
}

fn secret_key<C: EcCurve>(params: &Params) -> Result<Option<SecretKey<C>>, Error> {
    if params.crv != Some(C::CURVE) {
        return Err(params.wrong_key(C::CURVE.as_str()));
    }
    let Some(d) = params.secret("d") else { return Ok(None) };
    let d = <&FieldBytes<C>>::try_from(d).map_err(|_| Error::length("d"))?;
    SecretKey::from_bytes(d).map(Some).map_err(|_| Error::invalid("d"))
}

fn public_params<C>(key: &PublicKey<C>) -> Params
where
    C: EcCurve,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let point = key.to_sec1_point(false);
    let params = Params::new(KeyType::Ec, Some(C::CURVE));
    // A public key is never the point at infinity, which alone has no coordinates.
    let params = point.x().into_iter().fold(params, |params, x| params.with_public("x", x.as_slice()));
    point.y().into_iter().fold(params, |params, y| params.with_public("y", y.as_slice()))
}

impl<C> TryFrom<&Jwk> for PublicKey<C>
where
    C: EcCurve,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    type Error = Error;

    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        public_key(&jwk.params)
    }
}

impl<C: EcCurve> TryFrom<&Jwk> for SecretKey<C> {
    type Error = Error;

    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        secret_key(&jwk.params)?.ok_or(Error::Usage(Usage::NotPrivate))
    }
}

impl<C> From<&PublicKey<C>> for PublicJwk
where
    C: EcCurve,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    fn from(key: &PublicKey<C>) -> Self {
        Self::from_params(public_params(key))
    }
}

impl<C> From<&SecretKey<C>> for Jwk
where
    C: EcCurve,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    fn from(key: &SecretKey<C>) -> Self {
        let d = Zeroizing::new(key.to_bytes());
        Self::from_params(public_params(&key.public_key()).with_secret("d", d.to_vec()))
    }
}
