//! What goes wrong in a first program, and what the error says about it.

use jose_jwk::Jwk;
use jose_jws::{Error, Header, JwsAlg, SigningKey, VerifyingKey, compact};

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
