use core::fmt;

/// Why a key, a key set or a header was refused.
///
/// A name in a variant is that of the JWK member or header parameter at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The text is not strict JSON, or a member that holds octets is not strict base64url.
    Encoding(jose_b64::Error),
    /// A member that must be there is not.
    Missing(&'static str),
    /// A member has the wrong JSON type or a value that its definition rules out.
    Invalid(&'static str),
    /// A member's octets are not as many as the curve or the type asks for, or an integer is not in its
    /// shortest form.
    Length(&'static str),
    /// `kty` names no key type of the registry: not understood, which is not the same as malformed.
    KeyTypeUnknown,
    /// `crv` names no curve of the key type.
    CurveUnknown,
    /// The key has a form that this library does not support, such as RSA with more than two primes.
    Unsupported(&'static str),
    /// The algorithm, curve or form is known, but this build was made without its feature.
    AlgorithmDisabled,
    /// The algorithm's name is not one of the registry.
    AlgorithmUnknown,
    /// The coordinates are no point of the curve.
    NotOnCurve,
    /// The private part is of another public key, or the parts of a private key contradict each other.
    KeyMismatch,
    /// The key is too weak to be used; the reason says which limit it breaks.
    Weak(Weakness),
    /// The key's type, curve or size cannot serve the algorithm.
    WrongKey,
    /// The key's own `use` forbids the operation.
    UseForbids,
    /// The key's own `key_ops` forbid the operation.
    KeyOpsForbid,
    /// The key's own `alg` is another one.
    AlgForbids,
    /// `use` and `key_ops` contradict each other (RFC 7517 section 4.3).
    UseAgainstKeyOps,
    /// The operation needs a private key, and this is a public one.
    NotPrivate,
    /// A symmetric key has no public part.
    NoPublicPart,
    /// Private members stand where only a public key may.
    PrivateMembers,
    /// The certificate of this index in `x5c` cannot be read, or the first is of another key.
    Certificate(usize),
    /// The header is longer than [`Limits`](crate::header::MAX_HEADER_LEN) allow.
    HeaderTooLong,
    /// `crit` is empty, not a list of names, or repeats a name (RFC 7515 section 4.1.11).
    CritMalformed,
    /// `crit` stands outside of the protected header.
    CritUnprotected,
    /// `crit` names a parameter that the specifications themselves define.
    CritRegistered,
    /// `crit` names a parameter that is not in the header.
    CritAbsent,
    /// `crit` names an extension that is not understood.
    CritNotUnderstood,
    /// A parameter stands in more than one of the headers of a message.
    HeadersNotDisjoint,
    /// The random number generator failed.
    Rng,
    /// The text is no PEM, or holds no key, or more than one block.
    Pem,
    /// The label of the PEM is not one that is asked for.
    PemLabel,
    /// The octets are not the DER of the form that the caller names.
    Der,
    /// The text is no OpenSSH key.
    OpenSsh,
    /// The key is encrypted, and no passphrase is given.
    PassphraseMissing,
    /// The passphrase is another one, or the encrypted key is damaged.
    PassphraseWrong,
    /// The certificate chain was not accepted.
    ChainRefused,
    /// The octets look like a key in another form (PEM, DER, a JWK, an OpenSSH key): such a text is no secret.
    LooksLikeKey,
    /// No key of the set fits.
    KeyNotFound,
    /// More than one key of the set fits.
    KeyAmbiguous,
    /// More keys of the set fit than may be tried.
    TooManyKeys,
    /// Both symmetric and asymmetric keys of the set fit.
    KeysMixed,
}

/// Which limit a weak key breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weakness {
    /// A symmetric key has fewer octets than the algorithm's hash (RFC 7518 section 3.2).
    SecretTooShort,
    /// An RSA modulus has fewer than 2048 bits (RFC 7518 section 3.3).
    ModulusTooSmall,
    /// An RSA modulus has more than 16384 bits, which costs more than a message is worth.
    ModulusTooLarge,
    /// An RSA modulus is even.
    ModulusEven,
    /// An RSA public exponent is below 65537.
    ExponentTooSmall,
    /// An RSA public exponent has more than 33 bits, which costs more than a message is worth.
    ExponentTooLarge,
    /// An RSA public exponent is even.
    ExponentEven,
    /// The two primes of an RSA key are equal.
    PrimesEqual,
    /// An RSA modulus has the fingerprint of CVE-2017-15361 (ROCA): its primes can be found.
    Roca,
    /// A point of small order: a signature would verify for many messages.
    SmallOrder,
}

impl Error {
    /// A name for the kind of error that does not change between versions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Encoding(error) => error.code(),
            Self::Missing(_) => "member-missing",
            Self::Invalid(_) => "member-invalid",
            Self::Length(_) => "member-length",
            Self::KeyTypeUnknown => "key-type-unknown",
            Self::CurveUnknown => "curve-unknown",
            Self::Unsupported(_) => "unsupported",
            Self::AlgorithmDisabled => "algorithm-disabled",
            Self::AlgorithmUnknown => "algorithm-unknown",
            Self::NotOnCurve => "not-on-curve",
            Self::KeyMismatch => "key-mismatch",
            Self::Weak(weakness) => weakness.code(),
            Self::WrongKey => "wrong-key",
            Self::UseForbids => "use-forbids",
            Self::KeyOpsForbid => "key-ops-forbid",
            Self::AlgForbids => "alg-forbids",
            Self::UseAgainstKeyOps => "use-against-key-ops",
            Self::NotPrivate => "not-private",
            Self::NoPublicPart => "no-public-part",
            Self::PrivateMembers => "private-members",
            Self::Certificate(_) => "certificate",
            Self::HeaderTooLong => "header-too-long",
            Self::CritMalformed => "crit-malformed",
            Self::CritUnprotected => "crit-unprotected",
            Self::CritRegistered => "crit-registered",
            Self::CritAbsent => "crit-absent",
            Self::CritNotUnderstood => "crit-not-understood",
            Self::HeadersNotDisjoint => "headers-not-disjoint",
            Self::Rng => "rng",
            Self::Pem => "pem",
            Self::PemLabel => "pem-label",
            Self::Der => "der",
            Self::OpenSsh => "openssh",
            Self::PassphraseMissing => "passphrase-missing",
            Self::PassphraseWrong => "passphrase-wrong",
            Self::ChainRefused => "chain-refused",
            Self::LooksLikeKey => "looks-like-key",
            Self::KeyNotFound => "key-not-found",
            Self::KeyAmbiguous => "key-ambiguous",
            Self::TooManyKeys => "too-many-keys",
            Self::KeysMixed => "keys-mixed",
        }
    }
}

impl Weakness {
    /// A name for the limit that does not change between versions.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SecretTooShort => "weak-secret-too-short",
            Self::ModulusTooSmall => "weak-modulus-too-small",
            Self::ModulusTooLarge => "weak-modulus-too-large",
            Self::ModulusEven => "weak-modulus-even",
            Self::ExponentTooSmall => "weak-exponent-too-small",
            Self::ExponentTooLarge => "weak-exponent-too-large",
            Self::ExponentEven => "weak-exponent-even",
            Self::PrimesEqual => "weak-primes-equal",
            Self::Roca => "weak-roca",
            Self::SmallOrder => "weak-small-order",
        }
    }
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecretTooShort => "the secret is shorter than the algorithm's hash",
            Self::ModulusTooSmall => "the modulus has fewer than 2048 bits",
            Self::ModulusTooLarge => "the modulus has more than 16384 bits",
            Self::ModulusEven => "the modulus is even",
            Self::ExponentTooSmall => "the public exponent is below 65537",
            Self::ExponentTooLarge => "the public exponent has more than 33 bits",
            Self::ExponentEven => "the public exponent is even",
            Self::PrimesEqual => "the two primes are equal",
            Self::Roca => "the modulus is one of CVE-2017-15361 (ROCA)",
            Self::SmallOrder => "the public key is a point of small order",
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding(error) => error.fmt(f),
            Self::Missing(name) => write!(f, "{name} is missing"),
            Self::Invalid(name) => write!(f, "{name} has a wrong type or value"),
            Self::Length(name) => write!(f, "{name} has a wrong number of octets"),
            Self::KeyTypeUnknown => f.write_str("kty is not a known key type"),
            Self::CurveUnknown => f.write_str("crv is not a known curve of the key type"),
            Self::Unsupported(what) => write!(f, "{what} is not supported"),
            Self::AlgorithmDisabled => {
                f.write_str("this build was made without the feature for the algorithm")
            }
            Self::AlgorithmUnknown => f.write_str("the algorithm is not known"),
            Self::NotOnCurve => f.write_str("the public key is not a point of the curve"),
            Self::KeyMismatch => f.write_str("the parts of the key do not belong together"),
            Self::Weak(weakness) => write!(f, "the key is too weak: {weakness}"),
            Self::WrongKey => f.write_str("the key's type, curve or size does not fit the algorithm"),
            Self::UseForbids => f.write_str("the key's use forbids the operation"),
            Self::KeyOpsForbid => f.write_str("the key's key_ops forbid the operation"),
            Self::AlgForbids => f.write_str("the key is for another algorithm"),
            Self::UseAgainstKeyOps => f.write_str("use and key_ops contradict each other"),
            Self::NotPrivate => f.write_str("the operation needs a private key"),
            Self::NoPublicPart => f.write_str("a symmetric key has no public part"),
            Self::PrivateMembers => f.write_str("a public key may not have private members"),
            Self::Certificate(index) => write!(f, "certificate {index} of x5c is not one of this key"),
            Self::HeaderTooLong => f.write_str("the header is too long"),
            Self::CritMalformed => f.write_str("crit is not a list of different names"),
            Self::CritUnprotected => f.write_str("crit is not integrity protected"),
            Self::CritRegistered => f.write_str("crit names a parameter of the specifications"),
            Self::CritAbsent => f.write_str("crit names a parameter that is not in the header"),
            Self::CritNotUnderstood => f.write_str("crit names an extension that is not understood"),
            Self::HeadersNotDisjoint => f.write_str("a parameter stands in more than one header"),
            Self::Rng => f.write_str("the random number generator failed"),
            Self::Pem => f.write_str("the text is not one key in PEM"),
            Self::PemLabel => f.write_str("the label of the PEM is not one that is asked for"),
            Self::Der => f.write_str("the octets are not DER of the form that is named"),
            Self::OpenSsh => f.write_str("the text is no OpenSSH key"),
            Self::PassphraseMissing => f.write_str("the key is encrypted, and there is no passphrase"),
            Self::PassphraseWrong => f.write_str("the passphrase is wrong, or the encrypted key is damaged"),
            Self::ChainRefused => f.write_str("the certificate chain was not accepted"),
            Self::LooksLikeKey => {
                f.write_str("the octets look like a key in another form, not like a secret")
            }
            Self::KeyNotFound => f.write_str("no key of the set fits"),
            Self::KeyAmbiguous => f.write_str("more than one key of the set fits"),
            Self::TooManyKeys => f.write_str("more keys of the set fit than may be tried"),
            Self::KeysMixed => f.write_str("symmetric and asymmetric keys of the set fit"),
        }
    }
}

impl core::error::Error for Error {}

impl From<jose_b64::Error> for Error {
    fn from(error: jose_b64::Error) -> Self {
        Self::Encoding(error)
    }
}
