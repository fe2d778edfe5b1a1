//! What decrypts is one of the JWEs of the vectors, in everything that its tag covers; what is parsed is an object with
//! the members that an independent reading finds.

#![no_main]

use jose_fuzz::{
    decode, has_huge_number,
    keys::{DECRYPTION, ENCRYPTED, encrypted},
    object,
    rng::Fixed,
};
use jose_jwe::{Encrypted, Limits};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Iterations and plaintexts that keep a run fast.
const LIMITS: Limits = Limits { max_p2c: 8192, max_inflated: 10_000, ..Limits::DEFAULT };

fuzz_target!(|input: &[u8]| {
    let Ok(jwe) = Encrypted::parse_json(input) else {
        let is_json = input.trim_ascii_start().starts_with(b"{");
        return assert!(!is_json || Encrypted::parse(input).is_err());
    };
    let jwe = jwe.limits(LIMITS).allow_compressed();
    let Some(members) = object(input) else { return assert!(has_huge_number(input)) };
    let recipients = members.get("recipients").map(|list| list.as_array().expect("a list").len());
    assert_eq!(jwe.recipient_count(), recipients.unwrap_or(1));
    let text = |name: &str| members.get(name).map(|value| value.as_str().expect("a string"));
    assert!(text("ciphertext").is_some());
    let header = decode(text("protected").unwrap_or_default()).and_then(|text| String::from_utf8(text).ok());
    assert_eq!(jwe.dangerous_header().ok(), header);
    for (alg, key) in DECRYPTION.iter() {
        let Ok(decrypted) = jwe.decrypt(key, &mut Fixed(1)) else { continue };
        assert!(ENCRYPTED.contains(&encrypted(&members)));
        assert_eq!(decrypted.alg(), *alg);
        assert_eq!(
            decrypted.aad().map(<[u8]>::to_vec),
            text("aad").map(|aad| decode(aad).expect("base64url"))
        );
        // No parameter is in two of the headers that apply (RFC 7516 section 7.2.1).
        let own = match members.get("recipients") {
            Some(list) => list[decrypted.recipient_index()].get("header"),
            None => members.get("header"),
        };
        let headers = [object(header.as_deref().unwrap_or_default().as_bytes()).map(Value::Object)];
        let headers = headers.iter().flatten().chain(members.get("unprotected")).chain(own);
        let mut names: Vec<&String> =
            headers.flat_map(|header| header.as_object().expect("an object").keys()).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        let again = Encrypted::parse(input).expect("the same text").limits(LIMITS).allow_compressed();
        assert_eq!(again.decrypt(key, &mut Fixed(2)).expect("the same").plaintext(), decrypted.plaintext());
    }
});
