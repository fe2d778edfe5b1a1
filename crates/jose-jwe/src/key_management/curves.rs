//! The curves of ECDH-ES: a row each.

use alloc::boxed::Box;
use alloc::vec::Vec;

use jose_jwk::{Curve, Error, Jwk, Usage};
use zeroize::Zeroizing;

/// A shared secret; none where the agreement contributed nothing.
pub(crate) type SharedSecret = Option<Zeroizing<Vec<u8>>>;

/// A private key on any curve.
pub(crate) trait Agree {
    /// Agrees with the peer's public key, which must be on the same curve.
    fn agree(&self, peer: &Jwk) -> Result<SharedSecret, Error>;
}

/// Makes of each row its arm.
macro_rules! curves {
    ($($curve:ident, $feature:literal, $secret:ty;)+) => {
        /// The private key of a JWK.
        pub(crate) fn private(jwk: &Jwk) -> Result<Box<dyn Agree + Send + Sync>, Error> {
            match jwk.curve() {
                $(
                    #[cfg(feature = $feature)]
                    Some(Curve::$curve) => Ok(Box::new(<$secret>::try_from(jwk)?)),
                )+
                Some(curve) => Err(Error::curve_disabled(curve)),
                None => Err(Error::Usage(Usage::WrongKey { kty: jwk.key_type(), crv: None, wanted: "ECDH-ES" })),
            }
        }

        /// Whether this build can compute on the curve.
        pub(crate) fn is_enabled(curve: Curve) -> bool {
            match curve {
                $(Curve::$curve => cfg!(feature = $feature),)+
                _ => false,
            }
        }
    };
}

curves! {
    P256, "p256", p256::SecretKey;
    P384, "p384", p384::SecretKey;
    P521, "p521", p521::SecretKey;
    Secp256k1, "k256", k256::SecretKey;
    X25519, "x25519", x25519_dalek::StaticSecret;
    X448, "x448", x448::StaticSecret;
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

#[cfg(feature = "x448")]
impl Agree for x448::StaticSecret {
    fn agree(&self, peer: &Jwk) -> Result<SharedSecret, Error> {
        // A JWK is no public key of low order, unless its coordinate is not reduced: the secret must not be zero.
        let secret = Zeroizing::new(self.diffie_hellman(&peer.try_into()?).as_bytes().to_vec());
        let any = secret.iter().fold(0, |any, octet| any | octet);
        Ok(Some(secret).filter(|_| any != 0))
    }
}
