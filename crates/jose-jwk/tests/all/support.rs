//! Short names for what many tests expect and ask.

use jose_jwk::{AlgSet, Error, JweAlg, Jwk, JwsAlg, MemberError, Operation, Usage};

pub(crate) const NOT_PRIVATE: Error = Error::Usage(Usage::NotPrivate);

pub(crate) const fn missing(name: &'static str) -> Error {
    Error::Member { name, reason: MemberError::Missing }
}

pub(crate) const fn invalid(name: &'static str) -> Error {
    Error::Member { name, reason: MemberError::Invalid }
}

pub(crate) const fn length(name: &'static str) -> Error {
    Error::Member { name, reason: MemberError::Length }
}

/// The error for a key of this one's type and curve.
pub(crate) fn wrong_key(key: &Jwk, wanted: &'static str) -> Error {
    Error::Usage(Usage::WrongKey { kty: key.key_type(), crv: key.curve(), wanted })
}

pub(crate) fn signs(key: &Jwk) -> AlgSet<JwsAlg> {
    key.operations()
        .filter_map(|operation| match operation {
            Operation::Sign(alg) => Some(alg),
            _ => None,
        })
        .collect()
}

pub(crate) fn verifies(key: &Jwk) -> AlgSet<JwsAlg> {
    key.operations()
        .filter_map(|operation| match operation {
            Operation::Verify(alg) => Some(alg),
            _ => None,
        })
        .collect()
}

pub(crate) fn encrypts(key: &Jwk) -> AlgSet<JweAlg> {
    key.operations()
        .filter_map(|operation| match operation {
            Operation::Encrypt(alg) => Some(alg),
            _ => None,
        })
        .collect()
}

pub(crate) fn decrypts(key: &Jwk) -> AlgSet<JweAlg> {
    key.operations()
        .filter_map(|operation| match operation {
            Operation::Decrypt(alg) => Some(alg),
            _ => None,
        })
        .collect()
}
