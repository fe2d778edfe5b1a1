//! The tasks with the library. What fails ends the program; what must fail is reported.

use core::hint::black_box;

use jose_b64::base64url;
use jose_jwe::{JoseHeader, JweEnc, enc};
use jose_jws::alg::{Ed25519, Es256, HmacKey, Hs256};
use jose_jws::{Header, Key, RandomizedKey, Sign, Verify, compact};
use p256::ecdsa;

use crate::data;
use crate::machine::{Broken, Console};

/// What the device calls itself.
const KID: &str = "dev-7";

/// Signs a JWT with ES256.
pub fn sign_es256(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let secret = ecdsa::SigningKey::from_slice(black_box(&data::ES256_SECRET)).ok()?;
    sign(&Key::<Es256, _>::new(secret).with_kid(KID), buffer, console)
}

/// Signs a JWT with Ed25519.
pub fn sign_ed25519(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let secret = ed25519_dalek::SigningKey::from_bytes(black_box(&data::ED25519_SECRET));
    sign(&Key::<Ed25519, _>::new(secret).with_kid(KID), buffer, console)
}

/// Signs a JWT with HS256.
pub fn sign_hs256(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let secret = HmacKey::new(black_box(&data::HS256_SECRET)).ok()?;
    sign(&Key::<Hs256, _>::new(secret).with_kid(KID), buffer, console)
}

fn sign<K: Sign>(key: &K, buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let header = Header::new().typ("JWT");
    let token = compact::sign_into(key, data::CLAIMS.as_bytes(), &header, buffer).ok()?;
    console.text("token", token)
}

/// Verifies a manifest with ES256, and a forged one.
pub fn verify_es256(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let public = ecdsa::VerifyingKey::from_sec1_bytes(black_box(&data::ES256_PUBLIC)).ok()?;
    verify(&Key::<Es256, _>::new(public), data::ES256_MANIFEST, buffer, console)
}

/// Verifies a manifest with Ed25519, and a forged one.
pub fn verify_ed25519(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let public = ed25519_dalek::VerifyingKey::from_bytes(black_box(&data::ED25519_PUBLIC)).ok()?;
    verify(&Key::<Ed25519, _>::new(public), data::ED25519_MANIFEST, buffer, console)
}

/// Verifies manifests of both algorithms, and forged ones, with that of three keys that their `kid` names.
pub fn verify_kid(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let other = ecdsa::VerifyingKey::from_sec1_bytes(black_box(&data::OTHER_PUBLIC)).ok()?;
    let p256 = ecdsa::VerifyingKey::from_sec1_bytes(black_box(&data::ES256_PUBLIC)).ok()?;
    let ed25519 = ed25519_dalek::VerifyingKey::from_bytes(black_box(&data::ED25519_PUBLIC)).ok()?;
    let other = Key::<Es256, _>::new(other).with_kid("release-2025");
    let p256 = Key::<Es256, _>::new(p256).with_kid("release-2026");
    let ed25519 = Key::<Ed25519, _>::new(ed25519).with_kid("release-2026-ed");
    let keys: [&dyn Verify; 3] = [&other, &p256, &ed25519];
    verify(&keys[..], data::ES256_MANIFEST, buffer, console)?;
    verify(&keys[..], data::ED25519_MANIFEST, buffer, console)?;
    // Without that key, there is none of that `kid`.
    let keys: [&dyn Verify; 2] = [&other, &ed25519];
    let error = compact::verify_into(&keys[..], data::ES256_MANIFEST, buffer).err()?;
    console.text("refused", error.code())
}

fn verify<V: Verify + ?Sized>(
    key: &V,
    manifest: &str,
    buffer: &mut [u8],
    console: &mut Console,
) -> Option<()> {
    let (forged, room) = buffer.split_at_mut_checked(manifest.len())?;
    let verified = compact::verify_into(key, manifest, room).ok()?;
    console.text("payload", verified.text().ok()?)?;
    forged.copy_from_slice(manifest.as_bytes());
    // Another first character of the payload.
    *forged.get_mut(manifest.find('.')?.checked_add(1)?)? ^= 1;
    let error = compact::verify_into(key, forged, room).err()?;
    console.text("refused", error.code())
}

/// Decrypts a JWE with `dir` and A256GCM in place, and refuses one that was changed.
pub fn decrypt_a256gcm(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let mut parts = data::SETTING.as_bytes().split(|octet| *octet == b'.');
    let (Some(aad), Some(b""), Some(iv), Some(ciphertext), Some(tag), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let (header, rest) = buffer.split_at_mut_checked(base64url::decoded_len(aad.len()))?;
    let header = JoseHeader::parse(base64url::decode(aad, header).ok()?).ok()?;
    if header.alg()? != *"dir" || header.enc()? != *"A256GCM" || header.has_crit() {
        return None;
    }
    let (mut iv_octets, mut tag_octets) = ([0; 12], [0; 16]);
    let iv = base64url::decode(iv, &mut iv_octets).ok()?;
    let tag = base64url::decode(tag, &mut tag_octets).ok()?;
    let text = base64url::decode(ciphertext, rest).ok()?;

    let cek = black_box(&data::CEK);
    *tag.first_mut()? ^= 1;
    let error = enc::open(JweEnc::A256Gcm, cek, iv, aad, text, tag).err()?;
    console.text("refused", error.code())?;
    *tag.first_mut()? ^= 1;
    let plaintext = enc::open(JweEnc::A256Gcm, cek, iv, aad, text, tag).ok()?;
    console.text("plaintext", str::from_utf8(plaintext).ok()?)
}

/// Signs with a key that needs random numbers, of which there are none: no token.
pub fn sign_without_rng(buffer: &mut [u8], console: &mut Console) -> Option<()> {
    let secret = ecdsa::SigningKey::from_slice(black_box(&data::ES256_SECRET)).ok()?;
    let key = RandomizedKey::<Es256, _, _>::new(secret, || Broken).with_kid(KID);
    match compact::sign_into(&key, data::CLAIMS.as_bytes(), &Header::new(), buffer) {
        Ok(token) => console.text("token", token),
        Err(error) => console.text("refused", error.code()),
    }
}

crate::everything!();
