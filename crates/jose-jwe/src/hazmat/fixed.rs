//! What is fixed in a message, and the parts of decrypting one that are otherwise not told apart.

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::Secret;
use jose_jwa::header::HeaderError;
use jose_jwk::{Error as KeyError, Hash, Jwk};

use crate::enc;
use crate::error::Error;
use crate::jwe::cek::Cek;
use crate::jwe::few::Few;
use crate::jwe::header::Union;
use crate::jwe::key::{EncryptionKey, Generated, ToWrap, curves};
use crate::jwe::message::headers::parse;
use crate::jwe::message::write::Form;
use crate::jwe::message::{Content, Output, OutputRecipient, check_recipients};

/// The shared secret Z of a private and a public key on one curve.
///
/// # Errors
///
/// [`Error::Key`] if they are on different curves, or the secret is all zero.
pub fn agree(private: &Jwk, public: &Jwk) -> Result<Secret, Error> {
    let z = curves::private(private).and_then(|own| own.agree(public))?;
    z.map(Secret::from).ok_or(Error::Key(KeyError::NotOnCurve))
}

/// Decrypts an encrypted key with RSA, of any length. **An oracle**: it tells whether the padding was right, which decrypting
/// a message never does. RSAES-PKCS1-v1_5 returns bytes either way.
///
/// # Errors
///
/// [`Error::Key`] if it is not an RSA private key; [`Error::Decryption`] if the bytes do not decrypt, or `alg` is not one of
/// RSA; [`Error::Rng`].
#[cfg(feature = "rsa")]
pub fn decrypt_key<R: rand_core::TryCryptoRng + ?Sized>(
    private: &Jwk,
    alg: jose_jwa::JweAlg,
    encrypted_key: &[u8],
    rng: &mut R,
) -> Result<Secret, Error> {
    let key = private.try_into()?;
    let bytes = crate::jwe::key::rsa::decrypt(alg, &key, encrypted_key, &mut crate::jwe::rng::AnyRng(rng))?;
    bytes.map(|bytes| Secret::from(bytes.to_vec())).ok_or(Error::Decryption)
}

/// A message whose random values are given, and its headers byte for byte.
#[derive(Clone, Debug)]
pub struct Fixed<'f> {
    /// The serialization.
    pub form: Form,
    /// The protected header's text, complete.
    pub protected: Option<&'f str>,
    /// The shared unprotected header's text.
    pub unprotected: Option<&'f str>,
    /// The additional data.
    pub aad: Option<&'f [u8]>,
    /// The content encryption key; not used if a recipient's key determines it.
    pub cek: Option<&'f [u8]>,
    /// The initialization vector; empty with Integrated Encryption.
    pub iv: &'f [u8],
    /// The recipients.
    pub recipients: Vec<FixedRecipient<'f>>,
}

/// A recipient of a [`Fixed`] message.
#[derive(Clone, Copy, Debug)]
pub struct FixedRecipient<'f> {
    /// The key.
    pub key: &'f EncryptionKey,
    /// The recipient's own header, complete.
    pub header: Option<&'f str>,
    /// The ephemeral private key of ECDH-ES.
    pub epk: Option<&'f Jwk>,
    /// The initialization vector of an AES-GCM key wrap.
    pub iv: Option<[u8; 12]>,
    /// The bytes that HPKE makes its ephemeral key from (`ikm` of RFC 9180 section 7.1.3).
    pub ikm: Option<&'f [u8]>,
}

impl Fixed<'_> {
    /// Encrypts.
    ///
    /// # Errors
    ///
    /// Those of [`Message::general`](crate::Message::general); [`Error::Header`] if a parameter in a header is not the one that
    /// belongs there; [`Error::Rng`] if a random value is not given, which
    /// RSA always needs.
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, Error> {
        check_recipients(self.recipients.iter().map(|recipient| recipient.key.is_direct()))?;
        let protected = parse(self.protected)?;
        let unprotected = parse(self.unprotected)?;
        let mut out = Few::new();
        let mut enc = None;
        let mut own_cek = None;
        let mut integrated = None;
        for recipient in &self.recipients {
            let union = Union { protected, unprotected, own: parse(recipient.header)? };
            union.check_disjoint()?;
            let found = union.alg()?;
            if found != recipient.key.alg() {
                return Err(Error::AlgorithmNotAllowed { found, allowed: recipient.key.alg().into() });
            }
            let own = union.enc()?;
            if *enc.get_or_insert(own) != own {
                return Err(Error::EncryptionDiffers);
            }
            let salt = union.bytes("p2s")?.unwrap_or_default();
            let count = union.get("p2c").and_then(|count| count.as_number()?.parse().ok());
            let given = Generated {
                epk: recipient.epk,
                iv: recipient.iv,
                ikm: recipient.ikm,
                password: count.map(|count| (salt.as_slice(), count)),
            };
            let cek = self.cek.unwrap_or_default();
            let wrapped = match own {
                Some(enc) => recipient.key.wrap(&ToWrap { enc, cek, header: &union, given }, &mut NoRng)?,
                None => {
                    let (wrapped, seal) = recipient.key.encapsulate(given.ikm, &mut NoRng)?;
                    integrated = Some(seal);
                    wrapped
                }
            };
            for (name, value) in &wrapped.members {
                if !is_same(&union, name, value)? {
                    return Err(HeaderError::Invalid(name).into());
                }
            }
            own_cek = own_cek.or(wrapped.cek);
            out.push(OutputRecipient {
                header: recipient.header.map(String::from),
                encrypted_key: wrapped.encrypted_key,
            });
        }
        let cek;
        let content = match (enc.flatten(), integrated) {
            (Some(enc), _) => {
                cek = own_cek.or_else(|| Cek::new(enc, self.cek?)).ok_or(Error::Encryption)?;
                Content::with_iv(enc, enc::CekRef::Bytes(cek.as_slice()), self.iv)?
            }
            (None, seal) => Content::Integrated(seal.ok_or(Error::Recipients)?),
        };
        Output {
            form: self.form,
            protected: self.protected.unwrap_or_default(),
            unprotected: self.unprotected,
            recipients: &out,
            aad: self.aad,
            content,
        }
        .seal(plaintext)
    }
}

/// A generator that fails, because nothing is left to generate.
struct NoRng;

impl rand_core::TryRng for NoRng {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        Err(Error::Rng)
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        Err(Error::Rng)
    }

    fn try_fill_bytes(&mut self, _bytes: &mut [u8]) -> Result<(), Error> {
        Err(Error::Rng)
    }
}

impl rand_core::TryCryptoRng for NoRng {}

/// Whether a header has this parameter with this value. The order of an ephemeral key's members does not matter.
fn is_same(header: &Union<'_>, name: &'static str, value: &str) -> Result<bool, Error> {
    let Some(given) = header.get(name) else { return Ok(false) };
    match given.as_object() {
        Some(given) => {
            let (given, own) = (Jwk::from_object(given)?, Jwk::from_json(value)?);
            Ok(given.thumbprint(Hash::Sha256)? == own.thumbprint(Hash::Sha256)?)
        }
        None => Ok(given.raw() == value),
    }
}
