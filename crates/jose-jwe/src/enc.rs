//! Content encryption (RFC 7518 section 5), in place in the caller's buffer, without a heap.
//!
//! ```
//! use jose_jwe::{Error, JweEnc, SysRng, enc};
//!
//! fn main() -> Result<(), Error> {
//!     let cek = &[7; 16];
//!     let mut key = enc::ContentKey::new(JweEnc::A128Gcm, cek)?;
//!     let mut buffer = *b"plaintext";
//!     let sealed = key.seal(b"header", &mut buffer, 9, &mut SysRng)?;
//!     let opened = enc::open(
//!         JweEnc::A128Gcm,
//!         cek,
//!         sealed.iv(),
//!         b"header",
//!         &mut buffer,
//!         sealed.tag(),
//!     )?;
//!     assert_eq!(opened, b"plaintext");
//!     Ok(())
//! }
//! ```

mod cbc_hmac;
mod cipher;
mod gcm;

use core::fmt;

use aes::{Aes128, Aes192, Aes256};
use hmac::Hmac;
use jose_jwa::{JweEnc, looks_like_key};
use rand_core::TryCryptoRng;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::{Zeroize, Zeroizing};

use crate::Error;
use cbc_hmac::CbcHmac;
use cipher::Cipher;
use gcm::Gcm;
#[cfg(feature = "alloc")]
pub(crate) use gcm::GcmKey;

/// The maximum length of a content encryption key, in bytes.
pub const MAX_CEK_LEN: usize = 64;

/// The maximum length of an initialization vector, in bytes.
pub(crate) const MAX_IV_LEN: usize = 16;

/// The maximum length of an authentication tag, in bytes.
pub(crate) const MAX_TAG_LEN: usize = 32;

/// Makes of each row an arm in every function.
macro_rules! ciphers {
    ($($enc:ident = $cipher:ty;)+) => {
        /// The length of the ciphertext of a plaintext of this length. `None` if it does not fit a `usize`, or if `enc` is
        /// not known here.
        #[must_use]
        pub fn ciphertext_len(enc: JweEnc, plaintext_len: usize) -> Option<usize> {
            match enc {
                $(JweEnc::$enc => <$cipher>::ciphertext_len(plaintext_len),)+
                _ => None,
            }
        }

        fn dispatch_seal(
            enc: JweEnc, key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], len: usize, tag: &mut [u8],
        ) -> Option<()> {
            match enc {
                $(JweEnc::$enc => <$cipher>::seal(key, iv, aad, buffer, len, tag),)+
                _ => None,
            }
        }

        fn dispatch_open(
            enc: JweEnc, key: &[u8], iv: &[u8], aad: &[u8], buffer: &mut [u8], tag: &[u8],
        ) -> Option<usize> {
            match enc {
                $(JweEnc::$enc => <$cipher>::open(key, iv, aad, buffer, tag),)+
                _ => None,
            }
        }
    };
}

ciphers! {
    A128CbcHs256 = CbcHmac<Aes128, Hmac<Sha256>>;
    A192CbcHs384 = CbcHmac<Aes192, Hmac<Sha384>>;
    A256CbcHs512 = CbcHmac<Aes256, Hmac<Sha512>>;
    A128Gcm = Gcm<Aes128>;
    A192Gcm = Gcm<Aes192>;
    A256Gcm = Gcm<Aes256>;
}

/// Verifies and then decrypts in place, and returns the plaintext: the front of the buffer.
///
/// `buffer` holds the ciphertext and nothing else, and keeps it if the tag is wrong.
///
/// # Errors
///
/// [`Error::Decryption`] if the tag is wrong, or the length of any argument is not that of the algorithm.
pub fn open<'b>(
    enc: JweEnc,
    cek: &[u8],
    iv: &[u8],
    aad: &[u8],
    buffer: &'b mut [u8],
    tag: &[u8],
) -> Result<&'b mut [u8], Error> {
    let len = CekRef::Bytes(cek).open(enc, iv, aad, buffer, tag).ok_or(Error::Decryption)?;
    buffer.get_mut(..len).ok_or(Error::Decryption)
}

/// A content encryption key as its bytes, or prepared.
#[derive(Clone, Copy)]
pub(crate) enum CekRef<'k> {
    Bytes(&'k [u8]),
    #[cfg(feature = "alloc")]
    Prepared(&'k GcmKey),
}

impl CekRef<'_> {
    /// Whether it is a key of the algorithm.
    fn is_of(self, enc: JweEnc) -> bool {
        match self {
            Self::Bytes(bytes) => bytes.len() == enc.cek_len(),
            #[cfg(feature = "alloc")]
            Self::Prepared(key) => key.enc() == enc,
        }
    }

    /// Verifies and then decrypts in place, and returns the length of the plaintext.
    pub(crate) fn open(
        self,
        enc: JweEnc,
        iv: &[u8],
        aad: &[u8],
        buffer: &mut [u8],
        tag: &[u8],
    ) -> Option<usize> {
        if !self.is_of(enc) || iv.len() != enc.iv_len() || tag.len() != enc.tag_len() {
            return None;
        }
        match self {
            Self::Bytes(bytes) => dispatch_open(enc, bytes, iv, aad, buffer, tag),
            #[cfg(feature = "alloc")]
            Self::Prepared(key) => key.open(iv, aad, buffer, tag),
        }
    }
}

/// Encrypts in place with this initialization vector, which must not be used twice with one key.
pub(crate) fn seal_with_iv(
    enc: JweEnc,
    cek: CekRef<'_>,
    iv: &[u8],
    aad: &[u8],
    buffer: &mut [u8],
    plaintext_len: usize,
) -> Result<Sealed, Error> {
    if !cek.is_of(enc) || iv.len() != enc.iv_len() {
        return Err(Error::Encryption);
    }
    let len = ciphertext_len(enc, plaintext_len).ok_or(Error::Encryption)?;
    if buffer.len() != len {
        return Err(Error::BufferTooSmall);
    }
    let mut sealed = Sealed { enc, iv: [0; MAX_IV_LEN], tag: [0; MAX_TAG_LEN] };
    sealed.iv.get_mut(..iv.len()).ok_or(Error::Encryption)?.copy_from_slice(iv);
    let tag = sealed.tag.get_mut(..enc.tag_len()).ok_or(Error::Encryption)?;
    let result = match cek {
        CekRef::Bytes(bytes) => dispatch_seal(enc, bytes, iv, aad, buffer, plaintext_len, tag),
        #[cfg(feature = "alloc")]
        CekRef::Prepared(key) => key.seal(iv, aad, buffer, tag),
    };
    if result.is_none() {
        // Plaintext that was not encrypted must not be sent by mistake.
        buffer.zeroize();
    }
    result.map(|()| sealed).ok_or(Error::Encryption)
}

/// An initialization vector for one message.
pub(crate) fn random_iv<R: TryCryptoRng + ?Sized>(
    enc: JweEnc,
    rng: &mut R,
) -> Result<([u8; MAX_IV_LEN], usize), Error> {
    let mut iv = [0; MAX_IV_LEN];
    rng.try_fill_bytes(iv.get_mut(..enc.iv_len()).ok_or(Error::Encryption)?).map_err(|_| Error::Rng)?;
    Ok((iv, enc.iv_len()))
}

/// What goes with a ciphertext.
#[derive(Clone, Copy, Debug)]
pub struct Sealed {
    enc: JweEnc,
    iv: [u8; MAX_IV_LEN],
    tag: [u8; MAX_TAG_LEN],
}

impl Sealed {
    /// The initialization vector that was generated for it.
    #[must_use]
    pub fn iv(&self) -> &[u8] {
        self.iv.get(..self.enc.iv_len()).unwrap_or_default()
    }

    /// The authentication tag.
    #[must_use]
    pub fn tag(&self) -> &[u8] {
        self.tag.get(..self.enc.tag_len()).unwrap_or_default()
    }
}

/// A content encryption key that encrypts. It generates the initialization vectors and, with AES-GCM, counts them.
pub struct ContentKey {
    enc: JweEnc,
    cek: Zeroizing<[u8; MAX_CEK_LEN]>,
    invocations: u32,
}

impl ContentKey {
    /// Takes the bytes of a key.
    ///
    /// # Errors
    ///
    /// [`Error::KeyLength`] if the length is not that of the algorithm; [`Error::LooksLikeKey`] if the bytes are a key in
    /// another form.
    pub fn new(enc: JweEnc, cek: &[u8]) -> Result<Self, Error> {
        if looks_like_key(cek) {
            return Err(Error::LooksLikeKey);
        }
        let mut key = Self { enc, cek: Zeroizing::new([0; MAX_CEK_LEN]), invocations: 0 };
        match key.cek.get_mut(..cek.len()) {
            Some(place) if cek.len() == enc.cek_len() => place.copy_from_slice(cek),
            _ => return Err(Error::KeyLength { found: cek.len() }),
        }
        Ok(key)
    }

    /// Sets how often the key was used before, such as in another process.
    #[must_use]
    pub fn with_invocations(self, invocations: u32) -> Self {
        Self { invocations, ..self }
    }

    /// How often the key was used.
    #[must_use]
    pub fn invocations(&self) -> u32 {
        self.invocations
    }

    /// Encrypts in place the first `plaintext_len` bytes of the buffer, whose length is that of the ciphertext
    /// ([`ciphertext_len`]).
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`] if the buffer has another length; [`Error::KeyExhausted`] after 2³² − 1 messages with
    /// AES-GCM; [`Error::Encryption`] if the plaintext is too long for the algorithm; [`Error::Rng`].
    pub fn seal<R: TryCryptoRng + ?Sized>(
        &mut self,
        aad: &[u8],
        buffer: &mut [u8],
        plaintext_len: usize,
        rng: &mut R,
    ) -> Result<Sealed, Error> {
        if self.enc.hash().is_none() {
            self.invocations = self.invocations.checked_add(1).ok_or(Error::KeyExhausted)?;
        }
        let (iv, iv_len) = random_iv(self.enc, rng)?;
        let iv = iv.get(..iv_len).unwrap_or_default();
        let cek = self.cek.get(..self.enc.cek_len()).unwrap_or_default();
        seal_with_iv(self.enc, CekRef::Bytes(cek), iv, aad, buffer, plaintext_len)
    }
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentKey").field("enc", &self.enc).finish_non_exhaustive()
    }
}
