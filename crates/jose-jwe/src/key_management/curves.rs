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
    X448, "x448", X448;
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

/// A private key on Curve448. It is read from the members: the conversions of `jose-jwk` to the types of this pre-release
/// are behind a feature of their own.
#[cfg(feature = "x448")]
struct X448(x448::StaticSecret);

#[cfg(feature = "x448")]
impl TryFrom<&Jwk> for X448 {
    type Error = Error;

    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        let d = jwk.expose_secret_member("d").and_then(|d| <[u8; 56]>::try_from(d).ok()).map(Zeroizing::new);
        Ok(Self((*d.ok_or(Usage::NotPrivate)?).into()))
    }
}

#[cfg(feature = "x448")]
impl Agree for X448 {
    fn agree(&self, peer: &Jwk) -> Result<SharedSecret, Error> {
        if peer.curve() != Some(Curve::X448) {
            let (kty, crv) = (peer.key_type(), peer.curve());
            return Err(Usage::WrongKey { kty, crv, wanted: "X448" }.into());
        }
        let x = peer.public_member("x").and_then(x448::PublicKey::from_bytes);
        let x = x.ok_or(Error::Weak(jose_jwk::Weakness::SmallOrder))?;
        // `x` is not of low order, unless its coordinate is not reduced: the secret must not be zero.
        let secret = Zeroizing::new(self.0.diffie_hellman(&x).as_bytes().to_vec());
        let any = secret.iter().fold(0, |any, byte| any | byte);
        Ok(Some(secret).filter(|_| any != 0))
    }
}
