//! T17: errors say what is wrong.

use jose_jwt::{Error, Reason};

use super::help::{NOW, claims, date, now, refusal, verifier};

/// F10: a clock before 1970 is none. No test turns the system's back: what it would show is this.
///
/// Covers F10.
#[cfg(feature = "std")]
#[test]
fn a_clock_that_is_not_set_is_an_error() {
    use core::time::Duration;
    use jose_jwt::{ClockError, NoClaims, NumericDate};
    use std::time::UNIX_EPOCH;

    let shown = |time| NumericDate::try_from(time).map(NumericDate::seconds);
    assert_eq!(shown(UNIX_EPOCH), Ok(0));
    assert_eq!(shown(UNIX_EPOCH + Duration::new(1_700_000_000, 999_999_999)), Ok(NOW));
    for before in [Duration::from_nanos(1), Duration::from_secs(1), Duration::from_secs(1 << 40)] {
        assert_eq!(shown(UNIX_EPOCH - before), Err(ClockError), "{before:?}");
    }
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
///
/// Covers T17.
#[test]
fn errors_carry_their_values() {
    let expired = refusal(&verifier(), format!(r#"{{"exp":{NOW}}}"#));
    assert_eq!(expired, Some(Error::Expired { at: now() }));
    let early = refusal(&verifier(), claims(&format!(r#""nbf":{NOW}.000000001"#)));
    assert_eq!(early, Some(Error::NotYetValid { at: date("1700000000.000000001") }));
    let own = refusal(&verifier().require("tenant"), claims(""));
    assert_eq!(own, Some(Error::Claim { claim: "tenant".into(), reason: Reason::Missing, expected: None }));
}

/// G3: a verifier prints its rules, and no key.
///
/// Covers G3.
#[test]
fn a_verifier_prints_no_key() {
    let printed = format!("{:?}", verifier().subject("alice"));
    assert!(printed.contains("alice") && printed.starts_with("JwtVerifier { rules: "), "{printed}");
    assert!(!printed.contains("7, 7") && !printed.contains("Hmac"), "{printed}");
}
