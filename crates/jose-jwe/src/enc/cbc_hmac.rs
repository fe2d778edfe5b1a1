//! AES in CBC mode with HMAC (RFC 7518 section 5.2).

use core::marker::PhantomData;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit,
};
use hmac::Mac;

use super::cipher::Cipher;

/// The length of an AES block, in bytes.
const BLOCK: usize = 16;

/// With the block cipher `C` and the MAC `M`.
pub(super) struct CbcHmac<C, M>(PhantomData<(C, M)>);

impl<C, M: Mac + KeyInit> CbcHmac<C, M> {
    /// The key's first half is that of the MAC, the other that of the cipher.
    fn keys(key: &[u8]) -> Option<(&[u8], &[u8])> {
        key.split_at_checked(key.len() / 2)
    }

    /// The MAC over all that it covers (RFC 7518 section 5.2.2.1).
    fn mac(key: &[u8], iv: &[u8], aad: &[u8], ciphertext: &[u8]) -> Option<M> {
        let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
        for part in [aad, iv, ciphertext, &aad_bits(aad.len())?] {
            mac.update(part);
        }
        Some(mac)
    }
}

/// AL: the number of bits of the AAD, as 64 bits.
fn aad_bits(len: usize) -> Option<[u8; 8]> {
    Some(u64::try_from(len).ok()?.checked_mul(8)?.to_be_bytes())
}

impl<C, M> Cipher for CbcHmac<C, M>
where
    C: BlockCipherEncrypt + BlockCipherDecrypt + KeyInit,
    M: Mac + KeyInit,
{
    fn ciphertext_len(plaintext_len: usize) -> Option<usize> {
        // A whole block of padding if the plaintext fills its blocks.
        (plaintext_len / BLOCK).checked_add(1)?.checked_mul(BLOCK)
    }

    fn seal(key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], len: usize, tag: &mut [u8]) -> Option<()> {
        let (mac_key, key) = Self::keys(key)?;
        let cipher = cbc::Encryptor::<C>::new_from_slices(key, iv).ok()?;
        let ciphertext = cipher.encrypt_padded::<Pkcs7>(buffer, len).ok()?;
        let sealed = Self::mac(mac_key, iv, aad, ciphertext)?.finalize().into_bytes();
        tag.copy_from_slice(sealed.get(..tag.len())?);
        Some(())
    }

    fn open(key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &[u8]) -> Option<usize> {
        let (mac_key, key) = Self::keys(key)?;
        // In constant time, over the whole tag, and before anything is decrypted.
        Self::mac(mac_key, iv, aad, buffer)?.verify_truncated_left(tag).ok()?;
        let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
        Some(cipher.decrypt_padded::<Pkcs7>(buffer).ok()?.len())
    }
}

#[cfg(test)]
mod tests {
    use super::aad_bits;

    /// Covers D7.
    #[test]
    fn the_length_of_the_aad_is_counted_in_64_bits() {
        assert_eq!(aad_bits(0), Some([0; 8]));
        assert_eq!(aad_bits(51), Some([0, 0, 0, 0, 0, 0, 1, 0x98]));
        // 512 MiB: 2³² bits, which 32 of them do not hold.
        assert_eq!(aad_bits(1 << 29), Some([0, 0, 0, 1, 0, 0, 0, 0]));
        if usize::BITS == 64 {
            assert_eq!(aad_bits((1 << 61) - 1), Some([255, 255, 255, 255, 255, 255, 255, 248]));
            assert_eq!(aad_bits(1 << 61), None);
            assert_eq!(aad_bits(usize::MAX), None);
        }
    }
}
