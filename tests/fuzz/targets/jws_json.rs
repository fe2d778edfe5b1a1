//! What verifies is one of the JWSs of the vectors, its payload and protected header octet for octet; what is parsed is
//! an object with the members that an independent reading finds.

#![no_main]

use jose_fuzz::{
    decode, has_huge_number, jwk,
    keys::{SIGNED, VERIFYING, signing_inputs},
    object,
};
use jose_jwa::JwsAlg;
use jose_jws::{
    embedded,
    json::{self, Form, Require, Unverified},
};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|input: &[u8]| {
    let Ok(jws) = Unverified::parse(input) else {
        return assert!(json::verify(&VERIFYING[0].1, input, Require::Any).is_err());
    };
    let Some(members) = object(input) else { return assert!(has_huge_number(input)) };
    let entries = match members.get("signatures") {
        Some(entries) => entries.as_array().expect("a list").iter().map(entry).collect(),
        None => vec![&members],
    };
    let form = if members.contains_key("signatures") { Form::General } else { Form::Flattened };
    assert_eq!((jws.form(), jws.signature_count()), (form, entries.len()));
    assert!(
        form == Form::Flattened
            || !["signature", "protected", "header"].iter().any(|name| members.contains_key(*name))
    );
    for ((protected, unprotected), entry) in jws.dangerous_headers().zip(&entries) {
        let text = |name: &str| entry.get(name).map(|value| value.as_str().expect("a string"));
        let own = text("protected").map(|text| decode(text).expect("base64url")).unwrap_or_default();
        let empty = Map::new();
        let read = if own.is_empty() { Some(Map::new()) } else { object(&own) };
        if let Some(read) = read {
            assert_eq!(object(protected.text().as_bytes()).as_ref(), Some(&read));
            let beside = entry.get("header").map_or(&empty, |header| header.as_object().expect("an object"));
            assert_eq!(object(unprotected.text().as_bytes()).as_ref(), Some(beside));
            // RFC 7515 section 7.2.1.
            assert!(read.keys().all(|name| !beside.contains_key(name)));
            assert!(!beside.contains_key("crit") && !beside.contains_key("b64"));
        }
        assert!(decode(text("signature").expect("required")).is_some());
    }
    let payload = members.get("payload").map(|value| value.as_str().expect("a string"));
    let inputs = signing_inputs(&members);
    for (alg, key) in VERIFYING.iter() {
        for require in [Require::Any, Require::All] {
            let any = json::verify_any(key, input, require);
            match json::verify(key, input, require) {
                Ok(verified) => {
                    assert_eq!(any.expect("the same message").payload(), verified.payload());
                    assert_eq!(decode(payload.expect("required")).as_deref(), Some(verified.payload()));
                    let signatures = verified.signatures();
                    assert!(signatures.len() > 0);
                    assert!(require == Require::Any || signatures.len() == entries.len());
                    for signature in signatures.iter() {
                        assert_eq!(signature.alg(), *alg);
                        assert!(SIGNED.contains(&inputs[signature.index()].0));
                    }
                }
                Err(_) => assert!(any.is_err()),
            }
        }
    }
    if let Ok(embedded) = embedded::verify_flattened(input, JwsAlg::ALL) {
        jwk::public_text(&embedded.key().to_json());
        assert!(!embedded.key().as_jwk().is_private());
        assert_eq!(decode(payload.expect("required")).as_deref(), Some(embedded.payload()));
    }
});

fn entry(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}
