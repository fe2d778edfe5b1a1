//! `OKP` keys (RFC 8037 section 2).
#![cfg(any(feature = "ed25519", feature = "x25519"))]

use jose_jwa::{Curve, KeyType};
use zeroize::Zeroizing;

use crate::params::Params;
use crate::{Error, Jwk, PublicJwk};

/// The octets of `x`, if the key is on this curve.
fn public(params: &Params, crv: Curve) -> Result<&[u8; 32], Error> {
    if params.crv != Some(crv) {
        return Err(Error::WrongKey);
    }
    params.public("x")?.try_into().map_err(|_| Error::Length("x"))
}

/// The octets of `d`, if the key is on this curve and has them.
fn secret(params: &Params, crv: Curve) -> Result<Option<Zeroizing<[u8; 32]>>, Error> {
    if params.crv != Some(crv) {
        return Err(Error::WrongKey);
    }
    let Some(d) = params.secret("d") else { return Ok(None) };
    Ok(Some(Zeroizing::new(d.try_into().map_err(|_| Error::Length("d"))?)))
}

fn params(crv: Curve, x: [u8; 32], d: Option<&[u8; 32]>) -> Params {
    let params = Params::new(KeyType::Okp, Some(crv)).with_public("x", x);
    d.into_iter().fold(params, |params, d| params.with_secret("d", d.to_vec()))
}

#[cfg(feature = "ed25519")]
mod ed25519 {
    use ed25519_dalek::{SigningKey, VerifyingKey};

    use super::{Curve, Error, Jwk, Params, PublicJwk, params, public, secret};

    pub(in super::super) fn check_ed25519(params: &Params) -> Result<(), Error> {
        let key = verifying_key(params)?;
        match secret(params, Curve::Ed25519)? {
            Some(d) if SigningKey::from_bytes(&d).verifying_key() != key => Err(Error::KeyMismatch),
            _ => Ok(()),
        }
    }

    fn verifying_key(params: &Params) -> Result<VerifyingKey, Error> {
        VerifyingKey::from_bytes(public(params, Curve::Ed25519)?).map_err(|_| Error::NotOnCurve)
    }

    impl TryFrom<&Jwk> for VerifyingKey {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            verifying_key(&jwk.params)
        }
    }

    impl TryFrom<&Jwk> for SigningKey {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            let d = secret(&jwk.params, Curve::Ed25519)?.ok_or(Error::NotPrivate)?;
            Ok(Self::from_bytes(&d))
        }
    }

    impl From<&VerifyingKey> for PublicJwk {
        fn from(key: &VerifyingKey) -> Self {
            Self::from_params(params(Curve::Ed25519, key.to_bytes(), None))
        }
    }

    impl From<&SigningKey> for Jwk {
        fn from(key: &SigningKey) -> Self {
            let x = key.verifying_key().to_bytes();
            Self::from_params(params(Curve::Ed25519, x, Some(key.as_bytes())))
        }
    }
}

#[cfg(feature = "x25519")]
mod x25519 {
    use x25519_dalek::{PublicKey, StaticSecret};

    use super::{Curve, Error, Jwk, Params, PublicJwk, params, public, secret};

    pub(in super::super) fn check_x25519(params: &Params) -> Result<(), Error> {
        let key = public_key(params)?;
        match secret(params, Curve::X25519)? {
            Some(d) if PublicKey::from(&StaticSecret::from(*d)) != key => Err(Error::KeyMismatch),
            _ => Ok(()),
        }
    }

    fn public_key(params: &Params) -> Result<PublicKey, Error> {
        Ok(PublicKey::from(*public(params, Curve::X25519)?))
    }

    impl TryFrom<&Jwk> for PublicKey {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            public_key(&jwk.params)
        }
    }

    impl TryFrom<&Jwk> for StaticSecret {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            let d = secret(&jwk.params, Curve::X25519)?.ok_or(Error::NotPrivate)?;
            Ok(Self::from(*d))
        }
    }

    impl From<&PublicKey> for PublicJwk {
        fn from(key: &PublicKey) -> Self {
            Self::from_params(params(Curve::X25519, key.to_bytes(), None))
        }
    }

    impl From<&StaticSecret> for Jwk {
        fn from(key: &StaticSecret) -> Self {
            let x = PublicKey::from(key).to_bytes();
            Self::from_params(params(Curve::X25519, x, Some(key.as_bytes())))
        }
    }
}

#[cfg(feature = "ed25519")]
pub(super) use ed25519::check_ed25519;
#[cfg(feature = "x25519")]
pub(super) use x25519::check_x25519;
