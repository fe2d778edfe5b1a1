//! AES in Galois/Counter Mode (RFC 7518 section 5.3).

use core::marker::PhantomData;

use aes::cipher::consts::{U12, U16};
use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, KeyInit};
#[cfg(feature = "alloc")]
use aes::{Aes128, Aes192, Aes256};
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInOut;
#[cfg(feature = "alloc")]
use jose_jwa::JweEnc;

use super::cipher::Cipher;

/// With the block cipher `C`.
pub(super) struct Gcm<C>(PhantomData<C>);

impl<C> Cipher for Gcm<C>
where
    C: BlockSizeUser<BlockSize = U16> + BlockCipherEncrypt + KeyInit,
{
    fn ciphertext_len(plaintext_len: usize) -> Option<usize> {
        Some(plaintext_len)
    }

    fn seal(key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], _len: usize, tag: &mut [u8]) -> Option<()> {
        seal(&AesGcm::<C, U12>::new_from_slice(key).ok()?, iv, aad, buffer, tag)
    }

    fn open(key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &[u8]) -> Option<usize> {
        open(&AesGcm::<C, U12>::new_from_slice(key).ok()?, iv, aad, buffer, tag)
    }
}

/// What all key lengths have in common.
trait Aead: AeadInOut<NonceSize = U12, TagSize = U16> {}

impl<A: AeadInOut<NonceSize = U12, TagSize = U16>> Aead for A {}

fn seal(cipher: &impl Aead, iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &mut [u8]) -> Option<()> {
    let sealed = cipher.encrypt_inout_detached(iv.try_into().ok()?, aad, buffer.into()).ok()?;
    tag.copy_from_slice(&sealed);
    Some(())
}

fn open(cipher: &impl Aead, iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &[u8]) -> Option<usize> {
    let len = buffer.len();
    // It verifies before it decrypts.
    cipher.decrypt_inout_detached(iv.try_into().ok()?, aad, buffer.into(), tag.try_into().ok()?).ok()?;
    Some(len)
}

/// A content encryption key of AES-GCM for many messages, with what is computed of it.
#[cfg(feature = "alloc")]
#[expect(unnameable_types, reason = "a detail of the sealed `Decrypt`")]
pub enum GcmKey {
    A128(AesGcm<Aes128, U12>),
    A192(AesGcm<Aes192, U12>),
    A256(AesGcm<Aes256, U12>),
}

#[cfg(feature = "alloc")]
impl core::fmt::Debug for GcmKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("GcmKey").field("enc", &self.enc()).finish_non_exhaustive()
    }
}

#[cfg(feature = "alloc")]
impl GcmKey {
    /// `None` if no algorithm takes a key of this length.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        Some(match key.len() {
            16 => Self::A128(AesGcm::new_from_slice(key).ok()?),
            24 => Self::A192(AesGcm::new_from_slice(key).ok()?),
            32 => Self::A256(AesGcm::new_from_slice(key).ok()?),
            _ => return None,
        })
    }

    /// The algorithm.
    pub(crate) fn enc(&self) -> JweEnc {
        match self {
            Self::A128(_) => JweEnc::A128Gcm,
            Self::A192(_) => JweEnc::A192Gcm,
            Self::A256(_) => JweEnc::A256Gcm,
        }
    }

    pub(super) fn seal(&self, iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &mut [u8]) -> Option<()> {
        match self {
            Self::A128(cipher) => seal(cipher, iv, aad, buffer, tag),
            Self::A192(cipher) => seal(cipher, iv, aad, buffer, tag),
            Self::A256(cipher) => seal(cipher, iv, aad, buffer, tag),
        }
    }

    pub(super) fn open(&self, iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &[u8]) -> Option<usize> {
        match self {
            Self::A128(cipher) => open(cipher, iv, aad, buffer, tag),
            Self::A192(cipher) => open(cipher, iv, aad, buffer, tag),
            Self::A256(cipher) => open(cipher, iv, aad, buffer, tag),
        }
    }
}
