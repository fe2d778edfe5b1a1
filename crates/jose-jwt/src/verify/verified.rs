use alloc::borrow::Cow;
#[cfg(feature = "jwe")]
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "jwe")]
use jose_jwa::header::HeaderIndex;
use jose_jws::{JoseHeader, JwsAlg, compact};

use crate::claims::Claims;

/// A JWT whose signature and claims were verified. Only a verifier creates one.
#[derive(Clone)]
pub struct Verified<T> {
    jws: compact::Verified<Vec<u8>>,
    claims: Claims<T>,
    /// The text of the header around it, if it was encrypted.
    #[cfg(feature = "jwe")]
    outer: Option<(String, HeaderIndex)>,
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

    /// The same JWT, found inside a JWE with this header.
    #[cfg(feature = "jwe")]
    pub(super) fn inside(self, header: &JoseHeader<'_>) -> Self {
        Self { outer: Some((header.text().into(), header.index())), ..self }
    }

    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Claims<T> {
        &self.claims
    }

    /// The claims by value.
    #[must_use]
    pub fn into_claims(self) -> Claims<T> {
        self.claims
    }

    /// The JSON text of the claims as it was signed.
    #[must_use]
    pub fn payload_text(&self) -> &str {
        // Claims were read from it, so it is UTF-8.
        self.jws.text().unwrap_or("{}")
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        self.jws.header()
    }

    /// The header of the JWE that it was encrypted in, if it was.
    #[cfg(feature = "jwe")]
    #[must_use]
    pub fn jwe_header(&self) -> Option<JoseHeader<'_>> {
        self.outer.as_ref().map(|(text, index)| index.view(text.as_bytes()))
    }

    /// `kid` of the header.
    #[must_use]
    pub fn kid(&self) -> Option<Cow<'_, str>> {
        self.jws.kid()
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.jws.alg()
    }

    /// The place of the key that verified it among those that were given, 0 for a single key.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.jws.key_index()
    }
}

/// Shows header and claims.
impl<T: fmt::Debug> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("alg", &self.alg())
            .field("header", &self.header())
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}
