//! W08, E5: payloads that are not encoded (RFC 7797), in the compact serialization.

use jose_jws::compact::{self, Unsigned, Unverified};
use jose_jws::{Error, Header, JwsAlg, Part};

use crate::help::{forge, raw, sign_raw, signer, verifier};
use crate::keys;

/// A token with its payload as it is.
fn raw_token(header: &str, payload: &str) -> String {
    let input = format!("{}.{payload}", jose_b64::base64url::encode_to_string(header.as_bytes()));
    let signature = sign_raw(&signer(keys::OCT, JwsAlg::Hs256), input.as_bytes()).unwrap();
    format!("{input}.{}", jose_b64::base64url::encode_to_string(&signature))
}

fn verify(token: &str, allow: bool) -> Result<Vec<u8>, Error> {
    let jws = Unverified::parse(token)?;
    let jws = if allow { jws.allow_unencoded() } else { jws };
    jws.verify(&verifier(keys::OCT, JwsAlg::Hs256)).map(|verified| verified.payload().to_vec())
}

/// RFC 7797 section 4: the key of RFC 7515, A.1, and the payload `$02`, which has no full stop.
///
/// Covers W08.
#[test]
fn the_payload_is_signed_as_it_is() {
    let token = compact::sign(&signer(keys::OCT, JwsAlg::Hs256), b"$02", &raw()).unwrap();
    assert_eq!(token, raw_token(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, "$02"));
    assert_eq!(token.split('.').nth(1), Some("$02"));
    assert_eq!(verify(&token, true).unwrap(), b"$02");
    // The bytes of base64url are bytes like any other.
    let token = compact::sign(&signer(keys::OCT, JwsAlg::Hs256), b"QUJD", &raw()).unwrap();
    assert_eq!(verify(&token, true).unwrap(), b"QUJD");
}

/// RFC 7797 section 4.2, whose payload `$.02` is detached there: put back, it has a full stop.
///
/// Covers W08.
#[test]
fn a_full_stop_does_not_fit() {
    let key = signer(keys::OCT, JwsAlg::Hs256);
    assert_eq!(compact::sign(&key, b"$.02", &raw()).err(), Some(Error::PayloadHasDot));
    let utf8 = Some(Error::Encoding { part: Part::Payload, error: jose_b64::Error::Utf8 });
    assert_eq!(compact::sign(&key, b"\xff", &raw()).err(), utf8);
    let token = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.$.02.\
        A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
    assert_eq!(verify(token, true).map_err(|error| error.code()), Err("segments"));
    // The signature is the one of the RFC.
    let input = token.rsplit_once('.').unwrap().0;
    let signature = sign_raw(&key, input.as_bytes()).unwrap();
    assert!(token.ends_with(&jose_b64::base64url::encode_to_string(&signature)));
}

/// Covers E5.
#[test]
fn unencoded_is_refused_unless_allowed() {
    let token = compact::sign(&signer(keys::OCT, JwsAlg::Hs256), b"$02", &raw()).unwrap();
    assert_eq!(verify(&token, false), Err(Error::Unencoded));
}

/// Covers E5, B64.
#[test]
fn is_a_boolean_that_crit_names() {
    use jose_jws::HeaderError::{CritAbsent, CritNotUnderstood};
    for (header, expected) in [
        (r#"{"alg":"HS256","b64":false}"#, Err(Error::B64)),
        (r#"{"alg":"HS256","b64":false,"crit":["x"],"x":1}"#, Err(Error::Header(CritNotUnderstood))),
        (r#"{"alg":"HS256","b64":"false","crit":["b64"]}"#, Err(Error::B64)),
        (r#"{"alg":"HS256","b64":0,"crit":["b64"]}"#, Err(Error::B64)),
        (r#"{"alg":"HS256","b64":null,"crit":["b64"]}"#, Err(Error::B64)),
        (r#"{"alg":"HS256","crit":["b64"]}"#, Err(Error::Header(CritAbsent))),
        (r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, Ok(b"QUJD".to_vec())),
        (r#"{"alg":"HS256","b64":true,"crit":["b64"]}"#, Ok(b"ABC".to_vec())),
        (r#"{"alg":"HS256","b64":true}"#, Ok(b"ABC".to_vec())),
        (r#"{"alg":"HS256"}"#, Ok(b"ABC".to_vec())),
    ] {
        let token = raw_token(header, "QUJD");
        assert_eq!(verify(&token, true), expected, "{header}");
        if header.contains("true") || !header.contains("b64") {
            assert_eq!(token, forge(&signer(keys::OCT, JwsAlg::Hs256), header, b"ABC"));
            assert_eq!(verify(&token, false), expected, "{header}");
        }
    }
}

/// Covers E5, B64.
#[test]
fn without_crit_is_not_written() {
    let key = signer(keys::OCT, JwsAlg::Hs256);
    for members in [r#"{"b64":false}"#, r#"{"b64":1,"crit":["b64"]}"#, r#"{"b64":"x"}"#] {
        let header = Header::new().parameters(members).unwrap();
        assert_eq!(compact::sign(&key, b"$02", &header).err(), Some(Error::B64), "{members}");
        let text = members.replacen('{', r#"{"alg":"HS256","#, 1);
        let unsigned = Unsigned::with_header_text(JwsAlg::Hs256, b"$02", &text);
        assert_eq!(unsigned.err(), Some(Error::B64), "{members}");
    }
}
