use alloc::string::String;

use jose_b64::json::{self, Object};

use crate::error::Error;
use crate::jwk::Jwk;
use crate::params::{Params, is_private};

/// A [`Jwk`] without a secret, which may be published.
///
/// ```
/// use jose_jwk::{Curve, Jwk, PublicJwk, SysRng};
///
/// fn main() -> Result<(), jose_jwk::Error> {
///     let private = Jwk::generate(Curve::P256, &mut SysRng)?;
///     let published = private.to_public()?.to_json();
///     assert!(PublicJwk::from_json(published).is_ok());
///     // A text with private members is refused.
///     assert!(PublicJwk::from_json(private.expose_private_json().as_bytes()).is_err());
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct PublicJwk(Jwk);

impl PublicJwk {
    #[allow(dead_code, reason = "without any algorithm and form there is no source of public keys but JSON")]
    pub(crate) fn from_params(params: Params) -> Self {
        Self(Jwk::from_params(params))
    }

    /// Reads a public JWK from its JSON text.
    ///
    /// # Errors
    ///
    /// [`Error::PrivateMembers`] if a member has the name of a private one of any key type, whatever its value; the
    /// other members are then not looked at. Otherwise as [`Jwk::from_json`].
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::from_object(json::parse_object(text.as_ref())?)
    }

    /// Like [`PublicJwk::from_json`], but for an object inside another text.
    ///
    /// # Errors
    ///
    /// As [`PublicJwk::from_json`].
    pub fn from_object(object: Object<'_>) -> Result<Self, Error> {
        if object.iter().any(|(name, _)| is_private(&name)) {
            return Err(Error::PrivateMembers);
        }
        Jwk::from_object(object).map(Self)
    }

    /// The key.
    pub fn as_jwk(&self) -> &Jwk {
        &self.0
    }

    /// The JSON text.
    pub fn to_json(&self) -> String {
        core::mem::take(&mut *self.0.expose_private_json())
    }
}

impl Jwk {
    /// The key without its private members. Its `key_ops` are those of the public half: `verify` for `sign`, `encrypt` for
    /// `decrypt`, `wrapKey` for `unwrapKey`.
    ///
    /// # Errors
    ///
    /// [`Error::NoPublicPart`] for a symmetric key.
    pub fn to_public(&self) -> Result<PublicJwk, Error> {
        let params = self.params.to_public()?;
        let extra = self.extra.iter().filter(|(name, _)| !is_private(name)).cloned().collect();
        let (metadata, notes) = (self.metadata.to_public(), self.notes.clone());
        Ok(PublicJwk(Self { params, metadata, extra, notes }))
    }
}

impl AsRef<Jwk> for PublicJwk {
    fn as_ref(&self) -> &Jwk {
        &self.0
    }
}

impl TryFrom<Jwk> for PublicJwk {
    type Error = Error;

    fn try_from(jwk: Jwk) -> Result<Self, Error> {
        if jwk.is_public() { Ok(Self(jwk)) } else { Err(Error::PrivateMembers) }
    }
}

impl From<PublicJwk> for Jwk {
    fn from(public: PublicJwk) -> Self {
        public.0
    }
}
