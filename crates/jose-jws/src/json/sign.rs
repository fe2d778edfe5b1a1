use alloc::string::String;
use alloc::vec::Vec;
use core::marker::PhantomData;

use jose_b64::base64url;
use jose_b64::json::{ObjectWriter, write_str};
use jose_jwk::JwsAlg;
use jose_jwk::header::Header;
use rand_core::TryCryptoRng;

use super::headers::{Headers, Protected, Signature};
use super::state::{AtLeastOne, Empty, ExactlyOne, ExactlyOneProtected, Finished, State};
use crate::Error;
use crate::key::{Room, Sign, check_signature_len};
use crate::rng::{AnyRng, Rng, with_default_rng};
use crate::rules;

/// A JWS in the making: a payload and its signatures, and at the end one of the forms that they fit. See the
/// [module](crate::json).
#[derive(Clone, Debug)]
#[must_use = "a form makes it a JWS"]
pub struct Builder<'p, S = Empty> {
    payload: &'p [u8],
    /// The payload's base64url, where that is what is signed. Which of both is known from the first signature on.
    encoded: Option<Option<String>>,
    detached: bool,
    signatures: Vec<Signature>,
    state: PhantomData<S>,
}

/// A [`Builder`] with a further signature of which only the octets are missing: the two steps for a key that signs
/// elsewhere.
#[derive(Clone, Debug)]
#[must_use = "it is not signed yet"]
pub struct Pending<'p, S> {
    alg: JwsAlg,
    signature: Signature,
    builder: Builder<'p, S>,
}

impl<'p> Builder<'p> {
    /// Starts with the payload.
    pub fn new(payload: &'p [u8]) -> Self {
        let signatures = Vec::new();
        Self { payload, encoded: None, detached: false, signatures, state: PhantomData }
    }
}

impl<S> Builder<'static, Finished<S>> {
    /// Of signatures over a payload that has gone by.
    pub(super) fn finished(signatures: Vec<Signature>) -> Self {
        Self { payload: &[], encoded: None, detached: true, signatures, state: PhantomData }
    }
}

impl<'p, S: State> Builder<'p, S> {
    /// Leaves the payload out of the text (RFC 7515 appendix F).
    pub fn detached(self) -> Self {
        Self { detached: true, ..self }
    }

    /// Adds a signature of this key. The header gets the key's `alg`, and its `kid` where it has none of its own.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`] or [`Error::Rng`] where the key fails; otherwise as [`Builder::prepare`].
    pub fn sign<K: Sign + ?Sized>(
        self,
        key: &K,
        header: &Header<'_>,
    ) -> Result<Builder<'p, S::Signed>, Error> {
        self.prepare(key.alg(), &rules::named(header, key)?)?.sign(key)
    }

    /// Adds a signature of this key under both headers. A protected header that is not given as text gets the key's
    /// `alg`, and its `kid` where neither header has one.
    ///
    /// # Errors
    ///
    /// As [`Builder::sign`].
    pub fn sign_headers<K: Sign + ?Sized>(
        self,
        key: &K,
        headers: &Headers<'_>,
    ) -> Result<Builder<'p, S::SignedWithHeader>, Error> {
        self.prepare_headers(key.alg(), &headers.named(key)?)?.sign(key)
    }

    /// Prepares a signature.
    ///
    /// # Errors
    ///
    /// [`Error::Header`] where `members` of the header cannot stand there or it is too long; [`Error::B64`];
    /// [`Error::B64Mixed`] where an earlier signature has another `b64`.
    pub fn prepare(self, alg: JwsAlg, header: &Header<'_>) -> Result<Pending<'p, S::Signed>, Error> {
        self.pending(alg, &Headers { protected: Protected::Header(*header), unprotected: None })
    }

    /// Prepares a signature under both headers.
    ///
    /// # Errors
    ///
    /// As [`Builder::prepare`]; [`Error::Header`] too where a parameter stands in both or `crit` is unprotected;
    /// [`Error::AlgorithmMissing`], [`Error::AlgorithmUnknown`] and [`Error::AlgorithmNotAllowed`] where a header that
    /// is given as text does not name the algorithm; [`Error::Member`] where the unprotected header is empty.
    pub fn prepare_headers(
        self,
        alg: JwsAlg,
        headers: &Headers<'_>,
    ) -> Result<Pending<'p, S::SignedWithHeader>, Error> {
        self.pending(alg, headers)
    }

    fn pending<T>(self, alg: JwsAlg, headers: &Headers<'_>) -> Result<Pending<'p, T>, Error> {
        let (signature, is_encoded) = Signature::new(alg, headers)?;
        let encoded = match self.encoded {
            Some(encoded) if encoded.is_some() != is_encoded => return Err(Error::B64Mixed),
            Some(encoded) => encoded,
            None => is_encoded.then(|| base64url::encode_to_string(self.payload)),
        };
        let Self { payload, detached, signatures, .. } = self;
        let builder = Builder { payload, encoded: Some(encoded), detached, signatures, state: PhantomData };
        Ok(Pending { alg, signature, builder })
    }
}

impl<S> Builder<'_, S> {
    /// The octets of the payload as they are signed.
    fn signed_payload(&self) -> &[u8] {
        match &self.encoded {
            Some(Some(text)) => text.as_bytes(),
            _ => self.payload,
        }
    }

    /// The payload as it stands in the text.
    fn payload_text(&self) -> Result<&str, Error> {
        core::str::from_utf8(self.signed_payload()).map_err(|_| Error::Encoding(jose_b64::Error::Utf8))
    }
}

impl<'p, S: State> Pending<'p, S> {
    /// The algorithm of this signature.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The octets to be signed: the JWS Signing Input.
    #[must_use]
    pub fn signing_input(&self) -> Vec<u8> {
        self.message().concat()
    }

    fn message(&self) -> [&[u8]; 3] {
        [self.signature.protected().as_bytes(), b".", self.builder.signed_payload()]
    }

    /// Adds the signature in the form that JWS gives it: for ECDSA `R` and `S` side by side, not DER.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`] where the algorithm's signatures have another length.
    pub fn attach(self, signature: &[u8]) -> Result<Builder<'p, S>, Error> {
        check_signature_len(self.alg, signature)?;
        let mut builder = self.builder;
        builder.signatures.push(self.signature.with_octets(signature));
        Ok(builder)
    }

    /// Signs with a key that is at hand.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmNotAllowed`] where the key signs with another algorithm; [`Error::Signing`] or [`Error::Rng`]
    /// where it fails.
    pub fn sign<K: Sign + ?Sized>(self, key: &K) -> Result<Builder<'p, S>, Error> {
        with_default_rng(|rng| self.sign_with(key, rng))
    }

    /// The same with random numbers of the caller's, for a key that needs some.
    ///
    /// # Errors
    ///
    /// As [`Pending::sign`].
    pub fn sign_with_rng<K, R>(self, key: &K, rng: &mut R) -> Result<Builder<'p, S>, Error>
    where
        K: Sign + ?Sized,
        R: TryCryptoRng + ?Sized,
    {
        self.sign_with(key, &mut AnyRng(rng))
    }

    fn sign_with<K: Sign + ?Sized>(self, key: &K, rng: &mut dyn Rng) -> Result<Builder<'p, S>, Error> {
        if key.alg() != self.alg {
            return Err(Error::AlgorithmNotAllowed);
        }
        let mut room = Room::for_key(key);
        let len = key.sign(&self.message(), rng, room.octets())?;
        self.attach(room.signature(len)?)
    }
}

impl<S: ExactlyOneProtected> Builder<'_, S> {
    /// The compact serialization (RFC 7515 section 7.1).
    ///
    /// # Errors
    ///
    /// [`Error::PayloadHasDot`] and [`Error::Encoding`] where a payload that is not encoded does not fit there.
    pub fn compact(&self) -> Result<String, Error> {
        let mut text = String::new();
        for signature in &self.signatures {
            text.push_str(signature.protected());
            text.push('.');
            if !self.detached {
                let payload = self.payload_text()?;
                if payload.contains('.') {
                    return Err(Error::PayloadHasDot);
                }
                text.push_str(payload);
            }
            text.push('.');
            base64url::encode_into_string(signature.octets(), &mut text);
        }
        Ok(text)
    }
}

impl<S: ExactlyOne> Builder<'_, S> {
    /// The flattened JSON serialization (RFC 7515 section 7.2.2).
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where a payload that is not encoded (`b64` false) is not UTF-8; detached, it may be any
    /// octets.
    pub fn flattened(&self) -> Result<String, Error> {
        let mut text = String::new();
        let mut writer = ObjectWriter::new(&mut text)?;
        if !self.detached {
            writer.string("payload", self.payload_text()?)?;
        }
        for signature in &self.signatures {
            signature.write(&mut writer)?;
        }
        writer.finish()?;
        Ok(text)
    }
}

impl<S: AtLeastOne> Builder<'_, S> {
    /// The general JSON serialization (RFC 7515 section 7.2.1).
    ///
    /// # Errors
    ///
    /// As [`Builder::flattened`].
    pub fn general(&self) -> Result<String, Error> {
        let mut text = String::from("{");
        if !self.detached {
            text.push_str("\"payload\":");
            write_str(&mut text, self.payload_text()?)?;
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
    }
}
