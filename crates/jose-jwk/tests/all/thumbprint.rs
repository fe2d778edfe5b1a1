//! RFC 7638, RFC 8037 appendix A.3, RFC 9278.

use jose_jwk::{Hash, Jwk};

use crate::rfc::{EC_PRIVATE, ED25519_PRIVATE, RSA_7638, SECP256K1_PRIVATE};

fn thumbprint(text: &str) -> String {
    Jwk::from_json(text).unwrap().thumbprint(Hash::Sha256).unwrap().to_string()
}

/// Covers K22.
#[test]
fn rfc7638_section_3_1() {
    assert_eq!(thumbprint(RSA_7638), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

/// Covers K22.
#[test]
fn rfc8037_appendix_a_3() {
    assert_eq!(thumbprint(ED25519_PRIVATE), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

/// Covers K22.
#[test]
fn secp256k1() {
    assert_eq!(thumbprint(SECP256K1_PRIVATE), "JYOsmPCvk8dRhjn7KWxV71PReU9Ob1yjCYfaNvCEbzU");
}

/// Covers K22.
#[test]
fn rfc9278_section_5() {
    let id = Jwk::from_json(RSA_7638).unwrap().thumbprint(Hash::Sha256).unwrap();
    assert_eq!(
        id.uri(),
        "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
}

/// Covers K22.
#[test]
fn other_hash_functions() {
    // Computed with Python's hashlib from {"k":"AAEC","kty":"oct"}.
    let key = Jwk::from_json(r#"{"kty":"oct","k":"AAEC"}"#).unwrap();
    for (hash, expected, uri) in [
        (
            Hash::Sha256,
            "sQkHMlK8faQw7yzSCq6DCmYD-4TIIloQ3jcJ4QMV9Zg",
            "urn:ietf:params:oauth:jwk-thumbprint:sha-256:",
        ),
        (
            Hash::Sha384,
            "Z09wMBZdis6fzg8YfLRtWsXUYrffeSriad0YA7ldSiMIrlElmcABBym6OkbBaPdB",
            "urn:ietf:params:oauth:jwk-thumbprint:sha-384:",
        ),
        (
            Hash::Sha512,
            "5E3uEMmAxLmuit3OgXBewPIXJpDtS0VePMfnzV57c5xSzBHIEVlUC3xt_VwrgjmN9BfCi_OIckLVARWv6CVxjA",
            "urn:ietf:params:oauth:jwk-thumbprint:sha-512:",
        ),
    ] {
        let id = key.thumbprint(hash).unwrap();
        assert_eq!(id.to_string(), expected);
        assert_eq!(id.uri(), format!("{uri}{expected}"));
        assert_eq!(id.hash(), hash);
        assert_eq!(id.as_bytes().len(), hash.output_len());
    }
    assert_eq!(key.thumbprint(Hash::Sha1).unwrap().to_string(), "Bu7XLmB2ZIfInSaJaOZNW5iIR-Q");
}

/// Covers E13.
#[test]
fn only_the_required_members_count() {
    let plain = Jwk::from_json(EC_PRIVATE).unwrap();
    let public = Jwk::from(plain.to_public().unwrap());
    let more = plain.clone().with_kid("other").with_alg(jose_jwk::JwsAlg::Es256).unwrap();
    let id = plain.thumbprint(Hash::Sha256).unwrap();
    assert_eq!(public.thumbprint(Hash::Sha256).unwrap(), id);
    assert_eq!(more.thumbprint(Hash::Sha256).unwrap(), id);
}

/// Covers K21.
#[test]
fn kid_from_the_thumbprint_on_request() {
    let key = Jwk::from_json(ED25519_PRIVATE).unwrap();
    assert_eq!(key.kid(), None);
    let named = key.clone().with_thumbprint_kid(Hash::Sha256).unwrap();
    assert_eq!(named.kid(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    let kept = key.with_kid("mine").with_thumbprint_kid(Hash::Sha256).unwrap();
    assert_eq!(kept.kid(), Some("mine"));
}
