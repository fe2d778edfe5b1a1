use core::fmt;

/// Why a message was not encrypted or not decrypted.
///
/// Whatever fails once the cryptography of a message has begun is [`Error::Decryption`]: which step it was is not told,
/// for that is what padding oracles are made of (RFC 7516 section 11.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The key cannot be used for this algorithm and operation, or is none.
    Key(jose_jwk::Error),
    /// The JOSE header, or a key management parameter in it, breaks a rule; `crit` is one of them.
    Header(jose_jwk::Error),
    /// A part of the message is not strict base64url, or its JSON is not strict.
    Encoding(jose_b64::Error),
    /// A compact serialization has five parts (RFC 7516 section 7.1).
    Segments,
    /// A member of a JSON serialization is missing, of a wrong type, or stands where it may not (RFC 7516 section 7.2).
    Member(&'static str),
    /// The message has more recipients than the limits allow, or a list of none.
    Recipients,
    /// `dir` and `ECDH-ES` have one recipient and no encrypted key.
    DirectNotAlone,
    /// A header has no `alg`.
    AlgorithmMissing,
    /// `alg` names no key management algorithm.
    AlgorithmUnknown,
    /// A header has no `enc`.
    EncryptionMissing,
    /// `enc` names no content encryption algorithm.
    EncryptionUnknown,
    /// The recipients do not agree on `enc`.
    EncryptionDiffers,
    /// The key does not serve the algorithm or the content encryption, or the caller does not allow it.
    AlgorithmNotAllowed,
    /// The list of allowed algorithms is empty.
    AlgorithmsEmpty,
    /// The key could serve several algorithms and names none of them.
    AlgorithmAmbiguous,
    /// No key has the `kid` of a recipient, or none can serve its algorithm.
    KeyNotFound,
    /// More than one key could be meant, and trying them was not asked for, or there are more than were allowed.
    KeyAmbiguous,
    /// `p2c` or `p2s` is outside of the limits.
    PasswordCost,
    /// The message is longer than the limits allow.
    MessageTooLong,
    /// The plaintext is compressed (`zip`), and that was not allowed.
    CompressionNotAllowed,
    /// `zip` names a compression that is not known, or is not integrity protected.
    CompressionUnknown,
    /// The message was not decrypted. Which step failed is not told.
    Decryption,
    /// The message was not encrypted: the plaintext is too long for the algorithm, or RSA for the key.
    Encryption,
    /// A key was used with AES-GCM as often as is safe (NIST SP 800-38D section 8.3).
    KeyExhausted,
    /// The key that is held outside could not be reached.
    Unavailable,
    /// The random number generator failed.
    Rng,
    /// The caller's buffer is too small, or of another length than the algorithm asks for.
    BufferTooSmall,
}

impl Error {
    /// A name for the kind of error that does not change between versions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Key(error) | Self::Header(error) => error.code(),
            Self::Encoding(error) => error.code(),
            Self::Segments => "segments",
            Self::Member(_) => "member",
            Self::Recipients => "recipients",
            Self::DirectNotAlone => "direct-not-alone",
            Self::AlgorithmMissing => "algorithm-missing",
            Self::AlgorithmUnknown => "algorithm-unknown",
            Self::EncryptionMissing => "encryption-missing",
            Self::EncryptionUnknown => "encryption-unknown",
            Self::EncryptionDiffers => "encryption-differs",
            Self::AlgorithmNotAllowed => "algorithm-not-allowed",
            Self::AlgorithmsEmpty => "algorithms-empty",
            Self::AlgorithmAmbiguous => "algorithm-ambiguous",
            Self::KeyNotFound => "key-not-found",
            Self::KeyAmbiguous => "key-ambiguous",
            Self::PasswordCost => "password-cost",
            Self::MessageTooLong => "message-too-long",
            Self::CompressionNotAllowed => "compression-not-allowed",
            Self::CompressionUnknown => "compression-unknown",
            Self::Decryption => "decryption",
            Self::Encryption => "encryption",
            Self::KeyExhausted => "key-exhausted",
            Self::Unavailable => "unavailable",
            Self::Rng => "rng",
            Self::BufferTooSmall => "buffer-too-small",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key(error) | Self::Header(error) => return error.fmt(f),
            Self::Encoding(error) => return error.fmt(f),
            Self::Member(name) => return write!(f, "{name} is missing, of a wrong type or out of place"),
            Self::Segments => "a compact JWE has five parts",
            Self::Recipients => "the message has too many recipients or none",
            Self::DirectNotAlone => "dir and ECDH-ES have one recipient and no encrypted key",
            Self::AlgorithmMissing => "the header has no alg",
            Self::AlgorithmUnknown => "alg is not an algorithm for key management",
            Self::EncryptionMissing => "the header has no enc",
            Self::EncryptionUnknown => "enc is not an algorithm for content encryption",
            Self::EncryptionDiffers => "the recipients do not agree on enc",
            Self::AlgorithmNotAllowed => "the algorithm is not allowed for this key",
            Self::AlgorithmsEmpty => "no algorithm is allowed",
            Self::AlgorithmAmbiguous => "the key serves several algorithms and one must be named",
            Self::KeyNotFound => "no key fits the header",
            Self::KeyAmbiguous => "more than one key fits the header",
            Self::PasswordCost => "the salt or the iteration count of the password is outside of the limits",
            Self::MessageTooLong => "the message is longer than allowed",
            Self::CompressionNotAllowed => "the plaintext is compressed, which is not allowed here",
            Self::CompressionUnknown => "zip is not DEF in the protected header",
            Self::Decryption => "the message cannot be decrypted",
            Self::Encryption => "the message cannot be encrypted",
            Self::KeyExhausted => "the key was used as often as is safe",
            Self::Unavailable => "the key cannot be reached",
            Self::Rng => "the random number generator failed",
            Self::BufferTooSmall => "the buffer does not have the length that is needed",
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
        Self::Header(error)
    }
}
