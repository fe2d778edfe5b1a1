//! One key, one kind of algorithm: what a token says of itself changes nothing in that.

use jose_b64::base64url::encode_to_string;
use jose_jwk::{Jwk, JwkSet};
use jose_jws::alg::{HmacKey, Hs256, Hs384, Hs512};
use jose_jws::{AlgSet, Error, Header, HeaderError, JwsAlg, Key, Sign, VerifyingKey, VerifyingKeys, compact};

use crate::help::{forge, join, jwk, public, signer, verifier};
use crate::keys;

const ASYMMETRIC: [&str; 6] = [keys::RSA, keys::P256, keys::P384, keys::P521, keys::SECP256K1, keys::ED25519];

/// Every text that might pass for `none`.
fn nones() -> Vec<String> {
    let mut nones: Vec<String> = (0..16)
        .map(|bits| {
            let case = |(index, letter): (usize, char)| {
                if bits >> index & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
            };
            "none".chars().enumerate().map(case).collect()
        })
        .collect();
    for other in [
        "none ",
        " none",
        "no ne",
        "none\\u0000",
        "\\u0000none",
        "",
        "\\u006eone\\u0020",
        "null",
        "nоne",
        "ｎｏｎｅ",
    ] {
        nones.push(other.to_owned());
    }
    // The same four letters, spelled with escapes.
    nones.push("\\u006e\\u006f\\u006e\\u0065".to_owned());
    nones
}

/// Covers A1.
#[test]
fn none_is_no_algorithm() {
    let nones = nones();
    assert_eq!(nones.iter().collect::<std::collections::BTreeSet<_>>().len(), 27);
    let real = signer(keys::ED25519, JwsAlg::EdDsa);
    for none in nones {
        let header = format!(r#"{{"alg":"{none}"}}"#);
        let signed = forge(&real, &header, b"{}");
        for key in [keys::OCT, keys::RSA, keys::P256, keys::ED25519] {
            let key = VerifyingKey::from_jwk(jwk(key), AlgSet::all()).unwrap();
            let set = VerifyingKeys::new([key]).unwrap().max_candidates(8);
            for token in [join(&header, "{}", b""), join(&header, "{}", &[0; 64]), signed.clone()] {
                assert_eq!(compact::verify(&set, &token).err(), Some(Error::AlgorithmUnknown), "{header}");
            }
        }
    }
}

/// Covers A1.
#[test]
fn alg_is_there_and_a_string() {
    let key = verifier(keys::ED25519, JwsAlg::EdDsa);
    for (header, error) in [
        ("{}", Error::AlgorithmMissing),
        (r#"{"ALG":"EdDSA"}"#, Error::AlgorithmMissing),
        (r#"{"alg":null}"#, Error::Header(HeaderError::Invalid("alg"))),
        (r#"{"alg":0}"#, Error::Header(HeaderError::Invalid("alg"))),
        (r#"{"alg":["EdDSA"]}"#, Error::Header(HeaderError::Invalid("alg"))),
        (r#"{"alg":"eddsa"}"#, Error::AlgorithmUnknown),
        (r#"{"alg":"EdDSA "}"#, Error::AlgorithmUnknown),
        (r#"{"alg":"A128KW"}"#, Error::AlgorithmUnknown),
    ] {
        let token = forge(&signer(keys::ED25519, JwsAlg::EdDsa), header, b"{}");
        assert_eq!(compact::verify(&key, &token).err(), Some(error), "{header}");
    }
}

/// What an attacker who knows a public key could take for a shared secret.
fn public_octets(key: &Jwk) -> Vec<Vec<u8>> {
    let text = key.to_public().unwrap().to_json();
    let member = |name| key.public_member(name).map(<[u8]>::to_vec).unwrap_or_default();
    let point = [member("n"), member("x"), member("y")].concat();
    let uncompressed = [&[4][..], &point].concat();
    // A SEQUENCE of a BIT STRING: of the shape of a SubjectPublicKeyInfo.
    let der = [&[0x30, 0x82, 1, 0x22, 3, 0x82, 1, 0x0f, 0][..], &uncompressed].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", encode_to_string(&der));
    vec![text.into_bytes(), member("n"), member("x"), point, uncompressed, der, pem.into_bytes()]
}

fn macs(secret: &[u8]) -> Vec<Box<dyn Sign>> {
    let mut keys: Vec<Box<dyn Sign>> = Vec::new();
    keys.extend(
        HmacKey::dangerous_new(secret).map(|key| Box::new(Key::<Hs256, _>::new(key)) as Box<dyn Sign>),
    );
    keys.extend(
        HmacKey::dangerous_new(secret).map(|key| Box::new(Key::<Hs384, _>::new(key)) as Box<dyn Sign>),
    );
    keys.extend(
        HmacKey::dangerous_new(secret).map(|key| Box::new(Key::<Hs512, _>::new(key)) as Box<dyn Sign>),
    );
    keys
}

/// Covers A2.
#[test]
fn public_key_as_hmac_secret() {
    let mut tried = 0;
    for key in ASYMMETRIC {
        let key = public(key);
        let set = JwkSet::from_iter([key.clone(), public(keys::P256).with_kid("another")]);
        let one = VerifyingKey::from_jwk(&key, AlgSet::all()).unwrap();
        let set = VerifyingKeys::from_jwks(&set, AlgSet::all()).unwrap().max_candidates(8);
        for secret in public_octets(&key) {
            for mac in macs(&secret) {
                let token = compact::sign(&*mac, b"{}", &Header::new()).unwrap();
                // Refused by the algorithm; no MAC is computed.
                assert_eq!(compact::verify(&one, &token).unwrap_err().code(), "wrong-key");
                assert_eq!(
                    compact::verify(&set, &token).err().map(|error| error.code()),
                    Some("algorithm-not-allowed")
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried}");
}

/// A6, RFC 9864: two names for one computation are two algorithms to an allow-list.
///
/// Covers A6.
#[test]
fn eddsa_and_ed25519_are_two_names() {
    use JwsAlg::{Ed25519, EdDsa};
    for signed in [EdDsa, Ed25519] {
        let token = compact::sign(&signer(keys::ED25519, signed), b"{}", &Header::new()).unwrap();
        for allowed in [EdDsa, Ed25519] {
            let result = compact::verify(&verifier(keys::ED25519, allowed), &token);
            let not_allowed = Error::AlgorithmNotAllowed { found: signed, allowed: allowed.into() };
            let expected = if signed == allowed { None } else { Some(not_allowed) };
            assert_eq!(result.err(), expected, "{signed} where {allowed} is allowed");
        }
        let both = VerifyingKey::from_jwk(jwk(keys::ED25519), AlgSet::from([EdDsa, Ed25519])).unwrap();
        assert_eq!(compact::verify(&both, &token).unwrap().alg(), signed);
    }
    // `EdDSA` with a key of another curve is none of Ed25519.
    for alg in [EdDsa, JwsAlg::Ed448] {
        let key = VerifyingKey::from_jwk(jwk(keys::ED448), alg);
        let disabled = Some("algorithm-disabled");
        assert_eq!(
            key.err().map(|error| error.code()),
            if cfg!(feature = "ed448") { None } else { disabled }
        );
    }
    let key = VerifyingKey::from_jwk(jwk(keys::ED448), Ed25519);
    assert_eq!(key.err().map(|error| error.code()), Some("wrong-key"));
}

/// A4, J12: the header chooses among what the key was prepared for, and out of nothing else.
///
/// Covers J12.
#[test]
fn the_header_does_not_widen_the_algorithms() {
    for (text, own, other) in [
        (keys::RSA, JwsAlg::Ps256, JwsAlg::Rs256),
        (keys::OCT, JwsAlg::Hs512, JwsAlg::Hs256),
        (keys::ED25519, JwsAlg::Ed25519, JwsAlg::EdDsa),
    ] {
        let token = compact::sign(&signer(text, other), b"{}", &Header::new()).unwrap();
        // The caller allows all, the key's own `alg` one only.
        let key = VerifyingKey::from_jwk(jwk(text).with_alg(own).unwrap(), AlgSet::all()).unwrap();
        assert_eq!(compact::verify(&key, &token).unwrap_err().code(), "alg-forbids", "{other}");
        // The key would serve it, and the caller does not allow it.
        let refused = Error::AlgorithmNotAllowed { found: other, allowed: own.into() };
        assert_eq!(compact::verify(&verifier(text, own), &token).err(), Some(refused), "{other}");
    }
}

/// B1: the key in the header is nobody's.
///
/// Covers B1.
#[test]
fn an_embedded_key_is_not_trusted() {
    let own = signer(keys::P256, JwsAlg::Es256);
    let embedded = jwk(keys::P256).to_public().unwrap().to_json();
    for header in [
        format!(r#"{{"alg":"ES256","jwk":{embedded}}}"#),
        r#"{"alg":"ES256","jku":"https://attacker.example/keys"}"#.to_owned(),
        r#"{"alg":"ES256","x5u":"https://attacker.example/cert","x5c":["MIIB"]}"#.to_owned(),
    ] {
        let token = forge(&own, header, b"{}");
        compact::verify(&verifier(keys::P256, JwsAlg::Es256), &token).unwrap();
        let victim = r#"{"kty":"EC","crv":"P-256",
            "x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
            "y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}"#;
        let key = verifier(victim, JwsAlg::Es256);
        assert_eq!(compact::verify(&key, &token).err(), Some(Error::Signature));
        let set = VerifyingKeys::from_jwks(&JwkSet::from_iter([jwk(victim)]), AlgSet::all()).unwrap();
        assert_eq!(compact::verify(&set.max_candidates(8), &token).err(), Some(Error::Signature));
    }
}
