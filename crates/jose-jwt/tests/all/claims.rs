//! T01, T09, J05: claims as they are written, and as they are read.

use core::time::Duration;
use std::collections::BTreeMap;

use jose_jws::Header;
use jose_jwt::{Audience, Claims, Error, NoClaims, NumericDate, Reason, Token};
use serde::{Deserialize, Serialize};

use super::help::{NOW, claim, claims, date, key, now, token, verifier};

fn json<T: Serialize>(claims: &Claims<T>) -> Result<String, Error> {
    Token::at(claims, now()).to_json()
}

/// Covers T01.
#[test]
fn each_claim_is_written_once_and_in_order() {
    let full = Claims::new()
        .issuer("https://issuer.example")
        .subject("alice \"\u{e9}\"\n")
        .audience(["api", "web"])
        .expires_at(date("1700000600.5"))
        .not_before(date("-1"))
        .issued_at(date("1699999999"))
        .jwt_id("id-1")
        .with(BTreeMap::from([("nonce", "n-1")]));
    assert_eq!(
        json(&full).unwrap(),
        "{\"iss\":\"https://issuer.example\",\"sub\":\"alice \\\"\u{e9}\\\"\\n\",\"aud\":[\"api\",\"web\"],\
         \"exp\":1700000600.5,\"nbf\":-1,\"iat\":1699999999,\"jti\":\"id-1\",\"nonce\":\"n-1\"}",
    );
    let none = Claims::new().without_issued_at();
    assert_eq!(json(&none).unwrap(), "{}");
}

/// Covers T01.
#[test]
fn one_audience_is_a_string_and_several_are_a_list() {
    let aud = |names: Audience| json(&Claims::new().without_issued_at().audience(names)).unwrap();
    assert_eq!(aud("api".into()), r#"{"aud":"api"}"#);
    assert_eq!(aud(String::from("api").into()), r#"{"aud":"api"}"#);
    assert_eq!(aud(["api"].into()), r#"{"aud":"api"}"#);
    assert_eq!(aud(["api", "web"].into()), r#"{"aud":["api","web"]}"#);
    assert_eq!(aud(Audience::default()), r#"{"aud":[]}"#);
}

/// J05: spans count from `iat` where it is given, and from the time of signing otherwise. J07: no `iat` on request.
///
/// Covers T01, J05, J07.
#[test]
fn iat_and_the_spans_after_it() {
    let spans =
        || Claims::new().expires_in(Duration::from_secs(600)).not_before_in(Duration::from_millis(500));
    assert_eq!(json(&spans()).unwrap(), format!(r#"{{"exp":{},"nbf":{NOW}.5,"iat":{NOW}}}"#, NOW + 600));
    let given = spans().issued_at(date("1000"));
    assert_eq!(json(&given).unwrap(), r#"{"exp":1600,"nbf":1000.5,"iat":1000}"#);
    let without = Claims::new().expires_in(Duration::from_secs(600)).without_issued_at();
    assert_eq!(json(&without).unwrap(), format!(r#"{{"exp":{}}}"#, NOW + 600));
    let own_now =
        Claims::new().expires_at(date("1000").saturating_add(Duration::from_secs(1))).without_issued_at();
    assert_eq!(json(&own_now).unwrap(), r#"{"exp":1001}"#);
}

/// T02: spans as text.
///
/// Covers T02.
#[cfg(feature = "std")]
#[test]
fn spans_of_time_as_text_have_units() {
    let exp = |span: &str| {
        Claims::new().without_issued_at().expires_in_text(span).map(|claims| json(&claims).unwrap())
    };
    for (span, seconds) in [
        ("1s", 1),
        ("90 seconds", 90),
        ("5m", 300),
        ("5 minutes", 300),
        ("10h", 36_000),
        ("2 days", 172_800),
        ("7d", 604_800),
        ("2 weeks", 1_209_600),
        ("1h 30m", 5400),
    ] {
        assert_eq!(exp(span), Ok(format!(r#"{{"exp":{}}}"#, NOW + seconds)), "{span}");
    }
    for bad in ["", "600", "10 fortnights", "h", "-5m", "soon", "99999999999999999999 days"] {
        assert_eq!(exp(bad), Err(Error::Span), "{bad}");
    }
}

/// Covers T01.
#[test]
fn a_claim_that_is_set_twice_is_an_error() {
    let twice = [
        Claims::new().issuer("a").issuer("a"),
        Claims::new().subject("a").subject("b"),
        Claims::new().audience("a").audience("b"),
        Claims::new().expires_at(now()).expires_at(now()),
        Claims::new().expires_at(now()).expires_in(Duration::ZERO),
        Claims::new().expires_in(Duration::ZERO).expires_in(Duration::ZERO),
        Claims::new().not_before(now()).not_before(now()),
        Claims::new().not_before(now()).not_before_in(Duration::ZERO),
        Claims::new().issued_at(now()).issued_at(now()),
        Claims::new().issued_at(now()).without_issued_at(),
        Claims::new().jwt_id("a").jwt_id("b"),
    ];
    let names = ["iss", "sub", "aud", "exp", "exp", "exp", "nbf", "nbf", "iat", "iat", "jti"];
    for (claims, name) in twice.into_iter().zip(names) {
        let set_twice = Err(Error::ClaimTwice { claim: name.into() });
        assert_eq!(json(&claims), set_twice, "{claims:?}");
        assert_eq!(Token::at(&claims, now()).sign(&key()), set_twice);
        // That other claims are taken along does not make it once.
        assert_eq!(json(&claims.with(NoClaims {})), set_twice);
    }
    let beside = Claims::new().issuer("a").with(BTreeMap::from([("iss", "b")]));
    assert_eq!(json(&beside), Err(Error::ClaimTwice { claim: "iss".into() }));
}

/// Covers J02.
#[test]
fn the_callers_claims_are_an_object() {
    let refused = |result: Result<String, Error>| assert_eq!(result.unwrap_err().code(), "claims-write");
    refused(json(&Claims::new().with([1, 2])));
    refused(json(&Claims::new().with("text")));
    refused(json(&Claims::new().with(())));
    refused(json(&Claims::new().with(BTreeMap::from([((1, 2), 3)]))));
    let deep = (0..20).fold(serde_json::json!(1), |value, _| serde_json::json!({ "x": value }));
    refused(json(&Claims::new().with(deep)));
}

/// E11 on the way out: a registered claim in the caller's own type has its type too.
///
/// Covers E11.
#[test]
fn a_registered_claim_of_a_wrong_type_is_not_signed() {
    for (name, value) in
        [("exp", serde_json::json!("soon")), ("aud", serde_json::json!(1)), ("iss", serde_json::json!(null))]
    {
        let own = Claims::new().with(BTreeMap::from([(name, value)]));
        let error = Token::at(&own, now()).sign(&key()).err();
        assert_eq!(error, claim(name, Reason::Invalid));
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Access {
    scope: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<u32>,
}

/// Covers T09.
#[test]
fn what_was_signed_comes_back_typed() {
    let own = Access { scope: "read".into(), tenant: Some(7) };
    let written = Claims::new()
        .issuer("i")
        .subject("s")
        .audience(["a", "b"])
        .expires_in(Duration::from_secs(600))
        .not_before(date("0.5"))
        .jwt_id("j")
        .with(own.clone());
    let header = Header::new().kid("k");
    let token = Token::at(&written, now()).header(header).sign(&key().with_kid("k")).unwrap();
    let verified = verifier().at(now()).verify::<Access>(&token).unwrap();
    assert_eq!(verified.alg().as_str(), "HS256");
    assert_eq!(verified.key_index(), 0);
    assert_eq!(verified.header().text(), r#"{"alg":"HS256","typ":"JWT","kid":"k"}"#);
    let claims = verified.claims();
    assert_eq!((claims.iss(), claims.sub(), claims.jti()), (Some("i"), Some("s"), Some("j")));
    assert_eq!(claims.aud().unwrap().iter().collect::<Vec<_>>(), ["a", "b"]);
    assert!(claims.aud().unwrap().contains("b") && !claims.aud().unwrap().contains("B"));
    assert_eq!(claims.exp(), Some(NumericDate::from_seconds(NOW + 600)));
    assert_eq!(claims.nbf(), Some(date("0.5")));
    assert_eq!(claims.iat(), Some(now()));
    assert_eq!(claims.custom(), &own);
    assert_eq!(verified.into_claims().into_custom(), own);
}

/// Covers T09.
#[test]
fn claims_that_nobody_knows_are_kept_on_request() {
    let token = token(claims(r#""scope":"read","x":{"y":[1,2]},"big":123456789012345678901234567890"#));
    let verified = verifier().at(now()).verify::<BTreeMap<String, serde_json::Value>>(&token).unwrap();
    let all = verified.claims().custom();
    assert_eq!(all["x"]["y"][1], 2);
    assert_eq!(all.keys().collect::<Vec<_>>(), ["big", "exp", "scope", "x"]);
    // Valid, and not of the type that was asked for.
    let error = verifier().at(now()).verify::<Access>(&super::help::token(claims(""))).unwrap_err();
    assert_eq!(error.code(), "claims-type");
    assert!(error.to_string().contains("missing field `scope`"), "{error}");
}
