//! JWK Sets (RFC 7517 section 5).

use jose_jwk::{Curve, Error, Jwk, JwkSet, SysRng};

use crate::rfc::{EC_PRIVATE, OCT, RSA_7638, RSA_PRIVATE};

#[test]
fn s01_b8_a_bad_key_does_not_spoil_the_set() {
    let good = r#"{"kty":"oct","k":"AAEC"}"#;
    let bad = [
        (3, r#"{"kty":"XYZ"}"#, Error::KeyTypeUnknown),
        (50, r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, Error::Length("x")),
        (99, r#"{"k":"AA"}"#, Error::Missing("kty")),
    ];
    let keys: Vec<&str> = (0..100)
        .map(|index| bad.iter().find(|(at, ..)| *at == index).map_or(good, |(_, text, _)| text))
        .collect();
    let set = JwkSet::from_json(format!(r#"{{"keys":[{}],"other":1}}"#, keys.join(","))).unwrap();
    assert_eq!(set.keys().len(), 97);
    let skipped: Vec<_> = set.skipped().iter().map(|skipped| (skipped.index, skipped.reason)).collect();
    assert_eq!(skipped, bad.map(|(index, _, reason)| (index, reason)));
}

#[test]
fn s01_a_set_that_is_none_is_refused() {
    for (text, error) in [
        ("{}", Error::Missing("keys")),
        (r#"{"keys":{}}"#, Error::Invalid("keys")),
        (r#"{"keys":null}"#, Error::Invalid("keys")),
        (r#"{"keys":"a"}"#, Error::Invalid("keys")),
        (r#"{"keys":["a"]}"#, Error::Invalid("keys")),
        ("[]", Error::Encoding(jose_b64::Error::NotAnObject)),
        (r#"{"keys":[],"keys":[]}"#, Error::Encoding(jose_b64::Error::DuplicateMember)),
    ] {
        assert_eq!(JwkSet::from_json(text), Err(error), "{text}");
    }
    assert!(JwkSet::from_json(r#"{"keys":[]}"#).unwrap().keys().is_empty());
}

#[test]
fn s07_b7_public_export_leaves_every_secret_out() {
    let set: JwkSet = [RSA_PRIVATE, EC_PRIVATE, OCT, RSA_7638]
        .map(|text| Jwk::from_json(text).unwrap())
        .into_iter()
        .collect();
    let text = set.to_public_json();
    let public = JwkSet::from_json(&text).unwrap();
    assert_eq!(public.keys().len(), 3);
    assert!(public.skipped().is_empty());
    assert!(public.keys().iter().all(|key| !key.is_private()));
    for member in ["\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "\"k\""] {
        assert!(!text.contains(member), "{member}");
    }
    assert_eq!(JwkSet::new().to_public_json(), r#"{"keys":[]}"#);
}

#[test]
fn s02_a_set_is_a_collection() {
    let mut set = JwkSet::new();
    let key = Jwk::generate(Curve::Ed25519, &mut SysRng).unwrap();
    set.push(key.clone());
    set.extend([Jwk::from_json(OCT).unwrap()]);
    assert_eq!(set.into_iter().count(), 2);
    assert_eq!(set.keys()[0], key);
}
