//! Keys in DER: one reader and one writer a structure, by the tables of [`algorithm`].

mod algorithm;
mod pkcs1;
mod pkcs8;
mod sec1;
mod spki;
pub(crate) mod unsupported;

use alloc::vec::Vec;

use jose_jwa::JwsAlg;
use zeroize::Zeroizing;

use crate::error::{Error, Usage};
use crate::jwk::Jwk;
use crate::metadata::KeyAlg;
use crate::params::Params;
use crate::public::PublicJwk;

#[allow(unused_imports, reason = "for certificates and OpenSSH keys")]
pub(crate) use spki::{Restricted, read_ref as read_spki, with_bytes as with_public_bytes};

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
    /// `OneAsymmetricKey`, formerly PKCS #8 (RFC 5958 section 2), for all types of keys. Its PEM is labelled
    /// `PRIVATE KEY`.
    Pkcs8,
    /// `RSAPrivateKey` (RFC 8017 appendix A.1.2), for RSA. Its PEM is labelled `RSA PRIVATE KEY`.
    Pkcs1,
    /// `ECPrivateKey` (RFC 5915 section 3), for EC. Its PEM is labelled `EC PRIVATE KEY`.
    Sec1,
}

impl Jwk {
    /// Reads a private key from DER of this form. The form is not guessed.
    ///
    /// # Errors
    ///
    /// [`FormError::Der`](crate::FormError::Der) if the bytes are not of this form; [`Error::Unsupported`] if JOSE has
    /// no name for the key's algorithm or curve; [`Error::Disabled`] if the public part is to be computed and this
    /// build cannot; otherwise as [`Jwk::from_json`].
    ///
    /// An `id-RSASSA-PSS` key gets the `alg` that its parameters name, PS256 if it has none (RFC 4055 section 3.1).
    pub fn from_private_der(der: impl AsRef<[u8]>, format: PrivateFormat) -> Result<Self, Error> {
        let der = der.as_ref();
        let (params, alg) = match format {
            PrivateFormat::Pkcs8 => pkcs8::read(der)?,
            PrivateFormat::Pkcs1 => (pkcs1::read_private(der)?, None),
            PrivateFormat::Sec1 => (sec1::read(None, der)?, None),
        };
        Ok(restricted(params, alg))
    }

    /// The private key in DER. It is wiped when it is dropped.
    ///
    /// # Errors
    ///
    /// [`Usage::NotPrivate`](crate::Usage::NotPrivate) for a public key; [`Error::Unsupported`] if the form has no
    /// place for the type of the key. No form has one for a symmetric key.
    pub fn expose_private_der(&self, format: PrivateFormat) -> Result<Zeroizing<Vec<u8>>, Error> {
        let params = &self.params;
        if !params.is_private() {
            return Err(Usage::NotPrivate.into());
        }
        match format {
            PrivateFormat::Pkcs8 => pkcs8::write(params),
            PrivateFormat::Pkcs1 => pkcs1::write_private(params),
            PrivateFormat::Sec1 => sec1::write(params),
        }
    }
}

impl PublicJwk {
    /// Reads a public key from DER of this form. The form is not guessed.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_private_der`].
    pub fn from_der(der: impl AsRef<[u8]>, format: PublicFormat) -> Result<Self, Error> {
        let (params, alg) = match format {
            PublicFormat::Spki => spki::read(der.as_ref())?,
            PublicFormat::Pkcs1 => (pkcs1::read_public(der.as_ref())?, None),
        };
        restricted(params, alg).try_into()
    }

    /// The public key in DER.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] if the form has no place for the type of the key.
    pub fn to_der(&self, format: PublicFormat) -> Result<Vec<u8>, Error> {
        let params = &self.as_jwk().params;
        match format {
            PublicFormat::Spki => spki::write(params),
            PublicFormat::Pkcs1 => pkcs1::write_public(params),
        }
    }
}

/// A key that is restricted to an algorithm by the form that it comes from.
pub(crate) fn restricted(params: Params, alg: Option<JwsAlg>) -> Jwk {
    let mut jwk = Jwk::from_params(params);
    jwk.metadata.alg = alg.map(KeyAlg::Jws).or(jwk.metadata.alg);
    jwk
}
