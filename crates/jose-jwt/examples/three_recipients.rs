//! One message to three recipients, each with a key of another type, and what each of them does with it.
//!
//! `cargo run -p jose-jwt --example three_recipients`

use core::error::Error;

use jose_jwt::jwe::{Encrypted, Message, Recipient};
use jose_jwt::{Curve, DecryptionKey, EncryptionKey, JweAlg, JweEnc, Jwk, KeySpec, SysRng};

fn main() -> Result<(), Box<dyn Error>> {
    let alice = Jwk::generate(Curve::X25519, &mut SysRng)?.with_kid("alice");
    let bob = Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng)?.with_kid("bob");
    // The archive shares a secret with the sender.
    let archive = Jwk::generate(KeySpec::Oct { len: 32 }, &mut SysRng)?.with_kid("archive");
    let own = [(&alice, JweAlg::EcdhEsA256Kw), (&bob, JweAlg::RsaOaep256), (&archive, JweAlg::A256Kw)];

    // The sender has the public keys of the first two. The plaintext is encrypted once, its key three times.
    let to_alice = EncryptionKey::from_jwk(alice.to_public()?, JweAlg::EcdhEsA256Kw)?;
    let to_bob = EncryptionKey::from_jwk(bob.to_public()?, JweAlg::RsaOaep256)?;
    let to_archive = EncryptionKey::from_jwk(&archive, JweAlg::A256Kw)?;
    let recipients = [Recipient::new(&to_alice), Recipient::new(&to_bob), Recipient::new(&to_archive)];
    // Anyone can read the subject, and nobody can change it.
    let message = Message::new(JweEnc::A256Gcm).aad(b"subject: minutes");
    let text = message.general(&recipients, b"The meeting is at noon.", &mut SysRng)?;
    println!("{text}\n");

    for (jwk, alg) in own {
        let key = DecryptionKey::from_jwk(jwk, alg)?;
        let decrypted = Encrypted::parse(&text)?.decrypt(&key, &mut SysRng)?;
        println!(
            "{:<8} by {:<16} reads: {}",
            jwk.kid().unwrap_or_default(),
            decrypted.alg().as_str(),
            String::from_utf8_lossy(decrypted.plaintext()),
        );
        assert_eq!(decrypted.aad(), Some(b"subject: minutes".as_slice()));
    }

    // Someone else reads nothing, and a changed subject is noticed.
    let eve = Jwk::generate(Curve::X25519, &mut SysRng)?.with_kid("alice");
    let key = DecryptionKey::from_jwk(&eve, JweAlg::EcdhEsA256Kw)?;
    let refused = Encrypted::parse(&text)?.decrypt(&key, &mut SysRng);
    println!("eve      is refused: {}", refused.err().ok_or("eve can read it")?);
    let changed = text.replace(r#""aad":"c3"#, r#""aad":"c2"#);
    assert_ne!(changed, text);
    let key = DecryptionKey::from_jwk(&archive, JweAlg::A256Kw)?;
    assert!(Encrypted::parse(&changed)?.decrypt(&key, &mut SysRng).is_err());
    Ok(())
}
