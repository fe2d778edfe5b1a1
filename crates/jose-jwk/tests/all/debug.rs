//! No `Debug`, `Display` or error shows a byte of a secret.

use core::fmt::Debug;

use jose_b64::base64url;
use jose_jwk::{Curve, Jwk, JwkSet, KeySpec, PublicJwk, SysRng};

use crate::rfc::{
    EC_PRIVATE, ED25519_PRIVATE, OCT, P521_PRIVATE, RSA_PRIVATE, SECP256K1_PRIVATE, X25519_PRIVATE,
};

const SECRETS: [&str; 8] = ["k", "d", "p", "q", "dp", "dq", "qi", "priv"];

/// Eight bytes of the secret, at any place, in hex, as a list of numbers, in base64 and in base64url.
fn assert_hidden(shown: &str, secret: &[u8]) {
    assert!(secret.len() >= 16);
    let squeezed: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
    let lower = squeezed.to_lowercase();
    for window in secret.windows(8) {
        let hex: String = window.iter().map(|octet| format!("{octet:02x}")).collect();
        let list: Vec<String> = window.iter().map(u8::to_string).collect();
        let hex_list: Vec<String> = window.iter().map(|octet| format!("0x{octet:02x}")).collect();
        assert!(
            !lower.contains(&hex)
                && !squeezed.contains(&list.join(","))
                && !lower.contains(&hex_list.join(","))
        );
    }
    // Each of the three ways that three bytes may fall on four characters.
    for window in (0..3).flat_map(|start| secret[start..].chunks_exact(9)) {
        let text = base64url::encode_to_string(window);
        assert!(!squeezed.contains(&text) && !squeezed.contains(&text.replace('-', "+").replace('_', "/")));
    }
}

fn secrets(key: &Jwk) -> Vec<Vec<u8>> {
    SECRETS.iter().filter_map(|name| key.expose_secret_member(name)).map(<[u8]>::to_vec).collect()
}

fn shown(value: &impl Debug) -> String {
    format!("{value:?} {value:#?}")
}

fn keys() -> Vec<Jwk> {
    let mut keys: Vec<Jwk> =
        [EC_PRIVATE, ED25519_PRIVATE, OCT, P521_PRIVATE, RSA_PRIVATE, SECP256K1_PRIVATE, X25519_PRIVATE]
            .map(|text| Jwk::from_json(text).unwrap())
            .into();
    keys.push(Jwk::generate(KeySpec::Oct { len: 64 }, &mut SysRng).unwrap());
    keys.push(Jwk::generate(Curve::P384, &mut SysRng).unwrap());
    #[cfg(feature = "ed448")]
    keys.push(Jwk::generate(Curve::Ed448, &mut SysRng).unwrap());
    #[cfg(feature = "x448")]
    keys.push(Jwk::generate(Curve::X448, &mut SysRng).unwrap());
    #[cfg(feature = "ml-dsa")]
    keys.push(Jwk::generate(jose_jwk::JwsAlg::MlDsa65, &mut SysRng).unwrap());
    keys
}

#[test]
fn the_search_finds_what_is_there() {
    let secret: Vec<u8> = (0..64).collect();
    for leak in [
        base64url::encode_to_string(&secret),
        format!("{secret:?}"),
        format!("{secret:#x?}"),
        secret.iter().map(|octet| format!("{octet:02X}")).collect(),
        format!("x{}", base64url::encode_to_string(&secret[1..])),
    ] {
        assert!(std::panic::catch_unwind(|| assert_hidden(&leak, &secret)).is_err(), "{leak}");
    }
}

/// Covers K34, G3.
#[test]
fn debug_shows_no_secret() {
    let keys = keys();
    let set: JwkSet = keys.iter().cloned().collect();
    for key in &keys {
        let found = secrets(key);
        assert!(!found.is_empty());
        for secret in found {
            assert_hidden(&shown(key), &secret);
            assert_hidden(&shown(&set), &secret);
            assert_hidden(&shown(&key.to_public()), &secret);
        }
    }
}

/// Covers K34.
#[test]
fn debug_shows_type_curve_and_kid() {
    let key = Jwk::from_json(EC_PRIVATE).unwrap().with_kid("the-kid");
    assert_eq!(
        format!("{key:?}"),
        "Jwk { kty: EC, crv: P-256, use: enc, kid: \"the-kid\", private: true, .. }"
    );
    let public = Jwk::from_json(crate::rfc::RSA_7638).unwrap().to_public().unwrap();
    assert_eq!(
        format!("{public:?}"),
        "PublicJwk(Jwk { kty: RSA, alg: RS256, kid: \"2011-04-29\", private: false, .. })"
    );
}

/// Covers G3.
#[test]
fn an_error_shows_no_secret() {
    for text in [EC_PRIVATE, ED25519_PRIVATE, OCT, RSA_PRIVATE] {
        let found = secrets(&Jwk::from_json(text).unwrap());
        // Each way to break the text.
        for broken in [
            text.replace("\"kty\"", "\"kt\""),
            text.replace("\"k\":\"", "\"k\":\"="),
            text[..text.len() - 1].into(),
        ] {
            if let Err(error) = Jwk::from_json(&broken) {
                for secret in &found {
                    assert_hidden(&format!("{error:?} {error} {}", error.code()), secret);
                }
            }
        }
        if let Err(error) = PublicJwk::from_json(text) {
            for secret in &found {
                assert_hidden(&format!("{error:?} {error}"), secret);
            }
        }
    }
}
