//! **Dangerous.** Values that are otherwise generated, fixed by the caller: for test vectors, and for nothing else.
//!
//! An initialization vector that is used twice reveals the authentication key of AES-GCM.

#[cfg(feature = "alloc")]
mod fixed;

use jose_jwa::JweEnc;

use crate::enc::{CekRef, Sealed, seal_with_iv};
use crate::error::Error;

#[cfg(feature = "rsa")]
pub use fixed::decrypt_key;
#[cfg(feature = "alloc")]
pub use {
    crate::jwe::message::write::Form,
    fixed::{Fixed, FixedRecipient, agree},
};

/// Encrypts in place; see [`ContentKey::seal`](crate::enc::ContentKey::seal).
///
/// # Errors
///
/// [`Error::Encryption`] if a length is wrong; [`Error::BufferTooSmall`].
pub fn seal(
    enc: JweEnc,
    cek: &[u8],
    iv: &[u8],
    aad: &[u8],
    buffer: &mut [u8],
    plaintext_len: usize,
) -> Result<Sealed, Error> {
    seal_with_iv(enc, CekRef::Bytes(cek), iv, aad, buffer, plaintext_len)
}
