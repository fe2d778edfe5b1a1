//! A precomputed key accepts what the key that it came from accepts: a signature that is right by its making, with the
//! multiples of the points as the input has them, and the same with some bits changed.

#![no_main]

use ecdsa::elliptic_curve::group::{Curve as _, Group};
use ecdsa::elliptic_curve::ops::Reduce;
use ecdsa::elliptic_curve::point::AffineCoordinates;
use ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use ecdsa::elliptic_curve::{
    AffinePoint, CurveArithmetic, Field, FieldBytes, FieldBytesSize, PrimeField, ProjectivePoint, Scalar,
};
use ecdsa::{DigestAlgorithm, EcdsaCurve};
use jose_b64::base64url::encode_to_string;
use jose_jws::jwk::Jwk;
use jose_jws::{Candidate, JoseHeader, JwsAlg, Verify, VerifyHashed, VerifyingKey};
use libfuzzer_sys::fuzz_target;
use sha2::Digest;

const MESSAGE: &[u8] = b"eyJhbGciOiJFUzI1NiJ9.e30";

fuzz_target!(|input: &[u8]| {
    let Some(([which, at, bits], input)) = input.split_first_chunk() else { return };
    let change = (*at, *bits);
    match which % 5 {
        0 => on_curve::<p256::NistP256>(JwsAlg::Es256, input, change),
        1 => on_curve::<p384::NistP384>(JwsAlg::Es384, input, change),
        2 => on_curve::<p521::NistP521>(JwsAlg::Es512, input, change),
        3 => on_curve::<k256::Secp256k1>(JwsAlg::Es256K, input, change),
        _ => on_ed25519(input, change),
    }
});

/// The input is `k` and `s`. The key is the one under which they fit: `Q = (s · k - z) / r · G`.
fn on_curve<C>(alg: JwsAlg, input: &[u8], change: (u8, u8))
where
    C: EcdsaCurve + CurveArithmetic + DigestAlgorithm,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    let len = FieldBytes::<C>::default().len();
    let scalar = |octets: &[u8]| {
        let mut field = FieldBytes::<C>::default();
        field[len - octets.len()..].copy_from_slice(octets);
        Scalar::<C>::reduce(&field)
    };
    let (k, s) = input.split_at(input.len().min(len));
    let (k, s) = (scalar(k), scalar(&s[..s.len().min(len)]));
    let r = Scalar::<C>::reduce(&(ProjectivePoint::<C>::generator() * k).to_affine().x());
    let z = scalar(&C::Digest::digest(MESSAGE));
    let Some(inverse) = Option::<Scalar<C>>::from(Field::invert(&r)) else { return };
    let key = ProjectivePoint::<C>::generator() * ((s * k - z) * inverse);
    if bool::from(key.is_identity() | s.is_zero()) {
        return;
    }
    let encoded = key.to_affine().to_sec1_point(false);
    let (x, y) = encoded.as_bytes()[1..].split_at(len);
    let (x, y, curve) = (encode_to_string(x), encode_to_string(y), alg.curve().unwrap());
    let jwk = format!(r#"{{"kty":"EC","crv":"{curve}","x":"{x}","y":"{y}"}}"#);
    compare(alg, &jwk, [r.to_repr(), s.to_repr()].concat(), change);
}

/// The input is the secret key, from which everything follows.
fn on_ed25519(input: &[u8], change: (u8, u8)) {
    use ed25519_dalek::Signer;
    let mut secret = [0; 32];
    secret.iter_mut().zip(input).for_each(|(octet, input)| *octet = *input);
    let key = ed25519_dalek::SigningKey::from_bytes(&secret);
    let x = encode_to_string(key.verifying_key().as_bytes());
    let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#);
    compare(JwsAlg::Ed25519, &jwk, key.sign(MESSAGE).to_bytes().to_vec(), change);
}

/// Compares both forms of the key, over the signature and over a changed one.
fn compare(alg: JwsAlg, jwk: &str, mut signature: Vec<u8>, (at, bits): (u8, u8)) {
    let key = VerifyingKey::from_jwk(Jwk::from_json(jwk).unwrap(), alg).unwrap();
    let keys = [key.clone(), key.precomputed()];
    let verdicts = |signature: &[u8]| {
        let header = format!(r#"{{"alg":"{alg}"}}"#);
        let header = JoseHeader::parse(header.as_bytes()).unwrap();
        let message: &[&[u8]] = &[MESSAGE];
        let candidate = Candidate { alg, header, unprotected: JoseHeader::EMPTY, message, signature };
        keys.each_ref().map(|key| {
            let hashed = key.hasher(&candidate).and_then(|mut hasher| {
                hasher.update(MESSAGE);
                key.verify_hashed(hasher, &candidate)
            });
            (key.verify(&candidate), hashed)
        })
    };
    let [stock, precomputed] = verdicts(&signature);
    assert!(stock.0.is_ok());
    assert_eq!(precomputed, stock);
    let at = usize::from(at) % signature.len();
    signature[at] ^= bits;
    let [stock, precomputed] = verdicts(&signature);
    assert_eq!(precomputed, stock);
}
