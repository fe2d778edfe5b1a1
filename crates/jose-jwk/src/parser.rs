use jose_b64::json::{self, Object, Str};
use jose_jwa::{Curve, KeyType};

use crate::params::find;
use crate::{Error, Jwk, JwkSet};

/// How JWKs are read. [`Jwk::from_json`] and [`JwkSet::from_json`] read them with the default: no leniency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JwkParser {
    #[cfg(feature = "p256k")]
    p256k: bool,
    /// Secret members are not read at all.
    pub(crate) public_only: bool,
}

impl JwkParser {
    /// The default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes `P-256K`, a name from before RFC 8812, for `secp256k1`. It is written as `secp256k1`.
    #[cfg(feature = "p256k")]
    #[must_use]
    pub fn allow_p256k(self) -> Self {
        Self { p256k: true, ..self }
    }

    pub(crate) fn public_only(mut self) -> Self {
        self.public_only = true;
        self
    }

    /// Reads a JWK from its JSON text.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_json`].
    pub fn jwk(self, text: impl AsRef<[u8]>) -> Result<Jwk, Error> {
        Jwk::read(json::parse_object(text.as_ref())?, self)
    }

    /// Reads a JWK Set from its JSON text.
    ///
    /// # Errors
    ///
    /// As [`JwkSet::from_json`].
    pub fn jwk_set(self, text: impl AsRef<[u8]>) -> Result<JwkSet, Error> {
        JwkSet::read(json::parse_object(text.as_ref())?, self)
    }

    /// The curve of this name, if it is one of the key type.
    pub(crate) fn curve(self, name: Str<'_>, kty: KeyType) -> Result<Curve, Error> {
        #[cfg(feature = "p256k")]
        if self.p256k && kty == KeyType::Ec && name == *"P-256K" {
            return Ok(Curve::Secp256k1);
        }
        find(Curve::ALL, name).filter(|curve| curve.key_type() == kty).ok_or(Error::CurveUnknown)
    }

    /// Whether the object has a secret member of its key type.
    pub(crate) fn has_secrets(object: Object<'_>, kty: KeyType) -> bool {
        kty.members().iter().any(|member| member.secret && object.get(member.name).is_some())
    }
}
