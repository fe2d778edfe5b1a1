//! T06, F1, F3: `exp`, `nbf` and `iat`, at equality.

use core::time::Duration;

use jose_jwt::{Error, JwtVerifier, NoClaims, Reason};

use super::help::{TestKey, claim, claims, date, now, refusal, token, verifier};

/// Verifies the claims at a time.
fn at(verifier: &JwtVerifier<TestKey>, claims: &str, time: &str) -> Option<Error> {
    verifier.at(date(time)).verify::<NoClaims>(&token(claims)).err()
}

fn leeway(seconds: u64) -> JwtVerifier<TestKey> {
    verifier().leeway(Duration::from_secs(seconds)).unwrap()
}

/// Covers T06.
#[test]
fn exp_is_the_first_moment_that_is_too_late() {
    for (exp, leeway_s, last, first) in [
        ("1000", 0, "999.999999999", "1000"),
        ("1000.5", 0, "1000.499999999", "1000.5"),
        ("1000", 60, "1059.999999999", "1060"),
        ("1000.000000001", 300, "1300", "1300.000000001"),
        ("0", 0, "-0.000000001", "0"),
        ("-5", 1, "-4.000000001", "-4"),
    ] {
        let claims = format!(r#"{{"exp":{exp}}}"#);
        assert_eq!(at(&leeway(leeway_s), &claims, last), None, "{exp} at {last}");
        let expired = Some(Error::Expired { at: date(exp) });
        assert_eq!(at(&leeway(leeway_s), &claims, first), expired, "{exp} at {first}");
    }
}

/// Covers T06.
#[test]
fn nbf_is_the_first_moment_that_is_not_too_early() {
    for (nbf, leeway_s, last, first) in [
        ("1000", 0, "999.999999999", "1000"),
        ("1000.5", 0, "1000.499999999", "1000.5"),
        ("1000", 60, "939.999999999", "940"),
        ("1000.000000001", 300, "700", "700.000000001"),
    ] {
        let claims = format!(r#"{{"exp":100000,"nbf":{nbf}}}"#);
        let early = Some(Error::NotYetValid { at: date(nbf) });
        assert_eq!(at(&leeway(leeway_s), &claims, last), early, "{nbf} at {last}");
        assert_eq!(at(&leeway(leeway_s), &claims, first), None, "{nbf} at {first}");
    }
}

/// Covers T06, T07.
#[test]
fn a_max_age_counts_from_iat() {
    let claims = |iat: &str| format!(r#"{{"exp":100000,"iat":{iat}}}"#);
    let old = claim("iat", Reason::Mismatch);
    let future = claim("iat", Reason::Invalid);
    for (iat, leeway_s, time, expected) in [
        ("1000", 0, "1000", None),
        ("1000", 0, "1100", None),
        ("1000", 0, "1100.000000001", old.clone()),
        ("1000.5", 0, "1100.5", None),
        ("1000.5", 0, "1100.500000001", old.clone()),
        ("1000", 60, "1160", None),
        ("1000", 60, "1160.000000001", old),
        ("1000", 0, "999.999999999", future.clone()),
        ("1000", 60, "940", None),
        ("1000", 60, "939.999999999", future),
    ] {
        let verifier = leeway(leeway_s).max_age(Duration::from_secs(100));
        assert_eq!(at(&verifier, &claims(iat), time), expected, "{iat} at {time}, leeway {leeway_s}");
    }
    let verifier = verifier().max_age(Duration::from_secs(100));
    assert_eq!(at(&verifier, r#"{"exp":100000}"#, "1000"), claim("iat", Reason::Missing));
}

/// Without a greatest age, `iat` only informs.
///
/// Covers T06.
#[test]
fn iat_in_the_future_matters_with_a_max_age_only() {
    assert_eq!(refusal(&verifier(), claims(r#""iat":9000000000"#)), None);
    let aged = verifier().max_age(Duration::from_secs(100));
    assert_eq!(refusal(&aged, claims(r#""iat":9000000000"#)), claim("iat", Reason::Invalid));
}

/// Covers F1.
#[test]
fn exp_is_required_unless_said_otherwise() {
    assert_eq!(refusal(&verifier(), "{}"), claim("exp", Reason::Missing));
    assert_eq!(refusal(&verifier().expiry_optional(), "{}"), None);
    // One that is there counts all the same.
    let expired = refusal(&verifier().expiry_optional(), r#"{"exp":1000}"#);
    assert_eq!(expired, Some(Error::Expired { at: date("1000") }));
    let required = verifier().expiry_optional().require("exp");
    assert_eq!(refusal(&required, "{}"), claim("exp", Reason::Missing));
}

/// Covers F3.
#[test]
fn the_leeway_is_0_and_at_most_five_minutes() {
    let just_expired = format!(r#"{{"exp":{}}}"#, now());
    assert!(refusal(&verifier(), &just_expired).is_some());
    let long = Duration::from_secs(300) + Duration::from_nanos(1);
    assert_eq!(verifier().leeway(long).err(), Some(Error::LeewayTooLong));
    assert!(verifier().leeway(Duration::from_secs(300)).is_ok());
    let claims = r#"{"exp":1000}"#;
    let patient = verifier().dangerous_leeway(long);
    assert_eq!(at(&patient, claims, "1300"), None);
    assert_eq!(at(&patient, claims, "1300.000000001"), Some(Error::Expired { at: date("1000") }));
}

/// T03: the checks that are switched off by name, each by itself.
///
/// Covers T03.
#[test]
fn exp_and_nbf_are_ignored_by_name_only() {
    let (expired, early) = (r#"{"exp":1000}"#, r#"{"exp":1000,"nbf":9000000000}"#);
    assert_eq!(refusal(&verifier().dangerous_ignore_expiry(), expired), None);
    assert_eq!(refusal(&verifier().dangerous_ignore_expiry(), "{}"), None);
    assert!(matches!(refusal(&verifier().dangerous_ignore_expiry(), early), Some(Error::NotYetValid { .. })));
    assert!(matches!(refusal(&verifier().dangerous_ignore_not_before(), early), Some(Error::Expired { .. })));
    let neither = verifier().dangerous_ignore_expiry().dangerous_ignore_not_before();
    assert_eq!(refusal(&neither, early), None);
    // What is ignored is a date nonetheless.
    assert_eq!(refusal(&neither, r#"{"exp":"soon"}"#), claim("exp", Reason::Invalid));
}

/// T07: `auth_time`, the leeway on the right side.
///
/// Covers T07.
#[test]
fn a_max_auth_age_counts_from_auth_time() {
    let claims = |time: &str| format!(r#"{{"exp":100000,"auth_time":{time}}}"#);
    for (leeway_s, time, taken) in [
        (0, "1100", true),
        (0, "1100.000000001", false),
        (60, "1160", true),
        (60, "1160.000000001", false),
        (0, "999.999999999", false),
        (60, "940", true),
        (60, "939.999999999", false),
    ] {
        let verifier = leeway(leeway_s).max_auth_age(Duration::from_secs(100));
        let error = at(&verifier, &claims("1000"), time);
        assert_eq!(error.is_none(), taken, "{time}, leeway {leeway_s}: {error:?}");
    }
    let verifier = verifier().max_auth_age(Duration::from_secs(100));
    assert_eq!(at(&verifier, r#"{"exp":100000}"#, "1000"), claim("auth_time", Reason::Missing));
    for wrong in [r#""1000""#, "null", "[]", "1e309"] {
        assert_eq!(at(&verifier, &claims(wrong), "1000"), claim("auth_time", Reason::Invalid), "{wrong}");
    }
}

/// From `iat` to `exp`, or from the verification where there is no `iat`, with the leeway at its end.
///
/// Covers F1.
#[test]
fn a_lifetime_has_a_limit() {
    for (leeway_s, claims, taken) in [
        (0, r#"{"iat":1000,"exp":1100}"#, true),
        (0, r#"{"iat":1000,"exp":1100.000000001}"#, false),
        (0, r#"{"iat":1000.5,"exp":1100.5}"#, true),
        (60, r#"{"iat":1000,"exp":1160}"#, true),
        (60, r#"{"iat":1000,"exp":1160.000000001}"#, false),
        (0, r#"{"exp":1110}"#, true),
        (0, r#"{"exp":1110.000000001}"#, false),
    ] {
        let verifier = leeway(leeway_s).max_lifetime(Duration::from_secs(100));
        let error = at(&verifier, claims, "1010");
        let expected = if taken { None } else { claim("exp", Reason::Mismatch) };
        assert_eq!(error, expected, "{claims}, leeway {leeway_s}");
    }
    let limited = verifier().max_lifetime(Duration::from_secs(100));
    assert_eq!(at(&limited, r#"{"iat":1000}"#, "1010"), claim("exp", Reason::Missing));
}
