//! Symmetric keys from bytes, and the refusal of bytes that are a published key in another form.

use jose_b64::Secret;
use jose_jwa::{KeyType, looks_like_key};

use crate::error::Error;
use crate::jwk::Jwk;
use crate::params::Params;

impl Jwk {
    /// Makes a symmetric key of the bytes (RFC 7518 section 6.4).
    ///
    /// Bytes that [look like a key](jose_jwa::looks_like_key) in another form are refused: PEM, the DER of a key or
    /// certificate, a JWK or JWK Set, an OpenSSH key, also in base64. With the text of a public key as an HMAC secret, anybody who knows the text could sign.
    ///
    /// # Errors
    ///
    /// [`Error::LooksLikeKey`].
    pub fn from_octets(bytes: impl Into<Secret>) -> Result<Self, Error> {
        let bytes = bytes.into();
        if looks_like_key(bytes.expose()) {
            return Err(Error::LooksLikeKey);
        }
        Ok(Self::dangerous_from_octets(bytes))
    }

    /// Makes a symmetric key of any bytes, even if they look like a key in another form, which anybody may know.
    pub fn dangerous_from_octets(bytes: impl Into<Secret>) -> Self {
        Self::from_params(Params::new(KeyType::Oct, None).with_secret("k", bytes))
    }
}
