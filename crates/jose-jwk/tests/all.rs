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
#[cfg(feature = "pem")]
#[path = "all/forms.rs"]
mod forms;
#[path = "all/generate.rs"]
mod generate;
#[path = "all/header.rs"]
mod header;
#[path = "all/matrix.rs"]
mod matrix;
#[path = "all/metadata.rs"]
mod metadata;
#[cfg(feature = "pem")]
#[path = "all/openssl.rs"]
mod openssl;
#[path = "all/parse.rs"]
mod parse;
#[path = "all/refresh.rs"]
mod refresh;
#[path = "all/rfc.rs"]
mod rfc;
#[path = "all/serve.rs"]
mod serve;
#[path = "all/set.rs"]
mod set;
#[path = "all/thumbprint.rs"]
mod thumbprint;
#[path = "all/types.rs"]
mod types;
#[path = "all/weak.rs"]
mod weak;
#[cfg(feature = "x509")]
#[path = "all/x509.rs"]
mod x509;
