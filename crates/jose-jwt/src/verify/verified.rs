use alloc::vec::Vec;

use jose_jws::{JoseHeader, JwsAlg, compact};

use crate::Claims;

/// A JWT whose signature and claims were verified: only a verifier makes one.
#[derive(Clone, Debug)]
pub struct Verified<T> {
    pub(super) jws: compact::Verified<Vec<u8>>,
    pub(super) claims: Claims<T>,
}

impl<T> Verified<T> {
    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Claims<T> {
        &self.claims
    }

    /// The claims, by value.
    #[must_use]
    pub fn into_claims(self) -> Claims<T> {
        self.claims
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        self.jws.header()
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.jws.alg()
    }

    /// The place of the key that verified it among those that were given, 0 where there was one.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.jws.key_index()
    }
}
