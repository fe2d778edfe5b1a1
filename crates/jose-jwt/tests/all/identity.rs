//! T03, T05, F4, F5: who made it, for whom, about whom, and what it is.

use jose_jwt::{Audience, Error, JwtVerifier, NoClaims, Reason};

use super::help::{claim, claims, key, now, refusal, token, verifier};

/// Covers T05, F4.
#[test]
fn an_audience_in_common_and_exact() {
    let mismatch = || claim("aud", Reason::Mismatch);
    for (aud, expected) in [
        (r#""aud":"api""#, None),
        (r#""aud":["api"]"#, None),
        (r#""aud":["web","api"]"#, None),
        (r#""aud":["api","api"]"#, None),
        (r#""aud":"\u0061pi""#, None),
        (r#""aud":"ap""#, mismatch()),
        (r#""aud":"api2""#, mismatch()),
        (r#""aud":"API""#, mismatch()),
        (r#""aud":"api ""#, mismatch()),
        (r#""aud":"""#, mismatch()),
        (r#""aud":"a.i""#, mismatch()),
        (r#""aud":"api,web""#, mismatch()),
        (r#""aud":[]"#, mismatch()),
        (r#""aud":["web"]"#, mismatch()),
        (r#""aud":["","ap","pi"]"#, mismatch()),
        (r#""aud":["api",1]"#, claim("aud", Reason::Invalid)),
        (r#""aud":{"api":1}"#, claim("aud", Reason::Invalid)),
        (r#""AUD":"api""#, claim("aud", Reason::Missing)),
    ] {
        let verifier = JwtVerifier::new(key()).any_issuer().audience("api");
        assert_eq!(refusal(&verifier, claims(aud)), expected, "{aud}");
    }
    let several = JwtVerifier::new(key()).any_issuer().audience(["api", "web"]);
    assert_eq!(refusal(&several, claims(r#""aud":"web""#)), None);
    assert_eq!(refusal(&several, claims(r#""aud":["x","web"]"#)), None);
    assert_eq!(refusal(&several, claims(r#""aud":"x""#)), mismatch());
    assert_eq!(refusal(&several, claims("")), claim("aud", Reason::Missing));
    // No audience at all is not any audience.
    let none = JwtVerifier::new(key()).any_issuer().audience(Audience::default());
    for aud in [r#""aud":"api""#, r#""aud":"""#, r#""aud":[]"#] {
        assert_eq!(refusal(&none, claims(aud)), mismatch(), "{aud}");
    }
}

/// Covers F5.
#[test]
fn an_issuer_is_one_string_and_exact() {
    const OWN: &str = "https://issuer.example";
    for (iss, expected) in [
        (r#""iss":"https://issuer.example""#, None),
        (r#""iss":"https:\/\/issuer.example""#, None),
        (r#""iss":"https://issuer.example/""#, claim("iss", Reason::Mismatch)),
        (r#""iss":"https://issuer.exampl""#, claim("iss", Reason::Mismatch)),
        (r#""iss":"https://issuer-example""#, claim("iss", Reason::Mismatch)),
        (r#""iss":"HTTPS://issuer.example""#, claim("iss", Reason::Mismatch)),
        (r#""iss":"""#, claim("iss", Reason::Mismatch)),
        (r#""iss":["https://issuer.example"]"#, claim("iss", Reason::Invalid)),
        (r#""iss":["https://attacker.example","https://issuer.example"]"#, claim("iss", Reason::Invalid)),
        (r#""iss":null"#, claim("iss", Reason::Invalid)),
        ("", claim("iss", Reason::Missing)),
    ] {
        let verifier = JwtVerifier::new(key()).issuer(OWN).any_audience();
        assert_eq!(refusal(&verifier, claims(iss)), expected, "{iss}");
    }
    let several = JwtVerifier::new(key()).issuer(["https://other.example", OWN]).any_audience();
    assert_eq!(refusal(&several, claims(r#""iss":"https://issuer.example""#)), None);
    assert_eq!(refusal(&several, claims(r#""iss":"https://third.example""#)), claim("iss", Reason::Mismatch));
    let none = JwtVerifier::new(key()).issuer(Audience::default()).any_audience();
    assert_eq!(refusal(&none, claims(r#""iss":"""#)), claim("iss", Reason::Mismatch));
}

/// J15: by a function of the caller's, which sees the text without its escapes.
///
/// Covers J15.
#[test]
fn issuer_and_audience_by_a_predicate() {
    let verifier = JwtVerifier::new(key())
        .issuer_by(|iss| iss.strip_prefix("https://").is_some_and(|host| host.ends_with(".issuer.example")))
        .audience_by(|aud| aud.eq_ignore_ascii_case("api"));
    let with = |iss: &str, aud: &str| refusal(&verifier, claims(&format!(r#""iss":"{iss}","aud":{aud}"#)));
    assert_eq!(with("https://t1.issuer.example", r#""API""#), None);
    assert_eq!(with("https:\\/\\/t1.issuer.example", r#"["web","Api"]"#), None);
    assert_eq!(with("https://issuer.example", r#""api""#), claim("iss", Reason::Mismatch));
    assert_eq!(with("https://t1.issuer.example", r#"["web"]"#), claim("aud", Reason::Mismatch));
    assert_eq!(refusal(&verifier, claims(r#""aud":"api""#)), claim("iss", Reason::Missing));
}

/// Covers T03.
#[test]
fn sub_jti_and_nonce_are_required_where_expected() {
    let verifiers = [
        ("sub", verifier().subject("value")),
        ("jti", verifier().jwt_id("value")),
        ("nonce", verifier().nonce("value")),
    ];
    for (name, verifier) in verifiers {
        let with = |value: &str| refusal(&verifier, claims(&format!(r#""{name}":{value}"#)));
        assert_eq!(with(r#""value""#), None);
        assert_eq!(with(r#""v\u0061lue""#), None);
        for other in [r#""""#, r#""valu""#, r#""values""#, r#""VALUE""#, r#""value ""#] {
            assert_eq!(with(other), claim(name, Reason::Mismatch), "{name}: {other}");
        }
        for wrong in ["null", "1", r#"["value"]"#, r#"{"value":1}"#] {
            assert_eq!(with(wrong), claim(name, Reason::Invalid), "{name}: {wrong}");
        }
        assert_eq!(refusal(&verifier, claims("")), claim(name, Reason::Missing));
    }
}

/// Covers T03.
#[test]
fn a_required_claim_has_any_value() {
    let verifier = || verifier().require("scope").require(String::from("tenant"));
    for (members, expected) in [
        (r#""scope":"read","tenant":1"#, None),
        (r#""scope":null,"tenant":[]"#, None),
        (r#""scope":"read""#, claim("tenant", Reason::Missing)),
        (r#""tenant":1"#, claim("scope", Reason::Missing)),
        (r#""x":{"scope":1,"tenant":1}"#, claim("scope", Reason::Missing)),
    ] {
        assert_eq!(refusal(&verifier(), claims(members)), expected, "{members}");
    }
}

/// Covers T03.
#[test]
fn typ_is_compared_as_a_media_type() {
    let with = |expected: &str, typ: Option<&str>| {
        let header = typ.map_or(jose_jws::Header::new(), |typ| jose_jws::Header::new().typ(typ));
        let token = jose_jws::compact::sign(&key(), claims("").as_bytes(), &header).unwrap();
        verifier().typ(expected).at(now()).verify::<NoClaims>(&token).err()
    };
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert_eq!(with("at+jwt", Some(typ)), None, "{typ}");
        assert_eq!(with("application/at+jwt", Some(typ)), None, "{typ}");
    }
    for typ in ["JWT", "at+jwt ", "text/at+jwt", "application/application/at+jwt", "", "t+jwt"] {
        assert_eq!(with("at+jwt", Some(typ)), Some(Error::Typ(Reason::Mismatch)), "{typ}");
    }
    assert_eq!(with("at+jwt", None), Some(Error::Typ(Reason::Missing)));
    // Where nothing is expected, any will do.
    assert_eq!(verifier().at(now()).verify::<NoClaims>(&token(claims(""))).err(), None);
}
