//! A message as it was received.

mod decrypt;
mod decrypted;
mod parse;

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use jose_b64::json::Object;
use rand_core::TryCryptoRng;

pub use decrypted::Decrypted;

use crate::error::Error;
use crate::jwe::few::Few;
use crate::jwe::key::{AsyncDecryptionKey, AsyncUnwrapKey, Decrypt};
use crate::jwe::limits::Limits;
use crate::jwe::rng::AnyRng;

/// Decrypts a message of any serialization: [`Encrypted::parse`] and [`Encrypted::decrypt`] in one.
///
/// # Errors
///
/// Those of both.
pub fn decrypt<K: Decrypt + ?Sized, T: AsRef<[u8]> + ?Sized, R: TryCryptoRng + ?Sized>(
    keys: &K,
    text: &T,
    rng: &mut R,
) -> Result<Decrypted, Error> {
    Encrypted::parse(text)?.decrypt(keys, rng)
}

/// An encrypted message of any serialization, as it was received.
///
/// ```
/// use jose_jwe::jwk::{Jwk, SysRng};
/// use jose_jwe::{DecryptionKey, Encrypted, EncryptionKey, JweAlg, JweEnc, Limits};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let jwk = Jwk::from_octets([7; 32])?;
///     let to = EncryptionKey::from_jwk(&jwk, JweAlg::A256Kw)?;
///     let text = jose_jwe::encrypt(&to, JweEnc::A256Gcm, b"hello", &mut SysRng)?;
///
///     let key = DecryptionKey::from_jwk(&jwk, JweAlg::A256Kw)?;
///     let received =
///         Encrypted::parse(&text)?.limits(Limits { max_len: 4096, ..Limits::DEFAULT });
///     assert_eq!(received.decrypt(&key, &mut SysRng)?.plaintext(), b"hello");
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Encrypted<'t> {
    /// The protected header in base64url, which the tag covers.
    protected: Cow<'t, [u8]>,
    unprotected: Object<'t>,
    recipients: Few<Recipient<'t>>,
    iv: Cow<'t, [u8]>,
    ciphertext: Cow<'t, [u8]>,
    tag: Cow<'t, [u8]>,
    aad: Option<Cow<'t, [u8]>>,
    /// The length of the text, in bytes.
    len: usize,
    limits: Limits,
    understood: &'t [&'t str],
    compression: bool,
    /// Whether it may be without a protected header, which a compact serialization may not.
    json: bool,
}

#[derive(Clone)]
struct Recipient<'t> {
    header: Object<'t>,
    encrypted_key: Cow<'t, [u8]>,
}

impl<'t> Encrypted<'t> {
    /// Sets limits other than the default.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Names the extensions that the caller understands and acts upon, so that `crit` may name them.
    #[must_use]
    pub fn understand(self, names: &'t [&'t str]) -> Self {
        Self { understood: names, ..self }
    }

    /// Allows the plaintext to be compressed (`zip`), within the limits.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn allow_compressed(self) -> Self {
        Self { compression: true, ..self }
    }

    /// The number of recipients.
    #[must_use]
    pub fn recipient_count(&self) -> usize {
        self.recipients.len()
    }

    /// Decrypts with the key, or with the one of the keys that a recipient names.
    ///
    /// `rng` blinds RSA operations, and generates the substitute key with which decryption continues if an encrypted key
    /// cannot be unwrapped.
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`] for whatever fails once the cryptography has begun; before that, a variant of [`Error`] for what
    /// is wrong with the message, its algorithms or the choice of a key; [`Error::Rng`].
    pub fn decrypt<K: Decrypt + ?Sized, R: TryCryptoRng + ?Sized>(
        &self,
        keys: &K,
        rng: &mut R,
    ) -> Result<Decrypted, Error> {
        self.open(keys, &mut AnyRng(rng))
    }

    /// Like [`decrypt`](Self::decrypt), but with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`decrypt`](Self::decrypt); [`Error::Unavailable`].
    pub async fn decrypt_async<K: AsyncUnwrapKey, R: TryCryptoRng + ?Sized>(
        &self,
        key: &AsyncDecryptionKey<K>,
        rng: &mut R,
    ) -> Result<Decrypted, Error> {
        self.open_async(key, &mut AnyRng(rng)).await
    }

    /// The text of the protected header **without verifying anything**: for logs and diagnosis. It is empty if there is
    /// none.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] if it is not strict base64url of UTF-8.
    pub fn dangerous_header(&self) -> Result<String, Error> {
        decrypt::text(&self.protected)
    }
}

impl fmt::Debug for Encrypted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted").field("recipients", &self.recipients.len()).finish_non_exhaustive()
    }
}
