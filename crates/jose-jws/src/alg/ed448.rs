//! EdDSA on Ed448 (RFC 8037 section 3.1, RFC 9864 section 2.2).

use alloc::borrow::Cow;

use ed448_goldilocks::{SecretKey, Signature};
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

/// The prime of the field, 2⁴⁴⁸ - 2²²⁴ - 1, lowest byte first.
const PRIME: [u8; 56] = {
    let mut prime = [0xff; 56];
    prime[28] = 0xfe;
    prime
};

/// Whether a point has the one encoding that it may have (RFC 8032 section 5.2.3: `y` is below the prime) and is none of the
/// four of small order, under which a signature would fit many messages: those have a `y` of 0, 1 or -1. The decoder of the
/// primitive asks for neither. A second encoding, of an `x` of 0 with its sign set, is one of a point of small order.
fn is_strict(point: &[u8; 57]) -> bool {
    let [y @ .., sign] = point;
    let (Some((low, high)), Some((prime_low, prime_high))) = (y.split_first(), PRIME.split_first()) else {
        return false;
    };
    let is_0_or_1 = *low <= 1 && high.iter().all(|byte| *byte == 0);
    let is_minus_1 = low.checked_add(1) == Some(*prime_low) && high == prime_high;
    *sign & 0x7f == 0 && y.iter().rev().lt(PRIME.iter().rev()) && !is_0_or_1 && !is_minus_1
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
        // The key was looked at when it was made.
        if !is_strict(signature.r_bytes()) {
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
        if is_strict(octets) { Ok(Self(key)) } else { Err(KeyError::Weak(Weakness::SmallOrder)) }
    }
}

#[cfg(test)]
mod tests {
    use ed448_goldilocks::{EdwardsPoint, VerifyingKey};

    use super::{PRIME, is_strict};

    /// What the encoding says, by the arithmetic of the curve: `None` if it is of no point.
    fn by_arithmetic(encoding: &[u8; 57]) -> Option<bool> {
        let point = VerifyingKey::from_bytes(encoding).ok()?.to_edwards();
        let is_canonical = point.to_affine().compress().as_bytes() == encoding;
        Some(is_canonical && point.double().double() != EdwardsPoint::IDENTITY)
    }

    #[test]
    fn an_encoding_is_judged_as_the_point_is() {
        let (mut strict, mut others) = (0, 0);
        let mut judge = |y: &[u8; 56]| {
            for sign in [0, 0x80, 0x01, 0x7f, 0xff] {
                let mut encoding = [sign; 57];
                encoding[..56].copy_from_slice(y);
                if let Some(expected) = by_arithmetic(&encoding) {
                    assert_eq!(is_strict(&encoding), expected, "{encoding:02x?}");
                    *if expected { &mut strict } else { &mut others } += 1;
                }
            }
        };
        for low in 0..=u8::MAX {
            let (mut small, mut prime, mut greatest) = ([0; 56], PRIME, [0xff; 56]);
            // From 0 on; up to the prime; up to the greatest number of 56 bytes.
            (small[0], prime[0], greatest[0]) = (low, low, low);
            [small, prime, greatest].iter().for_each(&mut judge);
            // From one above the prime on.
            let mut above = [0; 56];
            above[28..].fill(0xff);
            above[0] = low;
            judge(&above);
        }
        assert!(strict > 100 && others > 100, "{strict} {others}");
    }
}
