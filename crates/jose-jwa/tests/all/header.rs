//! The JOSE header as received and as written.

use jose_jwa::header::{Header, HeaderError, JoseHeader, MAX_HEADER_LEN, Parameters};

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
            let expected = if value == right { Ok(()) } else { Err(HeaderError::Invalid(name)) };
            assert_eq!(result, expected, "{text}");
        }
    }
    assert_eq!(JoseHeader::parse(br#"{"x5c":["a",1]}"#).unwrap_err(), HeaderError::Invalid("x5c"));
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
        assert!(matches!(JoseHeader::parse(text.as_bytes()), Err(HeaderError::Encoding(_))), "{text}");
    }
    assert!(matches!(JoseHeader::parse(b"{\"a\":\"\xff\"}"), Err(HeaderError::Encoding(_))));
}

/// Covers E7.
#[test]
fn a_header_over_the_limit_is_refused() {
    let fits = format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_HEADER_LEN - 8));
    assert_eq!(fits.len(), MAX_HEADER_LEN);
    assert!(JoseHeader::parse(fits.as_bytes()).is_ok());
    let over = format!("{fits} ");
    assert_eq!(JoseHeader::parse(over.as_bytes()).unwrap_err(), HeaderError::TooLong);
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

/// Headers of many parameters are compared in another way, and found out alike.
///
/// Covers E3.
#[test]
fn a_parameter_in_two_long_headers_is_refused() {
    // The last one is what two headers may share.
    let long = |prefix: &str, count: usize, last: &str| {
        let members: String = (0..count).map(|at| format!(r#""{prefix}{at}":{at},"#)).collect();
        format!("{{{members}{last}}}")
    };
    for (own, others) in [(40, 40), (40, 2), (2, 40), (16, 16), (17, 15)] {
        for (last, disjoint) in [
            (r#""kid":"a""#, true),
            (r#""x":null"#, false),
            (r#""\u0078":2"#, false),
            (r#""o0":2,"own1":1"#, false),
        ] {
            let (one, other) = (long("own", own, r#""x":1"#), long("other", others, last));
            let one = JoseHeader::parse(one.as_bytes()).unwrap();
            let other = JoseHeader::parse(other.as_bytes()).unwrap();
            assert_eq!(one.check_disjoint(&other).is_ok(), disjoint, "{own} {others} {last}");
            assert_eq!(other.check_disjoint(&one).is_ok(), disjoint, "{own} {others} {last}");
        }
    }
}

#[test]
fn a_header_of_nothing_is_the_default() {
    let header = JoseHeader::default();
    assert!(header.is_empty() && header.alg().is_none());
    assert_eq!(format!("{header:?}"), "{}");
    let parsed = JoseHeader::parse(br#"{"alg":"ES256"}"#).unwrap();
    assert_eq!(format!("{parsed:?}"), r#"{"alg":"ES256"}"#);
    assert_eq!(format!("{:?}", Parameters::default()), format!("{:?}", Parameters::new()));
}

#[test]
fn members_are_written_in_the_order_of_the_calls() {
    let parameters = Parameters::new().string("b", "1\"").unwrap().json("a", "[1, 2]").unwrap();
    let header = parameters.header().typ("T").kid("k");
    let mut out = String::new();
    header.write(&[("alg", "ES256")], &mut out).unwrap();
    assert_eq!(out, r#"{"alg":"ES256","typ":"T","kid":"k","b":"1\"","a":[1, 2]}"#);
}

#[test]
fn a_parameter_is_not_written_twice() {
    let twice = Parameters::new().string("b", "1").unwrap().json("b", "2");
    assert_eq!(twice.err(), Some(HeaderError::Duplicate));
    for (header, text) in [
        (Header::new().typ("a"), r#"{"typ":"b"}"#),
        (Header::new().kid("a"), r#"{"k\u0069d":"b"}"#),
        (Header::new().cty("a"), r#"{"cty":"a"}"#),
    ] {
        let header = header.parameters(text).unwrap();
        assert_eq!(header.write(&[("alg", "ES256")], &mut String::new()), Err(HeaderError::Duplicate));
    }
    for (text, name) in
        [(r#"{"alg":"none"}"#, "alg"), (r#"{"\u0061lg":"none"}"#, "alg"), (r#"{"enc":"x"}"#, "enc")]
    {
        assert_eq!(Header::new().parameters(text).err(), Some(HeaderError::Reserved(name)), "{text}");
        let through = Parameters::new().string(name, "none").unwrap();
        let written = through.header().write(&[(name, "ES256")], &mut String::new());
        assert_eq!(written, Err(HeaderError::Reserved(name)));
    }
    assert!(matches!(Header::new().parameters("[]"), Err(HeaderError::Encoding(_))));
}

#[test]
fn what_was_set_can_be_asked_for() {
    let header = Header::new().typ("JWT").parameters(r#"{"kid":"k","x":1}"#).unwrap();
    for (name, set) in [("typ", true), ("kid", true), ("x", true), ("cty", false), ("alg", false)] {
        assert_eq!(header.has(name), set, "{name}");
    }
    assert_eq!(header.own_kid(), Some("k"));
    assert_eq!(header.get("x").unwrap().raw(), "1");
    assert!(Header::new().extra().is_none());
}
