//! Encrypting: what a message says besides its plaintext, and how it is put together.

pub(crate) mod headers;
pub(crate) mod write;

use alloc::string::String;
use core::fmt;

use jose_jwa::header::Header;
use jose_jwa::{JweAlg, JweEnc};
use rand_core::TryCryptoRng;

use crate::enc;
use crate::error::Error;
use crate::jwe::cek::Cek;
use crate::jwe::few::Few;
use crate::jwe::key::{AsyncEncryptionKey, AsyncWrapKey, EncryptionKey, Generated, ToWrap, Wrapped};
use crate::jwe::limits::Limits;
use crate::jwe::rng::{AnyRng, DynRng};

use write::Form;
pub(crate) use write::{Content, Output, OutputRecipient};

/// Encrypts to one recipient, and returns the compact serialization (RFC 7516 section 7.1).
///
/// The header has `alg` and `kid` of the key, `enc`, and what is generated for them. [`Message`] adds more. `enc` is `None` for
/// a key of Integrated Encryption (HPKE), and only then.
///
/// # Errors
///
/// Those of [`Message::compact`].
pub fn encrypt<R: TryCryptoRng + ?Sized>(
    key: &EncryptionKey,
    enc: impl Into<Option<JweEnc>>,
    plaintext: &[u8],
    rng: &mut R,
) -> Result<String, Error> {
    Message::new(enc).compact(key, plaintext, rng)
}

/// A recipient of a message in a JSON serialization: a key, and what is in the recipient's own header.
#[derive(Clone, Copy)]
pub struct Recipient<'r> {
    key: &'r EncryptionKey,
    header: Option<&'r str>,
}

impl<'r> Recipient<'r> {
    /// A recipient without a header of the caller's.
    #[must_use]
    pub fn new(key: &'r EncryptionKey) -> Self {
        Self { key, header: None }
    }

    /// Sets the parameters of the recipient's header, the text of a JSON object. They are not integrity protected.
    #[must_use]
    pub fn header(self, json: &'r str) -> Self {
        Self { header: Some(json), ..self }
    }
}

impl<'r> From<&'r EncryptionKey> for Recipient<'r> {
    fn from(key: &'r EncryptionKey) -> Self {
        Self::new(key)
    }
}

impl fmt::Debug for Recipient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A message to be encrypted: what it says besides its plaintext.
///
/// `alg`, `kid` and what is generated for a recipient are in the protected header if there is one recipient, and in the
/// recipient's own header otherwise.
///
/// ```
/// use jose_jwe::jwk::{Curve, Jwk};
/// use jose_jwe::{
///     DecryptionKey, Encrypted, EncryptionKey, Header, JweAlg, JweEnc, Message, SysRng,
/// };
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let private = Jwk::generate(Curve::P256, &mut SysRng)?;
///     let to = EncryptionKey::from_jwk(private.to_public()?, JweAlg::EcdhEsA256Kw)?;
///     let message = Message::new(JweEnc::A256Gcm)
///         .header(Header::new().cty("text/plain"))
///         .aad(b"order 17");
///     let text = message.flattened(&to, b"hello", &mut SysRng)?;
///
///     let key = DecryptionKey::from_jwk(&private, JweAlg::EcdhEsA256Kw)?;
///     let decrypted = Encrypted::parse(&text)?.decrypt(&key, &mut SysRng)?;
///     assert_eq!(decrypted.plaintext(), b"hello");
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Message<'m> {
    enc: Option<JweEnc>,
    header: Header<'m>,
    unprotected: Option<&'m str>,
    aad: Option<&'m [u8]>,
    compress: bool,
}

/// A recipient, as far as the headers depend on it.
struct Named<'r> {
    alg: JweAlg,
    kid: Option<&'r str>,
    header: Option<&'r str>,
}

impl<'r> Named<'r> {
    fn of(recipient: &'r Recipient<'_>) -> Self {
        let key = recipient.key;
        Self { alg: key.alg(), kid: key.kid(), header: recipient.header }
    }
}

impl<'m> Message<'m> {
    /// A message with this content encryption: `None` for a key of Integrated Encryption (HPKE), which has none.
    #[must_use]
    pub fn new(enc: impl Into<Option<JweEnc>>) -> Self {
        Self { enc: enc.into(), header: Header::new(), unprotected: None, aad: None, compress: false }
    }

    /// Sets the protected header. `alg`, `enc` and what is generated for them come from the keys and the call; `kid` is the
    /// key's, if none is set. `apu` and `apv` of ECDH-ES may be set here, or in a recipient's header.
    #[must_use]
    pub fn header(self, header: Header<'m>) -> Self {
        Self { header, ..self }
    }

    /// Sets the shared unprotected header, the text of a JSON object. It is not integrity protected.
    #[must_use]
    pub fn unprotected(self, json: &'m str) -> Self {
        Self { unprotected: Some(json), ..self }
    }

    /// Adds data that is integrity protected and not encrypted. An empty slice is the same as none.
    #[must_use]
    pub fn aad(self, bytes: &'m [u8]) -> Self {
        Self { aad: Some(bytes).filter(|bytes| !bytes.is_empty()), ..self }
    }

    /// Compresses the plaintext before it is encrypted. The length then depends on the content: use it only for plaintexts of
    /// which an attacker chooses no part.
    #[cfg(feature = "deflate")]
    #[must_use]
    pub fn compress(self) -> Self {
        Self { compress: true, ..self }
    }

    /// Encrypts to one recipient, and returns the compact serialization (RFC 7516 section 7.1).
    ///
    /// # Errors
    ///
    /// - [`Error::Member`] if additional data or an unprotected header is set, for which this serialization has no place
    /// - [`Error::EncryptionNotAllowed`] if the key does not serve the content encryption, [`Error::EncryptionMissing`] or
    ///   [`Error::EncryptionUnexpected`] if it needs one or has none
    /// - [`Error::Header`] if a header breaks a rule, sets what is generated, or repeats a name of another
    /// - [`Error::KeyExhausted`], [`Error::Encryption`] or [`Error::Rng`]; [`Error::Unavailable`] for a key held elsewhere
    pub fn compact<R: TryCryptoRng + ?Sized>(
        &self,
        key: &EncryptionKey,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.check_compact()?;
        self.encrypt(Form::Compact, &[Recipient::new(key)], plaintext, &mut AnyRng(rng))
    }

    /// Encrypts to one recipient, and returns the flattened JSON serialization (RFC 7516 section 7.2.2).
    ///
    /// # Errors
    ///
    /// Those of [`compact`](Self::compact), except for [`Error::Member`].
    pub fn flattened<'r, R: TryCryptoRng + ?Sized>(
        &self,
        recipient: impl Into<Recipient<'r>>,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.encrypt(Form::Flattened, &[recipient.into()], plaintext, &mut AnyRng(rng))
    }

    /// Encrypts to up to 16 recipients, and returns the general JSON serialization (RFC 7516 section 7.2.1).
    ///
    /// # Errors
    ///
    /// Those of [`flattened`](Self::flattened); [`Error::Recipients`] if there is none or too many;
    /// [`Error::DirectNotAlone`] if the key of one of several determines the content encryption key, or encrypts the
    /// plaintext itself.
    pub fn general<R: TryCryptoRng + ?Sized>(
        &self,
        recipients: &[Recipient<'_>],
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.encrypt(Form::General, recipients, plaintext, &mut AnyRng(rng))
    }

    /// Like [`compact`](Self::compact), but with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`compact`](Self::compact).
    pub async fn compact_async<K: AsyncWrapKey, R: TryCryptoRng + ?Sized>(
        &self,
        key: &AsyncEncryptionKey<K>,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.check_compact()?;
        self.encrypt_async(Form::Compact, key, plaintext, rng).await
    }

    /// Like [`flattened`](Self::flattened), but with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`flattened`](Self::flattened).
    pub async fn flattened_async<K: AsyncWrapKey, R: TryCryptoRng + ?Sized>(
        &self,
        key: &AsyncEncryptionKey<K>,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        self.encrypt_async(Form::Flattened, key, plaintext, rng).await
    }

    fn check_compact(&self) -> Result<(), Error> {
        match (self.aad, self.unprotected) {
            (Some(_), _) => Err(Error::Member("aad")),
            (_, Some(_)) => Err(Error::Member("unprotected")),
            _ => Ok(()),
        }
    }

    fn encrypt(
        &self,
        form: Form,
        recipients: &[Recipient<'_>],
        plaintext: &[u8],
        rng: &mut DynRng<'_>,
    ) -> Result<String, Error> {
        check_recipients(recipients.iter().map(|recipient| recipient.key.alg().is_alone()))?;
        let integrated = recipients.first().filter(|recipient| recipient.key.is_integrated());
        let enc = match (self.enc, integrated) {
            (None, Some(recipient)) => {
                self.given_header(recipient.header)?;
                let (wrapped, seal) = recipient.key.encapsulate(None, rng)?;
                let recipients = (Named::of(recipient), wrapped).into();
                return self.assemble(form, recipients, Content::Integrated(seal), plaintext);
            }
            (Some(_), Some(_)) => return Err(Error::EncryptionUnexpected),
            (enc, None) => enc.ok_or(Error::EncryptionMissing)?,
        };
        // A key that determines the content encryption key is alone, and none is drawn for it.
        let is_direct = recipients.iter().any(|recipient| recipient.key.is_direct());
        let mut cek = if is_direct { None } else { Some(Cek::random(enc, rng)?) };
        let mut wrapped = Few::new();
        for recipient in recipients {
            let header = self.given_header(recipient.header)?;
            let given = Generated::default();
            let drawn = cek.as_ref().map(Cek::as_slice).unwrap_or_default();
            let mut own = recipient.key.wrap(&ToWrap { enc, cek: drawn, header: &header, given }, rng)?;
            cek = own.cek.take().or(cek);
            wrapped.push((Named::of(recipient), own));
        }
        let cek = cek.ok_or(Error::Encryption)?;
        let direct = recipients.first().filter(|_| is_direct).and_then(|recipient| recipient.key.direct(enc));
        let cek = direct.map_or(enc::CekRef::Bytes(cek.as_slice()), enc::CekRef::Prepared);
        self.assemble(form, wrapped, Content::of(enc, cek, rng)?, plaintext)
    }

    async fn encrypt_async<K: AsyncWrapKey, R: TryCryptoRng + ?Sized>(
        &self,
        form: Form,
        key: &AsyncEncryptionKey<K>,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, Error> {
        let rng = &mut AnyRng(rng);
        self.given_header(None)?;
        let enc = self.enc.ok_or(Error::EncryptionMissing)?;
        let cek = Cek::random(enc, rng)?;
        let wrapped = key.wrap(&cek).await?;
        let named = Named { alg: key.alg(), kid: key.kid(), header: None };
        let content = Content::of(enc, enc::CekRef::Bytes(cek.as_slice()), rng)?;
        self.assemble(form, (named, wrapped).into(), content, plaintext)
    }

    /// Puts the message together, once the key is wrapped for each recipient.
    fn assemble(
        &self,
        form: Form,
        recipients: Few<(Named<'_>, Wrapped)>,
        content: Content<'_>,
        plaintext: &[u8],
    ) -> Result<String, Error> {
        let protected = self.protected_header(recipients.only())?;
        let alone = recipients.only().is_some();
        let mut out = Few::new();
        for (recipient, Wrapped { encrypted_key, members, .. }) in recipients {
            let header = if alone {
                recipient.header.map(String::from)
            } else {
                Some(self.own_header(&recipient, members)?)
            };
            out.push(OutputRecipient { header, encrypted_key });
        }
        self.check_disjoint(&protected, &out)?;
        let output = Output {
            form,
            protected: &protected,
            unprotected: self.unprotected,
            recipients: &out,
            aad: self.aad,
            content,
        };
        #[cfg(feature = "deflate")]
        if self.compress {
            return output.seal(crate::jwe::deflate::deflate(plaintext).as_slice());
        }
        output.seal(plaintext)
    }
}

/// Checks that an algorithm that is alone has one recipient (RFC 7518 sections 4.5 and 4.6), and that there is at least one.
pub(crate) fn check_recipients(are_direct: impl Iterator<Item = bool>) -> Result<(), Error> {
    let (mut count, mut direct) = (0_usize, false);
    for is_direct in are_direct {
        count = count.saturating_add(1);
        direct |= is_direct;
    }
    match count {
        0 => Err(Error::Recipients),
        count if count > Limits::DEFAULT.max_recipients => Err(Error::Recipients),
        count if direct && count > 1 => Err(Error::DirectNotAlone),
        _ => Ok(()),
    }
}
