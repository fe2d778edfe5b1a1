//! The tests of this crate, one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    reason = "tests"
)]

mod numeric_date;

/// Everything else: with one family of algorithms.
#[cfg(feature = "hmac")]
#[path = "."]
mod with_heap {
    mod claims;
    mod decode;
    mod error;
    mod form;
    pub(crate) mod help;
    mod identity;
    mod order;
    mod times;
    mod types;
}

/// What needs keys of its own making, or encryption.
#[cfg(all(feature = "std", feature = "hmac", feature = "p256", feature = "jwe"))]
#[path = "."]
mod with_all {
    mod codes;
    mod dpop;
    mod dpop_checks;
    mod holders;
    mod issuing;
    mod kinds;
    mod later;
    mod mistakes;
    mod nested;
    mod own_profile;
    mod profiles;
    mod replay;
    mod shown;
    mod spiffe_vapid;
    #[cfg(feature = "tracing")]
    mod trace;
}
