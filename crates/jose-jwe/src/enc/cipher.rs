/// A family of content encryption. The lengths of key, IV and tag were checked by the caller, against the table.
pub(super) trait Cipher {
    /// The length of the ciphertext of a plaintext of this length.
    fn ciphertext_len(plaintext_len: usize) -> Option<usize>;

    /// Encrypts the front of the buffer, whose length is that of the ciphertext.
    fn seal(key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], len: usize, tag: &mut [u8]) -> Option<()>;

    /// Decrypts the buffer, and returns the length of the plaintext at its front.
    fn open(key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &[u8]) -> Option<usize>;
}
