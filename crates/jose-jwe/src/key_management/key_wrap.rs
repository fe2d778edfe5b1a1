//! AES Key Wrap (RFC 3394, RFC 7518 section 4.4).

use core::fmt;

use aes::{Aes128, Aes192, Aes256};
use aes_kw::{AesKw, IV_LEN, KeyInit};

use crate::Error;

/// The number of bytes by which a wrapped key is longer than the key.
pub const OVERHEAD: usize = IV_LEN;

/// A key that wraps and unwraps keys: AES-128, AES-192 or AES-256 by its length.
pub struct KeyWrap(Cipher);

enum Cipher {
    A128(AesKw<Aes128>),
    A192(AesKw<Aes192>),
    A256(AesKw<Aes256>),
}

impl KeyWrap {
    /// Prepares a key of 16, 24 or 32 bytes.
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`] for any other length.
    pub fn new(kek: &[u8]) -> Result<Self, Error> {
        let cipher = match kek.len() {
            16 => AesKw::new_from_slice(kek).map(Cipher::A128),
            24 => AesKw::new_from_slice(kek).map(Cipher::A192),
            _ => AesKw::new_from_slice(kek).map(Cipher::A256),
        };
        cipher.map(Self).map_err(|_| Error::KeyLength { found: kek.len() })
    }

    /// Wraps a key into the front of `out`, and returns the part that was written: the length of the key and [`OVERHEAD`].
    ///
    /// # Errors
    ///
    /// [`Error::Encryption`] if the length of the key is below 16 bytes or not a multiple of 8; [`Error::BufferTooSmall`].
    pub fn wrap<'o>(&self, cek: &[u8], out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        if cek.len() < 2 * IV_LEN || !cek.len().is_multiple_of(IV_LEN) {
            return Err(Error::Encryption);
        }
        let wrapped = match &self.0 {
            Cipher::A128(cipher) => cipher.wrap_key(cek, out),
            Cipher::A192(cipher) => cipher.wrap_key(cek, out),
            Cipher::A256(cipher) => cipher.wrap_key(cek, out),
        };
        wrapped.map_err(|_| Error::BufferTooSmall)
    }

    /// Unwraps a key into the front of `out`, and returns the part that was written.
    ///
    /// If this fails for a message, continue with a random key, so that the sender does not learn whether it did
    /// (RFC 7516 section 11.5).
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`] if this key did not wrap the bytes, or they are too short; [`Error::BufferTooSmall`].
    pub fn unwrap<'o>(&self, encrypted_key: &[u8], out: &'o mut [u8]) -> Result<&'o [u8], Error> {
        if encrypted_key.len() < 3 * IV_LEN || !encrypted_key.len().is_multiple_of(IV_LEN) {
            return Err(Error::Decryption);
        }
        if encrypted_key.len() > out.len().saturating_add(IV_LEN) {
            return Err(Error::BufferTooSmall);
        }
        let unwrapped = match &self.0 {
            Cipher::A128(cipher) => cipher.unwrap_key(encrypted_key, out),
            Cipher::A192(cipher) => cipher.unwrap_key(encrypted_key, out),
            Cipher::A256(cipher) => cipher.unwrap_key(encrypted_key, out),
        };
        unwrapped.map_err(|_| Error::Decryption)
    }
}

impl fmt::Debug for KeyWrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyWrap").finish_non_exhaustive()
    }
}
