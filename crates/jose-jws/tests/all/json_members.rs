//! The members of the JSON serializations: W07, W16, E2, E3, E6, E7, E11, E12.

use jose_b64::base64url::encode_to_string;
use jose_jws::json::{Builder, Headers, Limits, Protected, Unverified};
use jose_jws::{Error, HeaderError};

use super::json::{HS256, flattened, general, mac, members, signature, verify};

/// Covers E12.
#[test]
fn what_is_empty_is_refused() {
    let empty = |name| Err(Error::Member(name));
    assert_eq!(verify(r#"{"payload":"e30","signatures":[]}"#), empty("signatures"));
    let right = signature(&mac(), HS256, "e30");
    for protected in [r#""""#, r#""e30""#] {
        let text =
            format!(r#"{{"payload":"e30","protected":{protected},"header":{HS256},"signature":"{right}"}}"#);
        assert_eq!(verify(&text), empty("protected"), "{text}");
    }
    assert_eq!(verify(&flattened(&mac(), HS256, "{}")), empty("header"));
    assert_eq!(verify(&format!(r#"{{"payload":"e30","signature":"{right}"}}"#)), empty("protected"));
    let headers = Headers { unprotected: Some("{}"), ..Headers::default() };
    assert_eq!(Builder::new(b"").sign(&mac(), headers).map(|_| Vec::new()), empty("header"));
    let headers = Headers { protected: Protected::Text("{}"), unprotected: Some(HS256) };
    assert_eq!(Builder::new(b"").sign(&mac(), headers).map(|_| Vec::new()), empty("protected"));
}

/// Each member as each JSON type that it is not, and each one missing.
///
/// Covers E11.
#[test]
fn members_have_their_types() {
    let protected = encode_to_string(HS256.as_bytes());
    let right = signature(&mac(), HS256, "e30");
    let values = |skip: &str| {
        let all = [
            ("null", "null"),
            ("bool", "true"),
            ("number", "1"),
            ("string", r#""e30""#),
            ("array", "[]"),
            ("object", r#"{"x":1}"#),
        ];
        all.into_iter().filter(move |(kind, _)| *kind != skip).map(|(_, value)| value).collect::<Vec<_>>()
    };
    let text = |payload: &str, protected: &str, header: &str, signature: &str| {
        format!(
            r#"{{"payload":{payload},"protected":{protected},"header":{header},"signature":{signature}}}"#
        )
    };
    let (payload, protected, right) = (r#""e30""#, format!("\"{protected}\""), format!("\"{right}\""));
    let header = r#"{"note":1}"#;
    assert!(verify(&text(payload, &protected, header, &right)).is_ok());
    for value in values("string") {
        assert_eq!(verify(&text(value, &protected, header, &right)), Err(Error::Member("payload")));
        assert_eq!(verify(&text(payload, value, header, &right)), Err(Error::Member("protected")));
        assert_eq!(verify(&text(payload, &protected, header, value)), Err(Error::Member("signature")));
        assert_eq!(
            verify(&format!(r#"[{}]"#, text(payload, &protected, header, &right))),
            Err(Error::Json(jose_b64::Error::NotAnObject))
        );
    }
    for value in values("object") {
        assert_eq!(verify(&text(payload, &protected, value, &right)), Err(Error::Member("header")));
        assert_eq!(
            verify(&format!(r#"{{"payload":"e30","signatures":[{value}]}}"#)),
            Err(Error::Member("signatures"))
        );
    }
    for value in values("array") {
        assert_eq!(
            verify(&format!(r#"{{"payload":"e30","signatures":{value}}}"#)),
            Err(Error::Member("signatures"))
        );
    }
    assert_eq!(
        verify(&format!(r#"{{"protected":{protected},"signature":{right}}}"#)),
        Err(Error::PayloadMissing)
    );
    assert_eq!(
        verify(&format!(r#"{{"payload":"e30","protected":{protected}}}"#)),
        Err(Error::Member("signature"))
    );
    assert_eq!(verify("{}"), Err(Error::Member("protected")));
    // The two forms do not mix.
    let list = members(&mac(), HS256, "", "e30");
    for (name, value) in
        [("signature", &right), ("protected", &protected), ("header", &r#"{"x":1}"#.to_owned())]
    {
        let text = format!(r#"{{"payload":"e30","signatures":[{{{list}}}],"{name}":{value}}}"#);
        assert_eq!(verify(&text), Err(Error::Member(name)));
    }
    // What is not known is ignored, wherever it stands.
    let text = format!(r#"{{"iv":1,"payload":"e30","signatures":[{{"x":null,{list}}}],"recipients":[]}}"#);
    assert_eq!(verify(&text).unwrap(), b"{}");
}

/// Covers E2.
#[test]
fn no_member_stands_twice() {
    let duplicate = Error::Json(jose_b64::Error::DuplicateMember);
    let list = members(&mac(), HS256, r#"{"x":1}"#, "e30");
    let once = format!(r#"{{"payload":"e30",{list}}}"#);
    assert!(verify(&once).is_ok());
    for name in ["payload", "protected", "header", "signature", "extra"] {
        for spelling in [name.to_owned(), format!("\\u{:04x}{}", name.as_bytes()[0], &name[1..])] {
            let extra = if name == "extra" { r#""extra":1,"# } else { "" };
            let text = format!(r#"{{{extra}"payload":"e30",{list},"{spelling}":1}}"#);
            assert_eq!(verify(&text), Err(duplicate.clone()), "{text}");
        }
    }
    let inner = format!(r#"{{"payload":"e30",{}}}"#, list.replace(r#"{"x":1}"#, r#"{"x":1,"x":1}"#));
    assert_eq!(verify(&inner), Err(duplicate));
    let protected = r#"{"alg":"HS256","alg":"HS256"}"#;
    assert_eq!(
        verify(&flattened(&mac(), protected, "")),
        Err(Error::Header(HeaderError::Encoding(jose_b64::Error::DuplicateMember)))
    );
}

/// E6, in every member that is base64url.
///
/// Covers E6, W16.
#[test]
fn members_are_strict_base64url() {
    let (protected, right) = (encode_to_string(HS256.as_bytes()), signature(&mac(), HS256, "e30"));
    let text = |payload: &str, protected: &str, signature: &str| {
        format!(r#"{{"payload":"{payload}","protected":"{protected}","signature":"{signature}"}}"#)
    };
    assert!(verify(&text("e30", &protected, &right)).is_ok());
    for bad in ["=", "+", "/", " ", "\\n", ".", "\\u0000", "é"] {
        for error in [
            verify(&text(&format!("e30{bad}"), &protected, &right)),
            verify(&text("e30", &format!("{protected}{bad}"), &right)),
            verify(&text("e30", &protected, &format!("{right}{bad}"))),
        ] {
            assert!(
                matches!(error, Err(Error::Encoding { .. } | Error::Header(HeaderError::Encoding(_)))),
                "{bad}: {error:?}"
            );
        }
    }
    // An escape in the JSON text is another spelling of the same string.
    let spelled = format!("\\u{:04x}{}", protected.as_bytes()[0], &protected[1..]);
    assert!(verify(&text("\\u006530", &spelled, &right)).is_ok());
}

/// Covers E7.
#[test]
fn the_number_of_signatures_is_limited() {
    let list = |count| general(&vec![members(&mac(), HS256, "", "e30"); count]);
    assert!(verify(&list(16)).is_ok());
    assert_eq!(verify(&list(17)), Err(Error::SignaturesTooMany));
    let limits = Limits { max_signatures: 20, ..Limits::DEFAULT };
    let text = list(20);
    assert_eq!(Unverified::parse_with(&text, &limits).unwrap().signature_count(), 20);
    let limits = Limits { max_len: text.len() - 1, ..limits };
    assert_eq!(Unverified::parse_with(&text, &limits).unwrap_err(), Error::Json(jose_b64::Error::TooLong));
    let long = format!(r#"{{"alg":"HS256","x":"{}"}}"#, "x".repeat(16 * 1024));
    for text in
        [flattened(&mac(), &long, ""), flattened(&mac(), HS256, &long.replace("\"alg\":\"HS256\",", ""))]
    {
        assert_eq!(verify(&text), Err(Error::Header(HeaderError::TooLong)));
    }
}

/// Covers E3, W07.
#[test]
fn no_name_stands_in_both_headers() {
    let disjoint = Error::Header(HeaderError::NotDisjoint);
    for name in ["x", "kid", "typ", "alg", "jwk", "é"] {
        for (one, other) in
            [("null", "null"), ("\"a\"", "\"a\""), ("\"a\"", "null"), ("1", "2"), ("{}", "[]")]
        {
            let protected = match name {
                "alg" => HS256.to_owned(),
                _ => format!(r#"{{"alg":"HS256","{name}":{one}}}"#),
            };
            let header = format!(r#"{{"{name}":{other}}}"#);
            let text = flattened(&mac(), &protected, &header);
            let registered = ["kid", "typ", "alg", "jwk"].contains(&name);
            let error = verify(&text).unwrap_err();
            // A parameter that is known has its type besides.
            assert!(error == disjoint || registered, "{name}: {error:?}");
            let headers = Headers { protected: Protected::Text(&protected), unprotected: Some(&header) };
            assert!(Builder::new(b"{}").sign(&mac(), headers).is_err(), "{name}");
        }
    }
    for (protected, header) in [
        (r#"{"alg":"HS256","kid":"a"}"#, r#"{"kid":"a"}"#),
        (HS256, HS256),
        (r#"{"alg":"HS256","x":1}"#, r#"{"\u0078":1}"#),
    ] {
        assert_eq!(verify(&flattened(&mac(), protected, header)).unwrap_err(), disjoint);
    }
    // In one of several signatures it is as wrong as in one.
    let list =
        [members(&mac(), HS256, "", "e30"), members(&mac(), r#"{"alg":"HS256","x":1}"#, r#"{"x":1}"#, "e30")];
    assert_eq!(verify(&general(&list)).unwrap_err(), disjoint);
}
