//! G3: what prints tells no secret.

use jose_jws::alg::{Es256, HmacKey, Hs256};
use jose_jws::compact::Unverified;
use jose_jws::{JwsAlg, Key, RandomizedKey};

use crate::help::{jwk, signer, verifier};
use crate::keys;

/// Covers G3.
#[test]
fn keys_print_their_algorithm_and_kid_alone() {
    let hmac = HmacKey::<Hs256>::new(&[7; 32]).unwrap();
    let ec = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    for (printed, expected) in [
        (format!("{hmac:?}"), "HmacKey { .. }"),
        (
            format!("{:?}", Key::<Hs256, _>::new(hmac).with_kid("1")),
            r#"Key { alg: Hs256, kid: Some("1"), .. }"#,
        ),
        (format!("{:?}", Key::<Es256, _>::new(ec.clone())), "Key { alg: Es256, kid: None, .. }"),
        (
            format!("{:?}", RandomizedKey::<Es256, _, _>::new(ec, || crate::help::Random(1))),
            "Key { alg: Es256, kid: None, .. }",
        ),
        (format!("{:?}", signer(keys::RSA, JwsAlg::Rs256)), "SigningKey { alg: Rs256, kid: None, .. }"),
        (
            format!("{:?}", verifier(keys::OCT, JwsAlg::Hs256)),
            "VerifyingKey { algs: {HS256}, kid: None, .. }",
        ),
    ] {
        assert_eq!(printed, expected);
    }
}

/// The secret in no form that `Debug` or an error could give it: not decimal, not hexadecimal, not base64url.
///
/// Covers G3.
#[test]
fn no_secret_octets_in_what_is_printed() {
    for (text, alg, member) in [
        (keys::OCT, JwsAlg::Hs256, "k"),
        (keys::RSA, JwsAlg::Ps256, "d"),
        (keys::P256, JwsAlg::Es256, "d"),
        (keys::P384, JwsAlg::Es384, "d"),
        (keys::P521, JwsAlg::Es512, "d"),
        (keys::SECP256K1, JwsAlg::Es256K, "d"),
        (keys::ED25519, JwsAlg::Ed25519, "d"),
    ] {
        let key = jwk(text);
        let secret = key.expose_secret_member(member).unwrap();
        let set = jose_jws::VerifyingKeys::new([verifier(text, alg)]).unwrap();
        let printed =
            format!("{:?} {:#?} {:?} {set:?}", signer(text, alg), signer(text, alg), verifier(text, alg));
        let four = &secret[4..8];
        for form in [
            format!("{}, {}, {}, {}", four[0], four[1], four[2], four[3]),
            four.iter().map(|octet| format!("{octet:02x}")).collect(),
            four.iter().map(|octet| format!("{octet:02X}")).collect(),
            jose_b64::base64url::encode_to_string(&secret[3..9]),
        ] {
            assert!(!printed.contains(&form), "{alg}");
        }
    }
}

/// F9: what nobody has verified does not print either.
///
/// Covers F9.
#[test]
fn an_unverified_token_prints_nothing() {
    let jws = Unverified::parse("eyJhbGciOiJub25lIn0.e30.").unwrap();
    assert_eq!(format!("{jws:?}"), "Unverified { .. }");
}

/// What was verified prints its header and no payload, and what hashes a message prints nothing of it.
///
/// Covers G3.
#[test]
fn messages_print_their_header_alone() {
    use jose_jws::json::{self, Require};
    use jose_jws::{Header, compact, stream};
    let (signs, verifies) = (signer(keys::OCT, JwsAlg::Hs256), verifier(keys::OCT, JwsAlg::Hs256));
    let header = Header::new().kid("key-1");
    let token = compact::sign(&signs, b"a payload", &header).unwrap();
    let mut room = [0; 256];
    let borrowed = compact::verify_into(&verifies, &token, &mut room).unwrap();
    let detached = compact::sign_detached(&signs, b"a payload", &header).unwrap();
    let text = json::Builder::new(b"a payload").sign(&signs, header).unwrap().general().unwrap();
    let json = json::verify(&verifies, &text, Require::All).unwrap();
    let mut first = stream::Signer::new(&signs, &header).unwrap();
    first.update(b"a payload");
    let second = stream::Verifier::new(&verifies, &compact::Unverified::parse(&detached).unwrap()).unwrap();
    for (printed, shown) in [
        (format!("{:?}", compact::verify(&verifies, &token).unwrap()), "payload_len: 9"),
        (format!("{borrowed:?}"), "key-1"),
        (format!("{:?}", compact::verify_detached(&verifies, &detached, b"a payload").unwrap()), "key-1"),
        (format!("{:?}", json.signatures()), "key-1"),
        (format!("{first:?}"), "Signer { .. }"),
        (format!("{second:?}"), "Verifier { .. }"),
    ] {
        assert!(printed.contains(shown), "{printed}");
        // As text, in base64url and as numbers.
        for payload in ["a payload", "YSBwYXls", "97, 32, 112"] {
            assert!(!printed.contains(payload), "{printed}");
        }
    }
    assert_eq!(borrowed.into_payload(), b"a payload");
}
