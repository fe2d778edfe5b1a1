//! C4: Ed25519 verifies strictly, in one part and in several.

use core::ops::{Add, Mul};

use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use jose_jws::alg::{Ed25519, EdDsa, Raw};
use jose_jws::{Error, Header, JwsAlg, compact};
use sha2::{Digest, Sha512};
use signature::{MultipartVerifier, Signer, Verifier};

use crate::help::{Random, hex, join, jwk, signer, verifier};
use crate::keys;

/// The points of small order, in each of their encodings, the ones that are not canonical included.
const SMALL_ORDER: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

/// The order of the group.
const L: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

fn point(text: &str) -> [u8; 32] {
    hex(text).try_into().unwrap()
}

/// What the strict verification of one part says, and the loose one. That of several parts is held against the former,
/// under both names.
fn verdicts(key: &VerifyingKey, message: &[u8], signature: &[u8; 64]) -> (bool, bool) {
    let plain = Signature::from_bytes(signature);
    let strict = key.verify_strict(message, &plain).is_ok();
    for cut in [0, 1, message.len() / 2, message.len()] {
        let (one, other) = message.split_at(cut.min(message.len()));
        for parts in [&[message][..], &[one, other], &[one, &[], other], &[&[], one, other]] {
            let by_one_name = Raw::<Ed25519, _>::new(*signature);
            let by_the_other = Raw::<EdDsa, _>::new(*signature);
            assert_eq!(key.multipart_verify(parts, &by_one_name).is_ok(), strict, "{signature:02x?}");
            assert_eq!(key.multipart_verify(parts, &by_the_other).is_ok(), strict, "{signature:02x?}");
        }
    }
    (strict, key.verify(message, &plain).is_ok())
}

/// The little-endian number in the field of `like`.
fn number<S: Copy + From<u64> + Add<Output = S> + Mul<Output = S>>(_like: S, octets: &[u8]) -> S {
    let (zero, base) = (S::from(0_u64), S::from(256_u64));
    octets.iter().rev().fold(zero, |sum, octet| sum * base + S::from(u64::from(*octet)))
}

/// A signature by the holder of the key whose `R` is this encoding of the identity: `S = H(R, A, M) · a`.
fn with_r(key: &SigningKey, r: &[u8; 32], message: &[u8]) -> [u8; 64] {
    let secret = key.to_scalar();
    let hash = Sha512::new().chain_update(r).chain_update(key.verifying_key()).chain_update(message);
    let s = number(secret, &hash.finalize()) * secret;
    [*r, s.to_bytes()].concat().try_into().unwrap()
}

/// Covers C4.
#[test]
fn several_parts_verify_as_one() {
    let mut random = Random(1);
    let (mut honest, mut refused) = (0, 0);
    for len in 0..40 {
        let key = SigningKey::from_bytes(&random.octets(32).try_into().unwrap());
        let message = random.octets(len);
        let signature = key.sign(&message).to_bytes();
        assert_eq!(verdicts(&key.verifying_key(), &message, &signature), (true, true));
        honest += 1;
        for _ in 0..20 {
            let mut changed = signature;
            let bit = random.next() as usize % 512;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(verdicts(&key.verifying_key(), &message, &changed), (false, false));
            refused += 1;
        }
    }
    assert_eq!((honest, refused), (40, 800));
}

/// A public key of small order: anyone makes signatures that verify loosely, with an `R` of small order and `S = 0`, or
/// with any `S` and `R = S · B`. The second is stopped by the key alone.
///
/// Covers C4.
#[test]
fn keys_of_small_order_verify_nothing() {
    let other = SigningKey::from_bytes(&[7; 32]);
    let mut signatures: Vec<[u8; 64]> =
        SMALL_ORDER.iter().map(|r| [point(r), [0; 32]].concat().try_into().unwrap()).collect();
    let by_s = [other.verifying_key().to_bytes(), other.to_scalar().to_bytes()].concat();
    signatures.push(by_s.try_into().unwrap());
    let mut loosely = [0, 0];
    for key in SMALL_ORDER {
        let Ok(key) = VerifyingKey::from_bytes(&point(key)) else { continue };
        for (index, signature) in signatures.iter().enumerate() {
            for message in 0..8_u8 {
                let (strict, loose) = verdicts(&key, &[message], signature);
                assert!(!strict, "{signature:02x?}");
                loosely[index / SMALL_ORDER.len()] += usize::from(loose);
            }
        }
    }
    // The reference would have let them through: it is the strictness that stops them.
    assert!(loosely[0] > 100 && loosely[1] > 16, "{loosely:?}");
}

/// An honest key and an `R` of small order: the holder can make one that verifies loosely for `R = 1`.
///
/// Covers C4.
#[test]
fn an_r_of_small_order_verifies_nothing() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let mut loosely = 0;
    for r in SMALL_ORDER {
        let signature = with_r(&key, &point(r), b"message");
        let (strict, loose) = verdicts(&key.verifying_key(), b"message", &signature);
        assert!(!strict, "{r}");
        loosely += usize::from(loose);
    }
    assert_eq!(loosely, 1);
}

/// The sum of little-endian numbers.
fn add(one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let sum = one.iter().zip(other).map(|(one, other)| {
        let sum = u16::from(*one) + u16::from(*other) + carry;
        carry = sum >> 8;
        sum as u8
    });
    sum.collect()
}

/// Covers C4.
#[test]
fn s_lies_below_l() {
    let token = compact::sign(&signer(keys::ED25519, JwsAlg::EdDsa), b"{}", &Header::new()).unwrap();
    let key = verifier(keys::ED25519, JwsAlg::EdDsa);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let signature = jose_b64::base64url::decode_to_vec(signature.as_bytes()).unwrap();
    let (r, mut s) = signature.split_at(32);
    let mut sums = Vec::new();
    for _ in 0..14 {
        sums.push(add(s, &hex(L)));
        s = sums.last().unwrap();
        let changed = [r, s].concat();
        assert!(!verdicts(&key_of(), input.as_bytes(), &changed.clone().try_into().unwrap()).0);
        let token = format!("{input}.{}", jose_b64::base64url::encode_to_string(&changed));
        assert_eq!(compact::verify(&key, &token).err(), Some(Error::Signature));
    }
}

fn key_of() -> VerifyingKey {
    VerifyingKey::try_from(&jwk(keys::ED25519)).unwrap()
}

/// Through JWKs: a key of small order is not even prepared.
///
/// Covers C4.
#[test]
fn a_jwk_of_small_order_is_no_key() {
    let mut refused = 0;
    for text in SMALL_ORDER {
        let x = jose_b64::base64url::encode_to_string(&hex(text));
        let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#);
        let Ok(jwk) = jose_jwk::Jwk::from_json(jwk) else { continue };
        for alg in [JwsAlg::EdDsa, JwsAlg::Ed25519] {
            let weak = jose_jwk::Error::Weak(jose_jwk::Weakness::SmallOrder);
            let key = jose_jws::VerifyingKey::from_jwk(&jwk, alg);
            assert_eq!(key.err(), Some(Error::Key(weak)), "{text}");
        }
        refused += 1;
    }
    assert!(refused >= 8, "{refused}");
    // And a key of RustCrypto's is held to it when it verifies.
    let key = VerifyingKey::from_bytes(&point(SMALL_ORDER[0])).unwrap();
    let key = jose_jws::Key::<Ed25519, _>::new(key);
    let token = join(r#"{"alg":"Ed25519"}"#, "{}", &[&point(SMALL_ORDER[0])[..], &[0; 32]].concat());
    assert_eq!(compact::verify(&key, &token).err(), Some(Error::Signature));
}
