//! Each key of a set is read as it would be alone, the others are reported; what is public has nothing private; and a
//! query finds what a search by hand finds.

#![no_main]

use jose_fuzz::{has_huge_number, jwk, object};
use jose_jwa::JwsAlg;
use jose_jwk::{Jwk, JwkSet, KeyQuery, PublicJwk};
use jose_jws::VerifyingKeys;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let public = JwkSet::from_public_json(input);
    let Ok(set) = JwkSet::from_json(input) else { return assert!(public.is_err()) };
    let public = public.expect("a key does not spoil the set");
    let Some(members) = object(input) else { return assert!(has_huge_number(input)) };
    let entries = members["keys"].as_array().expect("a list");

    let mut keys = set.keys().iter();
    for (index, entry) in entries.iter().enumerate() {
        // Numbers that are not understood may be written in another way by the other side.
        let alone = Jwk::from_json(entry.to_string()).map(|key| key.thumbprint(jose_jwa::Hash::Sha256));
        let skipped = set.skipped().iter().find(|skipped| skipped.index == index);
        match skipped {
            Some(_) => assert!(alone.is_err(), "{entry}"),
            None => assert_eq!(alone, Ok(keys.next().expect("a key").thumbprint(jose_jwa::Hash::Sha256))),
        }
    }
    assert!(keys.next().is_none());
    assert_eq!(set.len() + set.skipped().len(), entries.len());
    assert_eq!(public.len() + public.skipped().len(), entries.len());
    for index in public.stripped() {
        assert!(jwk::SECRET.iter().any(|name| entries[*index].get(name).is_some()));
    }

    let text = set.expose_private_json();
    let again = JwkSet::from_json(text.as_bytes()).expect("what was written is read");
    assert_eq!(again.keys(), set.keys());
    for (text, set) in
        [(set.to_public_json(), set.to_public()), (public.to_public_json(), public.to_public())]
    {
        let again = JwkSet::from_public_json(&text).expect("what was written is read");
        assert_eq!(again.keys(), set.keys());
        assert!(again.stripped().is_empty() && again.skipped().is_empty());
        for key in &again {
            jwk::public_text(&key.expose_private_json());
            assert_eq!(
                PublicJwk::from_json(key.expose_private_json().as_bytes()).as_ref().map(PublicJwk::as_jwk),
                Ok(key)
            );
        }
    }
    for key in &public {
        jwk::public_text(&key.expose_private_json());
    }
    queries(&set);
    if let Ok(keys) = VerifyingKeys::from_jwks(&set, JwsAlg::ALL) {
        assert!(keys.skipped().len() < set.len());
        assert!(keys.skipped().iter().all(|skipped| skipped.index < set.len()));
    }
});

fn queries(set: &JwkSet) {
    for key in set {
        let Some(kid) = key.kid() else { continue };
        let query = KeyQuery::new().kid(kid).kty(key.key_type());
        let by_hand: Vec<&Jwk> = set
            .iter()
            .filter(|key| key.kid() == Some(kid))
            .filter(|own| own.key_type() == key.key_type())
            .collect();
        assert_eq!(set.query(&query), by_hand);
        match set.select(&query) {
            Ok(key) => assert_eq!(by_hand, [key]),
            Err(_) => assert!(by_hand.len() > 1),
        }
    }
}
