//! The test vector runner, a library that `cargo test` and `cargo xtask vectors` share.
//!
//! [`vectors`] reads a file of cases and judges what the implementation answers; [`ops`] asks the
//! implementation. [`emit`] writes a file for others. The format of the files stands in `tests/vectors/SCHEMA.md`.

pub mod emit;
pub mod json;
pub mod ops;
pub mod vectors;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../../docs/from-jsonwebtoken.md")]
struct FromJsonwebtoken;

#[cfg(doctest)]
#[doc = include_str!("../../docs/from-panva-jose.md")]
struct FromPanvaJose;
