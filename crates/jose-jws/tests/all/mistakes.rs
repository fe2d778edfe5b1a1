//! What is often done wrong, and what the error says to it.

use jose_jwk::{Jwk, JwkSet};
use jose_jws::{Error, Header, JwsAlg, SigningKey, VerifyingKey, VerifyingKeys, compact, json, unsecured};

use crate::help::{jwk, signer, verifier};
use crate::keys;

/// The code and a phrase of each message.
#[test]
fn an_error_says_what_to_do() {
    let token = |key: &SigningKey| compact::sign(key, b"{}", &Header::new()).unwrap();
    let hs256 = verifier(keys::OCT, JwsAlg::Hs256);
    let good = token(&signer(keys::OCT, JwsAlg::Hs256));
    let verify = |text: &str| compact::verify(&hs256, text).unwrap_err();
    let der = p256::ecdsa::Signature::from_bytes(&[1; 64].into()).unwrap().to_der();
    let unsigned = compact::Unsigned::new(JwsAlg::Es256, b"{}", &Header::new()).unwrap();
    let eddsa = VerifyingKey::from_jwk(jwk(keys::ED25519), JwsAlg::Ed25519).unwrap();
    let named = SigningKey::from_jwk(jwk(keys::OCT).with_kid("a"), JwsAlg::Hs256).unwrap();
    let x25519 = VerifyingKey::from_jwk(jwk(keys::X25519), JwsAlg::Ed25519);
    let old = VerifyingKey::from_jwk(jwk(keys::OCT).with_kid("old"), JwsAlg::Hs256).unwrap();
    let table: &[(Error, &str, &str)] = &[
        (verify(&format!("Bearer {good}")), "bearer", "the token is what follows"),
        (verify(&format!("{good}\n")), "character", "signature: "),
        (verify(r#"{"payload":""}"#), "is-json", "`jose_jws::json`"),
        (verify("a.b.c.d.e"), "segments", "it is encrypted (JWE)"),
        (verify("dev-7"), "segments", "it is not a JWS"),
        (verify(&good.replacen('y', "+", 1)), "character", "header: "),
        (
            verify(&token(&signer(keys::P256, JwsAlg::Es256))),
            "algorithm-not-allowed",
            "alg ES256 is not among",
        ),
        (verify(&token(&signer(keys::OCT, JwsAlg::Hs512))), "algorithm-not-allowed", "HS256"),
        (
            compact::verify(&eddsa, &token(&signer(keys::ED25519, JwsAlg::EdDsa))).unwrap_err(),
            "algorithm-not-allowed",
            "two names of one algorithm: allow both",
        ),
        (unsigned.attach(der.as_bytes()).unwrap_err(), "signature-length", "it may be in DER"),
        (SigningKey::try_from(&jwk(keys::RSA)).unwrap_err(), "algorithm-ambiguous", "name one"),
        (x25519.unwrap_err(), "wrong-key", "X25519"),
        (
            SigningKey::from_jwk(jwk(keys::P256).to_public().unwrap(), JwsAlg::Es256).unwrap_err(),
            "not-private",
            "needs a private key",
        ),
        (
            SigningKey::from_jwk(Jwk::from_octets(*b"a short secret").unwrap(), JwsAlg::Hs256).unwrap_err(),
            "weak-secret-too-short",
            "32",
        ),
        (
            compact::sign(&named, b"{}", &Header::new().kid("b")).unwrap_err(),
            "kid-mismatch",
            "not that of the signing key",
        ),
        (
            compact::verify(&old, &token(&named)).unwrap_err(),
            "kid-unknown",
            "if the key set is remote, fetch it again",
        ),
    ];
    for (error, code, phrase) in table {
        assert_eq!(error.code(), *code, "{error}");
        assert!(error.to_string().contains(phrase), "{error}");
    }
}

/// A verifier whose keys, or whose allowed algorithms, are not those of the token.
#[test]
fn keys_and_algorithms_that_do_not_fit() {
    let token = |key: &str, alg| compact::sign(&signer(key, alg), b"{}", &Header::new()).unwrap();
    let verify = |key: &str, alg, token: &str| compact::verify(&verifier(key, alg), token).unwrap_err();
    let from = |keys: &[&str], alg: JwsAlg| {
        let set: JwkSet = keys.iter().map(|key| jwk(key)).collect();
        VerifyingKeys::from_jwks(&set, alg).unwrap_err()
    };
    let prepare = |key: Jwk, alg| VerifyingKey::from_jwk(key, alg).unwrap_err();
    let old = jwk(keys::ED25519).with_alg(JwsAlg::EdDsa).unwrap();
    let old: JwkSet = [old].into_iter().collect();
    let rs256 = token(keys::RSA, JwsAlg::Rs256);
    let ed25519 = token(keys::ED25519, JwsAlg::Ed25519);
    let none = unsecured::write(b"{}", &Header::new()).unwrap();
    let parameters = |text: &str| Error::from(Header::new().parameters(text).unwrap_err());
    let extension = parameters(r#"{"crit":["x"]}"#);
    let critical = Header::new().parameters(r#"{"crit":["x"],"x":1}"#).unwrap();
    let critical = compact::sign(&signer(keys::P256, JwsAlg::Es256), b"{}", &critical).unwrap();
    let mixed: JwkSet = [jwk(keys::OCT), jwk(keys::P256)].into_iter().collect();
    let mixed = VerifyingKeys::from_jwks(&mixed, [JwsAlg::Hs256, JwsAlg::Es256]);
    let weak = Jwk::from_json(keys::RSA.replace("AQAB", "Aw")).unwrap_err();
    let table: &[(Error, &str, &str)] = &[
        (
            verify(keys::P256, JwsAlg::Es256, &rs256),
            "algorithm-not-allowed",
            "alg RS256 is not among those allowed: {ES256}",
        ),
        (
            verify(keys::ED25519, JwsAlg::EdDsa, &ed25519),
            "algorithm-not-allowed",
            "two names of one algorithm: allow both",
        ),
        (verify(keys::P256, JwsAlg::Es256, &none), "algorithm-unknown", "not a known signature algorithm"),
        (
            from(&[keys::P256, keys::ED25519], JwsAlg::Rs256),
            "no-usable-key",
            "key 1: a key of type OKP on Ed25519 does not fit RS256",
        ),
        (
            VerifyingKeys::from_jwks(&old, JwsAlg::Ed25519).unwrap_err(),
            "no-usable-key",
            "key 0: the key's alg is another one than Ed25519",
        ),
        (from(&[], JwsAlg::Es256), "no-usable-key", "the set has no keys"),
        (
            prepare(jwk(keys::P256), JwsAlg::Es384),
            "wrong-key",
            "a key of type EC on P-256 does not fit ES384",
        ),
        (mixed.unwrap_err(), "keys-mixed", "symmetric and asymmetric keys do not belong in one set"),
        (weak.into(), "key-mismatch", "the parts of the key do not belong together"),
        (extension, "crit-absent", "a parameter that the header does not have"),
        (
            verify(keys::P256, JwsAlg::Es256, &critical),
            "crit-not-understood",
            "crit names an extension that is not understood",
        ),
        (parameters(r#"{"alg":"HS256"}"#), "parameter-reserved", "alg comes from the key"),
        (
            json::verify(&verifier(keys::P256, JwsAlg::Es256), &rs256, json::Require::All).unwrap_err(),
            "syntax",
            "not JSON",
        ),
    ];
    for (error, code, phrase) in table {
        assert_eq!(error.code(), *code, "{error}");
        assert!(error.to_string().contains(phrase), "{error}");
    }
}

/// A build without a feature names it.
#[test]
fn a_feature_that_is_off_is_named() {
    let prepared = VerifyingKey::from_jwk(jwk(keys::ED448), JwsAlg::Ed448);
    if cfg!(feature = "ed448") {
        assert!(prepared.is_ok());
        return;
    }
    let error = prepared.unwrap_err();
    assert_eq!(error.code(), "algorithm-disabled");
    assert!(error.to_string().contains("without the feature `ed448`"), "{error}");
}
