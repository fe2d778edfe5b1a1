//! JWK text to key: the rules of RFC 7517 section 4, RFC 7518 section 6 and RFC 8037 section 2.

use jose_b64::{Error as TextError, Foreign};
use jose_jwk::{Curve, Error, Jwk, JwkParser, KeyType, MemberError, Weakness};

use crate::rfc::{
    EC_PRIVATE, ED25519_PRIVATE, OCT, P521_PRIVATE, RSA_7638, RSA_PRIVATE, SECP256K1_PRIVATE, X25519_PRIVATE,
};
use crate::support::{invalid, length, missing};

/// The key with the value of one member replaced.
fn with(key: &str, member: &str, value: &str) -> String {
    let start = key.find(&format!("\"{member}\":\"")).expect("the member") + member.len() + 4;
    let end = start + key[start..].find('"').unwrap();
    format!("{}{value}{}", &key[..start], &key[end..])
}

/// The key without one member, which is not the last.
fn without(key: &str, member: &str) -> String {
    let start = key.find(&format!("\"{member}\":\"")).expect("the member");
    let end = start + member.len() + 4;
    let end = end + key[end..].find('"').unwrap() + 1;
    match key[end..].strip_prefix(',') {
        Some(rest) => format!("{}{rest}", &key[..start]),
        None => format!("{}{}", key[..start].trim_end_matches(','), &key[end..]),
    }
}

fn value<'k>(key: &'k str, member: &str) -> &'k str {
    let start = key.find(&format!("\"{member}\":\"")).expect("the member") + member.len() + 4;
    &key[start..start + key[start..].find('"').unwrap()]
}

fn refused(text: &str) -> Error {
    Jwk::from_json(text).expect_err(text)
}

/// Covers K08.
#[test]
fn keys_of_the_rfcs_are_read() {
    for (text, kty, crv) in [
        (RSA_7638, KeyType::Rsa, None),
        (RSA_PRIVATE, KeyType::Rsa, None),
        (EC_PRIVATE, KeyType::Ec, Some(Curve::P256)),
        (P521_PRIVATE, KeyType::Ec, Some(Curve::P521)),
        (SECP256K1_PRIVATE, KeyType::Ec, Some(Curve::Secp256k1)),
        (ED25519_PRIVATE, KeyType::Okp, Some(Curve::Ed25519)),
        (X25519_PRIVATE, KeyType::Okp, Some(Curve::X25519)),
        (OCT, KeyType::Oct, None),
    ] {
        let key = Jwk::from_json(text).unwrap();
        assert_eq!((key.key_type(), key.curve()), (kty, crv));
        assert_eq!(key.is_private(), text != RSA_7638);
    }
}

/// Covers K08.
#[test]
fn text_survives_a_round_trip_with_unknown_members() {
    let text = r#"{"kty":"oct","k":"AAEC","iat":1.50,"deep":{"a":[1, null]},"name":"caf\u00e9"}"#;
    let key = Jwk::from_json(text).unwrap();
    assert_eq!(key.extra("iat"), Some("1.50"));
    assert_eq!(key.extra("deep"), Some(r#"{"a":[1, null]}"#));
    assert_eq!(key.extra("name"), Some(r#""caf\u00e9""#));
    assert_eq!(*key.expose_private_json(), text);
    assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), key);
}

/// Covers K08.
#[test]
fn every_private_key_survives_a_round_trip() {
    for text in
        [RSA_PRIVATE, EC_PRIVATE, P521_PRIVATE, SECP256K1_PRIVATE, ED25519_PRIVATE, X25519_PRIVATE, OCT]
    {
        let key = Jwk::from_json(text).unwrap();
        assert_eq!(Jwk::from_json(&*key.expose_private_json()).unwrap(), key);
    }
}

/// Covers K08.
#[test]
fn a_member_of_the_wrong_type_is_refused() {
    for (key, members) in [
        (EC_PRIVATE, &["kty", "crv", "x", "y", "d"][..]),
        (ED25519_PRIVATE, &["crv", "x", "d"]),
        (RSA_PRIVATE, &["n", "e", "d", "p", "q", "dp", "dq", "qi"]),
        (OCT, &["k"]),
    ] {
        for member in members {
            for wrong in ["1", "null", "true", "[]", "{}", "[\"AQAB\"]"] {
                let old = format!("\"{member}\":\"{}\"", value(key, member));
                let text = key.replace(&old, &format!("\"{member}\":{wrong}"));
                assert_eq!(refused(&text), invalid(member), "{member} {wrong}");
            }
        }
    }
}

/// Covers K08.
#[test]
fn a_required_member_must_be_there() {
    for (key, members) in [
        (EC_PRIVATE, &["kty", "crv", "x", "y"][..]),
        (ED25519_PRIVATE, &["crv", "x"]),
        (RSA_7638, &["n", "e"]),
        (OCT, &["k"]),
    ] {
        for member in members {
            assert_eq!(refused(&without(key, member)), missing(member));
        }
    }
}

/// Covers K08.
#[test]
fn octets_are_strict_base64url() {
    for (text, error) in [
        ("AAE=", TextError::Character { at: 3, kind: Foreign::Padding }),
        ("AAEC=", TextError::Length),
        ("AA+C", TextError::Character { at: 2, kind: Foreign::Base64 }),
        ("AA C", TextError::Character { at: 2, kind: Foreign::WhiteSpace }),
        ("AAECA", TextError::Length),
        ("AAF", TextError::TrailingBits),
    ] {
        for (name, key) in
            [("x", with(EC_PRIVATE, "x", text)), ("k", format!(r#"{{"kty":"oct","k":"{text}"}}"#))]
        {
            let encoding = Error::Member { name, reason: MemberError::Encoding(error) };
            assert_eq!(refused(&key), encoding, "{name} {text}");
        }
    }
    // Three characters are valid if the bits to spare are zero.
    let key = Jwk::from_json(r#"{"kty":"oct","k":"AAE"}"#).unwrap();
    assert_eq!(key.expose_secret_member("k"), Some(&[0, 1][..]));
}

/// Covers K08.
#[test]
fn a_text_with_escapes_is_what_it_says() {
    let key = Jwk::from_json(r#"{"\u006bty":"o\u0063t","k":"A\u0041EC"}"#).unwrap();
    assert_eq!(key.expose_secret_member("k"), Some(&[0, 1, 2][..]));
}

/// Covers K13.
#[test]
fn unknown_is_told_apart_from_malformed() {
    assert_eq!(refused(r#"{"kty":"XYZ","x":1}"#), Error::KeyTypeUnknown);
    assert_eq!(refused(r#"{"kty":"ec"}"#), Error::KeyTypeUnknown);
    assert_eq!(refused(r#"{"kty":"OCT","k":"AA"}"#), Error::KeyTypeUnknown);
    assert_eq!(refused(&with(EC_PRIVATE, "crv", "P-224")), Error::CurveUnknown);
    assert_eq!(refused(&with(EC_PRIVATE, "crv", "p-256")), Error::CurveUnknown);
    // A curve of another key type is none of this one.
    assert_eq!(refused(&with(EC_PRIVATE, "crv", "Ed25519")), Error::CurveUnknown);
    assert_eq!(refused(&with(ED25519_PRIVATE, "crv", "P-256")), Error::CurveUnknown);
    assert_eq!(refused(r#"{"kty":7}"#), invalid("kty"));
}

/// Covers E2.
#[test]
fn a_member_that_stands_twice_is_refused() {
    for text in [r#"{"kty":"oct","k":"AA","k":"AQ"}"#, r#"{"kty":"oct","k":"AA","\u006b":"AQ"}"#] {
        assert_eq!(refused(text), Error::Json(TextError::DuplicateMember));
    }
}

/// Covers E13.
#[test]
fn integers_and_coordinates_have_one_spelling() {
    // x of secp256k1's key with its first byte gone, and with a zero byte before it.
    let x = jose_b64::base64url::decode_to_vec(value(EC_PRIVATE, "x").as_bytes()).unwrap();
    let short = jose_b64::base64url::encode_to_string(&x[1..]);
    let long = jose_b64::base64url::encode_to_string(&[&[0], &x[..]].concat());
    assert_eq!(refused(&with(EC_PRIVATE, "x", &short)), length("x"));
    assert_eq!(refused(&with(EC_PRIVATE, "x", &long)), length("x"));
    assert_eq!(refused(&with(EC_PRIVATE, "d", &short)), length("d"));
    assert_eq!(refused(&with(ED25519_PRIVATE, "x", &short)), length("x"));
    assert_eq!(refused(&with(ED25519_PRIVATE, "d", &long)), length("d"));
    // The integers of RSA are as short as they can be.
    for member in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
        let octets = jose_b64::base64url::decode_to_vec(value(RSA_PRIVATE, member).as_bytes()).unwrap();
        let padded = jose_b64::base64url::encode_to_string(&[&[0], &octets[..]].concat());
        let text = with(RSA_PRIVATE, member, &padded);
        assert_eq!(refused(&text), Error::Member { name: member, reason: MemberError::LeadingZero });
        let key = JwkParser::new().allow_leading_zeros().jwk(&text).unwrap();
        assert_eq!(key, Jwk::from_json(RSA_PRIVATE).unwrap());
        assert_eq!(key.noted().iter().map(|noted| noted.member).collect::<Vec<_>>(), [member]);
    }
    assert_eq!(refused(&with(RSA_7638, "n", "")), length("n"));
}

/// Covers B10.
#[test]
fn points_off_the_curve_are_refused() {
    let other = value(EC_PRIVATE, "x");
    assert_eq!(refused(&with(EC_PRIVATE, "y", other)), Error::NotOnCurve);
    let zero = jose_b64::base64url::encode_to_string(&[0; 32]);
    assert_eq!(refused(&with(&with(EC_PRIVATE, "x", &zero), "y", &zero)), Error::NotOnCurve);
    // y = 2 is the encoding of no point of Ed25519.
    let two = jose_b64::base64url::encode_to_string(&[&[2], &[0; 31][..]].concat());
    assert_eq!(refused(&with(ED25519_PRIVATE, "x", &two)), Error::NotOnCurve);
}

/// Covers B10.
#[test]
fn a_private_part_of_another_key_is_refused() {
    assert_eq!(refused(&with(EC_PRIVATE, "d", value(SECP256K1_PRIVATE, "d"))), Error::KeyMismatch);
    assert_eq!(refused(&with(ED25519_PRIVATE, "d", value(EC_PRIVATE, "d"))), Error::KeyMismatch);
    assert_eq!(refused(&with(X25519_PRIVATE, "d", value(EC_PRIVATE, "d"))), Error::KeyMismatch);
    assert_eq!(
        refused(&with(EC_PRIVATE, "d", &jose_b64::base64url::encode_to_string(&[0; 32]))),
        invalid("d")
    );
    // The primes of RSA, one exchanged for something of its length.
    let dp = value(RSA_PRIVATE, "dp");
    assert_eq!(refused(&with(RSA_PRIVATE, "p", dp)), Error::KeyMismatch);
    assert_eq!(refused(&with(RSA_PRIVATE, "dq", dp)), Error::KeyMismatch);
    assert_eq!(refused(&with(RSA_PRIVATE, "qi", dp)), Error::KeyMismatch);
}

/// Covers B10.
#[test]
fn weak_rsa_members_are_refused() {
    let n = jose_b64::base64url::decode_to_vec(value(RSA_7638, "n").as_bytes()).unwrap();
    let mut even = n.clone();
    *even.last_mut().unwrap() &= 0xfe;
    let text = with(RSA_7638, "n", &jose_b64::base64url::encode_to_string(&even));
    assert_eq!(refused(&text), Error::Weak(Weakness::ModulusEven));
    let huge = jose_b64::base64url::encode_to_string(&[0xff; 2049]);
    assert_eq!(refused(&with(RSA_7638, "n", &huge)), Error::Weak(Weakness::ModulusTooLarge));
    for (e, weakness) in [
        ("AQ", Weakness::ExponentTooSmall),
        ("Ag", Weakness::ExponentEven),
        ("AQAA", Weakness::ExponentEven),
        ("AwAAAAE", Weakness::ExponentTooLarge),
        ("AQAAAAAB", Weakness::ExponentTooLarge),
    ] {
        assert_eq!(refused(&with(RSA_7638, "e", e)), Error::Weak(weakness), "{e}");
    }
    let text = with(RSA_PRIVATE, "q", value(RSA_PRIVATE, "p"));
    assert_eq!(refused(&text), Error::Weak(Weakness::PrimesEqual));
}

/// Covers K09.
#[test]
fn from_d_alone_the_primes_are_recovered() {
    let mut text = RSA_PRIVATE.to_owned();
    for member in ["p", "q", "dp", "dq", "qi"] {
        text = without(&text, member);
    }
    let key = Jwk::from_json(&text).unwrap();
    let recovered = Jwk::try_from(&rsa::PrivateKey::try_from(&key).unwrap()).unwrap();
    let full = Jwk::from_json(RSA_PRIVATE).unwrap();
    let mut primes = [full.expose_secret_member("p"), full.expose_secret_member("q")];
    let mut found = [recovered.expose_secret_member("p"), recovered.expose_secret_member("q")];
    primes.sort_unstable();
    found.sort_unstable();
    assert_eq!(primes, found);
    assert!(found[0].is_some());
}

/// Covers K09.
#[test]
fn some_of_the_crt_members_without_the_rest_are_refused() {
    for member in ["p", "q", "dp", "dq", "qi"] {
        assert_eq!(refused(&without(RSA_PRIVATE, member)), missing(member));
    }
    assert_eq!(refused(&without(RSA_PRIVATE, "d")), missing("d"));
}

/// Covers K10.
#[test]
fn more_than_two_primes_are_unsupported() {
    for oth in ["[1]", r#"[{"r":"Aw","d":"Aw","t":"Aw"}]"#] {
        let text = RSA_PRIVATE.replacen('{', &format!("{{\"oth\":{oth},"), 1);
        assert!(matches!(refused(&text), Error::Unsupported(_)), "{oth}");
    }
    for oth in ["[]", "null"] {
        let key = Jwk::from_json(RSA_PRIVATE.replacen('{', &format!("{{\"oth\":{oth},"), 1)).unwrap();
        assert_eq!(key, Jwk::from_json(RSA_PRIVATE).unwrap());
        assert_eq!(key.noted().iter().map(|noted| noted.member).collect::<Vec<_>>(), ["oth"]);
    }
}

/// Covers K29.
#[test]
fn a_public_key_carries_no_private_member() {
    for text in [RSA_PRIVATE, EC_PRIVATE, P521_PRIVATE, SECP256K1_PRIVATE, ED25519_PRIVATE, X25519_PRIVATE] {
        let public = Jwk::from_json(text).unwrap().to_public().unwrap();
        let json = public.to_json();
        for member in ["d", "p", "q", "dp", "dq", "qi"] {
            assert!(!json.contains(&format!("\"{member}\":")), "{json}");
        }
        assert!(!Jwk::from_json(&json).unwrap().is_private());
        assert_eq!(jose_jwk::PublicJwk::from_json(text), Err(Error::PrivateMembers));
    }
    assert_eq!(Jwk::from_json(OCT).unwrap().to_public(), Err(Error::NoPublicPart));
    assert_eq!(jose_jwk::PublicJwk::from_json(OCT), Err(Error::PrivateMembers));
}

/// A public key is refused by the names of its members: nothing is computed with what they hold, not even read.
///
/// Covers B1, B11.
#[test]
fn private_members_are_refused_by_name() {
    use jose_jwk::PublicJwk;
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        for value in ["\"\"", "1", "null", "\"!\"", "[]"] {
            for public in [RSA_7638, r#"{"kty":"EC"}"#, r#"{"kty":"OKP"}"#, r#"{"kty":"XYZ"}"#, r#"{"a":1}"#]
            {
                let text = public.replacen('{', &format!("{{\"{name}\":{value},"), 1);
                assert_eq!(PublicJwk::from_json(&text), Err(Error::PrivateMembers), "{text}");
            }
        }
    }
    let escaped = RSA_7638.replacen('{', "{\"\\u0064\":\"AQ\",", 1);
    assert_eq!(PublicJwk::from_json(escaped), Err(Error::PrivateMembers));
    // A member that is not one of the key type is kept with a key, and not given on with the public one.
    let key = Jwk::from_json(RSA_7638.replacen('{', "{\"k\":\"AQ\",\"a\":1,", 1)).unwrap();
    assert_eq!((key.extra("k"), key.is_private()), (Some("\"AQ\""), false));
    assert_eq!(PublicJwk::try_from(key.clone()), Err(Error::PrivateMembers));
    let public = key.to_public().unwrap();
    assert_eq!((public.as_jwk().extra("k"), public.as_jwk().extra("a")), (None, Some("1")));
}

/// Covers K13.
#[test]
fn a_set_and_a_key_are_told_apart() {
    use jose_jwk::{JwkSet, PublicJwk};
    let set = format!(r#"{{"keys":[{OCT}]}}"#);
    assert_eq!(Jwk::from_json(&set), Err(Error::IsSet));
    assert_eq!(PublicJwk::from_json(&set), Err(Error::IsSet));
    assert_eq!(JwkSet::from_json(OCT), Err(Error::IsKey));
    assert_eq!(JwkSet::from_public_json(RSA_7638), Err(Error::IsKey));
    // With both it is what was asked for.
    let both = OCT.replacen('{', r#"{"keys":[],"#, 1);
    assert!(Jwk::from_json(&both).is_ok() && JwkSet::from_json(&both).is_ok());
}
