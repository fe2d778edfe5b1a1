//! The tests of this crate: one binary. The names carry the rows of the acceptance and attack lists that they show.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
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

#[path = "all/convert.rs"]
mod convert;
#[path = "all/crit.rs"]
mod crit;
#[path = "all/debug.rs"]
mod debug;
#[path = "all/generate.rs"]
mod generate;
#[path = "all/header.rs"]
mod header;
#[path = "all/metadata.rs"]
mod metadata;
#[path = "all/parse.rs"]
mod parse;
#[path = "all/rfc.rs"]
mod rfc;
#[path = "all/serve.rs"]
mod serve;
#[path = "all/set.rs"]
mod set;
#[path = "all/thumbprint.rs"]
mod thumbprint;
