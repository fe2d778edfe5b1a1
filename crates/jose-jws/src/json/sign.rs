use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_b64::json::{ObjectWriter, write_str};
use jose_jwa::JwsAlg;

use super::headers::{Headers, Signature};
use crate::error::{Error, Part};
use crate::header::Kid;
use crate::key::{Room, Sign, check_signature_len};

/// A JWS being built: a payload, its signatures, and at the end one of the serializations that they fit.
///
/// ```
/// use jose_jws::json::{self, Builder, Require};
/// use jose_jws::jwk::{Curve, Jwk, SysRng};
/// use jose_jws::{Header, JwsAlg, SigningKey, VerifyingKey};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let (one, two) = (
///         Jwk::generate(Curve::P256, &mut SysRng)?,
///         Jwk::generate(Curve::Ed25519, &mut SysRng)?,
///     );
///     let mut builder = Builder::new(b"payload");
///     for key in [&one, &two] {
///         builder.sign(&SigningKey::try_from(key)?, Header::new())?;
///     }
///     let text = builder.general()?;
///
///     let key = VerifyingKey::from_jwk(&two, JwsAlg::Ed25519)?;
///     assert!(json::verify(&key, &text, Require::Any).is_ok());
///     assert!(json::verify(&key, &text, Require::All).is_err());
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "`general`, `flattened` or `compact` gives the JWS"]
pub struct Builder<'p> {
    payload: &'p [u8],
    /// The payload's base64url, if that is what is signed. Which it is is known from the first signature on.
    encoded: Option<Option<String>>,
    detached: bool,
    signatures: Vec<Signature>,
}

/// A further signature of a [`Builder`] that lacks only its bytes: the two steps for a key that signs elsewhere.
#[derive(Debug)]
#[must_use = "it is not signed yet"]
pub struct Pending<'b, 'p> {
    alg: JwsAlg,
    kid: Kid,
    signature: Signature,
    builder: &'b mut Builder<'p>,
}

impl<'p> Builder<'p> {
    /// Starts with the payload.
    pub fn new(payload: &'p [u8]) -> Self {
        Self { payload, encoded: None, detached: false, signatures: Vec::new() }
    }

    /// Leaves the payload out of the text (RFC 7515 appendix F).
    pub fn detached(self) -> Self {
        Self { detached: true, ..self }
    }

    /// Adds a signature of this key. The protected header gets the key's `alg`, and its `kid` if neither header has one.
    ///
    /// # Errors
    ///
    /// [`Error::KidMismatch`] if key and header have different `kid`s; [`Error::Signing`] or [`Error::Rng`] if the key fails;
    /// otherwise those of [`prepare`](Self::prepare).
    pub fn sign<'h, K: Sign + ?Sized>(
        &mut self,
        key: &K,
        headers: impl Into<Headers<'h>>,
    ) -> Result<&mut Self, Error> {
        self.pending(key.alg(), key.kid(), &headers.into())?.sign(key)?;
        Ok(self)
    }

    /// Prepares a signature, for a key that signs elsewhere.
    ///
    /// # Errors
    ///
    /// - [`Error::Header`] if a header breaks a rule, a parameter is in both, or `crit` is unprotected
    /// - [`Error::B64`]; [`Error::B64Mixed`] if an earlier signature has another `b64`
    /// - [`Error::AlgorithmMissing`], [`Error::AlgorithmUnknown`] or [`Error::AlgorithmNotAllowed`] if a header that is given
    ///   as text does not name the algorithm
    /// - [`Error::Member`] if the unprotected header is empty
    pub fn prepare<'h>(
        &mut self,
        alg: JwsAlg,
        headers: impl Into<Headers<'h>>,
    ) -> Result<Pending<'_, 'p>, Error> {
        self.pending(alg, None, &headers.into())
    }

    fn pending(
        &mut self,
        alg: JwsAlg,
        kid: Option<&str>,
        headers: &Headers<'_>,
    ) -> Result<Pending<'_, 'p>, Error> {
        let (signature, written) = Signature::new(alg, kid, headers)?;
        match &self.encoded {
            Some(encoded) if encoded.is_some() != written.encoded => return Err(Error::B64Mixed),
            Some(_) => {}
            None => self.encoded = Some(written.encoded.then(|| base64url::encode_to_string(self.payload))),
        }
        Ok(Pending { alg, kid: written.kid, signature, builder: self })
    }

    /// The bytes of the payload as they are signed.
    fn signed_payload(&self) -> &[u8] {
        match &self.encoded {
            Some(Some(text)) => text.as_bytes(),
            _ => self.payload,
        }
    }

    /// The payload as it is in the text.
    fn payload_text(&self) -> Result<&str, Error> {
        core::str::from_utf8(self.signed_payload()).map_err(|_| Part::Payload.error()(jose_b64::Error::Utf8))
    }

    /// The only signature.
    fn only(&self) -> Result<&Signature, Error> {
        match self.signatures.as_slice() {
            [signature] => Ok(signature),
            signatures => Err(Error::Signatures { found: signatures.len() }),
        }
    }

    /// The compact serialization (RFC 7515 section 7.1).
    ///
    /// # Errors
    ///
    /// [`Error::Signatures`] if there is not exactly one signature; [`Error::Member`] if it has an unprotected header or no
    /// protected one; [`Error::PayloadHasDot`] or [`Error::Encoding`] if a payload that is not encoded does not fit.
    pub fn compact(&self) -> Result<String, Error> {
        let signature = self.only()?;
        if signature.unprotected.is_some() {
            return Err(Error::Member("header"));
        }
        let mut text = signature.protected.clone();
        text.push('.');
        if !self.detached {
            let payload = self.payload_text()?;
            if payload.contains('.') {
                return Err(Error::PayloadHasDot);
            }
            text.push_str(payload);
        }
        text.push('.');
        base64url::encode_into_string(&signature.bytes, &mut text);
        Ok(text)
    }

    /// The flattened JSON serialization (RFC 7515 section 7.2.2).
    ///
    /// # Errors
    ///
    /// [`Error::Signatures`] if there is not exactly one signature; [`Error::Encoding`] if a payload that is neither encoded
    /// (`b64` false) nor detached is not UTF-8.
    pub fn flattened(&self) -> Result<String, Error> {
        let signature = self.only()?;
        let payload = if self.detached { None } else { Some(self.payload_text()?) };
        let write = || -> Result<String, jose_b64::Error> {
            let mut text = String::new();
            let mut writer = ObjectWriter::new(&mut text)?;
            if let Some(payload) = payload {
                writer.string("payload", payload)?;
            }
            signature.write(&mut writer)?;
            writer.finish()?;
            Ok(text)
        };
        write().map_err(Error::Json)
    }

    /// The general JSON serialization (RFC 7515 section 7.2.1).
    ///
    /// # Errors
    ///
    /// [`Error::Signatures`] if there is no signature; otherwise those of [`flattened`](Self::flattened).
    pub fn general(&self) -> Result<String, Error> {
        if self.signatures.is_empty() {
            return Err(Error::Signatures { found: 0 });
        }
        let payload = if self.detached { None } else { Some(self.payload_text()?) };
        let write = || -> Result<String, jose_b64::Error> {
            let mut text = String::from("{");
            if let Some(payload) = payload {
                text.push_str("\"payload\":");
                write_str(&mut text, payload)?;
                text.push(',');
            }
            text.push_str("\"signatures\":[");
            for (index, signature) in self.signatures.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                let mut writer = ObjectWriter::new(&mut text)?;
                signature.write(&mut writer)?;
                writer.finish()?;
            }
            text.push_str("]}");
            Ok(text)
        };
        write().map_err(Error::Json)
    }
}

impl Pending<'_, '_> {
    /// The algorithm of this signature.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The bytes to be signed: the JWS Signing Input.
    #[must_use]
    pub fn signing_input(&self) -> Vec<u8> {
        self.message().concat()
    }

    fn message(&self) -> [&[u8]; 3] {
        [self.signature.protected.as_bytes(), b".", self.builder.signed_payload()]
    }

    /// Adds the signature in the form that JWS gives it: for ECDSA `R` and `S` side by side, not DER.
    ///
    /// # Errors
    ///
    /// [`Error::SignatureLength`] if the algorithm's signatures have another length.
    pub fn attach(self, signature: &[u8]) -> Result<(), Error> {
        check_signature_len(self.alg, signature)?;
        self.builder.signatures.push(Signature { bytes: signature.to_vec(), ..self.signature });
        Ok(())
    }

    /// Signs with a key that is at hand.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmNotAllowed`] if the key signs with another algorithm; [`Error::KidMismatch`] if the key has a `kid`
    /// and the headers have none or another; [`Error::Signing`] or [`Error::Rng`] if it fails.
    pub fn sign<K: Sign + ?Sized>(self, key: &K) -> Result<(), Error> {
        if key.alg() != self.alg {
            return Err(Error::AlgorithmNotAllowed { found: self.alg, allowed: key.alg().into() });
        }
        self.kid.check(key.kid())?;
        let mut room = Room::for_key(key);
        let len = key.sign(&self.message(), room.bytes())?;
        self.attach(room.signature(len)?)
    }

    /// Like [`sign`](Self::sign), but with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign).
    pub async fn sign_async<A, K>(self, key: &crate::AsyncKey<'_, A, K>) -> Result<(), Error>
    where
        A: crate::alg::Algorithm,
        K: signature::AsyncSigner<A::Signature>,
    {
        self.kid.check(key.kid())?;
        let signature = key.sign(self.alg, &self.signing_input()).await?;
        self.attach(&signature)
    }
}
