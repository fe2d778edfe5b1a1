use jose_b64::Foreign;
use jose_jwa::{Curve, JwsAlg, KeyOp, KeyType, errors};

errors! {
    /// Why a key or a key set was refused.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Error {
        /// The text is not one strict JSON object.
        Json(error: jose_b64::Error) from error => error.code(), "{error}";
        /// A member of the JWK or JWK Set is missing or malformed.
        Member {
            /// The member's name.
            name: &'static str,
            /// What is wrong with it.
            reason: MemberError,
        } from reason => reason.code(), "{name} {reason}";
        /// The text is a JWK Set, and a single JWK was asked for.
        IsSet => "is-set", "kty is missing: this is a JWK Set, which `JwkSet::from_json` reads";
        /// The text is a single JWK, and a JWK Set was asked for.
        IsKey => "is-key", "keys is missing: this is a single JWK, which `Jwk::from_json` reads";
        /// `kty` is not a key type of the registry. The key may be valid, but is not understood.
        KeyTypeUnknown => "key-type-unknown", "kty is not a known key type";
        /// `crv` is not a curve of the key type.
        CurveUnknown => "curve-unknown", "crv is not a known curve of the key type";
        /// `alg` of an `AKP` key is not an algorithm of the registry.
        AlgorithmUnknown => "algorithm-unknown", "alg is not a known algorithm of the key type";
        /// The key has a form that this library does not support, such as RSA with more than two primes.
        Unsupported(what: &'static str) => "unsupported", "{what} is not supported";
        /// This build lacks the feature that the algorithm, curve or form needs.
        Disabled {
            /// The name of the feature.
            feature: &'static str,
        } => "algorithm-disabled", "this build was made without the feature `{feature}`";
        /// The public key is not a point of the curve.
        NotOnCurve => "not-on-curve", "the public key is not a point of the curve";
        /// The private part belongs to another public key, or the parts of a private key contradict each other.
        KeyMismatch => "key-mismatch", "the parts of the key do not belong together";
        /// The key is too weak, or too large, to be used.
        Weak(weakness: Weakness) from weakness => weakness.code(), "{weakness}";
        /// The key cannot be used for the operation.
        Usage(usage: Usage) from usage => usage.code(), "{usage}";
        /// `use` and `key_ops` contradict each other (RFC 7517 section 4.3).
        UseAgainstKeyOps => "use-against-key-ops", "use and key_ops contradict each other";
        /// A symmetric key has no public part.
        NoPublicPart => "no-public-part", "a symmetric key has no public part";
        /// The key is private or symmetric, and only a public key may be there.
        PrivateMembers => "private-members", "a public key may not have private members (`to_public` leaves them out)";
        /// The bytes look like a key in another form, such as PEM or a JWK, and not like a secret.
        LooksLikeKey => "looks-like-key", "the bytes look like a key in another form, not like a secret";
        /// The key cannot be read from, or written to, the form.
        Form(error: FormError) from error => error.code(), "{error}";
        /// A certificate of `x5c` cannot be read, or the first one certifies another key.
        Certificate {
            /// The certificate's index in `x5c`.
            index: usize,
        } => "certificate", "certificate {index} of x5c cannot be read, or is not of this key, or x5t or x5t#S256 is of another";
        /// A [`ChainValidator`](crate::ChainValidator) did not accept the certificate chain.
        ChainRefused => "chain-refused", "the certificate chain was not accepted";
        /// The certificate chain does not lead to a trust anchor under the rules of a policy, for the reason that is told.
        ChainUntrusted {
            /// What is wrong with it.
            what: &'static str,
        } => "chain-untrusted", "the certificate chain is not trusted: {what}";
        /// The random number generator failed.
        Rng => "rng", "the random number generator failed";
    }
}

errors! {
    /// What is wrong with a member of a JWK.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum MemberError {
        /// It is required and missing.
        Missing => "member-missing", "is missing";
        /// It has the wrong JSON type, or a value that its definition rules out.
        Invalid => "member-invalid", "has a wrong type or value";
        /// It is `null`.
        Null => "member-null", "is null";
        /// It is an empty list.
        Empty => "member-empty", "is an empty list";
        /// Its decoded value has the wrong length.
        Length => "member-length", "has a wrong length";
        /// An integer has a leading zero byte (RFC 7518 section 2, Base64urlUInt).
        LeadingZero => "member-leading-zero", "has a leading zero byte (`JwkParser::allow_leading_zeros` reads it)";
        /// It is not strict base64url.
        Encoding(error: jose_b64::Error) from error => error.code(), "is not base64url: {error}{}", ParserOption(*error);
    }
}

errors! {
    /// Why a key cannot be used for an operation.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Usage {
        /// The key's type or curve does not fit.
        WrongKey {
            /// The key's type.
            kty: KeyType,
            /// The key's curve.
            crv: Option<Curve>,
            /// The algorithm or the kind of key that was asked for.
            wanted: &'static str,
        } => "wrong-key", "a key of type {kty}{} does not fit {wanted}", Of(*crv);
        /// The length of a symmetric key does not fit the algorithm.
        WrongLength {
            /// The algorithm.
            alg: &'static str,
            /// The length that it takes, in bytes. `None` for `dir`, which takes several.
            expected: Option<usize>,
            /// The length of the key, in bytes.
            found: usize,
        } => "wrong-length", "{alg} takes a key of {} bytes, and this one has {found}", Len(*expected);
        /// The operation needs a private key, and this is a public one.
        NotPrivate => "not-private", "the operation needs a private key";
        /// The key's `use` forbids the operation.
        UseForbids => "use-forbids", "the key's use forbids the operation";
        /// The key's `key_ops` do not include the operation.
        KeyOpsForbid {
            /// The operation that fits the algorithm.
            op: KeyOp,
        } => "key-ops-forbid", "the key's key_ops do not include {op}";
        /// The key's own `alg` is another algorithm.
        AlgForbids {
            /// The algorithm that was asked for.
            wanted: &'static str,
        } => "alg-forbids", "the key's alg is another one than {wanted}";
    }
}

errors! {
    /// Why a key cannot be read from a form such as PEM or DER, or written to it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum FormError {
        /// The text is not one key in PEM. The field says what is wrong with it.
        Pem(what: &'static str) => "pem", "the text is not one key in PEM: {what}";
        /// The PEM holds several keys of the kind that is asked for. The field is the label of the second.
        PemSeveral(label: &'static str) => "pem-several", "the text holds several keys, among them a second labelled {label}: pass one of them";
        /// The label of the PEM is not one that is asked for. The field is the label, if this library knows it.
        PemLabel(found: &'static str) => "pem-label", "the PEM is labelled {found}{}", Reader(found);
        /// The bytes are not DER of the form that the caller or the label of the PEM names, or that is inside it.
        Der {
            /// The form.
            form: &'static str,
        } => "der", "the bytes are not DER of the form {form}";
        /// The text is not an OpenSSH key.
        OpenSsh => "openssh", "the text is not an OpenSSH key";
        /// The encrypted key asks for more work than is allowed: iterations of PBKDF2, or bytes of memory for scrypt.
        WorkTooMuch {
            /// What the limit counts.
            what: &'static str,
            /// How much the key asks for.
            found: u64,
            /// The limit.
            max: u64,
        } => "work-too-much", "the encrypted key asks for {found} {what}, and {max} are allowed (`JwkParser` can raise the limit)";
        /// The key is encrypted, and no passphrase was given.
        PassphraseMissing => "passphrase-missing",
            "the key is encrypted: `Jwk::from_encrypted_pem` takes a passphrase (feature `encrypted-pem`)";
        /// The passphrase is wrong, or the encrypted key is damaged.
        PassphraseWrong => "passphrase-wrong", "the passphrase is wrong, or the encrypted key is damaged";
    }
}

errors! {
    /// Why no key of a set was chosen.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum SelectError {
        /// No key has the `kid` that is asked for. If the key set is fetched from somewhere, it may be out of date.
        KidUnknown => "kid-unknown", "no key has this kid (if the key set is remote, fetch it again)";
        /// No key serves what is asked for.
        NotFound => "key-not-found", "no key serves this algorithm";
        /// Several keys could be meant, more than may be tried.
        Ambiguous => "key-ambiguous", "more than one key could be meant";
        /// Both symmetric and asymmetric keys could be meant: a public key could be taken for a secret.
        Mixed => "keys-mixed", "symmetric and asymmetric keys do not belong in one set";
    }
}

errors! {
    /// The limit that a weak key breaks.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[non_exhaustive]
    pub enum Weakness {
        /// A symmetric key is shorter than the algorithm's hash (RFC 7518 section 3.2).
        SecretTooShort {
            /// The algorithm.
            alg: JwsAlg,
            /// The length of the key, in bytes.
            found: usize,
        } => "weak-secret-too-short",
            "{alg} takes a secret of at least {} bytes, and this one has {found} (`Jwk::generate` makes one)",
            alg.min_key_len().unwrap_or_default();
        /// An RSA modulus has fewer bits than the limit, 2048 by default (RFC 7518 section 3.3).
        ModulusTooSmall => "weak-modulus-too-small", "the modulus has too few bits (at least 2048 unless legacy keys are allowed)";
        /// An RSA modulus has more than 16384 bits, which costs more than a message is worth.
        ModulusTooLarge => "weak-modulus-too-large", "the modulus has more than 16384 bits";
        /// An RSA modulus is even.
        ModulusEven => "weak-modulus-even", "the modulus is even";
        /// An RSA public exponent is below the limit, 65537 by default.
        ExponentTooSmall => "weak-exponent-too-small", "the public exponent is too small (at least 65537 unless legacy keys are allowed)";
        /// An RSA public exponent has more than 33 bits, which costs more than a message is worth.
        ExponentTooLarge => "weak-exponent-too-large", "the public exponent has more than 33 bits";
        /// An RSA public exponent is even.
        ExponentEven => "weak-exponent-even", "the public exponent is even";
        /// The two primes of an RSA key are equal.
        PrimesEqual => "weak-primes-equal", "the two primes are equal";
        /// An RSA modulus has the fingerprint of CVE-2017-15361 (ROCA): its primes can be found.
        Roca => "weak-roca", "the modulus is affected by CVE-2017-15361 (ROCA)";
        /// A point of small order: a signature would verify for many messages.
        SmallOrder => "weak-small-order", "the public key is a point of small order";
    }
}

/// The curve behind a key type, if there is one.
struct Of(Option<Curve>);

impl core::fmt::Display for Of {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.map_or(Ok(()), |curve| write!(f, " on {curve}"))
    }
}

/// The option that reads another base64.
struct ParserOption(jose_b64::Error);

impl core::fmt::Display for ParserOption {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self.0 {
            jose_b64::Error::Character { kind: Foreign::Padding, .. } => {
                " (`JwkParser::allow_padding` reads it)"
            }
            jose_b64::Error::Character { kind: Foreign::Base64, .. } => {
                " (`JwkParser::allow_standard_base64` reads it)"
            }
            _ => "",
        })
    }
}

/// A length that is fixed, or one of several.
struct Len(Option<usize>);

impl core::fmt::Display for Len {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(len) => write!(f, "{len}"),
            None => f.write_str("16, 24, 32, 48 or 64"),
        }
    }
}

/// The function for a PEM with another label, or the labels that there are.
struct Reader(&'static str);

impl core::fmt::Display for Reader {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self.0 {
            "CERTIFICATE" => ": `PublicJwk::from_unverified_certificate_pem` reads it (feature `x509`)",
            "OPENSSH PRIVATE KEY" => ": `Jwk::from_openssh_private` reads it (feature `ssh`)",
            "ENCRYPTED PRIVATE KEY" => ": `Jwk::from_encrypted_pem` reads it (feature `encrypted-pem`)",
            found if found.ends_with(" KEY") => ": `Jwk::from_pem` reads it",
            _ => ", and is no key",
        })
    }
}

impl Error {
    pub(crate) const fn missing(name: &'static str) -> Self {
        Self::Member { name, reason: MemberError::Missing }
    }

    pub(crate) const fn invalid(name: &'static str) -> Self {
        Self::Member { name, reason: MemberError::Invalid }
    }

    pub(crate) const fn empty(name: &'static str) -> Self {
        Self::Member { name, reason: MemberError::Empty }
    }

    pub(crate) const fn length(name: &'static str) -> Self {
        Self::Member { name, reason: MemberError::Length }
    }

    /// For a member that holds base64url.
    pub(crate) fn encoding(name: &'static str) -> impl Fn(jose_b64::Error) -> Self {
        move |error| Self::Member { name, reason: MemberError::Encoding(error) }
    }

    /// This build cannot compute on the curve.
    #[doc(hidden)]
    #[must_use]
    pub const fn curve_disabled(curve: Curve) -> Self {
        let feature = match curve {
            Curve::P256 => "p256",
            Curve::P384 => "p384",
            Curve::P521 => "p521",
            Curve::Secp256k1 => "k256",
            Curve::Ed25519 => "ed25519",
            Curve::Ed448 => "ed448",
            Curve::X25519 => "x25519",
            _ => "x448",
        };
        Self::Disabled { feature }
    }

    /// Whether the key is of another kind than the algorithm asks for, which says least about why it was refused.
    #[doc(hidden)]
    #[must_use]
    pub const fn is_wrong_kind(&self) -> bool {
        matches!(self, Self::Usage(Usage::WrongKey { .. }))
    }
}

impl From<jose_b64::Error> for Error {
    fn from(error: jose_b64::Error) -> Self {
        Self::Json(error)
    }
}

impl From<Usage> for Error {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage)
    }
}

impl From<FormError> for Error {
    fn from(error: FormError) -> Self {
        Self::Form(error)
    }
}
