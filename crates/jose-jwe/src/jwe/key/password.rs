//! PBES2 (RFC 7518 section 4.8): a key from a password.

use alloc::vec::Vec;

use jose_jwa::{Hash, JweAlg};
use pbkdf2::pbkdf2_hmac;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::error::Error;

/// The length of a salt that is generated, in bytes.
pub(crate) const SALT_LEN: usize = 16;

/// The iteration count that is written: that of the OWASP Password Storage Cheat Sheet (March 2026) for PBKDF2 with
/// HMAC-SHA-256 and HMAC-SHA-512. It has none for HMAC-SHA-384, which costs as much as the latter.
pub(crate) const fn count(alg: JweAlg) -> u32 {
    match alg.hash() {
        Some(Hash::Sha256) => 600_000,
        _ => 220_000,
    }
}

/// The key that wraps the content encryption key.
pub(crate) fn derive(
    alg: JweAlg,
    password: &[u8],
    salt_input: &[u8],
    count: u32,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let len = alg.kek_len().ok_or(Error::Encryption)?;
    // RFC 7518 section 4.8.1.1: the algorithm's name, a zero byte, the salt input.
    let salt = [alg.as_str().as_bytes(), &[0], salt_input].concat();
    let mut kek = Zeroizing::new(alloc::vec![0; len]);
    match alg.hash() {
        Some(Hash::Sha256) => pbkdf2_hmac::<Sha256>(password, &salt, count, &mut kek),
        Some(Hash::Sha384) => pbkdf2_hmac::<Sha384>(password, &salt, count, &mut kek),
        Some(Hash::Sha512) => pbkdf2_hmac::<Sha512>(password, &salt, count, &mut kek),
        _ => return Err(Error::Encryption),
    }
    Ok(kek)
}
