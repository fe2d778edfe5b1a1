//! AES in Galois/Counter Mode (RFC 7518 section 5.3).

use core::marker::PhantomData;

use aes::cipher::consts::{U12, U16};
use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, KeyInit};
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInOut;

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
        let cipher = AesGcm::<C, U12>::new_from_slice(key).ok()?;
        let sealed = cipher.encrypt_inout_detached(iv.try_into().ok()?, aad, buffer.into()).ok()?;
        tag.copy_from_slice(&sealed);
        Some(())
    }

    fn open(key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &[u8]) -> Option<usize> {
        let cipher = AesGcm::<C, U12>::new_from_slice(key).ok()?;
        let len = buffer.len();
        // It verifies before it decrypts.
        cipher.decrypt_inout_detached(iv.try_into().ok()?, aad, buffer.into(), tag.try_into().ok()?).ok()?;
        Some(len)
    }
}
