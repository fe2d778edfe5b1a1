//! The rules of each key type, and the conversions to and from RustCrypto's keys.

mod ec;
mod okp;
mod rsa;

use jose_jwa::{Curve, KeyType};

use crate::Error;
use crate::params::Params;

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
pub use ec::EcCurve;
pub use rsa::RsaLimits;

/// Checks lengths, and, as far as this build can compute with the key, that its parts are right.
pub(crate) fn check(params: &Params) -> Result<(), Error> {
    match params.kty {
        KeyType::Oct => Ok(()),
        KeyType::Rsa => rsa::check(params),
        KeyType::Ec | KeyType::Okp => check_curve(params, params.crv.ok_or(Error::Missing("crv"))?),
        // `AKP` and whatever else the registry may come to name.
        _ => Err(Error::AlgorithmDisabled),
    }
}

fn check_curve(params: &Params, crv: Curve) -> Result<(), Error> {
    for (name, octets) in params.publics() {
        if octets.len() != crv.coordinate_len() {
            return Err(Error::Length(name));
        }
    }
    for (name, octets) in params.secrets() {
        if octets.len() != crv.secret_len() {
            return Err(Error::Length(name));
        }
    }
    // One line a curve; what this build cannot compute with is refused where it would be used, not here.
    match crv {
        #[cfg(feature = "p256")]
        Curve::P256 => ec::check::<p256::NistP256>(params),
        #[cfg(feature = "p384")]
        Curve::P384 => ec::check::<p384::NistP384>(params),
        #[cfg(feature = "p521")]
        Curve::P521 => ec::check::<p521::NistP521>(params),
        #[cfg(feature = "k256")]
        Curve::Secp256k1 => ec::check::<k256::Secp256k1>(params),
        #[cfg(feature = "ed25519")]
        Curve::Ed25519 => okp::check_ed25519(params),
        #[cfg(feature = "x25519")]
        Curve::X25519 => okp::check_x25519(params),
        _ => Ok(()),
    }
}
