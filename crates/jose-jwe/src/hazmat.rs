//! **Dangerous.** Values that are otherwise generated, fixed by the caller: for test vectors, and for nothing else.
//!
//! One initialization vector that comes twice gives away the key of AES-GCM.

#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};

#[cfg(feature = "alloc")]
use jose_b64::{Secret, base64url};
#[cfg(feature = "alloc")]
use jose_jwa::header::{HeaderError, JoseHeader};
#[cfg(feature = "alloc")]
use jose_jwk::{Error as KeyError, Hash, Jwk};

use crate::enc::{Sealed, seal_with_iv};
#[cfg(feature = "alloc")]
use crate::{
    EncryptionKey,
    cek::Cek,
    header::Union,
    key::Generated,
    key_management::curves,
    message::{Output, OutputRecipient, check_recipients},
};
use crate::{Error, JweEnc};
#[cfg(feature = "rsa")]
use crate::{JweAlg, key_management::key_encryption, rng::AnyRng};

#[cfg(feature = "alloc")]
pub use crate::message::Form;

/// Encrypts in place; see [`ContentKey::seal`](crate::enc::ContentKey::seal).
///
/// # Errors
///
/// [`Error::Encryption`] where a length is wrong, [`Error::BufferTooSmall`].
pub fn seal(
    enc: JweEnc,
    cek: &[u8],
    iv: &[u8],
    aad: &[u8],
    buffer: &mut [u8],
    plaintext_len: usize,
) -> Result<Sealed, Error> {
    seal_with_iv(enc, cek, iv, aad, buffer, plaintext_len)
}

/// The shared secret Z of a private and a public key on one curve.
///
/// # Errors
///
/// [`Error::Key`] where they are on different curves, or the secret is all zero.
#[cfg(feature = "alloc")]
pub fn agree(private: &Jwk, public: &Jwk) -> Result<Secret, Error> {
    let z = curves::private(private).and_then(|own| own.agree(public))?;
    z.map(Secret::from).ok_or(Error::Key(KeyError::NotOnCurve))
}

/// What an encrypted key holds, decrypted with RSA, of whatever length. **An oracle**: it tells whether the padding was
/// right, which a message never does. RSAES-PKCS1-v1_5 gives octets either way.
///
/// # Errors
///
/// [`Error::Key`] where it is no RSA private key; [`Error::Decryption`] where the octets do not decrypt, or `alg` is
/// not one of RSA; [`Error::Rng`].
#[cfg(feature = "rsa")]
pub fn decrypt_key<R: rand_core::TryCryptoRng + ?Sized>(
    private: &Jwk,
    alg: JweAlg,
    encrypted_key: &[u8],
    rng: &mut R,
) -> Result<Secret, Error> {
    let key = private.try_into()?;
    let octets = key_encryption::decrypt(alg, &key, encrypted_key, &mut AnyRng(rng))?;
    octets.map(|octets| Secret::from(octets.to_vec())).ok_or(Error::Decryption)
}

/// A message with all that is random in it given, and its headers octet for octet.
#[cfg(feature = "alloc")]
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
    /// The content encryption key; not used where a recipient's key determines it.
    pub cek: Option<&'f [u8]>,
    /// The initialization vector.
    pub iv: &'f [u8],
    /// The recipients.
    pub recipients: Vec<FixedRecipient<'f>>,
}

/// A recipient of a [`Fixed`] message.
#[cfg(feature = "alloc")]
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
}

#[cfg(feature = "alloc")]
impl Fixed<'_> {
    /// Encrypts.
    ///
    /// # Errors
    ///
    /// Those of [`Message::general`](crate::Message::general); [`Error::Header`] if a parameter in a header is not the one that
    /// belongs there; [`Error::Rng`] if a random value is not given, which RSA always needs.
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, Error> {
        check_recipients(self.recipients.iter().map(|recipient| recipient.key.is_direct()))?;
        let protected = header(self.protected)?;
        let unprotected = header(self.unprotected)?;
        let mut out = Vec::new();
        let mut enc = None;
        let mut own_cek = None;
        for recipient in &self.recipients {
            let union = Union { protected, unprotected, own: header(recipient.header)? };
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
                password: count.map(|count| (salt.as_slice(), count)),
            };
            let wrapped =
                recipient.key.wrap(own, self.cek.unwrap_or_default(), &union, &given, &mut NoRng)?;
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
        let enc = enc.ok_or(Error::Recipients)?;
        let cek = own_cek.or_else(|| Cek::new(enc, self.cek?)).ok_or(Error::Encryption)?;
        Output {
            form: self.form,
            protected: self
                .protected
                .map(|text| base64url::encode_to_string(text.as_bytes()))
                .unwrap_or_default(),
            unprotected: self.unprotected,
            recipients: &out,
            aad: self.aad,
            enc,
            cek: cek.as_slice(),
            iv: self.iv,
        }
        .seal(plaintext)
    }
}

/// What stands in for a generator: there is nothing to generate.
#[cfg(feature = "alloc")]
struct NoRng;

#[cfg(feature = "alloc")]
impl rand_core::TryRng for NoRng {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        Err(Error::Rng)
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        Err(Error::Rng)
    }

    fn try_fill_bytes(&mut self, _octets: &mut [u8]) -> Result<(), Error> {
        Err(Error::Rng)
    }
}

#[cfg(feature = "alloc")]
impl rand_core::TryCryptoRng for NoRng {}

#[cfg(feature = "alloc")]
fn header(text: Option<&str>) -> Result<JoseHeader<'_>, Error> {
    text.map_or(Ok(JoseHeader::EMPTY), |text| Ok(JoseHeader::parse(text.as_bytes())?))
}

/// Whether a header has the parameter that belongs there; an ephemeral key in whatever order of its members.
#[cfg(feature = "alloc")]
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
