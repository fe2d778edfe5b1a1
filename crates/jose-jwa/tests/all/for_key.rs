use jose_jwa::{AlgSet, Curve, Identifier, JweAlg, JwsAlg, KeyType};

const ECDH_ES: &[&str] = &["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"];

const HPKE_P256: &[&str] = &[
    "ECDH-ES",
    "ECDH-ES+A128KW",
    "ECDH-ES+A192KW",
    "ECDH-ES+A256KW",
    "HPKE-0",
    "HPKE-7",
    "HPKE-0-KE",
    "HPKE-7-KE",
];

const HPKE_P384: &[&str] =
    &["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "HPKE-1", "HPKE-1-KE"];

const HPKE_P521: &[&str] =
    &["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "HPKE-2", "HPKE-2-KE"];

const HPKE_X25519: &[&str] =
    &["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "HPKE-3", "HPKE-4", "HPKE-3-KE"];

const HPKE_X448: &[&str] =
    &["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "HPKE-5", "HPKE-6", "HPKE-5-KE"];

const HPKE_AKP: &[&str] = &[
    "HPKE-8",
    "HPKE-9",
    "HPKE-10",
    "HPKE-12",
    "HPKE-13",
    "HPKE-8-KE",
    "HPKE-9-KE",
    "HPKE-10-KE",
    "HPKE-12-KE",
    "HPKE-13-KE",
];

/// `kty`, `crv`, and the algorithms of JWS and of JWE.
type Row = (&'static str, Option<&'static str>, &'static [&'static str], &'static [&'static str]);

/// Every key that there can be, and all that it can serve.
const SERVES: [Row; 11] = [
    (
        "oct",
        None,
        &["HS256", "HS384", "HS512"],
        &[
            "A128KW",
            "A192KW",
            "A256KW",
            "dir",
            "A128GCMKW",
            "A192GCMKW",
            "A256GCMKW",
            "PBES2-HS256+A128KW",
            "PBES2-HS384+A192KW",
            "PBES2-HS512+A256KW",
        ],
    ),
    (
        "RSA",
        None,
        &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
        &["RSA1_5", "RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"],
    ),
    ("AKP", None, &["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"], HPKE_AKP),
    ("EC", Some("P-256"), &["ES256"], HPKE_P256),
    ("EC", Some("P-384"), &["ES384"], HPKE_P384),
    ("EC", Some("P-521"), &["ES512"], HPKE_P521),
    ("EC", Some("secp256k1"), &["ES256K"], ECDH_ES),
    ("OKP", Some("Ed25519"), &["EdDSA", "Ed25519"], &[]),
    ("OKP", Some("Ed448"), &["EdDSA", "Ed448"], &[]),
    ("OKP", Some("X25519"), &[], HPKE_X25519),
    ("OKP", Some("X448"), &[], HPKE_X448),
];

fn names<A: Identifier>(set: AlgSet<A>) -> Vec<String> {
    set.iter().map(|alg| alg.to_string()).collect()
}

/// Each type with each curve and without one: what the listing does not hold serves nothing.
///
/// Covers A2, A5, K24.
#[test]
fn every_type_and_curve_against_every_algorithm() {
    let curves = || core::iter::once(None).chain(Curve::ALL.iter().copied().map(Some));
    let mut listed = 0;
    for key_type in KeyType::ALL {
        for curve in curves() {
            let row = SERVES
                .iter()
                .find(|(kty, crv, ..)| *kty == key_type.as_str() && *crv == curve.map(Curve::as_str));
            listed += usize::from(row.is_some());
            let (jws, jwe): (&[&str], &[&str]) = row.map_or((&[], &[]), |(.., jws, jwe)| (jws, jwe));
            assert_eq!(names(JwsAlg::for_key(*key_type, curve)), jws, "{key_type} {curve:?}");
            assert_eq!(names(JweAlg::for_key(*key_type, curve)), jwe, "{key_type} {curve:?}");
        }
    }
    assert_eq!(listed, SERVES.len());
}

/// Covers A6.
#[test]
fn eddsa_serves_both_curves_and_the_others_one() {
    let ed25519 = JwsAlg::for_key(KeyType::Okp, Some(Curve::Ed25519));
    let ed448 = JwsAlg::for_key(KeyType::Okp, Some(Curve::Ed448));
    assert!(ed25519.contains(JwsAlg::EdDsa) && ed448.contains(JwsAlg::EdDsa));
    assert!(ed25519.contains(JwsAlg::Ed25519) && !ed25519.contains(JwsAlg::Ed448));
    assert!(ed448.contains(JwsAlg::Ed448) && !ed448.contains(JwsAlg::Ed25519));
    // Allowing one name allows no other.
    assert!(!AlgSet::from(JwsAlg::EdDsa).contains(JwsAlg::Ed25519));
    assert!(!AlgSet::from(JwsAlg::Ed25519).contains(JwsAlg::EdDsa));
}

/// No key serves a MAC and a signature.
///
/// Covers A2, B6.
#[test]
fn no_key_is_symmetric_and_asymmetric() {
    for (kty, crv, jws, jwe) in SERVES {
        let key_type = KeyType::from_name(kty).unwrap();
        let curve = crv.map(|crv| Curve::from_name(crv).unwrap());
        assert!(
            JwsAlg::for_key(key_type, curve).iter().all(|alg| alg.is_symmetric() == (kty == "oct")),
            "{jws:?}"
        );
        assert!(
            JweAlg::for_key(key_type, curve).iter().all(|alg| alg.is_symmetric() == (kty == "oct")),
            "{jwe:?}"
        );
    }
}
