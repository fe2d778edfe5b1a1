//! A key that is read from one form of DER writes the same key in that form; where a form has one encoding alone, the
//! same octets.

#![no_main]

use jose_fuzz::jwk;
use jose_jwa::KeyType;
use jose_jwk::{Jwk, PrivateFormat, PublicFormat, PublicJwk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut read = 0;
    for format in [PrivateFormat::Pkcs8, PrivateFormat::Pkcs1, PrivateFormat::Sec1] {
        let Ok(key) = Jwk::from_private_der(input, format) else { continue };
        read += 1;
        assert!(key.is_private());
        assert_eq!(key.key_type() == KeyType::Rsa, key.public_member("n").is_some());
        jwk::check(&key);
        let der = key.expose_private_der(format).expect("the form that it came in");
        if format == PrivateFormat::Pkcs1 {
            assert_eq!(der.as_slice(), input);
        }
        // The octets of the secret are those of the input.
        for name in ["d", "priv"] {
            if let Some(secret) = key.expose_secret_member(name) {
                assert!(is_within(secret, input), "{name}");
            }
        }
    }
    for format in [PublicFormat::Spki, PublicFormat::Pkcs1] {
        let Ok(key) = PublicJwk::from_der(input, format) else { continue };
        read += 1;
        assert!(!key.as_jwk().is_private());
        jwk::check(key.as_jwk());
        jwk::public_text(&key.to_json());
        if format == PublicFormat::Pkcs1 {
            assert_eq!(key.to_der(format).as_deref(), Ok(input));
        }
        for name in ["x", "n", "pub"] {
            if let Some(member) = key.as_jwk().public_member(name) {
                assert!(is_within(member, input), "{name}");
            }
        }
    }
    // No octets are two forms at once.
    assert!(read <= 1);
    if let Ok(key) = jwk::cheap().encrypted_der(input, "secret") {
        assert_eq!(read, 0);
        assert!(key.is_private());
        jwk::check(&key);
    }
});

fn is_within(part: &[u8], whole: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}
