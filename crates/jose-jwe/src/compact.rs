//! The compact serialization (RFC 7516 section 7.1): one recipient, everything integrity protected.

use alloc::string::String;

use jose_jwk::JweEnc;
use jose_jwk::header::Header;
use rand_core::TryCryptoRng;

use crate::message::{Plan, Recipient};
use crate::output::Form;
use crate::rng::AnyRng;
use crate::{AsyncEncryptionKey, Decrypt, Decrypted, Encrypted, EncryptionKey, Error, WrapAsync};

/// A message that is to be encrypted: what it says besides its plaintext.
#[derive(Clone, Copy, Debug)]
pub struct Message<'m>(Plan<'m>);

impl<'m> Message<'m> {
    /// A message with this content encryption.
    #[must_use]
    pub fn new(enc: JweEnc) -> Self {
        Self(Plan::new(enc))
    }

    /// Sets the header. `alg`, `enc` and what is generated for them come from the key and the call; `kid` is the key's,
    /// where none is set. `apu` and `apv` of ECDH-ES may be set among its members.
    #[must_use]
    pub fn header(self, header: Header<'m>) -> Self {
        Self(Plan { header, ..self.0 })
    }

    /// Compresses the plaintext before it is encrypted. That tells of its content by its length: it is for plaintexts
    /// of which no part is chosen by an attacker.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn compress(self) -> Self {
        Self(Plan { compress: true, ..self.0 })
    }

    /// Encrypts.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmNotAllowed`] where the key does not serve the content encryption; [`Error::Header`] where the
    /// header breaks a rule or sets what is generated; [`Error::KeyExhausted`]; [`Error::Encryption`];
    /// [`Error::Unavailable`] for a key outside; [`Error::Rng`].
    #[cfg(feature = "std")]
    pub fn encrypt(&self, key: &EncryptionKey, plaintext: &[u8]) -> Result<String, Error> {
        self.encrypt_with_rng(key, plaintext, &mut jose_jwk::SysRng)
    }

    /// The same with another random number generator.
    ///
    /// # Errors
    ///
    /// As [`Message::encrypt`].
    pub fn encrypt_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        key: &EncryptionKey,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.0.encrypt(Form::Compact, &[Recipient::new(key)], plaintext, &mut AnyRng(rng))
    }

    /// Encrypts with a key that is held outside and answers later.
    ///
    /// # Errors
    ///
    /// As [`Message::encrypt_with_rng`].
    pub async fn encrypt_async<K: WrapAsync, R: TryCryptoRng + ?Sized>(
        &self,
        key: &AsyncEncryptionKey<K>,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.0.encrypt_async(Form::Compact, key, plaintext, rng).await
    }
}

/// Encrypts: [`Message::encrypt`] with this header.
///
/// # Errors
///
/// As there.
#[cfg(feature = "std")]
pub fn encrypt(
    key: &EncryptionKey,
    enc: JweEnc,
    header: &Header<'_>,
    plaintext: &[u8],
) -> Result<String, Error> {
    Message::new(enc).header(*header).encrypt(key, plaintext)
}

/// Encrypts with another random number generator than the system's.
///
/// # Errors
///
/// As [`Message::encrypt`].
pub fn encrypt_with_rng<R: TryCryptoRng + ?Sized>(
    key: &EncryptionKey,
    enc: JweEnc,
    header: &Header<'_>,
    plaintext: &[u8],
    rng: &mut R,
) -> Result<String, Error> {
    Message::new(enc).header(*header).encrypt_with_rng(key, plaintext, rng)
}

/// Decrypts: [`Encrypted::from_compact`] and [`Encrypted::decrypt`] in one.
///
/// # Errors
///
/// As both.
#[cfg(feature = "std")]
pub fn decrypt<K: Decrypt + ?Sized, T: AsRef<[u8]> + ?Sized>(
    keys: &K,
    token: &T,
) -> Result<Decrypted, Error> {
    Encrypted::from_compact(token)?.decrypt(keys)
}

/// Decrypts with another random number generator than the system's.
///
/// # Errors
///
/// As [`Encrypted::from_compact`] and [`Encrypted::decrypt_with_rng`].
pub fn decrypt_with_rng<K: Decrypt + ?Sized, T: AsRef<[u8]> + ?Sized, R: TryCryptoRng + ?Sized>(
    keys: &K,
    token: &T,
    rng: &mut R,
) -> Result<Decrypted, Error> {
    Encrypted::from_compact(token)?.decrypt_with_rng(keys, rng)
}
