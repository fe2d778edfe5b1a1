//! The JOSE header as received and as written.

use jose_jwk::header::{Header, HeaderBuilder, JoseHeader, MAX_HEADER_LEN};
use jose_jwk::{Error, Jwk};

use crate::rfc::ED25519_PRIVATE;

const TEXT: &str = r#"{ "alg":"ES256","kid":"a","typ":"JWT","cty":"x","enc":"A128GCM","x":[1] }"#;

#[test]
fn parameters_are_as_received() {
    let header = JoseHeader::parse(TEXT.as_bytes()).unwrap();
    assert_eq!(header.text(), TEXT);
    for (value, expected) in [
        (header.alg(), "ES256"),
        (header.kid(), "a"),
        (header.typ(), "JWT"),
        (header.cty(), "x"),
        (header.enc(), "A128GCM"),
    ] {
        assert!(value.unwrap() == *expected);
    }
    assert_eq!(header.get("x").unwrap().raw(), "[1]");
    assert_eq!(header.iter().count(), 6);
    assert!(!header.has_crit());
}

/// Covers E11.
#[test]
fn a_registered_parameter_of_another_type_is_refused() {
    for (name, right) in [
        ("alg", "\"a\""),
        ("apu", "\"a\""),
        ("apv", "\"a\""),
        ("cty", "\"a\""),
        ("enc", "\"a\""),
        ("epk", "{}"),
        ("iv", "\"a\""),
        ("jku", "\"a\""),
        ("jwk", "{}"),
        ("kid", "\"a\""),
        ("p2c", "1"),
        ("p2s", "\"a\""),
        ("tag", "\"a\""),
        ("typ", "\"a\""),
        ("x5c", "[\"a\"]"),
        ("x5t", "\"a\""),
        ("x5t#S256", "\"a\""),
        ("x5u", "\"a\""),
        ("zip", "\"a\""),
    ] {
        for value in ["\"a\"", "1", "null", "true", "[\"a\"]", "{}"] {
            let text = format!("{{\"{name}\":{value}}}");
            let result = JoseHeader::parse(text.as_bytes()).map(|_| ());
            let expected = if value == right { Ok(()) } else { Err(Error::Invalid(name)) };
            assert_eq!(result, expected, "{text}");
        }
    }
    assert_eq!(JoseHeader::parse(br#"{"x5c":["a",1]}"#).unwrap_err(), Error::Invalid("x5c"));
}

/// Covers E2, E9.
#[test]
fn the_text_is_one_strict_json_object() {
    for text in [
        "",
        "[]",
        "null",
        "{} {}",
        "{\"alg\":\"a\",\"alg\":\"a\"}",
        "{\"alg\":\"a\",\"\\u0061lg\":\"a\"}",
        "\u{feff}{}",
    ] {
        assert!(matches!(JoseHeader::parse(text.as_bytes()), Err(Error::Encoding(_))), "{text}");
    }
    assert!(matches!(JoseHeader::parse(b"{\"a\":\"\xff\"}"), Err(Error::Encoding(_))));
}

/// Covers E7.
#[test]
fn a_header_over_the_limit_is_refused() {
    let fits = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_HEADER_LEN - 8));
    assert_eq!(fits.len(), MAX_HEADER_LEN);
    assert!(JoseHeader::parse(fits.as_bytes()).is_ok());
    let over = format!("{fits} ");
    assert_eq!(JoseHeader::parse(over.as_bytes()).unwrap_err(), Error::HeaderTooLong);
}

#[test]
fn a_media_type_compares_without_case_and_prefix() {
    let typ = |value: &str| format!("{{\"typ\":\"{value}\",\"cty\":\"{value}\"}}");
    for (received, expected, same) in [
        ("JWT", "JWT", true),
        ("jwt", "JWT", true),
        ("application/jwt", "JWT", true),
        ("Application/JWT", "jwt", true),
        ("at+jwt", "application/at+jwt", true),
        ("text/jwt", "jwt", false),
        ("jwt", "at+jwt", false),
        ("application/a/b", "a/b", false),
        ("a/b", "a/b", true),
        ("", "", true),
        ("application/", "", true),
        ("jwt ", "jwt", false),
    ] {
        let text = typ(received);
        let header = JoseHeader::parse(text.as_bytes()).unwrap();
        assert_eq!(header.is_typ(expected), same, "{received} {expected}");
        assert_eq!(header.is_cty(expected), same, "{received} {expected}");
    }
    let none = JoseHeader::parse(b"{}").unwrap();
    assert!(!none.is_typ("") && !none.is_cty(""));
}

/// Covers E3.
#[test]
fn a_parameter_in_two_headers_is_refused() {
    let one = JoseHeader::parse(br#"{"alg":"a","x":1}"#).unwrap();
    for (other, disjoint) in [
        (&br#"{"kid":"a"}"#[..], true),
        (br#"{}"#, true),
        (br#"{"kid":"a","x":null}"#, false),
        (br#"{"\u0078":2}"#, false),
    ] {
        let other = JoseHeader::parse(other).unwrap();
        assert_eq!(one.check_disjoint(&other).is_ok(), disjoint);
        assert_eq!(other.check_disjoint(&one).is_ok(), disjoint);
    }
}

#[test]
fn members_are_written_in_the_order_of_the_calls() {
    let members = HeaderBuilder::new().string("b", "1\"").unwrap().json("a", "[1, 2]").unwrap();
    let header = Header { typ: Some("T"), kid: Some("k"), ..members.header() };
    let mut out = String::new();
    header.write(&[("alg", "ES256")], &mut out).unwrap();
    assert_eq!(out, r#"{"alg":"ES256","typ":"T","kid":"k","b":"1\"","a":[1, 2]}"#);
}

#[test]
fn a_parameter_is_not_written_twice() {
    assert!(matches!(HeaderBuilder::new().string("a", "1").unwrap().json("a", "2"), Err(Error::Invalid(_))));
    for (header, name) in [
        (Header { members: Some(r#"{"alg":"none"}"#), ..Header::default() }, "alg"),
        (Header { typ: Some("a"), members: Some(r#"{"typ":"b"}"#), ..Header::default() }, "typ"),
        (Header { kid: Some("a"), members: Some(r#"{"k\u0069d":"b"}"#), ..Header::default() }, "kid"),
        (Header { cty: Some("a"), members: Some(r#"{"cty":"a"}"#), ..Header::default() }, "cty"),
    ] {
        assert_eq!(header.write(&[("alg", "ES256")], &mut String::new()), Err(Error::Invalid(name)));
    }
    let bad = Header { members: Some("[]"), ..Header::default() };
    assert!(matches!(bad.write(&[], &mut String::new()), Err(Error::Encoding(_))));
}

#[test]
fn a_public_key_in_the_header_is_public() {
    let public = Jwk::from_json(ED25519_PRIVATE).unwrap().to_public().unwrap();
    let members = HeaderBuilder::new().jwk(&public).unwrap();
    let mut out = String::new();
    members.header().write(&[("alg", "EdDSA")], &mut out).unwrap();
    assert_eq!(
        out,
        r#"{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}"#
    );
}
