//! What `Debug` shows of keys and messages, and what small questions are answered with.

use jose_b64::Secret;
use jose_jwe::{
    AsyncDecryptionKey, AsyncEncryptionKey, AsyncUnwrapKey, AsyncWrapKey, Encrypted, Error, JweAlg, JweEnc,
    KeyDescription, Limits, Message, Recipient, Refusal, Request, enc,
};
use jose_jwk::SysRng;

use super::support::{oct, pair};

struct Kms;

impl AsyncWrapKey for Kms {
    async fn wrap_key(&self, _alg: JweAlg, _cek: &[u8]) -> Result<Vec<u8>, Refusal> {
        Err(Refusal::Unavailable)
    }
}

impl AsyncUnwrapKey for Kms {
    async fn unwrap_key(&self, _request: &Request<'_>) -> Result<Secret, Refusal> {
        Err(Refusal::Unavailable)
    }
}

/// Covers G3.
#[test]
fn keys_and_messages_show_no_secret() {
    let secret = [0x41; 16];
    let content = enc::ContentKey::new(JweEnc::A128Gcm, &secret).unwrap();
    let (encrypts, decrypts) = pair(&oct(16).with_kid("name"), JweAlg::A128Kw);
    let recipient = Recipient::new(&encrypts);
    let text = Message::new(JweEnc::A128Gcm).general(&[Recipient::new(&encrypts)], b"plaintext", &mut SysRng);
    let text = text.unwrap();
    let encrypted = Encrypted::parse(&text).unwrap();
    assert_eq!(encrypted.recipient_count(), 1);
    for (shown, there) in [
        (format!("{content:?}"), "ContentKey { enc: A128Gcm"),
        (format!("{recipient:?}"), "name"),
        (format!("{encrypted:?}"), "Encrypted { recipients: 1"),
    ] {
        assert!(shown.contains(there), "{shown}");
        assert!(!shown.contains("AAAA") && !shown.contains("65, 65") && !shown.contains("[0, 1"), "{shown}");
    }
    let decrypted = encrypted.decrypt(&decrypts, &mut SysRng).unwrap();
    assert_eq!(*decrypted.into_secret(), b"plaintext");
}

#[test]
fn a_key_that_answers_later_shows_what_it_is_for() {
    let kms = KeyDescription::symmetric(Some("kms-1"));
    let encrypts = AsyncEncryptionKey::external(kms, JweAlg::A256Kw, Kms).unwrap();
    let shown = format!("{encrypts:?}");
    assert!(shown.contains("A256Kw") && shown.contains("kms-1"), "{shown}");
    let decrypts = || {
        let kms = KeyDescription::symmetric(Some("kms-1"));
        AsyncDecryptionKey::external(kms, JweAlg::A256Kw, Kms).unwrap()
    };
    assert!(format!("{:?}", decrypts()).contains("kms-1"));
    // A key may be told which encryptions it takes, and is of no use without one.
    assert!(decrypts().with_encs(JweEnc::A256Gcm).is_ok());
    let none: [JweEnc; 0] = [];
    assert_eq!(decrypts().with_encs(none).err(), Some(Error::AlgorithmsEmpty));
}

#[test]
fn a_content_key_counts_what_it_encrypts() {
    let mut key = enc::ContentKey::new(JweEnc::A128Gcm, &[7; 16]).unwrap().with_invocations(5);
    assert_eq!(key.invocations(), 5);
    let mut buffer = *b"plaintext";
    key.seal(b"", &mut buffer, 9, &mut SysRng).unwrap();
    assert_eq!(key.invocations(), 6);
    assert_eq!(format!("{:?}", Limits::default()), format!("{:?}", Limits::DEFAULT));
}
