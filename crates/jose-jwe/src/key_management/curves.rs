//! The curves of ECDH-ES: a row each.

use alloc::boxed::Box;
use alloc::vec::Vec;

use jose_jwk::{Curve, Error, Jwk};
use zeroize::Zeroizing;

/// A shared secret; none where the agreement contributed nothing.
pub(crate) type SharedSecret = Option<Zeroizing<Vec<u8>>>;

/// A private key on any curve.
pub(crate) trait Agree {
    /// Agrees with the peer's public key, which must be on the same curve.
    fn agree(&self, peer: &Jwk) -> Result<SharedSecret, Error>;
}

/// The private key of a JWK.
pub(crate) fn private(jwk: &Jwk) -> Result<Box<dyn Agree + Send + Sync>, Error> {
    match jwk.curve() {
        #[cfg(feature = "p256")]
        Some(Curve::P256) => Ok(Box::new(p256::SecretKey::try_from(jwk)?)),
        #[cfg(feature = "p384")]
        Some(Curve::P384) => Ok(Box::new(p384::SecretKey::try_from(jwk)?)),
        #[cfg(feature = "p521")]
        Some(Curve::P521) => Ok(Box::new(p521::SecretKey::try_from(jwk)?)),
        #[cfg(feature = "k256")]
        Some(Curve::Secp256k1) => Ok(Box::new(k256::SecretKey::try_from(jwk)?)),
        #[cfg(feature = "x25519")]
        Some(Curve::X25519) => Ok(Box::new(x25519_dalek::StaticSecret::try_from(jwk)?)),
        _ => Err(Error::AlgorithmDisabled),
    }
}

/// Whether this build can compute on the curve.
pub(crate) fn is_enabled(curve: Option<Curve>) -> bool {
    match curve {
        Some(Curve::P256) => cfg!(feature = "p256"),
        Some(Curve::P384) => cfg!(feature = "p384"),
        Some(Curve::P521) => cfg!(feature = "p521"),
        Some(Curve::Secp256k1) => cfg!(feature = "k256"),
        Some(Curve::X25519) => cfg!(feature = "x25519"),
        _ => false,
    }
}

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
impl<C: jose_jwk::EcCurve> Agree for elliptic_curve::SecretKey<C>
where
    for<'k> elliptic_curve::PublicKey<C>: TryFrom<&'k Jwk, Error = Error>,
{
    fn agree(&self, peer: &Jwk) -> Result<SharedSecret, Error> {
        let secret = super::key_agreement::agree(self, &peer.try_into()?);
        Ok(Some(Zeroizing::new(secret.raw_secret_bytes().to_vec())))
    }
}

#[cfg(feature = "x25519")]
impl Agree for x25519_dalek::StaticSecret {
    fn agree(&self, peer: &Jwk) -> Result<SharedSecret, Error> {
        let secret = super::key_agreement::agree_x25519(self, &peer.try_into()?);
        Ok(secret.map(|secret| Zeroizing::new(secret.as_bytes().to_vec())))
    }
}
