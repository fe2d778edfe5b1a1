//! T10: decoding without verifying.

use jose_jwt::{Error, dangerous_decode};
use serde_json::{Value, json};

/// The type says that it is unverified; that it does not pass for a verified one is an example that does not compile,
/// beside `jose_jwt::Unverified`.
///
/// Covers T10.
#[test]
fn what_is_decoded_is_read_whatever_its_signature() {
    // {"alg":"none","x":1} and {"iss":"joe","sub":"jack"}, with bytes that are nobody's signature.
    let token = "eyJhbGciOiJub25lIiwieCI6MX0.eyJpc3MiOiJqb2UiLCJzdWIiOiJqYWNrIn0.AAAA";
    let unverified = dangerous_decode(token).unwrap();
    assert_eq!(unverified.header_text(), r#"{"alg":"none","x":1}"#);
    assert_eq!(unverified.claims_text(), r#"{"iss":"joe","sub":"jack"}"#);
    assert_eq!(unverified.claims::<Value>(), Ok(json!({"iss": "joe", "sub": "jack"})));
}

/// Covers T10.
#[test]
fn what_is_no_jwt_is_not_decoded() {
    let decode = |token: &str| dangerous_decode(token).map(|_| ()).unwrap_err();
    assert_eq!(decode("e30.e30"), Error::Jws(jose_jws::Error::Segments { found: 2 }));
    assert_eq!(decode("e30.W10."), Error::NotClaims(jose_b64::Error::NotAnObject));
    assert_eq!(decode("W10.e30.").code(), "not-an-object");
}

/// What is there is shown, whatever its types: {"alg":1} and {"exp":"soon"}.
#[test]
fn wrong_types_are_shown() {
    let unverified = dangerous_decode("eyJhbGciOjF9.eyJleHAiOiJzb29uIn0.").unwrap();
    assert_eq!(unverified.header_text(), r#"{"alg":1}"#);
    assert_eq!(unverified.claims::<Value>(), Ok(json!({"exp": "soon"})));
    assert_eq!(unverified.claims::<Vec<u8>>().unwrap_err().code(), "claims-type");
}
