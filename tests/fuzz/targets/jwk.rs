//! A key that is accepted writes itself and is read back, in JSON, DER and PEM; its public half has nothing private;
//! its thumbprint is that of independent code; and options of the parser only add to what is accepted.

#![no_main]

use jose_fuzz::{has_huge_number, jwk, object};
use jose_jwk::{Error, Jwk, JwkParser, PublicJwk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let strict = Jwk::from_json(input);
    let members = object(input);
    if let Ok(key) = &strict {
        assert!(members.is_some() || has_huge_number(input));
        jwk::check(key);
        for noted in key.noted() {
            assert_eq!(noted.index, 0);
            assert!(members.as_ref().is_none_or(|members| members.contains_key(noted.member)));
        }
    }
    public(input, &strict);
    let lenient =
        JwkParser::new().allow_leading_zeros().allow_padding().allow_standard_base64().allow_p256k();
    match (lenient.jwk(input), &strict) {
        (Ok(lenient), Ok(strict)) => assert_eq!(lenient, *strict),
        (Ok(lenient), Err(_)) => {
            // A clean key, whatever it was read from.
            jwk::check(&lenient);
            assert!(members.is_some() || has_huge_number(input));
        }
        (Err(error), Ok(_)) => panic!("{error} with more leniency"),
        (Err(_), Err(_)) => {}
    }
    match (lenient.ignore_empty_key_ops().jwk(input), &strict) {
        (Ok(lenient), Ok(strict)) => assert!(jwk::same(&lenient, strict)),
        (Err(error), Ok(_)) => panic!("{error} with more leniency"),
        (_, Err(_)) => {}
    }
});

fn public(input: &[u8], strict: &Result<Jwk, Error>) {
    let public = PublicJwk::from_json(input);
    let has_secret = object(input).map(|members| jwk::SECRET.iter().any(|name| members.contains_key(*name)));
    match (&public, strict) {
        (Ok(public), Ok(key)) => assert_eq!(public.as_jwk(), key),
        (Ok(_), Err(error)) => panic!("{error}, and read as a public key"),
        (Err(_), Ok(_)) => assert_ne!(has_secret, Some(false)),
        (Err(_), Err(_)) => {}
    }
    if public.is_ok() {
        assert_ne!(has_secret, Some(true));
    }
    if let Ok(key) = JwkParser::new().public_only().jwk(input) {
        let text = key.expose_private_json();
        jwk::public_text(&text);
        assert!(!key.is_private());
        assert_eq!(PublicJwk::from_json(text.as_bytes()).as_ref().map(PublicJwk::as_jwk), Ok(&key));
        // With the private members that are well-formed it is the same key.
        if let Ok(strict) = strict {
            let other = strict.to_public().expect("not symmetric");
            assert!(jwk::same(&key, other.as_jwk()));
        }
    }
}
