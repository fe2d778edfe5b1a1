//! The same tasks with RustCrypto alone: what is signed, verified and decrypted are bytes, put together beforehand.

use core::hint::black_box;

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{AeadInOut, KeyInit};
use ed25519_dalek::ed25519;
use hmac::{Hmac, Mac};
use p256::ecdsa;
use sha2::Sha256;
use signature::{RandomizedSigner, Signer, Verifier};

use crate::data;
use crate::machine::{Broken, Console};

/// Signs with ECDSA on P-256.
pub fn sign_es256(_: &mut [u8], console: &mut Console) -> Option<()> {
    let key = ecdsa::SigningKey::from_slice(black_box(&data::ES256_SECRET)).ok()?;
    let signature: ecdsa::Signature = key.try_sign(data::SIGNING_INPUT.as_bytes()).ok()?;
    console.octets("signature", &signature.to_bytes())
}

/// Signs with Ed25519.
pub fn sign_ed25519(_: &mut [u8], console: &mut Console) -> Option<()> {
    let key = ed25519_dalek::SigningKey::from_bytes(black_box(&data::ED25519_SECRET));
    let signature = key.try_sign(data::SIGNING_INPUT.as_bytes()).ok()?;
    console.octets("signature", &signature.to_bytes())
}

/// Makes an HMAC with SHA-256.
pub fn sign_hs256(_: &mut [u8], console: &mut Console) -> Option<()> {
    let mut mac = Hmac::<Sha256>::new_from_slice(black_box(&data::HS256_SECRET)).ok()?;
    mac.update(data::SIGNING_INPUT.as_bytes());
    console.octets("signature", &mac.finalize().into_bytes())
}

/// Verifies with ECDSA on P-256, and a forged message.
pub fn verify_es256(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let key = ecdsa::VerifyingKey::from_sec1_bytes(black_box(&data::ES256_PUBLIC)).ok()?;
    verify_with_es256(&key, buffer, console)
}

/// Verifies with Ed25519, and a forged message.
pub fn verify_ed25519(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(black_box(&data::ED25519_PUBLIC)).ok()?;
    verify_with_ed25519(&key, buffer, console)
}

/// Verifies with both of them.
pub fn verify_kid(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let other = ecdsa::VerifyingKey::from_sec1_bytes(black_box(&data::OTHER_PUBLIC)).ok()?;
    let p256 = ecdsa::VerifyingKey::from_sec1_bytes(black_box(&data::ES256_PUBLIC)).ok()?;
    let ed25519 = ed25519_dalek::VerifyingKey::from_bytes(black_box(&data::ED25519_PUBLIC)).ok()?;
    verify_with_es256(&p256, buffer, console)?;
    verify_with_ed25519(&ed25519, buffer, console)?;
    verify_with_es256(&other, buffer, console).is_none().then_some(())?;
    console.text("refused", "signature")
}

fn verify_with_es256(key: &ecdsa::VerifyingKey, buffer: &mut [u8], console: &mut Console) -> Option<()> {
    const MESSAGE: &str = data::before(data::ES256_MANIFEST, 2);
    const SIGNATURE: [u8; 64] = data::part(data::ES256_MANIFEST, 2);
    let signature = ecdsa::Signature::from_slice(&SIGNATURE).ok()?;
    verify(MESSAGE, buffer, console, |message| key.verify(message, &signature))
}

fn verify_with_ed25519(
    key: &ed25519_dalek::VerifyingKey,
    buffer: &mut [u8],
    console: &mut Console,
) -> Option<()> {
    const MESSAGE: &str = data::before(data::ED25519_MANIFEST, 2);
    const SIGNATURE: [u8; 64] = data::part(data::ED25519_MANIFEST, 2);
    let signature = ed25519::Signature::from_bytes(&SIGNATURE);
    verify(MESSAGE, buffer, console, |message| key.verify_strict(message, &signature))
}

fn verify(
    message: &str,
    buffer: &mut [u8],
    console: &mut Console,
    verify: impl Fn(&[u8]) -> Result<(), signature::Error>,
) -> Option<()> {
    verify(message.as_bytes()).ok()?;
    console.text("payload", "verified")?;
    let forged = buffer.get_mut(..message.len())?;
    forged.copy_from_slice(message.as_bytes());
    *forged.first_mut()? ^= 1;
    verify(forged).err()?;
    console.text("refused", "signature")
}

/// Decrypts with AES-GCM in place, and refuses what was changed.
pub fn decrypt_a256gcm(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    const AAD: &str = data::before(data::SETTING, 1);
    const IV: [u8; 12] = data::part(data::SETTING, 2);
    const CIPHERTEXT: [u8; 56] = data::part(data::SETTING, 3);
    const TAG: [u8; 16] = data::part(data::SETTING, 4);
    let text = buffer.get_mut(..CIPHERTEXT.len())?;
    text.copy_from_slice(&CIPHERTEXT);

    let cipher = Aes256Gcm::new_from_slice(black_box(&data::CEK)).ok()?;
    let mut tag = TAG;
    *tag.first_mut()? ^= 1;
    let aad = AAD.as_bytes();
    cipher.decrypt_inout_detached(&IV.into(), aad, (&mut *text).into(), &tag.into()).err()?;
    console.text("refused", "decryption")?;
    cipher.decrypt_inout_detached(&IV.into(), aad, (&mut *text).into(), &TAG.into()).ok()?;
    console.text("plaintext", str::from_utf8(text).ok()?)
}

/// Signs with random numbers, of which there are none: no signature.
pub fn sign_without_rng(_: &mut [u8], console: &mut Console) -> Option<()> {
    let key = ecdsa::SigningKey::from_slice(black_box(&data::ES256_SECRET)).ok()?;
    let signed: Result<ecdsa::Signature, _> =
        key.try_sign_with_rng(&mut Broken, data::SIGNING_INPUT.as_bytes());
    match signed {
        Ok(signature) => console.octets("signature", &signature.to_bytes()),
        Err(_) => console.text("refused", "rng"),
    }
}

crate::everything!();
