//! Verification with values that are computed once for a key.
//!
//! Only public values take part, so that what follows may take a time that depends on them. Every result is that of
//! RustCrypto's verifier: tests hold the two equal.

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
mod ecdsa;
#[cfg(feature = "ed25519")]
mod eddsa;
#[cfg(feature = "rsa")]
mod rsa;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256", feature = "ed25519"))]
mod table;

/// A key of RustCrypto's with a form that verifies faster.
pub(crate) trait Precompute {
    /// That form. Clones share what was computed.
    type Precomputed: Clone + 'static;

    /// Computes it, or returns `None` for a key that has none.
    fn precompute(&self) -> Option<Self::Precomputed>;
}
