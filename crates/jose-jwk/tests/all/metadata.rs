//! What a key says about itself (RFC 7517 section 4).

use jose_jwk::{AlgSet, Error, JweEnc, Jwk, JwsAlg, KeyAlg, KeyOp, KeyUse, MemberError};

use crate::support::{invalid, length, signs};

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
    for member in ["kid", "use", "alg", "x5u", "x5t", "x5t#S256"] {
        for value in ["1", "null", "true", "[]", "{}", "[\"a\"]"] {
            assert_eq!(with(&format!("\"{member}\":{value}")), Err(invalid(member)), "{member} {value}");
        }
    }
    for member in ["key_ops", "x5c"] {
        for value in ["1", "null", "\"sign\"", "{}", "[1]", "[\"sign\",null]"] {
            assert_eq!(with(&format!("\"{member}\":{value}")), Err(invalid(member)), "{member} {value}");
        }
    }
}

/// Covers K14.
#[test]
fn wrong_values_are_refused() {
    assert_eq!(with(r#""key_ops":["sign","sign"]"#), Err(invalid("key_ops")));
    assert_eq!(with(r#""key_ops":["other","sign","other"]"#), Err(invalid("key_ops")));
    assert_eq!(with(r#""x5c":[]"#), Err(invalid("x5c")));
    assert_eq!(with(r#""x5t":"AAEC""#), Err(length("x5t")));
    assert_eq!(with(r#""x5t#S256":"AAEC""#), Err(length("x5t#S256")));
    let encoding = with(r#""x5t":"AAEC=""#).unwrap_err();
    assert!(
        matches!(encoding, Error::Member { name: "x5t", reason: MemberError::Encoding(_) }),
        "{encoding:?}"
    );
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
