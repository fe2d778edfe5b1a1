//! T17, J17: every error of this crate, from a call that ends in it, in words and as a code.

use core::time::Duration;

use jose_jwe::{DecryptionKey, EncryptionKey, compact as jwe};
use jose_jwk::{AlgSet, JweAlg, JweEnc, Jwk, SysRng};
use jose_jws::{Header, compact};
use jose_jwt::profile::ID_TOKEN;
use jose_jwt::{Claims, Error, Expected, JwtVerifier, MemoryReplayGuard, NoClaims, NumericDate, sign_at};

use crate::with_heap::help::{claims, key, now, refusal, token, verifier};

#[path = "../../../jose-jws/tests/all/listed.rs"]
mod listed;

type Row = (Error, &'static str, &'static str);

/// Of a JWT as a whole, and of its header.
fn of_tokens() -> Vec<Row> {
    let bare = compact::sign(&key(), &Header::default(), claims("").as_bytes()).unwrap();
    let verify = |token: &str| verifier().verify_at::<NoClaims>(token, now()).unwrap_err();
    let jwk = Jwk::from_octets(vec![7; 16]).unwrap();
    let decrypts = || DecryptionKey::from_jwk(&jwk, AlgSet::of(&[JweAlg::A128Kw])).unwrap();
    let encrypts = EncryptionKey::from_jwk(&jwk, JweAlg::A128Kw).unwrap();
    let nested = JwtVerifier::nested(key(), decrypts()).any_issuer().any_audience();
    let nested = |token: &str| {
        nested.verify_nested_at::<NoClaims, _>(token, &Expected::new(), now(), &mut SysRng).unwrap_err()
    };
    let without_cty = jwe::encrypt(&encrypts, JweEnc::A128Gcm, &Header::default(), bare.as_bytes()).unwrap();
    vec![
        (verify("a.b"), "segments", "a compact JWS has three parts"),
        (nested(&bare), "segments", "a compact JWE has five parts"),
        (nested(&without_cty), "cty", "cty does not say what was expected inside"),
        (
            verify(&token("[]")),
            "not-claims",
            "the claims are not a JSON object: the JSON value is not an object",
        ),
        (
            verifier().max_len(3).verify_at::<NoClaims>(&bare, now()).unwrap_err(),
            "too-long",
            "the JWT is too long",
        ),
        (
            verifier().typ("JWT").verify_at::<NoClaims>(&bare, now()).unwrap_err(),
            "typ",
            "the header's typ is missing",
        ),
    ]
}

/// Of the claims.
fn of_claims() -> Vec<Row> {
    let verify = |verifier: JwtVerifier<_>, payload: &str| refusal(&verifier, payload).unwrap();
    let audience = || JwtVerifier::new(key()).any_issuer().audience("api");
    let id_token = claims(r#""iss":"a","sub":"b","aud":"c","iat":1,"events":{}"#);
    vec![
        (verify(audience(), &claims("")), "claim-missing", "the claim aud is missing"),
        (verify(audience(), r#"{"aud":1}"#), "claim-invalid", "the claim aud has a wrong type or value"),
        (
            verify(audience(), &claims(r#""aud":"x""#)),
            "claim-mismatch",
            "the claim aud is not the expected one",
        ),
        (
            verify(verifier().profile(&ID_TOKEN), &id_token),
            "claim-prohibited",
            "the claim events may not be there",
        ),
        (verify(verifier(), r#"{"exp":1000.5}"#), "expired", "the JWT expired at 1000.5"),
        (
            verify(verifier(), &claims(r#""nbf":9000000000"#)),
            "not-yet-valid",
            "the JWT is not valid before 9000000000",
        ),
        (
            verifier().verify_at::<Vec<u8>>(&token(claims("")), now()).unwrap_err(),
            "claims-type",
            "the claims are not of the expected type",
        ),
    ]
}

/// Of what the caller says, and of what the caller keeps.
fn of_callers() -> Vec<Row> {
    let once = |guard: &MemoryReplayGuard, id: &str| {
        let token = token(claims(&format!(r#""jti":"{id}""#)));
        verifier().verify_once::<NoClaims>(&token, &Expected::new(), now(), guard)
    };
    let guard = MemoryReplayGuard::new(1);
    once(&guard, "1").unwrap();
    let before = std::time::UNIX_EPOCH - Duration::from_secs(1);
    vec![
        (once(&guard, "1").unwrap_err(), "replayed", "the JWT was seen before"),
        (
            once(&guard, "2").unwrap_err(),
            "replay-store",
            "the store cannot say whether the JWT was seen before",
        ),
        (
            Claims::new().with([1]).to_json_at(now()).unwrap_err(),
            "claims-write",
            "the claims cannot be written as a JSON object",
        ),
        (
            sign_at(&key(), &Header::default(), &Claims::new().id("a").id("b"), now()).unwrap_err(),
            "claim-twice",
            "a claim is given twice",
        ),
        (
            verifier().leeway(Duration::from_secs(301)).unwrap_err(),
            "leeway-too-long",
            "the leeway is longer than five minutes",
        ),
        (
            Claims::new().expires_after_text("120").unwrap_err(),
            "span",
            "the text is no span of time with units",
        ),
        (NumericDate::try_from(before).unwrap_err().into(), "clock", "the system's clock is not set"),
    ]
}

/// Covers T17, J17.
#[test]
fn every_variant_and_every_code_is_provoked() {
    let rows = [of_tokens(), of_claims(), of_callers()].concat();
    for (error, code, words) in &rows {
        assert_eq!((error.code(), error.to_string().as_str()), (*code, *words));
        let _: &dyn core::error::Error = error;
    }
    let errors: Vec<(Error, &str)> = rows.into_iter().map(|(error, code, _)| (error, code)).collect();
    listed::assert_all_provoked("jwt", &errors);
}
