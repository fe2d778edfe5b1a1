#[cfg(feature = "jwe")]
use alloc::string::String;
use alloc::vec::Vec;

use jose_jws::{JoseHeader, JwsAlg, compact};

use crate::Claims;

/// A JWT whose signature and claims were verified: only a verifier makes one.
#[derive(Clone, Debug)]
pub struct Verified<T> {
    jws: compact::Verified<Vec<u8>>,
    pub(super) claims: Claims<T>,
    /// The text of the header around it, where it was encrypted.
    #[cfg(feature = "jwe")]
    outer: Option<String>,
}

impl<T> Verified<T> {
    pub(super) fn new(jws: compact::Verified<Vec<u8>>, claims: Claims<T>) -> Self {
        Self {
            jws,
            claims,
            #[cfg(feature = "jwe")]
            outer: None,
        }
    }

    /// The same, found inside of a JWE with this header.
    #[cfg(feature = "jwe")]
    pub(crate) fn inside(self, header: &JoseHeader<'_>) -> Self {
        Self { outer: Some(header.text().into()), ..self }
    }

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

    /// The header of the JWE that it was encrypted in, where it was.
    #[cfg(feature = "jwe")]
    #[must_use]
    pub fn jwe_header(&self) -> Option<JoseHeader<'_>> {
        // It was read once already.
        self.outer.as_deref().map(|text| JoseHeader::parse(text.as_bytes()).unwrap_or_default())
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
