//! What a key says about itself (RFC 7517 section 4).

use jose_jwk::{AlgSet, Error, JweEnc, Jwk, JwsAlg, KeyAlg, KeyOp, KeyUse, MemberError, Noted};

use crate::rfc::OCT;
use crate::support::{invalid, signs};

fn with(members: &str) -> Result<Jwk, Error> {
    Jwk::from_json(format!(r#"{{"kty":"oct","k":"AAEC",{members}}}"#))
}

/// Covers K20.
#[test]
fn every_member_has_its_accessor() {
    let key = with(
        r#""kid":"a b","use":"sig","key_ops":["verify","sign"],"alg":"HS256","x5u":"https://example/x",
           "x5t":"AAECAwQFBgcICQoLDA0ODxAREhM","x5t#S256":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8""#,
    )
    .unwrap();
    assert_eq!(key.kid(), Some("a b"));
    assert_eq!(key.key_use(), Some(KeyUse::Sig));
    assert_eq!(key.key_ops(), Some(AlgSet::of(&[KeyOp::Sign, KeyOp::Verify])));
    assert_eq!(key.alg(), Some(&KeyAlg::Jws(JwsAlg::Hs256)));
    assert_eq!(key.x5u(), Some("https://example/x"));
    assert_eq!(key.x5t(), Some(&core::array::from_fn::<u8, 20, _>(|i| i as u8)[..]));
    assert_eq!(key.x5t_s256(), Some(&core::array::from_fn::<u8, 32, _>(|i| i as u8)[..]));
    assert_eq!(key.x5c(), None);
    assert_eq!(key.expose_secret_member("k"), Some(&[0, 1, 2][..]));
    assert_eq!(key.public_member("k"), None);
}

/// Covers K14.
#[test]
fn wrong_types_are_refused() {
    for member in ["kid", "use", "alg"] {
        for value in ["1", "true", "[]", "{}", "[\"a\"]"] {
            assert_eq!(with(&format!("\"{member}\":{value}")), Err(invalid(member)), "{member} {value}");
        }
    }
    for member in ["key_ops", "x5c"] {
        for value in ["1", "\"sign\"", "{}"] {
            assert_eq!(with(&format!("\"{member}\":{value}")), Err(invalid(member)), "{member} {value}");
        }
    }
    for value in ["[1]", "[\"sign\",null]"] {
        assert_eq!(with(&format!("\"key_ops\":{value}")), Err(invalid("key_ops")), "{value}");
    }
}

/// Members that describe a certificate, and those that are `null`, take no key away: they are noted, and say nothing.
#[test]
fn what_decides_nothing_is_set_aside() {
    let clean = Jwk::from_json(OCT).unwrap();
    let (invalid, null, length) = (MemberError::Invalid, MemberError::Null, MemberError::Length);
    let padding =
        MemberError::Encoding(jose_b64::Error::Character { at: 3, kind: jose_b64::Foreign::Padding });
    let members = ["use", "key_ops", "alg", "x5u", "x5c", "x5t", "x5t#S256"];
    let nulls = members.map(|member| (member, "null", null));
    let others = [
        ("x5u", "1", invalid),
        ("x5c", "[]", MemberError::Empty),
        ("x5c", "[1]", invalid),
        ("x5t", "1", invalid),
        ("x5t", "\"AAEC\"", length),
        ("x5t", "\"AAE=\"", padding),
        ("x5t#S256", "\"AAEC\"", length),
        // Hexadecimal digits in base64url, as a large provider writes it.
        ("x5t", "\"QjhERTI1M0ZGNTg2MUJCRkJFREQ2MzM1NEM0NTBDQjJEMkU4QjFFNw\"", length),
    ];
    for (member, value, reason) in nulls.into_iter().chain(others) {
        let key = Jwk::from_json(OCT.replacen('{', &format!("{{\"{member}\":{value},"), 1)).unwrap();
        assert_eq!(key.noted(), [Noted { index: 0, member, reason }], "{member} {value}");
        assert_eq!(key, clean, "{member} {value}");
        assert_eq!((key.x5t(), key.x5t_s256(), key.x5c(), key.x5u()), (None, None, None, None));
    }
}

/// Covers K14.
#[test]
fn wrong_values_are_refused() {
    assert_eq!(with(r#""key_ops":["sign","sign"]"#), Err(invalid("key_ops")));
    assert_eq!(with(r#""key_ops":["other","sign","other"]"#), Err(invalid("key_ops")));
}

/// Covers K14.
#[test]
fn values_that_are_not_registered_are_kept_and_serve_nothing() {
    let key = with(r#""use":"other""#).unwrap();
    assert_eq!(key.key_use(), None);
    assert!(signs(&key).is_empty());
    assert!(key.expose_private_json().contains(r#""use":"other""#));
    let key = with(r#""alg":"HS257""#).unwrap();
    assert_eq!(key.alg(), Some(&KeyAlg::Other("HS257".into())));
    assert!(signs(&key).is_empty());
    let key = with(r#""key_ops":["other"]"#).unwrap();
    assert_eq!(key.key_ops(), Some(AlgSet::EMPTY));
    assert!(signs(&key).is_empty());
    assert!(key.expose_private_json().contains(r#""key_ops":["other"]"#));
}

/// Covers K15.
#[test]
fn use_and_key_ops_must_agree() {
    let sig = [KeyOp::Sign, KeyOp::Verify];
    for op in KeyOp::ALL {
        for key_use in KeyUse::ALL {
            let agree = sig.contains(op) == (*key_use == KeyUse::Sig);
            let result = with(&format!(r#""use":"{key_use}","key_ops":["{op}"]"#));
            assert_eq!(result.err(), (!agree).then_some(Error::UseAgainstKeyOps), "{key_use} {op}");
            let built = with(r#""kid":"1""#).unwrap().with_use(*key_use).unwrap().with_key_ops((*op).into());
            assert_eq!(built.err(), (!agree).then_some(Error::UseAgainstKeyOps), "{key_use} {op}");
        }
    }
    assert_eq!(with(r#""use":"sig","key_ops":["sign","wrapKey"]"#), Err(Error::UseAgainstKeyOps));
}

/// Covers K11.
#[test]
fn the_callers_value_wins() {
    let key = with(r#""kid":"old","use":"enc","alg":"A128GCM""#).unwrap();
    assert_eq!(key.alg(), Some(&KeyAlg::Enc(JweEnc::A128Gcm)));
    let key = key.with_kid("new").with_alg(JwsAlg::Hs512).unwrap().with_use(KeyUse::Sig).unwrap();
    let key = key.with_key_ops(AlgSet::of(&[KeyOp::Sign])).unwrap();
    assert_eq!(
        *key.expose_private_json(),
        r#"{"kty":"oct","k":"AAEC","kid":"new","use":"sig","key_ops":["sign"],"alg":"HS512"}"#
    );
}
