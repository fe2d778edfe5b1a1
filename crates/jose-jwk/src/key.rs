//! The rules of each key type, on the key material.

#[cfg(feature = "ml-dsa")]
mod akp;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
mod ec;
mod okp;
#[allow(dead_code, reason = "a build without any curve has no pairs")]
mod pair;
pub(crate) mod rsa;

use jose_jwa::{JweAlg, JwsAlg, KeyType};
use rand_core::TryCryptoRng;

use crate::error::Error;
use crate::params::{AkpAlg, Params};

#[cfg(feature = "ml-dsa")]
pub use akp::MlDsaVariant;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
pub use ec::EcCurve;
pub(crate) use pair::{KeyPair, random};
pub use rsa::RsaLimits;
#[allow(unused_imports, reason = "forms of keys other than JWKs use it")]
pub(crate) use rsa::complete as complete_rsa;
pub(crate) use rsa::generate as generate_rsa;

/// The length of the private member of an `AKP` key.
const SEED_LEN: usize = 32;

/// The length of the seed of an ML-KEM key, in bytes (FIPS 203 section 7.1).
const KEM_SEED_LEN: usize = 64;

/// Does the first with the private key type of the key's curve or algorithm, or the second if this build has none.
#[rustfmt::skip]
macro_rules! with_pair {
    ($key:expr, $pair:ident => $do:expr, $otherwise:expr) => {
        match ($key.crv, $key.alg) {
            #[cfg(feature = "p256")]
            (Some(jose_jwa::Curve::P256), _) => { type $pair = elliptic_curve::SecretKey<p256::NistP256>; $do }
            #[cfg(feature = "p384")]
            (Some(jose_jwa::Curve::P384), _) => { type $pair = elliptic_curve::SecretKey<p384::NistP384>; $do }
            #[cfg(feature = "p521")]
            (Some(jose_jwa::Curve::P521), _) => { type $pair = elliptic_curve::SecretKey<p521::NistP521>; $do }
            #[cfg(feature = "k256")]
            (Some(jose_jwa::Curve::Secp256k1), _) => { type $pair = elliptic_curve::SecretKey<k256::Secp256k1>; $do }
            #[cfg(feature = "ed25519")]
            (Some(jose_jwa::Curve::Ed25519), _) => { type $pair = ed25519_dalek::SigningKey; $do }
            #[cfg(feature = "ed448")]
            (Some(jose_jwa::Curve::Ed448), _) => { type $pair = ed448_goldilocks::SigningKey; $do }
            #[cfg(feature = "x25519")]
            (Some(jose_jwa::Curve::X25519), _) => { type $pair = x25519_dalek::StaticSecret; $do }
            #[cfg(feature = "x448")]
            (Some(jose_jwa::Curve::X448), _) => { type $pair = x448::StaticSecret; $do }
            #[cfg(feature = "ml-dsa")]
            (_, Some(AkpAlg::Jws(JwsAlg::MlDsa44))) => { type $pair = ml_dsa::SigningKey<ml_dsa::MlDsa44>; $do }
            #[cfg(feature = "ml-dsa")]
            (_, Some(AkpAlg::Jws(JwsAlg::MlDsa65))) => { type $pair = ml_dsa::SigningKey<ml_dsa::MlDsa65>; $do }
            #[cfg(feature = "ml-dsa")]
            (_, Some(AkpAlg::Jws(JwsAlg::MlDsa87))) => { type $pair = ml_dsa::SigningKey<ml_dsa::MlDsa87>; $do }
            _ => $otherwise,
        }
    };
}

/// Checks lengths, and, as far as this build can compute with the key, that its parts are right.
pub(crate) fn check(key: &Params) -> Result<(), Error> {
    match key.kty {
        KeyType::Oct => return Ok(()),
        KeyType::Rsa => return rsa::check(key),
        _ => check_len(key)?,
    }
    // What this build cannot compute with is refused where it would be used, not here.
    with_pair!(key, K => pair::check::<K>(key), Ok(()))
}

fn check_len(key: &Params) -> Result<(), Error> {
    let (public_len, secret_len) = match (key.kty, key.crv, key.alg) {
        (KeyType::Ec | KeyType::Okp, Some(crv), _) => (crv.coordinate_len(), crv.secret_len()),
        (KeyType::Ec | KeyType::Okp, None, _) => return Err(Error::missing("crv")),
        // FIPS 204 table 2.
        (KeyType::Akp, _, Some(AkpAlg::Jws(JwsAlg::MlDsa44))) => (1312, SEED_LEN),
        (KeyType::Akp, _, Some(AkpAlg::Jws(JwsAlg::MlDsa65))) => (1952, SEED_LEN),
        (KeyType::Akp, _, Some(AkpAlg::Jws(JwsAlg::MlDsa87))) => (2592, SEED_LEN),
        // FIPS 203 table 3, and with it a point or a key of X25519.
        (KeyType::Akp, _, Some(AkpAlg::Jwe(JweAlg::Hpke8 | JweAlg::Hpke8Ke))) => (1249, SEED_LEN),
        (KeyType::Akp, _, Some(AkpAlg::Jwe(JweAlg::Hpke9 | JweAlg::Hpke9Ke))) => (1216, SEED_LEN),
        (KeyType::Akp, _, Some(AkpAlg::Jwe(JweAlg::Hpke10 | JweAlg::Hpke10Ke))) => (1665, SEED_LEN),
        (KeyType::Akp, _, Some(AkpAlg::Jwe(JweAlg::Hpke12 | JweAlg::Hpke12Ke))) => (1184, KEM_SEED_LEN),
        (KeyType::Akp, _, Some(AkpAlg::Jwe(JweAlg::Hpke13 | JweAlg::Hpke13Ke))) => (1568, KEM_SEED_LEN),
        (KeyType::Akp, ..) => return Err(Error::AlgorithmUnknown),
        // Whatever else the registry may come to name.
        _ => return Err(Error::KeyTypeUnknown),
    };
    match key.publics().find(|(_, bytes)| bytes.len() != public_len) {
        Some((name, _)) => Err(Error::length(name)),
        None => key.check_secret_len(secret_len),
    }
}

/// The private key with its public part, which is computed if it is missing, and checked otherwise.
pub(crate) fn complete(key: Params) -> Result<Params, Error> {
    if key.publics().next().is_some() {
        check(&key)?;
        return Ok(key);
    }
    check_len(&key)?;
    with_pair!(key, K => pair::complete::<K>(key), Err(disabled(&key)))
}

/// A new key of the curve or algorithm.
pub(crate) fn generate<R: TryCryptoRng + ?Sized>(key: &Params, rng: &mut R) -> Result<Params, Error> {
    with_pair!(key, K => K::generate(rng).map(|key| key.write()), {
        let _ = rng;
        Err(disabled(key))
    })
}

/// The public key of a compressed point.
#[allow(dead_code, reason = "JWKs have no compressed points")]
pub(crate) fn decompress(key: &Params, point: &[u8]) -> Result<Params, Error> {
    with_pair!(key, K => K::decompress(point), {
        let _ = point;
        Err(disabled(key))
    })
}

fn disabled(key: &Params) -> Error {
    let feature = if matches!(key.alg, Some(AkpAlg::Jwe(_))) { "draft-hpke-pq" } else { "ml-dsa" };
    key.crv.map_or(Error::Disabled { feature }, Error::curve_disabled)
}
