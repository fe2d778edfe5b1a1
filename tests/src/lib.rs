//! The test vector runner, a library that `cargo test` and `cargo xtask vectors` share.
//!
//! [`vectors`] reads a file of cases and judges what the implementation answers; [`ops`] asks the
//! implementation. [`emit`] writes a file for others. `tests/vectors/SCHEMA.md` defines the format of the
//! files.

#[cfg(feature = "full")]
pub mod emit;
pub mod json;
#[cfg(feature = "full")]
pub mod ops;
#[cfg(feature = "full")]
pub mod vectors;

#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../README.md")]
struct Readme;

#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../docs/from-node-jsonwebtoken.md")]
struct FromNodeJsonwebtoken;

#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../docs/from-rust-jsonwebtoken.md")]
struct FromRustJsonwebtoken;

#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../docs/from-josekit.md")]
struct FromJosekit;

#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../docs/from-jwt-simple.md")]
struct FromJwtSimple;

#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../docs/from-panva-jose.md")]
struct FromPanvaJose;

#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../docs/cookbook.md")]
struct Cookbook;

#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../../docs/kinds-of-jwt.md")]
struct KindsOfJwt;
