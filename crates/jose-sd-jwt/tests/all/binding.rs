//! RFC 9901 section 7.3: each check of key binding, failed alone.

use std::time::Duration;

use jose_sd_jwt::jwt::jws::compact;
use jose_sd_jwt::jwt::{self, Header, JwsAlg, NumericDate, Reason, SigningKey};
use jose_sd_jwt::{Error, KeyBinding, Received, RequireKeyBinding, SdJwtVerifier};
use serde::Serialize;
use serde_json::json;

use super::help::*;

/// An SD-JWT that is bound to the holder's key, with one claim that may be hidden.
fn credential() -> (String, String) {
    let (name, digest) = disclosure(r#"["s","name","Erika"]"#);
    let cnf = THE_HOLDER.public.to_json();
    (with(&format!(r#""_sd":["{digest}"],"cnf":{{"jwk":{cnf}}}"#), &[&name]), name)
}

/// A Key Binding JWT with these claims and this `typ`, by this key, for this SD-JWT.
fn bind(text: &str, claims: serde_json::Value, typ: &str, key: &SigningKey) -> String {
    let mut all = json!({"aud": VERIFIER, "nonce": NONCE, "iat": NOW, "sd_hash": digest(text)});
    for (name, value) in claims.as_object().unwrap() {
        if value.is_null() {
            all.as_object_mut().unwrap().remove(name);
        } else {
            all[name] = value.clone();
        }
    }
    let payload = all.to_string();
    text.to_owned() + &compact::sign(key, payload.as_bytes(), &Header::new().typ(typ)).unwrap()
}

fn refusal(claims: serde_json::Value) -> Option<Error> {
    accept(&bind(&credential().0, claims, "kb+jwt", &THE_HOLDER.key)).err()
}

fn claim(name: &'static str, reason: Reason) -> impl Fn(&Option<Error>) -> bool {
    move |error| match error {
        Some(Error::KeyBinding(jwt::Error::Claim { claim, reason: found, .. })) => {
            claim == name && *found == reason
        }
        _ => false,
    }
}

#[test]
fn what_all_of_the_others_are_one_step_away_from() {
    assert_eq!(refusal(json!({})), None);
    let text = bind(&credential().0, json!({"transaction_data_hashes": ["x"]}), "kb+jwt", &THE_HOLDER.key);
    let verified = accept(&text).unwrap();
    assert_eq!(verified.claims().custom()["name"], "Erika");
    assert_eq!(verified.holder_key(), Some(&THE_HOLDER.public));
    let binding: serde_json::Value = serde_json::from_str(verified.key_binding_text().unwrap()).unwrap();
    assert_eq!(binding["transaction_data_hashes"], json!(["x"]));
}

/// Steps 1 and 2: the sender decides nothing.
#[test]
fn key_binding_is_required_or_refused() {
    let (text, _) = credential();
    assert_eq!(accept(&text).err(), Some(Error::KeyBindingMissing));
    let text = bind(&text, json!({}), "kb+jwt", &THE_HOLDER.key);
    assert_eq!(receive(&text).err(), Some(Error::KeyBindingUnexpected));
}

/// Step 4.
#[test]
fn what_is_presented_must_be_valid_itself() {
    let (hidden, digest) = disclosure(r#"["s","name","Erika"]"#);
    let text = with(&format!(r#""cnf":{{"jwk":{}}}"#, THE_HOLDER.public.to_json()), &[&hidden]);
    let error = accept(&bind(&text, json!({}), "kb+jwt", &THE_HOLDER.key)).err();
    assert!(matches!(error, Some(Error::Disclosure { index: 0, .. })), "{digest}: {error:?}");
}

/// Step 5.1.
#[test]
fn there_must_be_a_public_key_of_the_holder() {
    let private = THE_HOLDER.jwk.expose_private_json();
    let symmetric = r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    for members in [
        String::new(),
        r#""cnf":{}"#.into(),
        r#""cnf":{"kid":"1"}"#.into(),
        r#""cnf":"key""#.into(),
        r#""cnf":{"jwk":"key"}"#.into(),
        r#""cnf":{"jwk":{}}"#.into(),
        format!(r#""cnf":{{"jwk":{}}}"#, &*private),
        format!(r#""cnf":{{"jwk":{symmetric}}}"#),
    ] {
        let text = bind(&with(&members, &[]), json!({}), "kb+jwt", &THE_HOLDER.key);
        assert_eq!(accept(&text).err(), Some(Error::HolderKey), "{members}");
    }
}

/// Step 5.1: a holder may hide the key, and then has none.
#[test]
fn a_key_that_is_not_disclosed_binds_nothing() {
    let (cnf, digest) = disclosure(&format!(r#"["s","cnf",{{"jwk":{}}}]"#, THE_HOLDER.public.to_json()));
    let members = format!(r#""_sd":["{digest}"]"#);
    let bind = |text: &str| bind(text, json!({}), "kb+jwt", &THE_HOLDER.key);
    assert_eq!(accept(&bind(&with(&members, &[]))).err(), Some(Error::HolderKey));
    assert!(accept(&bind(&with(&members, &[&cnf]))).is_ok());
}

/// Step 5.2.
#[test]
fn the_algorithm_must_be_allowed() {
    let (text, _) = credential();
    let none = format!("{}.{}.", base64url(r#"{"alg":"none","typ":"kb+jwt"}"#), base64url("{}"));
    assert!(matches!(accept(&(text.clone() + &none)), Err(Error::KeyBinding(jwt::Error::Jws(_)))));
    let required = RequireKeyBinding::new(VERIFIER, JwsAlg::Es384, Duration::from_secs(60));
    let verifier = SdJwtVerifier::with_key_binding(issuer_key(), rules, required);
    let text = bind(&text, json!({}), "kb+jwt", &THE_HOLDER.key);
    let verified = verifier.at(now()).verify::<Claims>(&Received::parse(&text).unwrap(), NONCE);
    assert_eq!(verified.err(), Some(Error::HolderKey));
}

/// Step 5.3.
#[test]
fn another_key_is_refused() {
    let error = accept(&bind(&credential().0, json!({}), "kb+jwt", &THE_ISSUER.key)).err();
    assert_eq!(error, Some(Error::KeyBinding(jwt::jws::Error::Signature.into())));
}

/// Step 5.4.
#[test]
fn another_type_is_refused() {
    for typ in ["JWT", "kb+jwt2", "kb"] {
        let error = accept(&bind(&credential().0, json!({}), typ, &THE_HOLDER.key)).err();
        assert_eq!(error, Some(Error::KeyBinding(jwt::Error::Typ(Reason::Mismatch))), "{typ}");
    }
}

/// Step 5.5.
#[test]
fn it_must_be_of_this_time() {
    assert!(claim("iat", Reason::Missing)(&refusal(json!({"iat": null}))));
    assert!(claim("iat", Reason::Mismatch)(&refusal(json!({"iat": NOW - 61}))));
    assert!(claim("iat", Reason::Invalid)(&refusal(json!({"iat": NOW + 1}))));
    assert!(claim("iat", Reason::Invalid)(&refusal(json!({"iat": "now"}))));
    assert_eq!(refusal(json!({"iat": NOW - 60})), None);

    let text = bind(&credential().0, json!({"iat": NOW + 10}), "kb+jwt", &THE_HOLDER.key);
    let with_leeway = |leeway| {
        let required = required().leeway(Duration::from_secs(leeway));
        let verifier = SdJwtVerifier::with_key_binding(issuer_key(), rules, required);
        verifier.at(now()).verify::<Claims>(&Received::parse(&text).unwrap(), NONCE).err()
    };
    assert_eq!(with_leeway(10), None);
    assert_eq!(with_leeway(301), Some(Error::KeyBinding(jwt::Error::LeewayTooLong)));
}

/// Step 5.6.
#[test]
fn it_must_be_for_this_verifier_and_transaction() {
    assert!(claim("nonce", Reason::Missing)(&refusal(json!({"nonce": null}))));
    assert!(claim("nonce", Reason::Mismatch)(&refusal(json!({"nonce": "n-2"}))));
    assert!(claim("nonce", Reason::Invalid)(&refusal(json!({"nonce": 1}))));
    assert!(claim("aud", Reason::Missing)(&refusal(json!({"aud": null}))));
    assert!(claim("aud", Reason::Mismatch)(&refusal(json!({"aud": "https://other.example"}))));
    assert!(claim("aud", Reason::Prohibited)(&refusal(json!({"aud": [VERIFIER, "https://other.example"]}))));
    assert_eq!(refusal(json!({"aud": [VERIFIER]})), None);
}

/// Step 5.7: over exactly what was presented, in its order.
#[test]
fn it_must_be_for_this_presentation() {
    assert_eq!(refusal(json!({"sd_hash": digest("")})), Some(Error::SdHash));
    assert!(matches!(refusal(json!({"sd_hash": null})), Some(Error::KeyBinding(jwt::Error::ClaimsType(_)))));

    let ((one, one_digest), (two, two_digest)) = (disclosure(r#"["s","a",1]"#), disclosure(r#"["t","b",2]"#));
    let members =
        format!(r#""_sd":["{one_digest}","{two_digest}"],"cnf":{{"jwk":{}}}"#, THE_HOLDER.public.to_json());
    let bound = bind(&with(&members, &[&one, &two]), json!({}), "kb+jwt", &THE_HOLDER.key);
    assert!(accept(&bound).is_ok());
    assert_eq!(accept(&bound.replace(&format!("~{two}"), "")).err(), Some(Error::SdHash));
    let swapped = bound.replace(&format!("{one}~{two}"), &format!("{two}~{one}"));
    assert_eq!(accept(&swapped).err(), Some(Error::SdHash));
}

/// Step 5.8.
#[test]
fn it_must_be_a_valid_jwt() {
    let error = refusal(json!({"exp": NOW - 1}));
    assert!(matches!(error, Some(Error::KeyBinding(jwt::Error::Expired { .. }))), "{error:?}");
    let error = refusal(json!({"nbf": NOW + 1}));
    assert!(matches!(error, Some(Error::KeyBinding(jwt::Error::NotYetValid { .. }))), "{error:?}");
    let error = accept(&(credential().0 + "x")).err();
    assert!(matches!(error, Some(Error::KeyBinding(jwt::Error::Jws(_)))), "{error:?}");
}

/// The issuer's JWT is none, and neither is one for another SD-JWT of the same holder.
#[test]
fn other_jwts_are_no_key_binding() {
    let (text, _) = credential();
    let jwt = text.split('~').next().unwrap();
    assert!(accept(&format!("{text}{jwt}")).is_err());
    let other = with(&format!(r#""other":1,"cnf":{{"jwk":{}}}"#, THE_HOLDER.public.to_json()), &[]);
    let other = bind(&other, json!({}), "kb+jwt", &THE_HOLDER.key);
    let moved = text + other.rsplit('~').next().unwrap();
    assert_eq!(accept(&moved).err(), Some(Error::SdHash));
}

/// What the holder's side writes is what the verifier's accepts, with claims of another specification.
#[test]
fn a_holder_binds_what_is_chosen() {
    #[derive(Serialize)]
    struct Extra {
        transaction_data_hashes: [&'static str; 1],
    }
    let (text, name) = credential();
    let held = receive(&text).unwrap();
    let binding = KeyBinding::new(VERIFIER, NONCE).at(now()).with(Extra { transaction_data_hashes: ["h"] });
    for (pointers, disclosed) in [(vec!["/name"], true), (vec![], false)] {
        let presented = held.present().disclose(pointers).unwrap().bind(&THE_HOLDER.key, &binding).unwrap();
        for text in [presented.compact(), presented.flattened(), presented.general()].map(Result::unwrap) {
            let verified = accept(&text).unwrap();
            assert_eq!(verified.claims().custom().contains_key("name"), disclosed);
            assert_eq!(text.contains(&name), disclosed);
            assert!(verified.key_binding_text().unwrap().contains(r#""transaction_data_hashes":["h"]"#));
        }
    }
    let later = NumericDate::from_seconds(NOW + 61);
    let presented =
        held.present().bind(&THE_HOLDER.key, &KeyBinding::new(VERIFIER, NONCE).at(now())).unwrap();
    let received = Received::parse(&presented.compact().unwrap()).unwrap();
    let error = bound().at(later).verify::<Claims>(&received, NONCE).err();
    assert!(claim("iat", Reason::Mismatch)(&error), "{error:?}");
}
