use core::fmt;

use jose_jwa::header::HeaderError;
use jose_jwa::{AlgSet, JweAlg, JweEnc, errors};

errors! {
    /// Why a message was not encrypted or not decrypted.
    ///
    /// Whatever fails once the cryptography of a message has begun is [`Error::Decryption`]: telling which step it was is
    /// what padding oracles need (RFC 7516 section 11.5).
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Error {
        [feature = "alloc"]
        /// The key is malformed, or cannot be used with this algorithm or operation.
        Key(error: jose_jwk::Error) from error => error.code(), "{error}";
        [feature = "alloc"]
        /// None of the keys of a set can be used with an allowed algorithm.
        NoUsableKey(error: jose_jwk::UnusableKeys) from error => "no-usable-key", "{error}";
        [feature = "alloc"]
        /// The ephemeral public key of the message is not a public key on the recipient's curve.
        Epk(error: jose_jwk::Error) from error => error.code(), "epk: {error}";
        [feature = "alloc"]
        /// This build lacks the feature that the algorithm needs with this key.
        Disabled {
            /// The algorithm.
            alg: JweAlg,
            /// The name of the feature.
            feature: &'static str,
        } => "algorithm-disabled", "{alg} needs the feature `{feature}`";
        /// A key that wraps has a length that AES does not have.
        KeyLength {
            /// The length, in bytes.
            found: usize,
        } => "key-length", "AES takes a key of 16, 24 or 32 bytes, and this one has {found}";
        /// The bytes are a key in another form, and not a content encryption key.
        LooksLikeKey => "looks-like-key", "the bytes look like a key in another form, not like a secret";
        /// The JOSE header, or a key management parameter in it, breaks a rule, `crit` among them.
        Header(error: HeaderError) from error => error.code(), "{error}";
        /// A part of the message is not strict base64url.
        Encoding {
            /// The part.
            part: Part,
            /// What is wrong with it.
            error: jose_b64::Error,
        } from error => error.code(), "{part}: {error}";
        /// The text is not strict JSON.
        Json(error: jose_b64::Error) from error => error.code(), "{error}";
        /// The text is not the five parts of a compact serialization (RFC 7516 section 7.1).
        Segments {
            /// The number of parts that dots separate.
            found: usize,
        } => "segments", "a compact JWE has five parts, and this text has {found}{}", Hint(*found);
        /// The text is JSON, and a compact serialization was expected.
        IsJson => "is-json", "the text is JSON, not a compact JWE (`Encrypted::parse_json` reads it)";
        /// The text starts with `Bearer `.
        Bearer => "bearer", "the text starts with `Bearer `: the token is what follows it";
        /// A member of a JSON serialization is missing, has the wrong type, or is where it may not be (RFC 7516 section 7.2),
        /// or the compact serialization has no place for it.
        Member(name: &'static str) => "member", "{name} is missing, of a wrong type or out of place";
        /// The message has no recipients, or more than the limits allow.
        Recipients => "recipients", "the message has too many recipients or none";
        /// `dir` and `ECDH-ES` have one recipient and no encrypted key, and Integrated Encryption with HPKE has one recipient.
        DirectNotAlone => "direct-not-alone", "dir and ECDH-ES have one recipient and no encrypted key, and Integrated Encryption (HPKE) has one recipient";
        /// A header has no `alg`.
        AlgorithmMissing => "algorithm-missing", "the header has no alg";
        /// `alg` is not a key management algorithm.
        AlgorithmUnknown => "algorithm-unknown", "alg is not a known key management algorithm";
        /// A header has no `enc`.
        EncryptionMissing => "encryption-missing", "the header has no enc";
        /// `enc` is not a content encryption algorithm.
        EncryptionUnknown => "encryption-unknown", "enc is not a known content encryption algorithm";
        /// There is an `enc`, and Integrated Encryption with HPKE has none.
        EncryptionUnexpected => "encryption-unexpected", "there is an enc, and Integrated Encryption with HPKE has none";
        /// Message and key do not name the same pre-shared key (`psk_id`), or only one of them names one.
        PskMismatch => "psk-mismatch", "psk_id does not name the pre-shared key that the key was given";
        /// A pre-shared key is shorter than 32 bytes or has no identifier, or the key serves no algorithm of HPKE.
        PskUnusable => "psk-unusable", "a pre-shared key has 32 bytes or more and an identifier, and goes with HPKE only";
        /// The recipients have different `enc`.
        EncryptionDiffers => "encryption-differs", "the recipients have different enc";
        /// The key was not prepared for the key management algorithm, or the caller does not allow it.
        AlgorithmNotAllowed {
            /// The algorithm of the message.
            found: JweAlg,
            /// The algorithms that are allowed.
            allowed: AlgSet<JweAlg>,
        } => "algorithm-not-allowed", "alg {found} is not among those allowed: {allowed}";
        /// The key does not serve the content encryption algorithm, or the caller does not allow it.
        EncryptionNotAllowed {
            /// The algorithm of the message.
            found: JweEnc,
            /// The algorithms that are allowed.
            allowed: AlgSet<JweEnc>,
        } => "encryption-not-allowed", "enc {found} is not among those allowed: {allowed}";
        /// The list of allowed algorithms is empty.
        AlgorithmsEmpty => "algorithms-empty", "no algorithm is allowed";
        /// The key names no algorithm.
        AlgorithmAmbiguous => "algorithm-ambiguous", "the key names no algorithm: name one with `from_jwk`, or in the key's alg";
        /// No key has the `kid` of a recipient.
        KidUnknown => "kid-unknown", "no key has the header's kid";
        /// No key serves the algorithm of a recipient.
        KeyNotFound => "key-not-found", "no key serves the header's alg";
        /// Several keys could be meant, more than may be tried.
        KeyAmbiguous => "key-ambiguous", "more than one key could be meant by the header";
        /// `p2c` or `p2s` is outside the limits.
        PasswordCost => "password-cost", "the salt or the iteration count of the password is outside the limits";
        /// The message is longer than the limits allow.
        MessageTooLong => "message-too-long", "the message is longer than allowed";
        /// The plaintext is compressed (`zip`), which was not allowed.
        CompressionNotAllowed => "compression-not-allowed", "the plaintext is compressed, which is not allowed here";
        /// `zip` is not a known compression, or is not integrity protected.
        CompressionUnknown => "compression-unknown", "zip is not DEF in the protected header";
        /// The message was not decrypted. Which step failed is not told.
        Decryption => "decryption", "the message cannot be decrypted";
        /// The message was not encrypted: the plaintext is too long for the algorithm, or the key too short for RSA.
        Encryption => "encryption", "the message cannot be encrypted";
        /// A key was used with AES-GCM as often as is safe (NIST SP 800-38D section 8.3).
        KeyExhausted => "key-exhausted", "the key was used with AES-GCM as often as is safe";
        /// The key that is held elsewhere could not be reached.
        Unavailable => "unavailable", "the key cannot be reached";
        /// The random number generator failed.
        Rng => "rng", "the random number generator failed";
        /// The caller's buffer is too small, or has another length than the algorithm needs.
        BufferTooSmall => "buffer-too-small", "the buffer does not have the length that is needed";
    }
}

/// The parts of a JWE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The protected header.
    Header,
    /// A parameter of the header.
    Parameter(&'static str),
    /// An encrypted key.
    EncryptedKey,
    /// The initialization vector.
    Iv,
    /// The ciphertext.
    Ciphertext,
    /// The authentication tag.
    Tag,
    /// The additional authenticated data.
    Aad,
    /// The whole text.
    Text,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Parameter(name) => name,
            Self::EncryptedKey => "encrypted key",
            Self::Iv => "initialization vector",
            Self::Ciphertext => "ciphertext",
            Self::Tag => "authentication tag",
            Self::Aad => "aad",
            Self::Text => "text",
        })
    }
}

#[cfg(feature = "alloc")]
impl Part {
    /// Decodes this part.
    pub(crate) fn decode(self, text: &[u8]) -> Result<alloc::vec::Vec<u8>, Error> {
        let decoded = jose_b64::base64url::decode_to_vec(text);
        decoded.map_err(|error| Error::Encoding { part: self, error })
    }
}

/// What a text with this many parts may be instead.
struct Hint(usize);

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            1 => ": it is not a JWE",
            3 => ": it is signed and not encrypted (JWS)",
            _ => "",
        })
    }
}

impl From<jose_b64::Error> for Error {
    fn from(error: jose_b64::Error) -> Self {
        match error {
            jose_b64::Error::BufferTooSmall => Self::BufferTooSmall,
            error => Self::Json(error),
        }
    }
}

impl From<HeaderError> for Error {
    fn from(error: HeaderError) -> Self {
        Self::Header(error)
    }
}

#[cfg(feature = "alloc")]
mod with_keys {
    use jose_jwk::{SelectError, UnusableKeys};

    use super::Error;

    impl From<jose_jwk::Error> for Error {
        fn from(error: jose_jwk::Error) -> Self {
            match error {
                jose_jwk::Error::Rng => Self::Rng,
                error => Self::Key(error),
            }
        }
    }

    impl From<UnusableKeys> for Error {
        fn from(error: UnusableKeys) -> Self {
            Self::NoUsableKey(error)
        }
    }

    impl From<SelectError> for Error {
        fn from(error: SelectError) -> Self {
            match error {
                SelectError::KidUnknown => Self::KidUnknown,
                SelectError::Ambiguous => Self::KeyAmbiguous,
                _ => Self::KeyNotFound,
            }
        }
    }
}
