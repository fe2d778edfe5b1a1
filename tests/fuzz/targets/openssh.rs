//! A key of OpenSSH is a whole key, whose octets are those of the text in base64, and a private one signs for its own
//! public half.

#![no_main]

use base64ct::{Base64, Encoding as _};
use jose_fuzz::jwk;
use jose_jwa::{Curve, KeyType};
use jose_jwk::{Jwk, PublicJwk};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = str::from_utf8(input) else { return };
    let public = PublicJwk::from_openssh(text);
    if let Ok(key) = &public {
        let key = key.as_jwk();
        assert!(!key.is_private());
        jwk::check(key);
        let mut words = text.split_ascii_whitespace();
        let (name, blob) = (words.next().expect("a type"), words.next().expect("the key"));
        let kind = match (key.key_type(), key.curve()) {
            (KeyType::Rsa, None) => "ssh-rsa",
            (KeyType::Okp, Some(Curve::Ed25519)) => "ssh-ed25519",
            (KeyType::Ec, Some(Curve::P256)) => "ecdsa-sha2-nistp256",
            (KeyType::Ec, Some(Curve::P384)) => "ecdsa-sha2-nistp384",
            (KeyType::Ec, Some(Curve::P521)) => "ecdsa-sha2-nistp521",
            other => panic!("{other:?}"),
        };
        assert_eq!(name, kind);
        let blob = Base64::decode_vec(blob).expect("base64");
        assert!(
            ["x", "y", "n", "e"]
                .iter()
                .filter_map(|name| key.public_member(name))
                .all(|member| is_within(member, &blob))
        );
    }
    if let Ok(key) = Jwk::from_openssh_private(text) {
        assert!(public.is_err());
        assert!(key.is_private());
        jwk::check(&key);
        let secret = key.expose_secret_member("d").expect("private");
        // On a curve it is an integer, which may be written without its leading zeros.
        let zeros = secret.iter().take_while(|byte| **byte == 0).count();
        let secret = &secret[zeros..];
        // Text around the block is passed over, and may itself look like one.
        let mut blocks = text.split("-----BEGIN OPENSSH PRIVATE KEY-----").skip(1).map(|block| {
            let content = block.split("-----").next().unwrap_or_default();
            Base64::decode_vec(&content.split_ascii_whitespace().collect::<String>()).unwrap_or_default()
        });
        assert!(blocks.any(|blob| is_within(secret, &blob)));
    }
});

fn is_within(part: &[u8], whole: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}
