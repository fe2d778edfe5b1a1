//! The tests of this crate, one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::std_instead_of_alloc,
    reason = "tests"
)]
// Most tests walk over all key types: they want the default features, and each says what it wants besides.
#![cfg(all(
    feature = "std",
    feature = "p256",
    feature = "p384",
    feature = "p521",
    feature = "k256",
    feature = "ed25519",
    feature = "x25519",
    feature = "rsa"
))]

mod candidates;
mod convert;
mod debug;
mod errors;
#[cfg(feature = "pem")]
mod forms;
mod generate;
mod matrix;
mod metadata;
mod mistakes;
#[cfg(feature = "pem")]
mod openssl;
mod parse;
mod refresh;
mod rfc;
#[cfg(feature = "serde")]
mod serde;
mod serve;
mod set;
mod support;
mod thumbprint;
mod types;
mod weak;
#[cfg(feature = "x509")]
mod x509;
