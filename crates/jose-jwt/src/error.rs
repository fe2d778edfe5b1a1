use core::fmt;

#[cfg(feature = "alloc")]
use crate::NumericDate;

/// The name of a claim; one of the caller's own may be made at run time where there is a heap.
#[cfg(feature = "alloc")]
pub type ClaimName = alloc::borrow::Cow<'static, str>;
/// The name of a claim.
#[cfg(not(feature = "alloc"))]
pub type ClaimName = &'static str;

/// Why a JWT was not made, or not taken for valid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The JWS within: its form, its key or its signature.
    Jws(jose_jws::Error),
    /// The JWE within: its form, its key, or that it cannot be decrypted.
    #[cfg(feature = "jwe")]
    Jwe(jose_jwe::Error),
    /// An encrypted JWT says that there is a JWT inside (`cty`) and none was asked for, or the other way round.
    #[cfg(feature = "jwe")]
    Cty,
    /// The claims are not one strict JSON object.
    NotClaims(jose_b64::Error),
    /// The text is longer than the verifier takes.
    TooLong,
    /// A claim has the wrong JSON type, or breaks a rule of the verifier.
    Claim {
        /// Its name.
        claim: ClaimName,
        /// What is wrong with it.
        reason: Reason,
    },
    /// The JWT has expired.
    #[cfg(feature = "alloc")]
    Expired {
        /// Its `exp`.
        at: NumericDate,
    },
    /// The JWT is not valid yet.
    #[cfg(feature = "alloc")]
    NotYetValid {
        /// Its `nbf`.
        at: NumericDate,
    },
    /// The header's `typ` is not the expected one.
    Typ(Reason),
    /// The claims are valid, but not of the type that they were asked for as.
    #[cfg(feature = "alloc")]
    ClaimsType,
    /// The caller's claims cannot be written as a JSON object.
    #[cfg(feature = "alloc")]
    ClaimsWrite,
    /// A claim is given twice.
    #[cfg(feature = "alloc")]
    ClaimTwice,
    /// More leeway than five minutes, which has its own name.
    #[cfg(feature = "alloc")]
    LeewayTooLong,
    /// The system's clock is not set.
    #[cfg(feature = "std")]
    Clock,
    /// The text is no span of time, or a number without a unit.
    #[cfg(feature = "std")]
    Span,
    /// A JWT of this `jti` was seen before.
    #[cfg(feature = "alloc")]
    Replayed,
    /// The store of the `jti` that were seen is full, does not answer, or has forgotten the JWTs of that time.
    #[cfg(feature = "alloc")]
    ReplayStore,
}

/// What is wrong with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It must be there and is not.
    Missing,
    /// It has the wrong JSON type, or is no date.
    Invalid,
    /// It has another value than the expected one.
    Mismatch,
    /// It may not be there, or not with this value.
    Prohibited,
}

impl Error {
    /// A name for the kind of error that does not change between versions.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Jws(error) => error.code(),
            #[cfg(feature = "jwe")]
            Self::Jwe(error) => error.code(),
            #[cfg(feature = "jwe")]
            Self::Cty => "cty",
            Self::NotClaims(_) => "not-claims",
            Self::TooLong => "too-long",
            Self::Claim { reason, .. } => reason.code(),
            #[cfg(feature = "alloc")]
            Self::Expired { .. } => "expired",
            #[cfg(feature = "alloc")]
            Self::NotYetValid { .. } => "not-yet-valid",
            Self::Typ(_) => "typ",
            #[cfg(feature = "alloc")]
            Self::ClaimsType => "claims-type",
            #[cfg(feature = "alloc")]
            Self::ClaimsWrite => "claims-write",
            #[cfg(feature = "alloc")]
            Self::ClaimTwice => "claim-twice",
            #[cfg(feature = "alloc")]
            Self::LeewayTooLong => "leeway-too-long",
            #[cfg(feature = "std")]
            Self::Clock => "clock",
            #[cfg(feature = "std")]
            Self::Span => "span",
            #[cfg(feature = "alloc")]
            Self::Replayed => "replayed",
            #[cfg(feature = "alloc")]
            Self::ReplayStore => "replay-store",
        }
    }
}

impl Reason {
    /// A name for the reason that does not change between versions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "claim-missing",
            Self::Invalid => "claim-invalid",
            Self::Mismatch => "claim-mismatch",
            Self::Prohibited => "claim-prohibited",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "is missing",
            Self::Invalid => "has a wrong type or value",
            Self::Mismatch => "is not the expected one",
            Self::Prohibited => "may not be there",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jws(error) => return error.fmt(f),
            #[cfg(feature = "jwe")]
            Self::Jwe(error) => return error.fmt(f),
            #[cfg(feature = "jwe")]
            Self::Cty => "cty does not say what was expected inside",
            Self::NotClaims(error) => return write!(f, "the claims are not a JSON object: {error}"),
            Self::TooLong => "the JWT is too long",
            Self::Claim { claim, reason } => return write!(f, "the claim {claim} {reason}"),
            #[cfg(feature = "alloc")]
            Self::Expired { at } => return write!(f, "the JWT expired at {at}"),
            #[cfg(feature = "alloc")]
            Self::NotYetValid { at } => return write!(f, "the JWT is not valid before {at}"),
            Self::Typ(reason) => return write!(f, "the header's typ {reason}"),
            #[cfg(feature = "alloc")]
            Self::ClaimsType => "the claims are not of the expected type",
            #[cfg(feature = "alloc")]
            Self::ClaimsWrite => "the claims cannot be written as a JSON object",
            #[cfg(feature = "alloc")]
            Self::ClaimTwice => "a claim is given twice",
            #[cfg(feature = "alloc")]
            Self::LeewayTooLong => "the leeway is longer than five minutes",
            #[cfg(feature = "std")]
            Self::Clock => "the system's clock is not set",
            #[cfg(feature = "std")]
            Self::Span => "the text is no span of time with units",
            #[cfg(feature = "alloc")]
            Self::Replayed => "the JWT was seen before",
            #[cfg(feature = "alloc")]
            Self::ReplayStore => "the store cannot say whether the JWT was seen before",
        })
    }
}

impl core::error::Error for Error {}

impl From<jose_jws::Error> for Error {
    fn from(error: jose_jws::Error) -> Self {
        Self::Jws(error)
    }
}

#[cfg(feature = "jwe")]
impl From<jose_jwe::Error> for Error {
    fn from(error: jose_jwe::Error) -> Self {
        Self::Jwe(error)
    }
}

#[cfg(feature = "std")]
impl From<crate::ClockError> for Error {
    fn from(_: crate::ClockError) -> Self {
        Self::Clock
    }
}
