//! What verifies is what was signed: octet for octet one of the JWSs of the vectors, whose parts are read the same by
//! independent code. Every door for a compact serialization says the same.

#![no_main]

use jose_fuzz::{
    decode, encode, jwk,
    keys::{SIGNED, VERIFYING},
    object,
};
use jose_jwa::JwsAlg;
use jose_jws::{
    compact::{self, Unverified},
    embedded,
    json::{self, Form, Require},
    unsecured,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let parts: Vec<&[u8]> = input.split(|octet| *octet == b'.').collect();
    let Ok(jws) = Unverified::parse(input) else {
        // Three parts are refused for their length, or for what stands in front of a token.
        let is_json = input.trim_ascii_start().starts_with(b"{");
        assert!(parts.len() != 3 || parts[0].len() > 16 * 1024 || is_bearer(parts[0]) || is_json);
        return assert!(VERIFYING.iter().all(|(_, key)| compact::verify(key, input).is_err()));
    };
    let [header, payload, signature] = parts.as_slice() else {
        panic!("accepted with {} parts", parts.len())
    };
    assert_eq!(jws.dangerous_header().ok(), decode(header));
    assert_eq!(jws.dangerous_payload().ok(), decode(payload));

    let signing_input = &input[..header.len() + 1 + payload.len()];
    for (alg, key) in VERIFYING.iter() {
        let mut buffer = vec![0; input.len()];
        let into = compact::verify_into(key, input, &mut buffer);
        let unencoded = jws.allow_unencoded().understand(&["b64"]).verify(key);
        let any = json::verify_any(key, input, Require::Any);
        let Ok(verified) = jws.verify(key) else {
            assert!(into.is_err());
            // Only a JSON object is read by this door and not by the other.
            assert!(any.is_err());
            if let Ok(verified) = unencoded {
                assert!(SIGNED.contains(signing_input));
                assert_eq!(verified.payload(), *payload);
            }
            continue;
        };
        assert!(SIGNED.contains(signing_input));
        assert_eq!(verified.alg(), *alg);
        assert_eq!(encode(verified.header().text().as_bytes()).as_bytes(), *header);
        assert_eq!(encode(verified.payload()).as_bytes(), *payload);
        assert_eq!(decode(signature).map(|octets| encode(&octets).into_bytes()).as_deref(), Some(*signature));
        let text = object(verified.header().text().as_bytes()).expect("a header");
        assert_eq!(text["alg"], alg.as_str());
        let into = into.expect("a buffer as long as the text is always enough");
        assert_eq!((into.payload(), into.alg()), (verified.payload(), *alg));
        let any = any.expect("the same message");
        assert_eq!((any.payload(), any.form()), (verified.payload(), Form::Compact));
        assert_eq!(unencoded.expect("encoded is allowed too").payload(), verified.payload());
        assert_eq!(compact::verify_detached(key, input, verified.payload()).is_ok(), payload.is_empty());
    }
    if let Ok(unsecured) = unsecured::read(input) {
        assert!(signature.is_empty());
        assert_eq!(object(unsecured.header().text().as_bytes()).expect("a header")["alg"], "none");
        assert_eq!(decode(payload).as_deref(), Some(unsecured.payload()));
        assert!(VERIFYING.iter().all(|(_, key)| jws.verify(key).is_err()));
    }
    if let Ok(embedded) = embedded::verify(input, JwsAlg::ALL) {
        jwk::check(embedded.key().as_jwk());
        jwk::public_text(&embedded.key().to_json());
        assert_eq!(decode(payload).as_deref(), Some(embedded.payload()));
        assert!(!embedded.alg().is_symmetric());
    }
    if let Ok(shown) = jose_jwt::dangerous_decode(str::from_utf8(input).unwrap_or_default()) {
        // It shows what is padded too, as a verifier can be told to take it.
        let plain = |part| decode(without_padding(part));
        assert_eq!(plain(header).as_deref().map(<[u8]>::trim_ascii), Some(shown.header_text().as_bytes()));
        assert_eq!(plain(payload).as_deref().map(<[u8]>::trim_ascii), Some(shown.claims_text().as_bytes()));
    }
});

/// Without the one or two `=` that fill the last group of four.
fn without_padding(part: &[u8]) -> &[u8] {
    let plain = part.strip_suffix(b"==").or_else(|| part.strip_suffix(b"=")).unwrap_or(part);
    if part.len().is_multiple_of(4) { plain } else { part }
}

fn is_bearer(part: &[u8]) -> bool {
    part.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"Bearer "))
}
