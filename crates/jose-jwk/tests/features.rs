//! Which JWKs are read does not depend on the features of the build. Where this is run with other features, the
//! expectations are these.
//!
//! What takes the arithmetic of a curve or of RSA is left out: a point that is not on the curve, and a private part of
//! another key, are refused by the builds that can compute with the key.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use jose_jwk::{Jwk, JwkSet, PublicJwk};

#[allow(dead_code, reason = "the other tests use all of them")]
#[path = "all/rfc.rs"]
mod rfc;

/// `ok`, or the code of the error.
fn outcome(text: &str) -> &'static str {
    Jwk::from_json(text).map_or_else(|error| error.code(), |_| "ok")
}

/// A text with further members in front.
fn with(key: &str, members: &str) -> String {
    key.replacen('{', &format!("{{{members},"), 1)
}

/// Covers K08, K16, B8.
#[test]
fn the_same_keys_are_read_by_every_build() {
    let sha1 = "AAECAwQFBgcICQoLDA0ODxAREhM";
    let sha256 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let ed448 = r#"{"kty":"OKP","crv":"Ed448","x":"X9dEm1m0Yf0s54fsYWrUah2hNCSFpw4fig6nXYDpZ3jt8SR2m0bHBhvWeD3x5Q9s0foavq_oJWGA"}"#;
    let x448 = r#"{"kty":"OKP","crv":"X448","x":"PreoKbDNIPW8_AtZm2_sz22kYnEHvbDU80W0MCfYuXL8PjT7QjKhPKcG3LV67D2uB73BxnvzNgk"}"#;
    let akp = format!(r#"{{"kty":"AKP","alg":"ML-DSA-44","pub":"{}"}}"#, "A".repeat(1750));
    let table: Vec<(String, &str)> = vec![
        (rfc::RSA_7638.into(), "ok"),
        (rfc::RSA_PRIVATE.into(), "ok"),
        (rfc::EC_PRIVATE.into(), "ok"),
        (rfc::P521_PRIVATE.into(), "ok"),
        (rfc::SECP256K1_PRIVATE.into(), "ok"),
        (rfc::ED25519_PRIVATE.into(), "ok"),
        (rfc::X25519_PRIVATE.into(), "ok"),
        (rfc::OCT.into(), "ok"),
        (ed448.into(), "ok"),
        (x448.into(), "ok"),
        (akp.clone(), "ok"),
        (akp.replace("ML-DSA-44", "ML-DSA-65"), "member-length"),
        (ed448.replace("oJWGA", "o"), "member-length"),
        (rfc::EC_PRIVATE.replace("P-256", "P-384"), "member-length"),
        (rfc::EC_PRIVATE.replace("P-256", "P-256K"), "curve-unknown"),
        (rfc::SECP256K1_PRIVATE.replace("secp256k1", "P-256K"), "curve-unknown"),
        // Certificates: that of the key, that of another key, not certificates at all, in what is not base64.
        (rfc::X5C.into(), "ok"),
        (rfc::X5C.replacen("MIID", "MIIE", 1), "ok"),
        (with(rfc::RSA_7638, "\"x5c\":[\"AAAA\"]"), "ok"),
        (with(rfc::RSA_7638, "\"x5c\":[\"AAAA\",\"!\"]"), "ok"),
        (with(rfc::OCT, "\"x5c\":[\"\"]"), "ok"),
        (with(rfc::RSA_7638, "\"x5c\":[]"), "ok"),
        (with(rfc::RSA_7638, "\"x5c\":\"AAAA\""), "member-invalid"),
        (with(rfc::RSA_7638, "\"x5c\":[1]"), "ok"),
        // Thumbprints of a certificate that is there, of one that is not, and of none.
        (with(rfc::X5C, &format!("\"x5t\":\"{sha1}\"")), "ok"),
        (with(rfc::X5C, &format!("\"x5t#S256\":\"{sha256}\"")), "ok"),
        (with(rfc::OCT, &format!("\"x5t\":\"{sha1}\",\"x5t#S256\":\"{sha256}\"")), "ok"),
        (with(rfc::OCT, "\"x5t\":\"AAEC\""), "ok"),
        (with(rfc::OCT, &format!("\"x5t#S256\":\"{sha1}\"")), "ok"),
        (with(rfc::OCT, "\"x5t\":1"), "ok"),
        (with(rfc::OCT, "\"x5u\":\"no address\""), "ok"),
        (with(rfc::OCT, "\"x5u\":[]"), "ok"),
        (r#"{"kty":"oct","k":"AA","k":"AA"}"#.into(), "duplicate-member"),
        (r#"{"kty":"XYZ"}"#.into(), "key-type-unknown"),
    ];
    for (text, expected) in &table {
        assert_eq!(outcome(text), *expected, "{text}");
    }
    // In a set, and in a set that is meant to be public, what is read is what is not skipped.
    let all: Vec<&str> = table.iter().map(|(text, _)| text.as_str()).collect();
    let all = all[..all.len() - 2].join(",");
    let set = JwkSet::from_json(format!(r#"{{"keys":[{all}]}}"#)).unwrap();
    assert_eq!((set.len(), set.skipped().len()), (26, 6));
    let set = JwkSet::from_public_json(format!(r#"{{"keys":[{all}]}}"#)).unwrap();
    assert_eq!((set.len(), set.skipped().len(), set.stripped().len()), (18, 14, 6));
    assert_eq!(PublicJwk::from_json(rfc::X5C).map(|key| key.as_jwk().x5c().unwrap().len()), Ok(1));
}
