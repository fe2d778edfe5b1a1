//! The JSON serializations (RFC 7516 section 7.2): flattened for one recipient, general for several.

use alloc::string::String;

use jose_jwk::JweEnc;
use jose_jwk::header::Header;
use rand_core::TryCryptoRng;

pub use crate::message::Recipient;

use crate::message::Plan;
use crate::output::Form;
use crate::rng::AnyRng;
use crate::{AsyncEncryptionKey, Decrypt, Decrypted, Encrypted, Error, WrapAsync};

/// A message that is to be encrypted: what it says besides its plaintext.
///
/// `alg`, `kid` and what is generated for a recipient stand in the protected header where there is one recipient, and
/// in the recipient's own otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Message<'m>(Plan<'m>);

impl<'m> Message<'m> {
    /// A message with this content encryption.
    #[must_use]
    pub fn new(enc: JweEnc) -> Self {
        Self(Plan::new(enc))
    }

    /// Sets the protected header. `alg`, `enc` and what is generated for them come from the keys and the call. `apu`
    /// and `apv` of ECDH-ES may be set among its members, or among those of a recipient's header.
    #[must_use]
    pub fn header(self, header: Header<'m>) -> Self {
        Self(Plan { header, ..self.0 })
    }

    /// Sets the shared unprotected header, the text of a JSON object. It is not integrity protected.
    #[must_use]
    pub fn unprotected(self, members: &'m str) -> Self {
        Self(Plan { unprotected: Some(members), ..self.0 })
    }

    /// Adds data that is integrity protected and not encrypted. None is the same as not calling this.
    #[must_use]
    pub fn aad(self, octets: &'m [u8]) -> Self {
        Self(Plan { aad: Some(octets).filter(|octets| !octets.is_empty()), ..self.0 })
    }

    /// Compresses the plaintext before it is encrypted. That tells of its content by its length: it is for plaintexts
    /// of which no part is chosen by an attacker.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn compress(self) -> Self {
        Self(Plan { compress: true, ..self.0 })
    }

    /// Encrypts to one recipient, flattened.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmNotAllowed`] where the key does not serve the content encryption; [`Error::Header`] where a
    /// header breaks a rule, sets what is generated, or has a name of another; [`Error::KeyExhausted`];
    /// [`Error::Encryption`]; [`Error::Unavailable`] for a key outside; [`Error::Rng`].
    #[cfg(feature = "std")]
    pub fn flattened<'r>(
        &self,
        recipient: impl Into<Recipient<'r>>,
        plaintext: &[u8],
    ) -> Result<String, Error> {
        self.flattened_with_rng(recipient, plaintext, &mut jose_jwk::SysRng)
    }

    /// The same with another random number generator.
    ///
    /// # Errors
    ///
    /// As [`Message::flattened`].
    pub fn flattened_with_rng<'r, R: TryCryptoRng + ?Sized>(
        &self,
        recipient: impl Into<Recipient<'r>>,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.0.encrypt(Form::Flattened, &[recipient.into()], plaintext, &mut AnyRng(rng))
    }

    /// Encrypts with a key that is held outside and answers later.
    ///
    /// # Errors
    ///
    /// As [`Message::flattened_with_rng`].
    pub async fn flattened_async<K: WrapAsync, R: TryCryptoRng + ?Sized>(
        &self,
        key: &AsyncEncryptionKey<K>,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.0.encrypt_async(Form::Flattened, key, plaintext, rng).await
    }

    /// Encrypts to up to 16 recipients.
    ///
    /// # Errors
    ///
    /// As [`Message::flattened`]; [`Error::Recipients`] where there is none or too many of them;
    /// [`Error::DirectNotAlone`] where the key of one of several determines the content encryption key.
    #[cfg(feature = "std")]
    pub fn general(&self, recipients: &[Recipient<'_>], plaintext: &[u8]) -> Result<String, Error> {
        self.general_with_rng(recipients, plaintext, &mut jose_jwk::SysRng)
    }

    /// The same with another random number generator.
    ///
    /// # Errors
    ///
    /// As [`Message::general`].
    pub fn general_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        recipients: &[Recipient<'_>],
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.0.encrypt(Form::General, recipients, plaintext, &mut AnyRng(rng))
    }
}

/// Decrypts: [`Encrypted::from_json`] and [`Encrypted::decrypt`] in one.
///
/// # Errors
///
/// As both.
#[cfg(feature = "std")]
pub fn decrypt<K: Decrypt + ?Sized, T: AsRef<[u8]> + ?Sized>(keys: &K, text: &T) -> Result<Decrypted, Error> {
    Encrypted::from_json(text)?.decrypt(keys)
}

/// Decrypts with another random number generator than the system's.
///
/// # Errors
///
/// As [`Encrypted::from_json`] and [`Encrypted::decrypt_with_rng`].
pub fn decrypt_with_rng<K: Decrypt + ?Sized, T: AsRef<[u8]> + ?Sized, R: TryCryptoRng + ?Sized>(
    keys: &K,
    text: &T,
    rng: &mut R,
) -> Result<Decrypted, Error> {
    Encrypted::from_json(text)?.decrypt_with_rng(keys, rng)
}
