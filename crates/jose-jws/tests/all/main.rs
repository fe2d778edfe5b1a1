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

// Without a heap.
#[cfg(feature = "hmac")]
mod buffers;
#[cfg(feature = "hmac")]
mod custom;
mod help;

// With a heap, whatever families there are.
#[cfg(feature = "alloc")]
mod keys;
#[cfg(feature = "alloc")]
mod round_trip;

/// What walks over all key types, or sets one against another.
#[cfg(all(
    feature = "std",
    feature = "hmac",
    feature = "p256",
    feature = "p384",
    feature = "p521",
    feature = "k256",
    feature = "ed25519",
    feature = "rsa"
))]
#[path = "."]
mod full {
    mod algorithms;
    mod b64;
    mod confusion;
    mod crit;
    mod debug;
    mod detached;
    mod ecdsa;
    mod eddsa;
    mod error;
    mod examples;
    mod hostile;
    mod json;
    mod json_members;
    mod legacy;
    mod matrix;
    mod mistakes;
    mod precomputed;
    mod rfc;
    mod rng;
    mod rsa;
    mod sets;
    #[cfg(feature = "tracing")]
    mod trace;
    #[cfg(feature = "x5c")]
    mod x5c;
}
