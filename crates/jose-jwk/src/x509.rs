//! X.509 certificates (RFC 7517 sections 4.6 to 4.9). Chains are checked by the application, which has trust anchors.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64, Encoding};
use jose_b64::Bytes;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::referenced::OwnedToRef;

use crate::der::{Restricted, read_spki, restricted};
use crate::error::{Error, FormError};
use crate::jwk::Jwk;
use crate::pem::{self, CERTIFICATE};
use crate::public::PublicJwk;

/// Decides whether a chain of certificates is to be trusted: signatures, dates, names, constraints, trust anchors and
/// revocation. An application implements it with what it trusts; `examples/chain.rs` does so with webpki.
///
/// ```
/// use jose_jwk::{ChainValidator, Error};
///
/// /// Trusts the certificates that it was given, and no others.
/// struct Pinned(Vec<Vec<u8>>);
///
/// impl ChainValidator for Pinned {
///     fn validate(&self, chain: &[Vec<u8>]) -> Result<(), Error> {
///         match chain {
///             [end_entity] if self.0.contains(end_entity) => Ok(()),
///             _ => Err(Error::ChainRefused),
///         }
///     }
/// }
/// ```
pub trait ChainValidator {
    /// The certificates in DER, that of the key first, each next one certifying the one before (RFC 7517 section 4.7).
    /// There is at least one. [`Jwk::check_certificates`] was successful.
    ///
    /// # Errors
    ///
    /// [`Error::ChainRefused`] if the chain is not to be trusted.
    fn validate(&self, chain: &[Vec<u8>]) -> Result<(), Error>;
}

impl Jwk {
    /// The certificates of `x5c` in DER.
    ///
    /// # Errors
    ///
    /// [`Error::Member`] if there is no `x5c`.
    pub fn certificates(&self) -> Result<Vec<Vec<u8>>, Error> {
        let texts = self.x5c().ok_or(Error::missing("x5c"))?.iter().enumerate();
        texts
            .map(|(index, text)| {
                // Line ends are found inside.
                let packed: String = text.split_ascii_whitespace().collect();
                Base64::decode_vec(&packed).map_err(|_| Error::Certificate { index })
            })
            .collect()
    }

    /// Checks that each certificate of `x5c` can be read, that the first one is of this key, and that `x5t` and
    /// `x5t#S256`, if they are there, are its thumbprints. No chain is checked.
    ///
    /// # Errors
    ///
    /// [`Error::Certificate`] with the place of the certificate; [`Error::Member`] if there is no `x5c`.
    pub fn check_certificates(&self) -> Result<(), Error> {
        self.checked_certificates().map(|_| ())
    }

    /// Checks the certificates as [`Jwk::check_certificates`] does, and hands them to the validator.
    ///
    /// # Errors
    ///
    /// As [`Jwk::check_certificates`], and those of the validator.
    pub fn validate_chain(&self, validator: &dyn ChainValidator) -> Result<(), Error> {
        validator.validate(&self.checked_certificates()?)
    }

    fn checked_certificates(&self) -> Result<Vec<Vec<u8>>, Error> {
        let certificates = self.certificates()?;
        if self.notes.has_damaged_digest() {
            return Err(Error::Certificate { index: 0 });
        }
        for (index, der) in certificates.iter().enumerate() {
            let refused = Error::Certificate { index };
            let certificate = Certificate::from_der(der).map_err(|_| refused)?;
            // A key that cannot be read from a certificate is not compared, and so refused.
            let is_own = index != 0
                || (subject_key(&certificate).is_ok_and(|(key, _)| self.params.to_public() == Ok(key))
                    && self.x5t().is_none_or(|own| own == Sha1::digest(der).as_slice())
                    && self.x5t_s256().is_none_or(|own| own == Sha256::digest(der).as_slice()));
            if !is_own {
                return Err(refused);
            }
        }
        Ok(certificates)
    }

    /// Sets `x5t` and `x5t#S256`, the SHA-1 and the SHA-256 of the first certificate of `x5c` (RFC 7517 sections 4.8
    /// and 4.9).
    ///
    /// # Errors
    ///
    /// [`Error::Member`] if there is no `x5c`.
    pub fn with_certificate_thumbprints(mut self) -> Result<Self, Error> {
        let certificates = self.certificates()?;
        let first = certificates.first().ok_or(Error::missing("x5c"))?;
        self.metadata.x5t = Some(Bytes::from(Sha1::digest(first).to_vec()));
        self.metadata.x5t_s256 = Some(Bytes::from(Sha256::digest(first).to_vec()));
        Ok(self)
    }
}

impl PublicJwk {
    /// The key of a certificate's subject, from DER, with `x5c`, `x5t` and `x5t#S256`. The certificate is believed:
    /// no signature, date, name or chain is checked.
    ///
    /// # Errors
    ///
    /// [`FormError::Der`] if it is not a certificate; [`Error::Unsupported`] if JOSE has no such type of key; otherwise
    /// as [`PublicJwk::from_der`].
    pub fn from_unverified_certificate(der: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::from_unverified_chain(&[der.as_ref()])
    }

    /// Like [`PublicJwk::from_unverified_certificate`], but from PEM, of one certificate or of a chain whose first
    /// certificate is that of the key. Other blocks, such as its private key, are passed over.
    ///
    /// # Errors
    ///
    /// [`FormError::Pem`], [`FormError::PemLabel`], and as [`PublicJwk::from_unverified_certificate`].
    pub fn from_unverified_certificate_pem(text: &str) -> Result<Self, Error> {
        let blocks = pem::blocks(text)?;
        let chain = blocks.iter().filter(|block| block.label == CERTIFICATE).map(pem::Block::decode);
        let chain = chain.collect::<Result<Vec<_>, Error>>()?;
        if chain.is_empty() {
            return Err(pem::nothing(text, &blocks));
        }
        let chain: Vec<&[u8]> = chain.iter().map(|der| der.as_slice()).collect();
        Self::from_unverified_chain(&chain)
    }

    /// The key of the first certificate's subject, from DER, once the validator has accepted the chain.
    ///
    /// # Errors
    ///
    /// As [`PublicJwk::from_unverified_certificate`], and what the validator refuses with.
    pub fn from_certificate_chain(
        chain: &[impl AsRef<[u8]>],
        validator: &dyn ChainValidator,
    ) -> Result<Self, Error> {
        let chain: Vec<&[u8]> = chain.iter().map(AsRef::as_ref).collect();
        let key = Self::from_unverified_chain(&chain)?;
        key.as_jwk().validate_chain(validator)?;
        Ok(key)
    }

    fn from_unverified_chain(chain: &[&[u8]]) -> Result<Self, Error> {
        let mut params = None;
        for der in chain {
            let certificate =
                Certificate::from_der(der).map_err(|_| FormError::Der { form: "X.509 (`Certificate`)" })?;
            if params.is_none() {
                params = Some(subject_key(&certificate)?);
            }
        }
        let (params, alg) = params.ok_or(Error::missing("x5c"))?;
        let mut jwk = restricted(params, alg);
        jwk.metadata.x5c = Some(chain.iter().map(|der| Base64::encode_string(der)).collect::<Vec<String>>());
        jwk.with_certificate_thumbprints()?.try_into()
    }
}

fn subject_key(certificate: &Certificate) -> Result<Restricted, Error> {
    read_spki(certificate.tbs_certificate().subject_public_key_info().owned_to_ref())
}
