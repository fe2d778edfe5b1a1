//! J17: each error of this crate, from a call that ends in it.

use jose_jwk::JwkSet;
use jose_jws::compact::{self, Unsigned, Unverified};
use jose_jws::{AlgSet, Error, Header, JwsAlg, SigningKey, VerifyingKey, VerifyingKeys};

use crate::help::{Broken, forge, jwk, signer, verifier};
use crate::keys;

/// The error of each call, and the code that it must have.
pub(crate) fn errors() -> Vec<(Error, &'static str)> {
    let mac = || signer(keys::OCT, JwsAlg::Hs256);
    let key = || verifier(keys::OCT, JwsAlg::Hs256);
    let token = |header: &str| forge(&mac(), header, b"{}");
    let verify = |token: &str| compact::verify(&key(), token).unwrap_err();
    let two = || [jwk(keys::OCT), jwk(keys::OCT)].into_iter().collect();
    let hs256 = AlgSet::from(JwsAlg::Hs256);
    let raw = Header { members: Some(r#"{"b64":false,"crit":["b64"]}"#), ..Header::default() };
    let mixed: JwkSet = [jwk(keys::OCT), jwk(keys::P256)].into_iter().collect();
    let unsigned = || Unsigned::new(JwsAlg::Hs256, &Header::default(), b"").unwrap();
    vec![
        (SigningKey::from_jwk(&jwk(keys::P256), JwsAlg::Es384).unwrap_err(), "wrong-key"),
        (verify(&token(r#"{"alg":"HS256","crit":[]}"#)), "crit-malformed"),
        (verify(&format!("{}=", token(r#"{"alg":"HS256"}"#))), "character"),
        (verify("a.b"), "segments"),
        (verify(&token("{}")), "algorithm-missing"),
        (verify(&token(r#"{"alg":"none"}"#)), "algorithm-unknown"),
        (verify(&token(r#"{"alg":"HS512"}"#)), "algorithm-not-allowed"),
        (VerifyingKey::from_jwk(&jwk(keys::OCT), AlgSet::EMPTY).unwrap_err(), "algorithms-empty"),
        (SigningKey::try_from(&jwk(keys::RSA)).unwrap_err(), "algorithm-ambiguous"),
        (VerifyingKeys::new([]).unwrap_err(), "key-not-found"),
        (
            compact::verify(&VerifyingKeys::from_jwks(&two(), hs256).unwrap(), &token(r#"{"alg":"HS256"}"#))
                .unwrap_err(),
            "key-ambiguous",
        ),
        (VerifyingKeys::from_jwks(&mixed, AlgSet::all()).unwrap_err(), "keys-mixed"),
        (verify(&format!("{}.AA", token(r#"{"alg":"HS256"}"#).rsplit_once('.').unwrap().0)), "signature"),
        (unsigned().attach(&[1; 31]).unwrap_err(), "signing"),
        (
            compact::sign_with_rng(&signer(keys::RSA, JwsAlg::Ps256), &raw, b"", &mut Broken).unwrap_err(),
            "rng",
        ),
        (compact::sign_in(&mac(), &Header::default(), b"", &mut []).unwrap_err(), "buffer-too-small"),
        (verify(&token(r#"{"alg":"HS256","b64":false}"#)), "b64"),
        (verify(&compact::sign(&mac(), &raw, b"").unwrap()), "unencoded"),
        (compact::sign(&mac(), &raw, b".").unwrap_err(), "payload-has-dot"),
    ]
}

/// Covers J17.
#[test]
fn every_error_is_reached_and_has_its_code() {
    let mut texts = std::collections::BTreeSet::new();
    for (error, code) in errors() {
        assert_eq!(error.code(), code, "{error:?}");
        assert!(texts.insert(error.to_string()), "{error}");
        let source: &dyn core::error::Error = &error;
        assert!(!source.to_string().is_empty());
    }
}

/// G2: whatever is wrong with a signature, its error is the same.
///
/// Covers G2.
#[test]
fn a_signature_is_wrong_or_right() {
    for (text, alg) in [
        (keys::OCT, JwsAlg::Hs256),
        (keys::RSA, JwsAlg::Rs256),
        (keys::RSA, JwsAlg::Ps256),
        (keys::P256, JwsAlg::Es256),
        (keys::ED25519, JwsAlg::EdDsa),
    ] {
        let token = compact::sign(&signer(text, alg), &Header::default(), b"{}").unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature = jose_b64::base64url::decode_to_vec(signature.as_bytes()).unwrap();
        for place in 0..signature.len() {
            let mut changed = signature.clone();
            changed[place] ^= 0x80;
            let token = format!("{input}.{}", jose_b64::base64url::encode_to_string(&changed));
            let error = Unverified::parse(&token).unwrap().verify(&verifier(text, alg)).err();
            assert_eq!(error, Some(Error::Signature), "{alg}, octet {place}");
        }
    }
}
