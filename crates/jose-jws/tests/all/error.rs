//! J17: each error of this crate, from a call that ends in it.

use core::num::NonZeroUsize;
use std::collections::BTreeSet;

use jose_jwk::JwkSet;
use jose_jws::alg::{Algorithm, HmacKey, Hs256};
use jose_jws::compact::{self, Unsigned};
use jose_jws::json::{Headers, Limits, Protected, Require, Unverified};
use jose_jws::stream::Signer;
use jose_jws::{AlgSet, Error, Header, JwsAlg, Key, SigningKey, Verify, VerifyingKey, VerifyingKeys};
use signature::{MultipartSigner, MultipartVerifier};

use crate::help::{Broken, built, forge, jwk, raw, signer, verifier};
use crate::keys;

/// The error of each call, and the code that it must have.
fn errors() -> Vec<(Error, &'static str)> {
    let mac = || signer(keys::OCT, JwsAlg::Hs256);
    let key = || verifier(keys::OCT, JwsAlg::Hs256);
    let token = |header: &str| forge(&mac(), header, b"{}");
    let verify = |token: &str| compact::verify(&key(), token).unwrap_err();
    let two = || [jwk(keys::OCT), jwk(keys::OCT)].into_iter().collect();
    let hs256 = AlgSet::from(JwsAlg::Hs256);
    let raw = raw();
    let mixed: JwkSet = [jwk(keys::OCT), jwk(keys::P256)].into_iter().collect();
    let unsigned = || Unsigned::new(JwsAlg::Hs256, b"", &Header::new()).unwrap();
    vec![
        (SigningKey::from_jwk(jwk(keys::P256), JwsAlg::Es384).unwrap_err(), "wrong-key"),
        (verify(&token(r#"{"alg":"HS256","crit":[]}"#)), "crit-malformed"),
        (verify(&format!("{}=", token(r#"{"alg":"HS256"}"#))), "character"),
        (verify("a.b"), "segments"),
        (verify(&token("{}")), "algorithm-missing"),
        (verify(&token(r#"{"alg":"none"}"#)), "algorithm-unknown"),
        (verify(&token(r#"{"alg":"HS512"}"#)), "algorithm-not-allowed"),
        (VerifyingKey::from_jwk(jwk(keys::OCT), AlgSet::EMPTY).unwrap_err(), "algorithms-empty"),
        (SigningKey::try_from(&jwk(keys::RSA)).unwrap_err(), "algorithm-ambiguous"),
        (VerifyingKeys::new([]).unwrap_err(), "no-usable-key"),
        (
            compact::verify(&VerifyingKeys::from_jwks(&two(), hs256).unwrap(), &token(r#"{"alg":"HS256"}"#))
                .unwrap_err(),
            "key-ambiguous",
        ),
        (VerifyingKeys::from_jwks(&mixed, AlgSet::all()).unwrap_err(), "keys-mixed"),
        (verify(&format!("{}.AA", token(r#"{"alg":"HS256"}"#).rsplit_once('.').unwrap().0)), "signature"),
        (unsigned().attach(&[1; 31]).unwrap_err(), "signature-length"),
        (
            SigningKey::randomized(jwk(keys::RSA), JwsAlg::Ps256, || Broken)
                .and_then(|key| compact::sign(&key, b"", &raw))
                .unwrap_err(),
            "rng",
        ),
        (compact::sign_into(&mac(), b"", &Header::new(), &mut []).unwrap_err(), "buffer-too-small"),
        (verify(&token(r#"{"alg":"HS256","b64":false}"#)), "b64"),
        (verify(&compact::sign(&mac(), b"", &raw).unwrap()), "unencoded"),
        (compact::sign(&mac(), b".", &raw).unwrap_err(), "payload-has-dot"),
    ]
}

/// The errors that the compact serialization does not have.
fn errors_of_other_forms() -> Vec<(Error, &'static str)> {
    let mac = signer(keys::OCT, JwsAlg::Hs256);
    let key = verifier(keys::OCT, JwsAlg::Hs256);
    let twice = [(&mac as _, Headers::default()), (&mac as _, Headers::default())];
    let general = built(b"1", &twice).general().unwrap();
    let verify = |text: &str, require| Unverified::parse(text).unwrap().verify(&key, require).unwrap_err();
    let without = built(b"1", &twice[..1]).detached().flattened().unwrap();
    let one = Limits { max_signatures: 1, ..Limits::DEFAULT };
    let token = compact::sign(&mac, b"1", &Header::new()).unwrap();
    let own = SigningKey::from_jwk(jwk(keys::OCT).with_kid("own"), JwsAlg::Hs256).unwrap();
    let unsigned = Unsigned::new(JwsAlg::Hs256, b"", &Header::new().kid("other")).unwrap();
    let stale = verifier_named("own");
    let absent = Headers { protected: Protected::Absent, unprotected: Some(r#"{"alg":"HS256"}"#) };
    let unprotected = built(b"1", &[(&mac, absent)]).flattened().unwrap();
    let two_algs = VerifyingKey::from_jwk(jwk(keys::OCT), [JwsAlg::Hs256, JwsAlg::Hs512]).unwrap();
    let several: &[&dyn Verify] = &[&two_algs];
    vec![
        (built(b"1", &twice[..1]).sign(&mac, raw()).map(|_| ()).unwrap_err(), "b64-mixed"),
        (Unverified::parse("1").unwrap_err(), "not-an-object"),
        (Unverified::parse(r#"{"payload":1}"#).unwrap_err(), "jws-member"),
        (built(b"1", &twice).flattened().unwrap_err(), "signatures"),
        (Unverified::parse_with(&general, &one).unwrap_err(), "signatures-too-many"),
        // The same key twice is one key.
        (verify(&general, Require::AtLeast(NonZeroUsize::new(2).unwrap())), "signatures-too-few"),
        (compact::verify_detached(&key, &token, b"1").unwrap_err(), "payload-present"),
        (verify(&without, Require::All), "payload-missing"),
        (
            Signer::new(&signer(keys::ED25519, JwsAlg::Ed25519), &Header::new()).map(|_| ()).unwrap_err(),
            "not-streamable",
        ),
        (unsigned.sign(&own).unwrap_err(), "kid-mismatch"),
        (
            compact::verify(&stale, &compact::sign(&mac, b"1", &Header::new().kid("other")).unwrap())
                .unwrap_err(),
            "kid-unknown",
        ),
        (compact::verify(&key, &general).unwrap_err(), "is-json"),
        (compact::verify(&key, &format!("Bearer {token}")).unwrap_err(), "bearer"),
        (HmacKey::<Hs256>::new(&[1; 31]).unwrap_err(), "weak-secret-too-short"),
        (
            Unverified::parse(&unprotected).unwrap().verify(several, Require::Any).unwrap_err(),
            "key-not-found",
        ),
        (compact::verify(&Key::<Hs256, _>::new(Broke), &token).unwrap_err(), "signature"),
        (compact::sign(&Key::<Hs256, _>::new(Broke), b"", &Header::new()).unwrap_err(), "signing"),
        (jose_jws::alg::ecdsa_from_der(JwsAlg::Es256, b"").unwrap_err(), "signature-der"),
        (
            HmacKey::<Hs256>::new(format!("-----BEGIN {}", "A".repeat(32)).as_bytes()).unwrap_err(),
            "looks-like-key",
        ),
    ]
}

fn verifier_named(kid: &str) -> VerifyingKey {
    VerifyingKey::from_jwk(jwk(keys::OCT).with_kid(kid), JwsAlg::Hs256).unwrap()
}

/// A key that is out of order.
struct Broke;

impl MultipartSigner<<Hs256 as Algorithm>::Signature> for Broke {
    fn try_multipart_sign(&self, _: &[&[u8]]) -> Result<<Hs256 as Algorithm>::Signature, signature::Error> {
        Err(signature::Error::new())
    }
}

impl MultipartVerifier<<Hs256 as Algorithm>::Signature> for Broke {
    fn multipart_verify(
        &self,
        _: &[&[u8]],
        _: &<Hs256 as Algorithm>::Signature,
    ) -> Result<(), signature::Error> {
        Err(signature::Error::new())
    }
}

/// Each code that the enum has is what some call returns. Without `std` alone, RSA finds no generator.
///
/// Covers J17.
#[test]
fn every_error_is_reached_and_has_its_code() {
    let mut found = BTreeSet::new();
    for (error, code) in errors().into_iter().chain(errors_of_other_forms()) {
        assert_eq!(error.code(), code, "{error:?}");
        let text = error.to_string();
        assert!(!text.is_empty() && !text.ends_with('.') && !text.contains('\n'), "{text}");
        found.insert(code);
    }
    let rows = Error::ROWS.iter().filter_map(|(_, code, _)| code.strip_prefix('"')?.strip_suffix('"'));
    let missing: Vec<_> = rows.filter(|code| !found.contains(code)).collect();
    assert_eq!(missing, ["rng-missing"]);
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
        let token = compact::sign(&signer(text, alg), b"{}", &Header::new()).unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature = jose_b64::base64url::decode_to_vec(signature.as_bytes()).unwrap();
        for place in 0..signature.len() {
            let mut changed = signature.clone();
            changed[place] ^= 0x80;
            let token = format!("{input}.{}", jose_b64::base64url::encode_to_string(&changed));
            let error = compact::verify(&verifier(text, alg), &token).err();
            assert_eq!(error, Some(Error::Signature), "{alg}, byte {place}");
        }
    }
}
