//! The keys that tokens are bound to.

use alloc::string::String;

use jose_b64::base64url;
use jose_jwk::{PublicJwk, Thumbprint};
use serde::{Deserialize, Serialize};

use super::jwks;
use crate::error::{Error, Reason};

/// `cnf` of a token: the key that its bearer must hold (RFC 7800 section 3.1, RFC 9449 section 6.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Confirmation {
    /// The SHA-256 thumbprint of the key, in base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jkt: Option<String>,
    /// The key itself.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "jwks::option")]
    pub jwk: Option<PublicJwk>,
}

impl Confirmation {
    /// Binds a token to the key with this thumbprint.
    #[must_use]
    pub fn new(thumbprint: &Thumbprint) -> Self {
        Self { jkt: Some(base64url::encode_to_string(thumbprint.as_bytes())), jwk: None }
    }

    /// Binds a token to this key, which is in it as a whole.
    #[must_use]
    pub fn of_key(key: PublicJwk) -> Self {
        Self { jkt: None, jwk: Some(key) }
    }

    /// Checks whether the token is bound to this key.
    ///
    /// # Errors
    ///
    /// [`Error::Claim`] of `cnf`: missing if it names neither thumbprint nor key, mismatch if it names another one.
    pub fn check(&self, thumbprint: &Thumbprint) -> Result<(), Error> {
        let own = self.jwk.as_ref().map(|key| key.as_jwk().thumbprint(thumbprint.hash()));
        let own = own.map(|own| own.is_ok_and(|own| own == *thumbprint));
        let named = self.jkt.as_ref().map(|jkt| *jkt == base64url::encode_to_string(thumbprint.as_bytes()));
        match (named, own) {
            (None, None) => Err(Error::claim("cnf", Reason::Missing)),
            (Some(false), _) | (_, Some(false)) => Err(Error::claim("cnf", Reason::Mismatch)),
            _ => Ok(()),
        }
    }
}
