//! What decrypts is what was encrypted: octet for octet one of the JWEs of the vectors. Every door for a compact
//! serialization says the same.

#![no_main]

use jose_fuzz::{
    decode,
    keys::{DECRYPTION, ENCRYPTED, encrypted_compact},
    object,
    rng::Fixed,
};
use jose_jwe::{Encrypted, Limits};
use libfuzzer_sys::fuzz_target;

/// Iterations and plaintexts that keep a run fast.
const LIMITS: Limits = Limits { max_p2c: 8192, max_inflated: 10_000, ..Limits::DEFAULT };

fuzz_target!(|input: &[u8]| {
    let jwe = match Encrypted::parse_compact(input) {
        Ok(jwe) => jwe.limits(LIMITS).allow_compressed(),
        Err(_) => {
            let is_json = input.trim_ascii_start().starts_with(b"{");
            return assert!(is_json || Encrypted::parse(input).is_err());
        }
    };
    let parts = encrypted_compact(input).expect("five parts of UTF-8");
    let header = decode(&parts[0]).and_then(|text| String::from_utf8(text).ok());
    assert_eq!(jwe.dangerous_header().ok(), header);
    assert_eq!(jwe.recipient_count(), 1);
    let lenient = Encrypted::parse(input).map(|jwe| jwe.limits(LIMITS).allow_compressed());
    for (alg, key) in DECRYPTION.iter() {
        let Ok(decrypted) = jwe.decrypt(key, &mut Fixed(1)) else { continue };
        assert!(ENCRYPTED.contains(&parts));
        assert_eq!(decrypted.alg(), *alg);
        let header = object(header.as_deref().unwrap_or_default().as_bytes()).expect("a header");
        assert_eq!(header["alg"], alg.as_str());
        assert_eq!(header.get("enc").and_then(|enc| enc.as_str()), decrypted.enc().map(|enc| enc.as_str()));
        assert_eq!(object(decrypted.header().text().as_bytes()), Some(header));
        // Another random key to continue with changes nothing.
        let again =
            lenient.as_ref().expect("five parts").decrypt(key, &mut Fixed(2)).expect("the same message");
        assert_eq!(again.plaintext(), decrypted.plaintext());
    }
});
