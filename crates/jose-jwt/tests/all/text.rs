//! A JWT from ready-made claims text, without a heap.

use jose_jws::alg::{HmacKey, Hs256};
use jose_jws::{Key, compact};
use jose_jwt::{Error, Reason, sign_text_in};

#[test]
fn a_jwt_is_signed_into_the_callers_buffer() {
    let key = Key::<Hs256, _>::new(HmacKey::new(&[7; 32]).unwrap()).with_kid("dev-7");
    let claims = r#"{"sub":"dev-7","iat":1300819380}"#;
    let (mut large, mut room) = ([0; 256], [0; 256]);
    let token = sign_text_in(&key, claims, &mut large).unwrap();
    let verified = compact::verify_in(&key, token, &mut room).unwrap();
    assert_eq!(verified.payload(), claims.as_bytes());
    assert_eq!(verified.header().text(), r#"{"alg":"HS256","typ":"JWT","kid":"dev-7"}"#);
    for len in 0..token.len() {
        let mut buffer = vec![0; len];
        let too_small = Err(Error::Jws(jose_jws::Error::BufferTooSmall));
        assert_eq!(sign_text_in(&key, claims, &mut buffer), too_small, "{len}");
    }
}

/// E2, E11: what no verifier takes is not signed.
#[test]
#[cfg_attr(
    not(feature = "alloc"),
    expect(clippy::useless_conversion, reason = "with a heap, the name of a claim is another type")
)]
fn a_text_that_is_no_claims_set_is_not_signed() {
    let key = Key::<Hs256, _>::new(HmacKey::new(&[7; 32]).unwrap());
    let mut buffer = [0; 256];
    let not_claims = |error| Err(Error::NotClaims(error));
    let invalid = |claim: &'static str| Err(Error::Claim { claim: claim.into(), reason: Reason::Invalid });
    for (text, expected) in [
        ("", not_claims(jose_b64::Error::Syntax)),
        ("[]", not_claims(jose_b64::Error::NotAnObject)),
        ("{}{}", not_claims(jose_b64::Error::TrailingCharacters)),
        (r#"{"a":1,"a":1}"#, not_claims(jose_b64::Error::DuplicateMember)),
        (r#"{"exp":"1300819380"}"#, invalid("exp")),
        (r#"{"iat":1e309}"#, invalid("iat")),
        (r#"{"aud":[1]}"#, invalid("aud")),
        (r#"{"iss":null}"#, invalid("iss")),
    ] {
        assert_eq!(sign_text_in(&key, text, &mut buffer), expected, "{text}");
    }
}
