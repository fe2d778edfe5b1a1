use core::fmt;

/// Why a JWS was not signed, or not taken for verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The key cannot be used for this algorithm and operation, or is none.
    Key(jose_jwk::Error),
    /// The JOSE header breaks a rule; `crit` is one of them.
    Header(jose_jwk::Error),
    /// A part of the message is not strict base64url.
    Encoding(jose_b64::Error),
    /// A compact serialization has three parts (RFC 7515 section 7.1).
    Segments,
    /// The header has no `alg`.
    AlgorithmMissing,
    /// `alg` names no algorithm for signatures. `none` is no such algorithm.
    AlgorithmUnknown,
    /// The key does not serve the algorithm, or the caller does not allow it.
    AlgorithmNotAllowed,
    /// The list of allowed algorithms is empty.
    AlgorithmsEmpty,
    /// The key could serve several algorithms and names none of them.
    AlgorithmAmbiguous,
    /// No key has the `kid` of the header, or none can serve its algorithm.
    KeyNotFound,
    /// More than one key could be meant, and trying them was not asked for, or there are more than were allowed.
    KeyAmbiguous,
    /// Symmetric and asymmetric keys in one set: a public key could be taken for a secret.
    KeysMixed,
    /// The signature does not verify. Which step failed is not told.
    Signature,
    /// The signer failed.
    Signing,
    /// The random number generator failed, or there is none and the algorithm needs one.
    Rng,
    /// The caller's buffer is too small.
    BufferTooSmall,
    /// `b64` is not a boolean, or is false without `crit` naming it (RFC 7797 sections 3 and 6).
    B64,
    /// The payload is not encoded (`b64` is false) and the caller did not allow that.
    Unencoded,
    /// An unencoded payload with a `.` does not fit the compact serialization (RFC 7797 section 5.2).
    PayloadHasDot,
    /// `b64` differs between the signatures of one message (RFC 7797 section 3).
    B64Mixed,
    /// A member of a JSON serialization is missing, has the wrong JSON type, is empty where it may not be, or belongs to
    /// the other of the two forms (RFC 7515 section 7.2).
    Member(&'static str),
    /// There are more signatures than are allowed.
    SignaturesTooMany,
    /// Fewer keys verified a signature than are required.
    SignaturesTooFew,
    /// The payload stands in the message, and a detached one was given (RFC 7515 appendix F).
    PayloadPresent,
    /// The payload does not stand in the message, and none was given (RFC 7515 appendix F).
    PayloadMissing,
    /// The algorithm needs the whole message, which cannot come piece by piece.
    WholePayload,
    /// The payload is not of the type that was asked for, or the value is none of JSON's.
    PayloadType,
}

impl Error {
    /// A name for the kind of error that does not change between versions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Key(error) | Self::Header(error) => error.code(),
            Self::Encoding(error) => error.code(),
            Self::Segments => "segments",
            Self::AlgorithmMissing => "algorithm-missing",
            Self::AlgorithmUnknown => "algorithm-unknown",
            Self::AlgorithmNotAllowed => "algorithm-not-allowed",
            Self::AlgorithmsEmpty => "algorithms-empty",
            Self::AlgorithmAmbiguous => "algorithm-ambiguous",
            Self::KeyNotFound => "key-not-found",
            Self::KeyAmbiguous => "key-ambiguous",
            Self::KeysMixed => "keys-mixed",
            Self::Signature => "signature",
            Self::Signing => "signing",
            Self::Rng => "rng",
            Self::BufferTooSmall => "buffer-too-small",
            Self::B64 => "b64",
            Self::Unencoded => "unencoded",
            Self::PayloadHasDot => "payload-has-dot",
            Self::B64Mixed => "b64-mixed",
            Self::Member(_) => "jws-member",
            Self::SignaturesTooMany => "signatures-too-many",
            Self::SignaturesTooFew => "signatures-too-few",
            Self::PayloadPresent => "payload-present",
            Self::PayloadMissing => "payload-missing",
            Self::WholePayload => "whole-payload",
            Self::PayloadType => "payload-type",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key(error) | Self::Header(error) => return error.fmt(f),
            Self::Encoding(error) => return error.fmt(f),
            Self::Segments => "a compact JWS has three parts",
            Self::AlgorithmMissing => "the header has no alg",
            Self::AlgorithmUnknown => "alg is not an algorithm for signatures",
            Self::AlgorithmNotAllowed => "the algorithm is not allowed for this key",
            Self::AlgorithmsEmpty => "no algorithm is allowed",
            Self::AlgorithmAmbiguous => "the key serves several algorithms and one must be named",
            Self::KeyNotFound => "no key fits the header",
            Self::KeyAmbiguous => "more than one key fits the header",
            Self::KeysMixed => "symmetric and asymmetric keys do not belong in one set",
            Self::Signature => "the signature does not verify",
            Self::Signing => "the signer failed",
            Self::Rng => "the random number generator failed or is missing",
            Self::BufferTooSmall => "the buffer is too small",
            Self::B64 => "b64 must be a boolean that crit names",
            Self::Unencoded => "the payload is not encoded, which is not allowed here",
            Self::PayloadHasDot => "an unencoded payload of a compact JWS has no full stop",
            Self::B64Mixed => "b64 is not the same in all signatures",
            Self::Member(name) => {
                return write!(f, "{name} is missing, empty, of a wrong type or out of place");
            }
            Self::SignaturesTooMany => "there are too many signatures",
            Self::SignaturesTooFew => "too few keys verified a signature",
            Self::PayloadPresent => "the payload is not detached",
            Self::PayloadMissing => "the payload is detached",
            Self::WholePayload => "the algorithm needs the whole payload at once",
            Self::PayloadType => "the payload is not of the type that was asked for",
        })
    }
}

impl core::error::Error for Error {}

impl From<jose_b64::Error> for Error {
    fn from(error: jose_b64::Error) -> Self {
        match error {
            jose_b64::Error::BufferTooSmall => Self::BufferTooSmall,
            error => Self::Encoding(error),
        }
    }
}

/// An error of writing or reading the header; preparing a key says [`Error::Key`] instead.
impl From<jose_jwk::Error> for Error {
    fn from(error: jose_jwk::Error) -> Self {
        match error {
            jose_jwk::Error::Encoding(jose_b64::Error::BufferTooSmall) => Self::BufferTooSmall,
            error => Self::Header(error),
        }
    }
}
