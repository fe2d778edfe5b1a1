//! The rules of each key type, and the conversions to and from RustCrypto's keys.

mod akp;
mod ec;
mod okp;
mod rsa;

use jose_jwa::{Curve, KeyType};

use crate::Error;
use crate::params::Params;

#[cfg(feature = "ml-dsa")]
pub use akp::MlDsaVariant;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
pub use ec::EcCurve;
pub use rsa::RsaLimits;
#[cfg(feature = "pem")]
pub(crate) use rsa::complete as complete_rsa;

/// Does the same on each `EC` curve of this build, under the name of a type. What follows are further arms.
macro_rules! on_curve {
    ($curve:expr, $name:ident => $do:expr; $($rest:tt)*) => {
        match $curve {
            #[cfg(feature = "p256")]
            Curve::P256 => {
                type $name = p256::NistP256;
                $do
            }
            #[cfg(feature = "p384")]
            Curve::P384 => {
                type $name = p384::NistP384;
                $do
            }
            #[cfg(feature = "p521")]
            Curve::P521 => {
                type $name = p521::NistP521;
                $do
            }
            #[cfg(feature = "k256")]
            Curve::Secp256k1 => {
                type $name = k256::Secp256k1;
                $do
            }
            $($rest)*
        }
    };
}
pub(crate) use on_curve;

/// Checks lengths, and, as far as this build can compute with the key, that its parts are right.
pub(crate) fn check(params: &Params) -> Result<(), Error> {
    match params.kty {
        KeyType::Oct => Ok(()),
        KeyType::Rsa => rsa::check(params),
        KeyType::Ec | KeyType::Okp => check_curve(params, params.crv.ok_or(Error::missing("crv"))?),
        KeyType::Akp => akp::check(params),
        // Whatever else the registry may come to name.
        _ => Err(Error::KeyTypeUnknown),
    }
}

fn check_curve(params: &Params, crv: Curve) -> Result<(), Error> {
    for (name, octets) in params.publics() {
        if octets.len() != crv.coordinate_len() {
            return Err(Error::length(name));
        }
    }
    check_secret(params, crv.secret_len())?;
    // What this build cannot compute with is refused where it would be used, not here.
    on_curve!(crv, C => ec::check::<C>(params); _ => okp::check(params, crv))
}

fn check_secret(params: &Params, len: usize) -> Result<(), Error> {
    match params.secrets().find(|(_, octets)| octets.len() != len) {
        Some((name, _)) => Err(Error::length(name)),
        None => Ok(()),
    }
}

/// The private key with its public part, which is computed where it is missing, and checked where it is not.
pub(crate) fn complete(params: Params) -> Result<Params, Error> {
    if params.publics().next().is_some() {
        check(&params)?;
        return Ok(params);
    }
    match (params.kty, params.crv) {
        (KeyType::Akp, _) => akp::complete(params),
        (_, Some(crv)) => {
            check_secret(&params, crv.secret_len())?;
            on_curve!(crv, C => ec::complete::<C>(params); _ => okp::complete(params, crv))
        }
        _ => Err(params.wrong_key("a curve")),
    }
}

/// The public key of a compressed point (SEC 1 section 2.3.4), which takes the arithmetic of the curve.
#[cfg(feature = "pem")]
pub(crate) fn decompress(crv: Curve, point: &[u8]) -> Result<Params, Error> {
    #[cfg(not(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256")))]
    let _ = point;
    on_curve!(crv, C => ec::decompress::<C>(point); _ => Err(Error::curve_disabled(crv)))
}
