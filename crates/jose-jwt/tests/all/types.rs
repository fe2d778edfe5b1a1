//! T04, E11, E2, E8: the claims are one strict JSON object, and each registered claim has its type.

use jose_b64::Error as EncodingError;
use jose_jwt::{Error, JwtVerifier, Reason};

use super::help::{NOW, TestKey, claim, claims, refusal, verifier, verify};

/// A value of each JSON type, and of those that only look like one.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1700000500",
    "1700000500.25",
    "1.7000005e9",
    "1e309",
    "-1e309",
    "9223372036854775807",
    "9223372036854775808",
    r#""""#,
    r#""text""#,
    r#""1700000500""#,
    "[]",
    r#"["text"]"#,
    r#"["text","text"]"#,
    "[1]",
    r#"["text",1]"#,
    "[null]",
    r#"[["text"]]"#,
    "{}",
    r#"{"text":1}"#,
];

fn fits(name: &str, value: &str) -> bool {
    let is_text = value.starts_with('"');
    match name {
        "iss" | "sub" | "jti" => is_text,
        "aud" => is_text || ["[]", r#"["text"]"#, r#"["text","text"]"#].contains(&value),
        _ => {
            let out_of_range = value.contains("e309") || value == "9223372036854775808";
            value.starts_with(['-', '0', '1', '9']) && !out_of_range
        }
    }
}

/// With no check at all and with all of them, a wrong type is the first thing that is said.
///
/// Covers T04, E11.
#[test]
fn a_registered_claim_has_its_type_whether_or_not_it_is_asked_for() {
    let strict = || -> JwtVerifier<TestKey> {
        let verifier = JwtVerifier::new(super::help::key()).issuer("i").audience("a");
        verifier.subject("s").jwt_id("j").max_age(core::time::Duration::from_secs(1))
    };
    let (mut taken, mut refused) = (0, 0);
    for name in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"] {
        for value in VALUES {
            let text = format!(r#"{{"{name}":{value}}}"#);
            let invalid = claim(name, Reason::Invalid);
            let (one, other) = (refusal(&verifier(), &text), refusal(&strict(), &text));
            if fits(name, value) {
                assert!(one != invalid && other != invalid, "{text}");
                taken += 1;
            } else {
                assert_eq!((one, other), (invalid.clone(), invalid), "{text}");
                refused += 1;
            }
        }
    }
    assert_eq!((taken, refused), (33, 7 * VALUES.len() - 33));
}

/// A name is compared after its escapes, and in its own case.
///
/// Covers E11.
#[test]
fn a_registered_claim_in_another_spelling() {
    assert_eq!(refusal(&verifier(), claims(r#""i\u0073s":1"#)), claim("iss", Reason::Invalid));
    assert_eq!(refusal(&verifier(), claims(r#""ISS":1,"Exp":"never""#)), None);
}

/// Covers E2, E8, E9.
#[test]
fn the_claims_are_one_strict_object() {
    let deep =
        |levels: usize| claims(&format!(r#""x":{}{}"#, "[".repeat(levels - 1), "]".repeat(levels - 1)));
    for (text, expected) in [
        (claims(""), None),
        (format!(" {}\r\n", claims("")), None),
        (String::new(), Some(EncodingError::Syntax { at: 0 })),
        ("null".into(), Some(EncodingError::NotAnObject)),
        ("[]".into(), Some(EncodingError::NotAnObject)),
        (r#""text""#.into(), Some(EncodingError::NotAnObject)),
        (format!("{}{{}}", claims("")), Some(EncodingError::TrailingCharacters)),
        (format!("\u{feff}{}", claims("")), Some(EncodingError::ByteOrderMark)),
        (claims(r#""x":NaN"#), Some(EncodingError::Syntax { at: 22 })),
        (claims(r#""x":"\ud800""#), Some(EncodingError::Surrogate)),
        (claims(&format!(r#""exp":{}"#, NOW + 600)), Some(EncodingError::DuplicateMember)),
        (claims(r#""iss":"a","iss":"b""#), Some(EncodingError::DuplicateMember)),
        (claims(r#""iss":"a","\u0069ss":"b""#), Some(EncodingError::DuplicateMember)),
        (claims(r#""x":{"y":{"z":1,"z":1}}"#), Some(EncodingError::DuplicateMember)),
        (deep(16), None),
        (deep(17), Some(EncodingError::Depth)),
        (deep(60_000), Some(EncodingError::Depth)),
    ] {
        assert_eq!(refusal(&verifier(), &text), expected.map(Error::NotClaims), "{text:.80}");
    }
    let not_utf8 = [claims(r#""x":""#).trim_end_matches('}').as_bytes(), b"\xff\"}"].concat();
    assert_eq!(refusal(&verifier(), not_utf8), Some(Error::NotClaims(EncodingError::Utf8)));
}

/// F2: numbers that would overflow, or that a floating-point number would bend.
///
/// Covers F2.
#[test]
fn dates_at_the_ends_of_what_can_be_said() {
    let ends = |exp: &str| refusal(&verifier(), format!(r#"{{"exp":{exp}}}"#));
    for exp in ["9223372036854775807", "9223372036854775807.999999999", "1e18", "1700000000.000000001"] {
        assert_eq!(ends(exp), None, "{exp}");
    }
    for exp in ["1e309", "-1e309", "9223372036854775808", "1e19", &"9".repeat(400)] {
        assert_eq!(ends(exp), claim("exp", Reason::Invalid), "{exp}");
    }
    for exp in ["0", "-0", "-1", "-9223372036854775808", "1700000000", "1699999999.999999999"] {
        assert!(matches!(ends(exp), Some(Error::Expired { .. })), "{exp}");
    }
    // The leeway moves the end beyond time itself, and nothing overflows.
    let patient = verifier().dangerous_leeway(core::time::Duration::MAX);
    assert_eq!(refusal(&patient, r#"{"exp":0,"nbf":9223372036854775807}"#), None);
    let aged = patient.max_age(core::time::Duration::MAX);
    assert_eq!(refusal(&aged, r#"{"exp":0,"iat":-9223372036854775808}"#), None);
    assert_eq!(
        verify(&verifier(), claims(r#""nbf":-1e18"#)).unwrap().claims().nbf().unwrap().seconds(),
        -1_000_000_000_000_000_000
    );
}
