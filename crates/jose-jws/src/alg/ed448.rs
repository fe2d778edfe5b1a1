//! EdDSA on Ed448 (RFC 8037 section 3.1, RFC 9864 section 2.2).

use alloc::borrow::Cow;

use ed448_goldilocks::{EdwardsPoint, SecretKey, Signature};
use jose_jwk::{Error as KeyError, Jwk, MemberError, Weakness};
use signature::{Error, MultipartSigner, MultipartVerifier};

use super::{Algorithm, Ed448, Ed448EdDsa, Raw};
use crate::key::FromJwk;

/// A private key. `ed448-goldilocks` is a pre-release, and its types stay out of the public API.
pub(crate) struct SigningKey(ed448_goldilocks::SigningKey);

/// A public key.
pub(crate) struct VerifyingKey(ed448_goldilocks::VerifyingKey);

/// The algorithms that are Ed448 under one name or the other.
trait OnEd448: Algorithm {}
impl OnEd448 for Ed448EdDsa {}
impl OnEd448 for Ed448 {}

/// The message goes twice through the hash and must be in one piece.
fn whole<'m>(message: &[&'m [u8]]) -> Cow<'m, [u8]> {
    match message {
        [message] => Cow::Borrowed(message),
        parts => Cow::Owned(parts.concat()),
    }
}

/// Whether the bytes are the one encoding of their point (RFC 8032 section 5.2.3), which the decoder does not ask for.
fn is_canonical(point: &ed448_goldilocks::VerifyingKey) -> bool {
    point.to_edwards().to_affine().compress().as_bytes() == point.as_bytes()
}

/// Whether it is a point of small order: a signature under it would fit many messages.
fn is_weak(point: &ed448_goldilocks::VerifyingKey) -> bool {
    point.to_edwards().double().double() == EdwardsPoint::IDENTITY
}

impl<A: OnEd448> MultipartSigner<Raw<A, [u8; 114]>> for SigningKey {
    fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Raw<A, [u8; 114]>, Error> {
        Ok(Raw::new(self.0.sign_raw(&whole(message)).to_bytes()))
    }
}

/// Strictly: neither the key nor `R` may be of small order or encoded in another way than the one, as with Ed25519.
impl<A: OnEd448> MultipartVerifier<Raw<A, [u8; 114]>> for VerifyingKey {
    fn multipart_verify(&self, message: &[&[u8]], signature: &Raw<A, [u8; 114]>) -> Result<(), Error> {
        let signature = Signature::from_bytes(signature.bytes());
        let r = ed448_goldilocks::VerifyingKey::from_bytes(signature.r_bytes()).map_err(|_| Error::new())?;
        if [&self.0, &r].into_iter().any(|point| is_weak(point) || !is_canonical(point)) {
            return Err(Error::new());
        }
        self.0.verify_raw(&signature, &whole(message)).map_err(|_| Error::new())
    }
}

impl FromJwk for SigningKey {
    fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        let octets = jwk.expose_secret_member("d").and_then(|d| <&[u8; 57]>::try_from(d).ok());
        let secret = SecretKey::from(*octets.ok_or(KeyError::Usage(jose_jwk::Usage::NotPrivate))?);
        Ok(Self(ed448_goldilocks::SigningKey::from(&secret)))
    }
}

impl FromJwk for VerifyingKey {
    fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        let octets = jwk.public_member("x").and_then(|x| <&[u8; 57]>::try_from(x).ok());
        let octets = octets.ok_or(KeyError::Member { name: "x", reason: MemberError::Length })?;
        let key = ed448_goldilocks::VerifyingKey::from_bytes(octets).map_err(|_| KeyError::NotOnCurve)?;
        if is_weak(&key) { Err(KeyError::Weak(Weakness::SmallOrder)) } else { Ok(Self(key)) }
    }
}
