//! A key that is read from PEM is a whole key; what is read as public is not private; and a text that needs a
//! passphrase needs it.

#![no_main]

use jose_fuzz::jwk;
use jose_jwk::{Error, FormError, Jwk, PublicJwk};
use libfuzzer_sys::fuzz_target;

/// That of the seeds.
const PASSPHRASE: &str = "secret";

fuzz_target!(|input: &[u8]| {
    let Ok(text) = str::from_utf8(input) else { return };
    let (key, public) = (Jwk::from_pem(text), PublicJwk::from_pem(text));
    let encrypted = jwk::cheap().encrypted_pem(text, PASSPHRASE);
    if let Ok(key) = &key {
        assert!(text.contains("-----BEGIN ") && text.contains("-----END "));
        // Of several blocks the private one is read.
        assert!(text.contains(if key.is_private() { "PRIVATE KEY-----" } else { "PUBLIC KEY-----" }));
        jwk::check(key);
        if !key.is_private() {
            assert_eq!(public.as_ref().map(PublicJwk::as_jwk), Ok(key));
        }
    }
    if let Ok(public) = &public {
        assert!(!public.as_jwk().is_private());
        jwk::public_text(&public.to_json());
    }
    if let Ok(key) = &encrypted {
        assert!(text.contains("ENCRYPTED PRIVATE KEY-----"));
        assert!(key.is_private());
        jwk::check(key);
        assert!(jwk::cheap().encrypted_pem(text, "Secret").is_err());
    }
    if key == Err(FormError::PassphraseMissing.into()) {
        assert!(public.is_ok() || public == Err(Error::PrivateMembers) || text.contains("PUBLIC KEY-----"));
    }
    if let Ok(key) = PublicJwk::from_unverified_certificate_pem(text) {
        assert!(text.contains("-----BEGIN CERTIFICATE-----"));
        assert_eq!(key.as_jwk().check_certificates(), Ok(()));
    }
});
