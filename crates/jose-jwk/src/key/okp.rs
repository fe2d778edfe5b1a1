//! `OKP` keys (RFC 8037 section 2).

use jose_jwa::Curve;

use crate::params::Params;
use crate::{Error, Usage};

/// `x` is a public key of the curve, and the one of `d`.
pub(super) fn check(params: &Params, crv: Curve) -> Result<(), Error> {
    let x = params.public("x")?;
    match crv {
        #[cfg(feature = "ed25519")]
        Curve::Ed25519 => ed25519::check_public(x)?,
        #[cfg(feature = "ed448")]
        Curve::Ed448 => ed448::check_public(x)?,
        #[cfg(feature = "x448")]
        Curve::X448 => x448::check_public(x)?,
        // Any octets are a public key of X25519; those of the others were not computed with.
        _ => {}
    }
    let Some(d) = params.secret("d") else { return Ok(()) };
    match derive(crv, d) {
        Ok(own) if own.as_slice() != x => Err(Error::KeyMismatch),
        Err(Error::Disabled { .. }) | Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The key with the public part of `d`.
pub(super) fn complete(params: Params, crv: Curve) -> Result<Params, Error> {
    let x = derive(crv, params.secret("d").ok_or(Error::Usage(Usage::NotPrivate))?)?;
    Ok(params.with_public("x", x))
}

/// The public key of these secret octets.
fn derive(crv: Curve, d: &[u8]) -> Result<alloc::vec::Vec<u8>, Error> {
    #[cfg(not(any(feature = "ed25519", feature = "ed448", feature = "x25519", feature = "x448")))]
    let _ = d;
    match crv {
        #[cfg(feature = "ed25519")]
        Curve::Ed25519 => ed25519::derive(d),
        #[cfg(feature = "ed448")]
        Curve::Ed448 => ed448::derive(d),
        #[cfg(feature = "x25519")]
        Curve::X25519 => x25519::derive(d),
        #[cfg(feature = "x448")]
        Curve::X448 => x448::derive(d),
        _ => Err(Error::curve_disabled(crv)),
    }
}

/// The conversions of one curve: its module, the types, and how each comes from octets and goes to them.
macro_rules! octet_key_pair {
    (
        $feature:literal, $module:ident, $curve:expr, $secret:ty, $public:ty,
        secret: $read_secret:expr, $secret_octets:expr,
        public: $read_public:expr, $public_octets:expr,
        derive: $derive:expr,
    ) => {
        #[cfg(feature = $feature)]
        mod $module {
            use alloc::vec::Vec;

            use jose_jwa::{Curve, KeyType};
            use zeroize::Zeroizing;

            use crate::params::Params;
            use crate::{Error, Jwk, PublicJwk, Usage};

            fn secret_key(d: &[u8]) -> Result<$secret, Error> {
                // The types take an array by value, so that a copy is made: it is wiped.
                let octets = Zeroizing::new(d.try_into().map_err(|_| Error::length("d"))?);
                Ok($read_secret(&octets))
            }

            fn public_key(x: &[u8]) -> Result<$public, Error> {
                $read_public(x.try_into().map_err(|_| Error::length("x"))?)
            }

            /// The octets of the public key of a secret one.
            pub(super) fn derive(d: &[u8]) -> Result<Vec<u8>, Error> {
                let public: $public = $derive(&secret_key(d)?);
                Ok(public_octets(&public))
            }

            #[allow(dead_code, reason = "any octets are a public key of X25519")]
            pub(super) fn check_public(x: &[u8]) -> Result<(), Error> {
                public_key(x).map(|_| ())
            }

            fn public_octets(key: &$public) -> Vec<u8> {
                AsRef::<[u8]>::as_ref(&$public_octets(key)).to_vec()
            }

            fn is_on(params: &Params) -> Result<(), Error> {
                if params.crv == Some($curve) { Ok(()) } else { Err(params.wrong_key($curve.as_str())) }
            }

            impl TryFrom<&Jwk> for $public {
                type Error = Error;

                fn try_from(jwk: &Jwk) -> Result<Self, Error> {
                    is_on(&jwk.params)?;
                    public_key(jwk.params.public("x")?)
                }
            }

            impl TryFrom<&Jwk> for $secret {
                type Error = Error;

                fn try_from(jwk: &Jwk) -> Result<Self, Error> {
                    is_on(&jwk.params)?;
                    secret_key(jwk.params.secret("d").ok_or(Error::Usage(Usage::NotPrivate))?)
                }
            }

            impl From<&$public> for PublicJwk {
                fn from(key: &$public) -> Self {
                    let params = Params::new(KeyType::Okp, Some($curve));
                    Self::from_params(params.with_public("x", public_octets(key)))
                }
            }

            impl From<&$secret> for Jwk {
                fn from(key: &$secret) -> Self {
                    let public: $public = $derive(key);
                    let params =
                        Params::new(KeyType::Okp, Some($curve)).with_public("x", public_octets(&public));
                    let d = AsRef::<[u8]>::as_ref($secret_octets(key)).to_vec();
                    Self::from_params(params.with_secret("d", d))
                }
            }
        }
    };
}

octet_key_pair! {
    "ed25519", ed25519, Curve::Ed25519, ed25519_dalek::SigningKey, ed25519_dalek::VerifyingKey,
    secret: |octets: &[u8; 32]| ed25519_dalek::SigningKey::from_bytes(octets), ed25519_dalek::SigningKey::as_bytes,
    public: |octets: &[u8; 32]| {
        ed25519_dalek::VerifyingKey::from_bytes(octets).map_err(|_| Error::NotOnCurve)
    },
    ed25519_dalek::VerifyingKey::to_bytes,
    derive: ed25519_dalek::SigningKey::verifying_key,
}

octet_key_pair! {
    "ed448", ed448, Curve::Ed448, ed448_goldilocks::SigningKey, ed448_goldilocks::VerifyingKey,
    secret: |octets: &[u8; 57]| ed448_goldilocks::SigningKey::from(&ed448_goldilocks::SecretKey::from(*octets)),
    ed448_goldilocks::SigningKey::as_bytes,
    public: |octets: &[u8; 57]| {
        let key = ed448_goldilocks::VerifyingKey::from_bytes(octets).map_err(|_| Error::NotOnCurve)?;
        // The decoder takes more than the one encoding of a point (RFC 8032 section 5.2.3).
        let canonical = key.to_edwards().to_affine().compress();
        if canonical.as_bytes() == octets { Ok(key) } else { Err(Error::NotOnCurve) }
    },
    ed448_goldilocks::VerifyingKey::to_bytes,
    derive: ed448_goldilocks::SigningKey::verifying_key,
}

octet_key_pair! {
    "x25519", x25519, Curve::X25519, x25519_dalek::StaticSecret, x25519_dalek::PublicKey,
    secret: |octets: &[u8; 32]| x25519_dalek::StaticSecret::from(*octets), x25519_dalek::StaticSecret::as_bytes,
    public: |octets: &[u8; 32]| Ok(x25519_dalek::PublicKey::from(*octets)), x25519_dalek::PublicKey::to_bytes,
    derive: |secret: &x25519_dalek::StaticSecret| x25519_dalek::PublicKey::from(secret),
}

octet_key_pair! {
    "x448", x448, Curve::X448, x448::StaticSecret, x448::PublicKey,
    secret: |octets: &[u8; 56]| x448::StaticSecret::from(*octets), x448::StaticSecret::as_bytes,
    public: |octets: &[u8; 56]| {
        x448::PublicKey::from_bytes(octets).ok_or(Error::Weak(crate::Weakness::SmallOrder))
    },
    |key: &x448::PublicKey| *key.as_bytes(),
    derive: |secret: &x448::StaticSecret| x448::PublicKey::from(secret),
}
