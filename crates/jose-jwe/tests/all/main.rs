//! JWE: content encryption, key management, messages, policy. The documentation of a test names the rows that it shows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests"
)]

#[cfg(all(feature = "std", feature = "p256", feature = "rsa"))]
mod mistakes;

#[cfg(all(
    feature = "std",
    feature = "hazmat",
    feature = "rsa1_5",
    feature = "pbes2",
    feature = "deflate",
    feature = "p256",
    feature = "p384",
    feature = "p521",
    feature = "k256",
    feature = "x25519"
))]
#[path = "."]
mod full {
    mod agreement;
    mod damage;
    mod enc;
    mod errors;
    mod external;
    #[cfg(feature = "hpke")]
    mod hpke;
    mod json;
    mod matrix;
    mod memory;
    mod password;
    mod policy;
    mod shown;
    mod support;
    #[cfg(feature = "tracing")]
    mod trace;
    mod tree;
    mod zip;
}
