use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;

use jose_jwa::errors;

use crate::numeric_date::NumericDate;

/// The name of a claim.
pub type ClaimName = Cow<'static, str>;

errors! {
    /// Why a JWT was not created, or not accepted as valid.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Error {
        /// The JWS: its form, its key or its signature.
        Jws(error: jose_jws::Error) from error => error.code(), "{error}{}", Encrypted(error);
        [feature = "jwe"]
        /// The JWE: its form, its key, or that it cannot be decrypted.
        Jwe(error: jose_jwe::Error) from error => error.code(), "{error}";
        /// An encrypted JWT says that there is a JWT inside (`cty`) and none was asked for, or the other way round.
        Cty => "cty", "cty does not announce what was expected inside (`JwtVerifier::nested` takes a JWT, `encrypted_only` claims)";
        /// The claims are not one strict JSON object.
        NotClaims(error: jose_b64::Error) from error => "not-claims", "the claims are not a JSON object: {error}";
        /// The text is longer than the verifier accepts.
        TooLong {
            /// The maximum length, in bytes.
            max: usize,
        } => "too-long", "the JWT is longer than {max} bytes";
        /// A claim has the wrong JSON type, or breaks a rule of the verifier.
        Claim {
            /// The claim's name.
            claim: ClaimName,
            /// What is wrong with it.
            reason: Reason,
            /// What was expected, of `iss` and `aud`.
            expected: Option<String>,
        } => reason.code(), "the claim {claim} {reason}{}", Expected(expected);
        /// The JWT has expired.
        Expired {
            /// Its `exp`.
            at: NumericDate,
        } => "expired", "the JWT expired at {at}";
        /// The JWT is not valid yet.
        NotYetValid {
            /// Its `nbf`.
            at: NumericDate,
        } => "not-yet-valid", "the JWT is not valid before {at}";
        /// The header's `typ` is not the expected one.
        Typ(reason: Reason) => "typ", "the header's typ {reason} (`JwtVerifier::typ` or the profile sets it)";
        /// The claims are valid, but not of the type that they were asked for as. Holds serde's message.
        ClaimsType(message: String) => "claims-type", "the claims are not of the expected type: {message}";
        /// The caller's claims cannot be written as a JSON object. Holds serde's message.
        ClaimsWrite(message: String) => "claims-write", "the claims cannot be written as a JSON object: {message}";
        /// A claim is set twice.
        ClaimTwice {
            /// The claim's name.
            claim: ClaimName,
        } => "claim-twice", "the claim {claim} is set twice (the setters of `Claims` and the fields of the caller's type are one object)";
        /// A leeway over five minutes was set without `dangerous_leeway`.
        LeewayTooLong => "leeway-too-long", "the leeway is longer than five minutes (`dangerous_leeway` takes it)";
        /// An option of the verifier has no effect, because of its profile or another option.
        OptionWithoutEffect {
            /// The name of the option.
            option: &'static str,
        } => "option-without-effect", "the option `{option}` has no effect with this profile: leave it away";
        /// The system's clock is not set.
        Clock => "clock", "the system's clock is not set";
        /// The text is not a span of time with a unit.
        Span => "span", "the text is not a span of time with units, such as `10m` or `2 days`";
        /// A JWT with this `jti` was seen before.
        Replayed => "replayed", "the JWT was seen before";
        /// The store of the `jti`s that were seen is full, does not answer, or has forgotten the JWTs of that time.
        ReplayStore => "replay-store", "the store cannot tell whether the JWT was seen before";
        /// The random number generator failed, or there is none.
        Rng => "rng", "the random number generator failed or is missing";
    }
}

impl Error {
    /// Whether the token was refused. Otherwise the verifier itself failed: its clock, its random numbers, its replay store,
    /// or a key that cannot be reached. A server answers the first with 401, the second with 503.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Clock | Self::ReplayStore | Self::Rng | Self::LeewayTooLong | Self::Span => false,
            Self::ClaimsWrite(_) | Self::ClaimTwice { .. } | Self::OptionWithoutEffect { .. } => false,
            Self::Jws(error) => !matches!(
                error,
                jose_jws::Error::Rng
                    | jose_jws::Error::Signing
                    | jose_jws::Error::RngMissing
                    | jose_jws::Error::NoUsableKey(_)
                    | jose_jws::Error::AlgorithmsEmpty
            ),
            #[cfg(feature = "jwe")]
            Self::Jwe(error) => !matches!(
                error,
                jose_jwe::Error::Rng | jose_jwe::Error::Unavailable | jose_jwe::Error::NoUsableKey(_)
            ),
            _ => true,
        }
    }

    /// A claim that breaks a rule.
    pub(crate) fn claim(claim: impl Into<ClaimName>, reason: Reason) -> Self {
        Self::Claim { claim: claim.into(), reason, expected: None }
    }
}

/// What is wrong with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It is required and missing.
    Missing,
    /// It has the wrong JSON type, or is not a date.
    Invalid,
    /// It has another value than the expected one.
    Mismatch,
    /// It may not be there, or not with this value.
    Prohibited,
}

impl Reason {
    /// A stable name for the reason, in kebab-case.
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

/// What was expected of a claim.
struct Expected<'e>(&'e Option<String>);

impl fmt::Display for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |expected| write!(f, ": {expected} is accepted"))
    }
}

/// How to verify an encrypted JWT.
struct Encrypted<'e>(&'e jose_jws::Error);

impl fmt::Display for Encrypted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            jose_jws::Error::Segments { found: 5 } => {
                f.write_str(" (`JwtVerifier::nested` or `encrypted_only` verifies it)")
            }
            _ => Ok(()),
        }
    }
}

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
