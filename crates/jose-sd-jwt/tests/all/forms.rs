//! The JSON serializations (RFC 9901 section 8).

use jose_sd_jwt::jwt::jws::json::{Builder, Form};
use jose_sd_jwt::jwt::{self, Claims as JwtClaims, Header};
use jose_sd_jwt::{DisclosureError, Error, KeyBinding, Limits, Received, SdJwt};
use serde_json::{Value, json};

use super::help::*;

fn issued() -> jose_sd_jwt::Issued {
    let claims = JwtClaims::new().issuer(ISSUER).with(json!({"a": 1, "b": [2, 3]}));
    let sd_jwt = SdJwt::at(&claims, now()).conceal(["/a", "/b/0"]).holder_key(&THE_HOLDER.public);
    sd_jwt.sign(&THE_ISSUER.key, &mut Numbers(5)).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn all_forms_say_the_same() {
    let issued = issued();
    let forms = [issued.compact(), issued.flattened().unwrap(), issued.general().unwrap()];
    for (text, form) in forms.iter().zip([Form::Compact, Form::Flattened, Form::General]) {
        let received = Received::parse(text).unwrap();
        assert_eq!(
            (received.form(), received.disclosure_count(), received.has_key_binding()),
            (form, 2, false)
        );
        let held = receive(text).unwrap();
        assert_eq!(held.claims().custom()["b"], json!([2, 3]));
        let presented = held.present().disclose(["/a"]).unwrap();
        let presented = presented.bind(&THE_HOLDER.key, &KeyBinding::new(VERIFIER, NONCE).at(now())).unwrap();
        for text in [presented.compact(), presented.flattened(), presented.general()].map(Result::unwrap) {
            assert_eq!(accept(&text).unwrap().claims().custom()["b"], json!([3]));
        }
    }
    let flattened = json(&forms[1]);
    let mut names: Vec<_> = flattened.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["header", "payload", "protected", "signature"]);
    assert_eq!(flattened["header"]["disclosures"].as_array().unwrap().len(), 2);
    assert_eq!(json(&forms[2])["signatures"][0]["header"], flattened["header"]);
}

/// The JSON has room for more than the 16 KiB of a header.
#[test]
fn large_disclosures_fit() {
    let claims = JwtClaims::new().issuer(ISSUER).with(json!({"photo": "x".repeat(40_000)}));
    let issued =
        SdJwt::at(&claims, now()).conceal(["/photo"]).sign(&THE_ISSUER.key, &mut Numbers(5)).unwrap();
    for text in [issued.compact(), issued.flattened().unwrap(), issued.general().unwrap()] {
        assert_eq!(receive(&text).unwrap().claims().custom()["photo"].as_str().unwrap().len(), 40_000);
    }
}

/// Several signatures: another party's comes first, and its header holds the disclosures.
#[test]
fn a_message_of_several_issuers_is_verified_and_presented() {
    let (name, digest) = disclosure(r#"["s","name","Erika"]"#);
    let cnf = THE_HOLDER.public.to_json();
    let payload = format!(r#"{{"iss":"{ISSUER}","_sd":["{digest}"],"cnf":{{"jwk":{cnf}}}}}"#);
    let mut builder = Builder::new(payload.as_bytes());
    builder.sign(&THE_HOLDER.key, Header::new()).unwrap();
    builder.sign(&THE_ISSUER.key, Header::new().typ("example+sd-jwt")).unwrap();
    let mut message = json(&builder.general().unwrap());
    message["signatures"][0]["header"] = json!({"disclosures": [name], "kid": "other"});
    let held = receive(&message.to_string()).unwrap();
    assert_eq!(held.claims().custom()["name"], "Erika");
    assert!(held.header().is_typ("example+sd-jwt"));

    let presented = held.present().disclose(["/name"]).unwrap();
    let presented = presented.bind(&THE_HOLDER.key, &KeyBinding::new(VERIFIER, NONCE).at(now())).unwrap();
    assert_eq!(presented.compact().err(), Some(Error::Form));
    assert_eq!(presented.flattened().err(), Some(Error::Form));
    let text = presented.general().unwrap();
    assert_eq!(json(&text)["signatures"][0]["header"]["kid"], "other");
    assert_eq!(accept(&text).unwrap().claims().custom()["name"], "Erika");

    // Only the first header may hold them.
    for (name, value) in [("disclosures", json!([])), ("kb_jwt", json!("a.b.c"))] {
        let mut second = message.clone();
        second["signatures"][1]["header"] = json!({name: value});
        assert_eq!(receive(&second.to_string()).err(), Some(Error::Member(name)));
    }
}

#[test]
fn a_malformed_message_is_refused() {
    let good = json(&issued().flattened().unwrap());
    let general = json(&issued().general().unwrap());
    let change = |message: &Value, pointer: &str, value: Value| {
        let mut message = message.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        message.pointer_mut(parent).unwrap()[name] = value;
        receive(&message.to_string()).err()
    };
    let member = |name| Some(Error::Member(name));
    assert_eq!(change(&good, "/payload", json!(1)), member("payload"));
    assert_eq!(change(&good, "/protected", json!(1)), member("protected"));
    assert_eq!(change(&good, "/signature", json!(null)), member("signature"));
    assert_eq!(change(&good, "/header", json!([])), member("header"));
    assert_eq!(change(&good, "/header/disclosures", json!("x")), member("disclosures"));
    assert_eq!(change(&good, "/header/disclosures", json!([1])), member("disclosures"));
    assert_eq!(change(&good, "/header/kb_jwt", json!({})), member("kb_jwt"));
    assert_eq!(change(&good, "/header/kb_jwt", json!("a.b.c")), Some(Error::KeyBindingUnexpected));
    let unreferenced = Error::Disclosure { index: 0, reason: DisclosureError::Unreferenced };
    let (other, _) = disclosure(r#"["s","n",1]"#);
    assert_eq!(change(&good, "/header/disclosures", json!([other])), Some(unreferenced));
    assert_eq!(change(&general, "/signatures", json!({})), member("signatures"));
    assert_eq!(change(&general, "/signatures", json!([])), member("signatures"));
    assert_eq!(change(&general, "/signatures", json!([1])), member("signatures"));
    assert_eq!(change(&general, "/signature", json!("x")), member("signature"));
    let many: Vec<_> = (0..17).map(|_| general["signatures"][0].clone()).collect();
    let too_many = Some(jwt::jws::Error::SignaturesTooMany.into());
    assert_eq!(change(&general, "/signatures", json!(many)), too_many);
    // A parameter in both headers, and one that must be protected.
    assert!(matches!(change(&good, "/header/alg", json!("ES256")), Some(Error::Jwt(_))));
    assert!(matches!(change(&good, "/header/crit", json!(["x"])), Some(Error::Jwt(_))));
    for text in ["{", "{} {}", r#"{"payload":"","payload":""}"#, "{\"payload\":\"\u{0}\"}"] {
        assert!(matches!(receive(text), Err(Error::Json(_))), "{text}");
    }
}

#[test]
fn limits_hold_in_each_form() {
    let issued = issued();
    for text in [issued.compact(), issued.flattened().unwrap(), issued.general().unwrap()] {
        let limits = Limits { max_disclosures: 1, ..Limits::DEFAULT };
        let error = Received::parse_with(&text, &limits).err();
        assert_eq!(error, Some(Error::DisclosuresTooMany { max: 1 }));
        let limits = Limits { max_len: text.len() - 1, ..Limits::DEFAULT };
        assert_eq!(Received::parse_with(&text, &limits).err(), Some(Error::TooLong { max: text.len() - 1 }));
        let limits = Limits { max_len: text.len(), max_disclosures: 2, max_signatures: 1 };
        assert!(Received::parse_with(&text, &limits).is_ok());
    }
}
