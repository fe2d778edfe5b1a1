//! JWKs in serde's data model.

use jose_jwk::{JweEnc, Jwk, JwkSet, JwsAlg, KeyAlg, PublicJwk};
use serde_json::{Value, json};

use crate::rfc::{
    EC_PRIVATE, ED25519_PRIVATE, OCT, P521_PRIVATE, RSA_7638, RSA_PRIVATE, SECP256K1_PRIVATE, X5C,
    X25519_PRIVATE,
};

const KEYS: [&str; 9] = [
    EC_PRIVATE,
    ED25519_PRIVATE,
    OCT,
    P521_PRIVATE,
    RSA_7638,
    RSA_PRIVATE,
    SECP256K1_PRIVATE,
    X25519_PRIVATE,
    X5C,
];

/// Covers K08.
#[test]
fn keys_are_read_as_from_text() {
    for text in KEYS {
        let key = Jwk::from_json(text).unwrap();
        assert_eq!(serde_json::from_str::<Jwk>(text).unwrap(), key);
        assert_eq!(serde_json::from_reader::<_, Jwk>(text.as_bytes()).unwrap(), key);
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::from_value::<Jwk>(value).unwrap().to_public(), key.to_public());
        let set =
            serde_json::from_str::<JwkSet>(&format!(r#"{{"keys":[{text}, {{"kty":"XYZ"}}]}}"#)).unwrap();
        assert_eq!((set.keys(), set.skipped().len()), (&[key][..], 1));
    }
}

/// Covers K08.
#[test]
fn other_members_survive() {
    let text = r#"{"kty":"oct","k":"AAEC","a":1.5,"b":-1,"c":18446744073709551615,"d2":{"e":[1,null,true,{}],"\u0022":[]},"f":"caf\u00e9\n","g":1e300}"#;
    let key: Jwk = serde_json::from_str(text).unwrap();
    for (name, expected) in [
        ("a", "1.5"),
        ("b", "-1"),
        ("c", "18446744073709551615"),
        ("d2", r#"{"e":[1,null,true,{}],"\"":[]}"#),
        ("f", "\"caf\u{e9}\\n\""),
        ("g", "1e300"),
    ] {
        assert_eq!(key.extra(name), Some(expected), "{name}");
    }
}

/// Covers E2, K08.
#[test]
fn the_rules_are_those_of_text() {
    let deep = |levels: usize| {
        format!(r#"{{"kty":"oct","k":"AA","a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels))
    };
    for (text, phrase) in [
        (r#"{"kty":"oct","k":"AA","k":"AQ"}"#.to_owned(), "same name"),
        (r#"{"kty":"oct","k":"AA","\u006b":"AQ"}"#.into(), "same name"),
        (r#"{"kty":"oct","k":"AA","a":[{"b":1,"b":1}]}"#.into(), "same name"),
        (r#"{"kty":"oct","k":1}"#.into(), "k has a wrong type"),
        (r#"{"kty":"oct","k":"AA","kid":1}"#.into(), "kid has a wrong type"),
        (r#"{"kty":"oct","k":"AA=="}"#.into(), "padding"),
        (r#"{"keys":[]}"#.into(), "JWK Set"),
        ("[]".into(), "invalid type: sequence, expected a JSON object"),
        ("\"a\"".into(), "invalid type: string \"a\", expected a JSON object"),
        (deep(16), "nested too deep"),
        (deep(100), "nested too deep"),
    ] {
        let error = serde_json::from_str::<Jwk>(&text).expect_err(&text).to_string();
        assert!(error.contains(phrase), "{text}: {error}");
        assert!(Jwk::from_json(&text).is_err(), "{text}");
    }
    assert!(serde_json::from_str::<Jwk>(&deep(15)).is_ok() && Jwk::from_json(deep(15)).is_ok());
    assert!(serde_json::from_str::<JwkSet>(OCT).unwrap_err().to_string().contains("single JWK"));
    for text in [RSA_PRIVATE, OCT, EC_PRIVATE] {
        let error = serde_json::from_str::<PublicJwk>(text).unwrap_err().to_string();
        assert!(error.contains("may not have private members"), "{error}");
    }
}

/// Covers K29.
#[test]
fn public_keys_are_written_as_text_is() {
    for text in KEYS.iter().filter(|text| **text != OCT) {
        let key = Jwk::from_json(text.replacen('{', r#"{"z":{"a":[-1,1.5,null,false,"\n"]},"#, 1)).unwrap();
        let public = key.to_public().unwrap();
        let written = serde_json::to_string(&public).unwrap();
        assert_eq!(written, public.to_json());
        assert_eq!(serde_json::from_str::<PublicJwk>(&written).unwrap(), public);
    }
    let public = Jwk::from_json(ED25519_PRIVATE).unwrap().to_public().unwrap();
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    assert_eq!(serde_json::to_value(&public).unwrap(), json!({"kty": "OKP", "crv": "Ed25519", "x": x}));
}

/// Covers S07, B7.
#[test]
fn a_set_with_private_keys_is_not_written() {
    let set: JwkSet = [RSA_PRIVATE, EC_PRIVATE, OCT, RSA_7638]
        .map(|text| Jwk::from_json(text).unwrap())
        .into_iter()
        .collect();
    let error = serde_json::to_string(&set).unwrap_err().to_string();
    assert!(error.contains("may not have private members"), "{error}");
    assert_eq!(serde_json::to_string(&set.to_public()).unwrap(), set.to_public_json());
    // A member that is private for another type of key.
    let odd = Jwk::from_json(RSA_7638.replacen('{', "{\"k\":\"AA\",", 1)).unwrap();
    assert!(serde_json::to_string(&JwkSet::from_iter([odd])).is_err());
    assert_eq!(serde_json::to_string(&JwkSet::new()).unwrap(), r#"{"keys":[]}"#);
}

#[test]
fn algorithms_are_their_names() {
    for (alg, name) in [
        (KeyAlg::from(JwsAlg::Es256), "\"ES256\""),
        (KeyAlg::from(JweEnc::A128Gcm), "\"A128GCM\""),
        (KeyAlg::Other("other".into()), "\"other\""),
    ] {
        assert_eq!(serde_json::to_string(&alg).unwrap(), name);
        assert_eq!(serde_json::from_str::<KeyAlg>(name).unwrap(), alg);
    }
}
