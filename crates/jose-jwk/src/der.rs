//! Keys in DER: one reader and one writer a structure, by the tables of [`algorithm`].

mod algorithm;
#[cfg(feature = "encrypted-pem")]
mod encrypted;
mod pkcs1;
mod pkcs8;
mod sec1;
mod spki;

use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::params::Params;
use crate::{Error, Jwk, PublicJwk, Usage};

#[cfg(feature = "x509")]
pub(crate) use spki::read_ref as read_spki;
#[cfg(feature = "ssh")]
pub(crate) use spki::with_octets as with_public_octets;

/// A form in which a public key is written in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicFormat {
    /// `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7), for all types of keys. Its PEM is labelled `PUBLIC KEY`.
    Spki,
    /// `RSAPublicKey` (RFC 8017 appendix A.1.1), for RSA. Its PEM is labelled `RSA PUBLIC KEY`.
    Pkcs1,
}

/// A form in which a private key is written in DER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrivateFormat {
    /// `OneAsymmetricKey`, the PKCS #8 of old (RFC 5958 section 2), for all types of keys. Its PEM is labelled
    /// `PRIVATE KEY`.
    Pkcs8,
    /// `RSAPrivateKey` (RFC 8017 appendix A.1.2), for RSA. Its PEM is labelled `RSA PRIVATE KEY`.
    Pkcs1,
    /// `ECPrivateKey` (RFC 5915 section 3), for EC. Its PEM is labelled `EC PRIVATE KEY`.
    Sec1,
}

impl PublicFormat {
    pub(crate) fn read(self, der: &[u8]) -> Result<PublicJwk, Error> {
        let params = match self {
            Self::Spki => spki::read(der),
            Self::Pkcs1 => pkcs1::read_public(der),
        };
        params.map(PublicJwk::from_params)
    }

    pub(crate) fn write(self, params: &Params) -> Result<Vec<u8>, Error> {
        match self {
            Self::Spki => spki::write(params),
            Self::Pkcs1 => pkcs1::write_public(params),
        }
    }
}

impl PrivateFormat {
    pub(crate) fn read(self, der: &[u8]) -> Result<Jwk, Error> {
        let params = match self {
            Self::Pkcs8 => pkcs8::read(der),
            Self::Pkcs1 => pkcs1::read_private(der),
            Self::Sec1 => sec1::read(der),
        };
        params.map(Jwk::from_params)
    }

    pub(crate) fn write(self, params: &Params) -> Result<Zeroizing<Vec<u8>>, Error> {
        if !params.is_private() {
            return Err(Error::Usage(Usage::NotPrivate));
        }
        match self {
            Self::Pkcs8 => pkcs8::write(params),
            Self::Pkcs1 => pkcs1::write_private(params),
            Self::Sec1 => sec1::write(params),
        }
    }
}

impl Jwk {
    /// Reads a private key from DER of the form that is named. No form is guessed.
    ///
    /// # Errors
    ///
    /// [`FormError::Der`](crate::FormError::Der) where the octets are not of that form, [`Error::Unsupported`] where the key's algorithm or curve
    /// is none of JOSE, [`Error::Disabled`] where the public part is to be computed and this build cannot, and
    /// else as [`Jwk::from_json`].
    pub fn from_private_der(der: impl AsRef<[u8]>, format: PrivateFormat) -> Result<Self, Error> {
        format.read(der.as_ref())
    }

    /// The private key in DER. It is wiped when it is dropped.
    ///
    /// # Errors
    ///
    /// [`Usage::NotPrivate`](crate::Usage::NotPrivate) for a public key, [`Error::Unsupported`] where the form has no place for the type of the
    /// key, as none has for a symmetric one.
    pub fn expose_private_der(&self, format: PrivateFormat) -> Result<Zeroizing<Vec<u8>>, Error> {
        format.write(&self.params)
    }
}

impl PublicJwk {
    /// Reads a public key from DER of the form that is named. No form is guessed.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_private_der`].
    pub fn from_der(der: impl AsRef<[u8]>, format: PublicFormat) -> Result<Self, Error> {
        format.read(der.as_ref())
    }

    /// The public key in DER.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] where the form has no place for the type of the key.
    pub fn to_der(&self, format: PublicFormat) -> Result<Vec<u8>, Error> {
        format.write(&self.as_jwk().params)
    }
}

/// A form has no place for a type of key.
const WRONG_TYPE: Error = Error::Unsupported("this type of key in this form");
