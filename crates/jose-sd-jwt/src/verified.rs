use alloc::string::String;
use core::fmt;

use jose_jwt::jwa::header::HeaderIndex;
use jose_jwt::{Claims, JoseHeader, JwsAlg, PublicJwk};

use crate::present::{Contents, Selection};

/// An SD-JWT whose issuer's signature, digests and claims were verified, and its key binding if the verifier requires it. Only
/// a verifier creates one.
///
/// A verifier reads the claims; a holder keeps the SD-JWT and [presents](Self::present) parts of it.
#[derive(Clone)]
pub struct Verified<T> {
    pub(crate) contents: Contents,
    pub(crate) claims: Claims<T>,
    /// The processed payload.
    pub(crate) processed: String,
    pub(crate) header: (String, HeaderIndex),
    pub(crate) alg: JwsAlg,
    pub(crate) key: usize,
    pub(crate) holder: Option<PublicJwk>,
    /// The claims of the Key Binding JWT.
    pub(crate) key_binding: Option<String>,
}

impl<T> Verified<T> {
    /// The claims that were disclosed, with those that are always visible.
    #[must_use]
    pub fn claims(&self) -> &Claims<T> {
        &self.claims
    }

    /// The claims by value.
    #[must_use]
    pub fn into_claims(self) -> Claims<T> {
        self.claims
    }

    /// The processed payload (RFC 9901 section 7.1) as JSON text: digests are replaced by what was disclosed, and gone where
    /// nothing was.
    #[must_use]
    pub fn processed_text(&self) -> &str {
        &self.processed
    }

    /// The protected header of the issuer-signed JWT.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        self.header.1.view(self.header.0.as_bytes())
    }

    /// The algorithm that verified the issuer's signature.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The place of the issuer's key among those that were given, 0 for a single key.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.key
    }

    /// The key of the holder: `jwk` of `cnf`. `None` if there is no public key there.
    #[must_use]
    pub fn holder_key(&self) -> Option<&PublicJwk> {
        self.holder.as_ref()
    }

    /// The claims of the Key Binding JWT as JSON text, for what another specification puts there. `None` from a verifier
    /// without key binding.
    #[must_use]
    pub fn key_binding_text(&self) -> Option<&str> {
        self.key_binding.as_deref()
    }

    /// Starts a presentation, in which nothing is disclosed yet but what is always visible.
    pub fn present(&self) -> Selection<'_> {
        Selection::new(&self.contents)
    }
}

/// Shows header and claims.
impl<T: fmt::Debug> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("alg", &self.alg)
            .field("header", &self.header())
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}
