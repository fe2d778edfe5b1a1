use core::fmt;

use jose_jwa::header::HeaderError;
use jose_jwa::{AlgSet, JwsAlg, errors};

errors! {
    /// Why a JWS was not signed, or not accepted as verified.
    #[derive(Clone, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Error {
        [feature = "alloc"]
        /// The key is malformed, or cannot be used with this algorithm or operation.
        Key(error: jose_jwk::Error) from error => error.code(), "{error}";
        [feature = "alloc"]
        /// None of the keys of a set can be used with an allowed algorithm.
        NoUsableKey(error: jose_jwk::UnusableKeys) from error => "no-usable-key", "{error}";
        /// An HMAC secret is shorter than the digest (RFC 7518 section 3.2).
        SecretTooShort {
            /// The algorithm.
            alg: JwsAlg,
            /// The length of the secret, in bytes.
            found: usize,
        } => "weak-secret-too-short", "{alg} takes a secret of at least {} bytes, and this one has {found}",
            alg.min_key_len().unwrap_or_default();
        /// The bytes look like a key in another form, such as PEM or a JWK, and not like a secret.
        LooksLikeKey => "looks-like-key", "the bytes look like a key in another form, not like a secret";
        /// The JOSE header breaks a rule, `crit` among them.
        Header(error: HeaderError) from error => error.code(), "{error}";
        /// A part of the message is not strict base64url, or not UTF-8 where it must be.
        Encoding {
            /// The part.
            part: Part,
            /// What is wrong with it.
            error: jose_b64::Error,
        } from error => error.code(), "{part}: {error}";
        /// The text is not the three parts of a compact serialization (RFC 7515 section 7.1).
        Segments {
            /// The number of parts that dots separate.
            found: usize,
        } => "segments", "a compact JWS has three parts, and this text has {found}{}", Hint(*found);
        /// The text is JSON, and a compact serialization was expected.
        IsJson => "is-json", "the text is JSON, not a compact JWS (`jose_jws::json` reads the JSON serializations)";
        /// The text starts with `Bearer `.
        Bearer => "bearer", "the text starts with `Bearer `: the token is what follows it";
        /// The header has no `alg`.
        AlgorithmMissing => "algorithm-missing", "the header has no alg";
        /// `alg` is not a signature algorithm. `none` is not one.
        AlgorithmUnknown => "algorithm-unknown", "alg is not a known signature algorithm";
        /// The key was not prepared for the algorithm, or the caller does not allow it.
        AlgorithmNotAllowed {
            /// The algorithm of the message.
            found: JwsAlg,
            /// The algorithms that are allowed.
            allowed: AlgSet<JwsAlg>,
        } => "algorithm-not-allowed", "alg {found} is not among those allowed: {allowed}{}", Names(*found, *allowed);
        /// The list of allowed algorithms is empty.
        AlgorithmsEmpty => "algorithms-empty", "no algorithm is allowed";
        /// The key serves several algorithms, and none is named.
        AlgorithmAmbiguous {
            /// The algorithms that the key serves.
            serves: AlgSet<JwsAlg>,
        } => "algorithm-ambiguous", "the key serves {serves}: name one with `from_jwk`, or in the key's alg";
        /// No key has the `kid` of the header. If the key set is fetched from somewhere, it may be out of date.
        KidUnknown => "kid-unknown", "no key has the header's kid (if the key set is remote, fetch it again)";
        /// No key serves the algorithm of the header.
        KeyNotFound => "key-not-found", "no key serves the header's alg";
        /// Several keys could be meant, more than may be tried.
        KeyAmbiguous => "key-ambiguous", "more than one key could be meant by the header";
        /// Symmetric and asymmetric keys in one set: a public key could be taken for a secret.
        KeysMixed => "keys-mixed", "symmetric and asymmetric keys do not belong in one set";
        /// The `kid` of the header is not that of the key.
        KidMismatch => "kid-mismatch", "the header's kid is not that of the signing key";
        /// The signature does not verify. Which step failed is not told.
        Signature => "signature", "the signature does not verify";
        /// The signer failed, or its signature has the wrong length for the algorithm.
        Signing => "signing", "the signer failed";
        /// A signature made elsewhere has the wrong length for the algorithm.
        SignatureLength {
            /// The algorithm.
            alg: JwsAlg,
            /// The length of the signature, in bytes.
            found: usize,
        } => "signature-length", "a signature of {found} bytes is not one of {alg}{}", Der(*alg, *found);
        /// The bytes are not an ECDSA signature in DER.
        SignatureDer {
            /// The algorithm.
            alg: JwsAlg,
        } => "signature-der", "the bytes are not a signature of {alg} in DER";
        /// The random number generator failed.
        Rng => "rng", "the random number generator failed";
        /// The algorithm draws random numbers, and this build has no system generator.
        RngMissing => "rng-missing", "RSA signing draws random numbers: use `SigningKey::randomized`, or the feature `std`";
        /// The caller's buffer is too small.
        BufferTooSmall => "buffer-too-small", "the buffer is too small";
        /// `b64` is not a boolean, or is false without `crit` naming it (RFC 7797 sections 3 and 6).
        B64 => "b64", "b64 must be a boolean that crit names";
        /// The payload is not encoded (`b64` is false), and the caller did not allow that.
        Unencoded => "unencoded", "the payload is not encoded, which is not allowed here";
        /// An unencoded payload with a `.` does not fit the compact serialization (RFC 7797 section 5.2).
        PayloadHasDot => "payload-has-dot", "an unencoded payload with a full stop does not fit a compact JWS";
        /// `b64` differs between the signatures of one message (RFC 7797 section 3).
        B64Mixed => "b64-mixed", "b64 is not the same in all signatures";
        /// The text is not strict JSON, or longer than allowed.
        Json(error: jose_b64::Error) from error => error.code(), "{error}";
        /// A member of a JSON serialization is missing, has the wrong JSON type, is empty where it may not be, or belongs
        /// to the other of the two forms (RFC 7515 section 7.2).
        Member(name: &'static str) => "jws-member", "{name} is missing, empty, of a wrong type or out of place";
        /// The number of signatures does not fit the serialization that is asked for.
        Signatures {
            /// The number of signatures.
            found: usize,
        } => "signatures", "this serialization has no place for {found} signatures";
        /// There are more signatures than allowed.
        SignaturesTooMany => "signatures-too-many", "there are too many signatures";
        /// Fewer keys verified a signature than required.
        SignaturesTooFew => "signatures-too-few", "too few keys verified a signature";
        /// The payload is in the message, and a detached one was given (RFC 7515 appendix F).
        PayloadPresent => "payload-present", "the payload is not detached";
        /// The payload is not in the message, and none was given (RFC 7515 appendix F).
        PayloadMissing => "payload-missing", "the payload is detached";
        /// The algorithm needs the whole message at once: EdDSA and ML-DSA.
        NotStreamable => "not-streamable", "the algorithm needs the whole payload at once";
    }
}

/// The parts of a JWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The protected header.
    Header,
    /// The payload.
    Payload,
    /// The signature.
    Signature,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Payload => "payload",
            Self::Signature => "signature",
        })
    }
}

impl Part {
    /// The error of decoding this part.
    pub(crate) fn error(self) -> impl Fn(jose_b64::Error) -> Error {
        move |error| match error {
            jose_b64::Error::BufferTooSmall => Error::BufferTooSmall,
            error => Error::Encoding { part: self, error },
        }
    }
}

/// What a text with this many parts may be instead.
struct Hint(usize);

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            1 => ": it is not a JWS",
            5 => ": it is encrypted (JWE)",
            _ => "",
        })
    }
}

/// Two names of one algorithm (RFC 9864).
struct Names(JwsAlg, AlgSet<JwsAlg>);

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let other = match self.0 {
            JwsAlg::EdDsa => self.1.contains(JwsAlg::Ed25519) || self.1.contains(JwsAlg::Ed448),
            JwsAlg::Ed25519 | JwsAlg::Ed448 => self.1.contains(JwsAlg::EdDsa),
            _ => false,
        };
        f.write_str(if other {
            " (EdDSA and Ed25519 are two names of one algorithm: allow both)"
        } else {
            ""
        })
    }
}

/// A signature in DER is longer than the two integers side by side.
struct Der(JwsAlg, usize);

impl fmt::Display for Der {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_ecdsa = self.0.family() == jose_jwa::JwsFamily::Ecdsa;
        let near = self.0.signature_len().is_some_and(|len| self.1 != len && self.1.abs_diff(len) <= 9);
        f.write_str(if is_ecdsa && near {
            " (it may be in DER: `alg::ecdsa_from_der` converts it)"
        } else {
            ""
        })
    }
}

impl From<HeaderError> for Error {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::Encoding(jose_b64::Error::BufferTooSmall) => Self::BufferTooSmall,
            error => Self::Header(error),
        }
    }
}

#[cfg(feature = "alloc")]
mod with_keys {
    use jose_jwk::{SelectError, UnusableKeys};

    use super::Error;

    impl From<jose_jwk::Error> for Error {
        fn from(error: jose_jwk::Error) -> Self {
            Self::Key(error)
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
                SelectError::Mixed => Self::KeysMixed,
                _ => Self::KeyNotFound,
            }
        }
    }
}
