//! T10: decoding without verifying.

use jose_jwt::{Error, NoClaims, Reason, dangerous_decode};

/// The type says that it is unverified; that it does not pass for a verified one is an example that does not compile,
/// beside `jose_jwt::Unverified`.
///
/// Covers T10.
#[test]
fn what_is_decoded_is_read_whatever_its_signature() {
    // {"alg":"none","x":1} and {"iss":"joe","sub":"jack"}, with octets that are nobody's signature.
    let token = "eyJhbGciOiJub25lIiwieCI6MX0.eyJpc3MiOiJqb2UiLCJzdWIiOiJqYWNrIn0.AAAA";
    let unverified = dangerous_decode::<NoClaims>(token).unwrap();
    assert_eq!(unverified.header_text(), r#"{"alg":"none","x":1}"#);
    assert_eq!((unverified.claims().iss(), unverified.claims().sub()), (Some("joe"), Some("jack")));
}

/// Covers T10.
#[test]
fn what_is_no_jwt_is_not_decoded() {
    let decode = |token: &str| dangerous_decode::<NoClaims>(token).map(|_| ()).unwrap_err();
    assert_eq!(decode("e30.e30"), Error::Jws(jose_jws::Error::Segments { found: 2 }));
    assert_eq!(decode("e30.W10."), Error::NotClaims(jose_b64::Error::NotAnObject));
    // {"exp":"soon"}
    let claim = Error::Claim { claim: "exp".into(), reason: Reason::Invalid, expected: None };
    assert_eq!(decode("e30.eyJleHAiOiJzb29uIn0."), claim);
}
