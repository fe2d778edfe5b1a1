//! A message as it was received.

mod decrypt;
mod decrypted;
mod parse;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::Object;
use rand_core::TryCryptoRng;

pub use decrypted::Decrypted;

use crate::rng::AnyRng;
use crate::{AsyncDecryptionKey, Decrypt, Error, Limits, UnwrapAsync};

/// An encrypted message of any serialization, as it was received.
///
/// ```
/// # #[cfg(feature = "std")] {
/// # use jose_jwe::{AlgSet, DecryptionKey, Encrypted, EncryptionKey, JweAlg, JweEnc, Limits, compact};
/// # use jose_jwk::Jwk;
/// # let jwk = Jwk::from_octets(vec![7; 16])?;
/// # let key = EncryptionKey::from_jwk(&jwk, JweAlg::A128Kw)?;
/// # let token = compact::encrypt(&key, JweEnc::A128Gcm, &Default::default(), b"plaintext")?;
/// # let key = DecryptionKey::from_jwk(&jwk, AlgSet::of(&[JweAlg::A128Kw]))?;
/// let limits = Limits { max_len: 65_536, ..Limits::DEFAULT };
/// let message = Encrypted::from_compact(&token)?.with_limits(limits).understanding(&["exp"]);
/// assert_eq!(message.decrypt(&key)?.plaintext(), b"plaintext");
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Encrypted<'t> {
    /// The protected header in base64url, which is what the tag covers.
    protected: Cow<'t, str>,
    unprotected: Object<'t>,
    recipients: Vec<Recipient<'t>>,
    iv: Cow<'t, str>,
    ciphertext: Cow<'t, str>,
    tag: Cow<'t, str>,
    aad: Option<Cow<'t, str>>,
    /// The octets of the whole.
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
    encrypted_key: Cow<'t, str>,
}

impl<'t> Encrypted<'t> {
    /// Sets limits other than the default.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Names the extensions that the caller understands and acts upon, so that `crit` may name them.
    #[must_use]
    pub fn understanding(self, names: &'t [&'t str]) -> Self {
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
    pub fn recipients(&self) -> usize {
        self.recipients.len()
    }

    /// Decrypts with the key, or with the one of the keys that a recipient names.
    ///
    /// # Errors
    ///
    /// [`Error::Decryption`] for whatever fails once the cryptography has begun; before that, a variant of [`Error`]
    /// for what is wrong with the message, its algorithms or the choice of a key.
    #[cfg(feature = "std")]
    pub fn decrypt<K: Decrypt + ?Sized>(&self, keys: &K) -> Result<Decrypted, Error> {
        self.decrypt_with_rng(keys, &mut jose_jwk::SysRng)
    }

    /// The same with another random number generator: RSA is blinded with it, and the key is drawn from it with which a
    /// message goes on whose own cannot be unwrapped.
    ///
    /// # Errors
    ///
    /// As [`Encrypted::decrypt`], and [`Error::Rng`].
    pub fn decrypt_with_rng<K: Decrypt + ?Sized, R: TryCryptoRng + ?Sized>(
        &self,
        keys: &K,
        rng: &mut R,
    ) -> Result<Decrypted, Error> {
        self.open(keys, &mut AnyRng(rng))
    }

    /// Decrypts with a key that is held outside and answers later.
    ///
    /// # Errors
    ///
    /// As [`Encrypted::decrypt_with_rng`], and [`Error::Unavailable`].
    pub async fn decrypt_async<K: UnwrapAsync, R: TryCryptoRng + ?Sized>(
        &self,
        key: &AsyncDecryptionKey<K>,
        rng: &mut R,
    ) -> Result<Decrypted, Error> {
        self.open_async(key, &mut AnyRng(rng)).await
    }

    /// The protected header's text **without verifying anything**: for logs and diagnosis. It is empty where there is
    /// none.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] or [`Error::Header`].
    pub fn dangerous_protected(&self) -> Result<String, Error> {
        decrypt::text(&self.protected)
    }
}

impl fmt::Debug for Encrypted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted").field("recipients", &self.recipients.len()).finish_non_exhaustive()
    }
}
