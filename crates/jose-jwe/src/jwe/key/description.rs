use jose_jwk::{Jwk, PublicJwk};

use crate::error::Error;

/// What is known of a key that is held elsewhere: its JWK, public or not, or for a symmetric key its `kid`.
#[derive(Clone, Copy, Debug)]
pub struct KeyDescription<'d> {
    jwk: Option<&'d Jwk>,
    kid: Option<&'d str>,
}

impl<'d> KeyDescription<'d> {
    /// A symmetric key, of which there is no public part.
    #[must_use]
    pub const fn symmetric(kid: Option<&'d str>) -> Self {
        Self { jwk: None, kid }
    }

    pub(super) fn jwk(&self) -> Option<&'d Jwk> {
        self.jwk
    }

    pub(super) fn kid(&self) -> Option<&'d str> {
        self.kid.or_else(|| self.jwk?.kid())
    }
}

impl<'d> From<&'d Jwk> for KeyDescription<'d> {
    fn from(jwk: &'d Jwk) -> Self {
        Self { jwk: Some(jwk), kid: None }
    }
}

impl<'d> From<&'d PublicJwk> for KeyDescription<'d> {
    fn from(jwk: &'d PublicJwk) -> Self {
        jwk.as_jwk().into()
    }
}

/// Why the holder of a key does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The bytes were not encrypted to the key. The message then fails as any other does.
    Failed,
    /// The key cannot be reached, or the operation was not permitted.
    Unavailable,
}

impl Refusal {
    pub(super) fn of_wrapping(self) -> Error {
        match self {
            Self::Failed => Error::Encryption,
            Self::Unavailable => Error::Unavailable,
        }
    }
}
