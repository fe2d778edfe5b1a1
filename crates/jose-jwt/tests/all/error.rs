//! T17, J17: errors say what is wrong, in words and in codes.

use jose_jws::{Header, compact};
use jose_jwt::{Claims, Error, JwtVerifier, NoClaims, Reason, sign_at};

use super::help::{NOW, claims, date, key, now, refusal, verifier};

#[test]
fn t17_j17_every_error_is_reached_and_has_its_code() {
    let bare = compact::sign(&key(), &Header::default(), claims("").as_bytes()).unwrap();
    let verify = |verifier: JwtVerifier<_>, payload: &str| refusal(&verifier, payload).unwrap();
    let audience = || JwtVerifier::new(key()).any_issuer().audience("api");
    for (error, code, words) in [
        (
            verifier().verify_at::<NoClaims>("a.b", now()).unwrap_err(),
            "segments",
            "a compact JWS has three parts",
        ),
        (
            verify(verifier(), "[]"),
            "not-claims",
            "the claims are not a JSON object: the JSON value is not an object",
        ),
        (
            verifier().max_len(3).verify_at::<NoClaims>(&bare, now()).unwrap_err(),
            "too-long",
            "the JWT is too long",
        ),
        (verify(audience(), &claims("")), "claim-missing", "the claim aud is missing"),
        (verify(audience(), r#"{"aud":1}"#), "claim-invalid", "the claim aud has a wrong type or value"),
        (
            verify(audience(), &claims(r#""aud":"x""#)),
            "claim-mismatch",
            "the claim aud is not the expected one",
        ),
        (verify(verifier(), r#"{"exp":1000.5}"#), "expired", "the JWT expired at 1000.5"),
        (
            verify(verifier(), &claims(r#""nbf":9000000000"#)),
            "not-yet-valid",
            "the JWT is not valid before 9000000000",
        ),
        (
            verifier().typ("JWT").verify_at::<NoClaims>(&bare, now()).unwrap_err(),
            "typ",
            "the header's typ is missing",
        ),
        (
            verifier().verify_at::<Vec<u8>>(&bare, now()).unwrap_err(),
            "claims-type",
            "the claims are not of the expected type",
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
            verifier().leeway(core::time::Duration::from_secs(301)).unwrap_err(),
            "leeway-too-long",
            "the leeway is longer than five minutes",
        ),
    ] {
        assert_eq!((error.code(), error.to_string().as_str()), (code, words));
        let _: &dyn core::error::Error = &error;
    }
}

/// No test turns the system's clock back; what it would say is this.
#[cfg(feature = "std")]
#[test]
fn f10_a_clock_that_is_not_set_is_an_error() {
    use jose_jwt::{ClockError, NumericDate};
    assert_eq!(Error::from(ClockError).code(), "clock");
    assert_eq!(Error::from(ClockError).to_string(), ClockError.to_string());
    let clock = NumericDate::now().unwrap();
    assert!(clock > date("1700000000") && clock.subsec_nanos() == 0);
    // The system's time is the one that `verify` goes by.
    let token = super::help::token;
    let (expired, valid) = (token(r#"{"exp":1700000000}"#), token(r#"{"exp":9000000000}"#));
    assert_eq!(
        verifier().verify::<NoClaims>(&expired).err(),
        Some(Error::Expired { at: date("1700000000") })
    );
    assert!(verifier().verify::<NoClaims>(&valid).is_ok());
}

/// T17: when, and which claim.
#[test]
fn t17_errors_carry_their_values() {
    let expired = refusal(&verifier(), format!(r#"{{"exp":{NOW}}}"#));
    assert_eq!(expired, Some(Error::Expired { at: now() }));
    let early = refusal(&verifier(), claims(&format!(r#""nbf":{NOW}.000000001"#)));
    assert_eq!(early, Some(Error::NotYetValid { at: date("1700000000.000000001") }));
    let own = refusal(&verifier().require("tenant"), claims(""));
    assert_eq!(own, Some(Error::Claim { claim: "tenant".into(), reason: Reason::Missing }));
}

/// G3: a verifier prints its rules, and no key.
#[test]
fn g3_a_verifier_prints_no_key() {
    let printed = format!("{:?}", verifier().subject("alice"));
    assert!(printed.contains("alice") && printed.starts_with("JwtVerifier { rules: "), "{printed}");
    assert!(!printed.contains("7, 7") && !printed.contains("Hmac"), "{printed}");
}
