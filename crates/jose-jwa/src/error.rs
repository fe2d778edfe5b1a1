//! What parsing a name can end in.

use core::error::Error;
use core::fmt;

/// A text is not the name of any identifier of the table named by the variant.
///
/// Names are compared octet by octet: other letter case and surrounding space make another name (RFC 7515
/// section 4.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownIdentifier {
    /// No such [`JwsAlg`](crate::JwsAlg); `none` is not one.
    JwsAlg,
    /// No such [`JweAlg`](crate::JweAlg).
    JweAlg,
    /// No such [`JweEnc`](crate::JweEnc).
    JweEnc,
    /// No such [`Curve`](crate::Curve).
    Curve,
    /// No such [`KeyType`](crate::KeyType).
    KeyType,
    /// No such [`KeyUse`](crate::KeyUse).
    KeyUse,
    /// No such [`KeyOp`](crate::KeyOp).
    KeyOp,
    /// No such [`Hash`](crate::Hash).
    Hash,
    /// No such [`Status`](crate::Status).
    Status,
}

impl UnknownIdentifier {
    /// A stable name of this error for programs: `unknown-` and what was looked for, as in `unknown-jws-alg`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::JwsAlg => "unknown-jws-alg",
            Self::JweAlg => "unknown-jwe-alg",
            Self::JweEnc => "unknown-jwe-enc",
            Self::Curve => "unknown-curve",
            Self::KeyType => "unknown-key-type",
            Self::KeyUse => "unknown-key-use",
            Self::KeyOp => "unknown-key-op",
            Self::Hash => "unknown-hash",
            Self::Status => "unknown-status",
        }
    }
}

impl fmt::Display for UnknownIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JwsAlg => "unknown JWS algorithm",
            Self::JweAlg => "unknown JWE key management algorithm",
            Self::JweEnc => "unknown JWE content encryption algorithm",
            Self::Curve => "unknown curve",
            Self::KeyType => "unknown key type",
            Self::KeyUse => "unknown key use",
            Self::KeyOp => "unknown key operation",
            Self::Hash => "unknown hash function",
            Self::Status => "unknown implementation requirement",
        })
    }
}

impl Error for UnknownIdentifier {}
