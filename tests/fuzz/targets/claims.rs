//! Claims that are accepted are what an independent reading says, dates digit by digit, and what is refused is refused
//! for a rule; claims that are written again are the same.

#![no_main]

use std::{collections::BTreeMap, time::Duration};

use jose_fuzz::{decimal, depth, has_huge_number, keys::HS256, object};
use jose_jws::{Header, compact};
use jose_jwt::{Audience, Claims, JwtVerifier, NoClaims, NumericDate, Token, Verified};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, value::RawValue};

fuzz_target!(|input: &[u8]| {
    if let Ok(text) = str::from_utf8(input) {
        date(text);
        text.split(['\n', ',', ':']).for_each(date);
    }
    let token = compact::sign(&*HS256, input, &Header::new()).expect("a signature");
    let verifier = JwtVerifier::new(HS256.clone()).any_issuer().any_audience().expiry_optional();
    let verifier =
        verifier.dangerous_ignore_expiry().dangerous_ignore_not_before().dangerous_ignore_confirmation();
    let verified = verifier.at(NumericDate::from_seconds(0)).verify::<NoClaims>(&token);
    let reference = object(input);
    match (&verified, &reference) {
        (Ok(verified), Some(members)) => accepted(input, verified, members),
        (Ok(_), None) => assert!(has_huge_number(input)),
        (Err(error), Some(members)) => {
            assert!(!is_well_formed(input, members) || depth(&members.clone().into()) > 16, "{error}");
        }
        (Err(_), None) => {}
    }
    let shown = jose_jwt::dangerous_decode(&token);
    assert!(verified.is_err() || shown.is_ok());
});

/// The dates as they are written.
fn dates(input: &[u8]) -> BTreeMap<String, Box<RawValue>> {
    serde_json::from_slice(input).expect("an object")
}

/// RFC 7519 section 4.1.
fn is_well_formed(input: &[u8], members: &Map<String, Value>) -> bool {
    let raw = dates(input);
    members.iter().all(|(name, value)| match name.as_str() {
        "iss" | "sub" | "jti" => value.is_string(),
        "aud" => {
            value.is_string() || value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
        }
        "exp" | "nbf" | "iat" => value.is_number() && decimal::date(raw[name].get()).is_some(),
        _ => true,
    })
}

fn accepted(input: &[u8], verified: &Verified<NoClaims>, members: &Map<String, Value>) {
    assert!(is_well_formed(input, members));
    assert_eq!(verified.payload_text().as_bytes(), input);
    let claims = verified.claims();
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    assert_eq!((claims.iss(), claims.sub(), claims.jti()), (text("iss"), text("sub"), text("jti")));
    let aud: Option<Vec<&str>> = members.get("aud").map(|aud| match aud {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    });
    assert_eq!(claims.aud().map(|aud| aud.iter().collect()), aud);
    let raw = dates(input);
    for (name, date) in [("exp", claims.exp()), ("nbf", claims.nbf()), ("iat", claims.iat())] {
        let expected = raw.get(name).and_then(|raw| decimal::date(raw.get()));
        assert_eq!(date.map(|date| (date.seconds(), date.subsec_nanos())), expected, "{name}");
    }
    // A date with a fraction is written as the nearest number that a `f64` holds.
    if [claims.exp(), claims.nbf(), claims.iat()].iter().flatten().all(|date| date.subsec_nanos() == 0) {
        again(claims);
    }
}

fn again(claims: &Claims<NoClaims>) {
    let mut same = Claims::new();
    same = claims.iss().into_iter().fold(same, |same, iss| same.issuer(iss));
    same = claims.sub().into_iter().fold(same, |same, sub| same.subject(sub));
    same = claims.jti().into_iter().fold(same, |same, jti| same.jwt_id(jti));
    same = claims.aud().into_iter().fold(same, |same, aud| same.audience(aud.iter().collect::<Audience>()));
    same = claims.exp().into_iter().fold(same, Claims::expires_at);
    same = claims.nbf().into_iter().fold(same, Claims::not_before);
    same = match claims.iat() {
        Some(iat) => same.issued_at(iat),
        None => same.without_issued_at(),
    };
    let now = NumericDate::from_seconds(0);
    let token = Token::at(&same, now).sign(&*HS256).expect("a signature");
    let verifier = JwtVerifier::new(HS256.clone()).any_issuer().any_audience().expiry_optional();
    let verifier = verifier.dangerous_ignore_expiry().dangerous_ignore_not_before();
    let verified = verifier.at(now).verify::<NoClaims>(&token).expect("what was signed");
    assert_eq!(verified.claims(), claims);
}

fn date(text: &str) {
    let date = NumericDate::parse(text);
    assert_eq!(date.map(|date| (date.seconds(), date.subsec_nanos())), decimal::date(text), "{text}");
    let Some(date) = date else { return };
    assert_eq!(NumericDate::parse(&date.to_string()), Some(date));
    let nanos =
        |date: NumericDate| i128::from(date.seconds()) * 1_000_000_000 + i128::from(date.subsec_nanos());
    let is_date = |nanos: i128| i64::try_from(nanos.div_euclid(1_000_000_000)).is_ok();
    // A span of the date's own digits.
    let span = Duration::new(date.seconds().unsigned_abs(), date.subsec_nanos() ^ 1);
    let length = i128::try_from(span.as_nanos()).expect("94 bits");
    let sums =
        [(date.checked_add(span), nanos(date) + length), (date.checked_sub(span), nanos(date) - length)];
    for (found, expected) in sums {
        assert_eq!(found.map(nanos), Some(expected).filter(|nanos| is_date(*nanos)));
    }
    let zero = NumericDate::from_seconds(0);
    assert_eq!(
        date.duration_since(zero).map(|span| span.as_nanos() as i128),
        Some(nanos(date)).filter(|n| *n >= 0)
    );
}
