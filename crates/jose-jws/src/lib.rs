// The examples use the default features; none is run without them.
#![cfg(any(not(doctest), all(feature = "std", feature = "hmac", feature = "p256", feature = "ed25519")))]
#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod alg;
mod check;
pub mod compact;
#[cfg(feature = "alloc")]
pub mod embedded;
mod error;
mod hash;
mod header;
#[cfg(feature = "alloc")]
pub mod json;
mod key;
mod output;
mod resolver;
pub mod stream;
mod trace;
#[cfg(feature = "alloc")]
pub mod unsecured;
#[cfg(feature = "x5c")]
pub mod x5c;

pub use error::{Error, Part};
pub use hash::{Hasher, SignHashed, VerifyHashed};
#[cfg(feature = "alloc")]
pub use jose_jwa::header::Parameters;
pub use jose_jwa::header::{Header, HeaderError, JoseHeader};
pub use jose_jwa::{AlgSet, JwsAlg};
#[cfg(feature = "alloc")]
pub use jose_jwk as jwk;
#[cfg(feature = "alloc")]
pub use key::{AsyncKey, AsyncVerifier, SigningKey, VerifyingKey, VerifyingKeys};
pub use key::{Candidate, Key, RandomizedKey, Sign, Verify};
pub use rand_core;
pub use resolver::{ChooseKey, KeyResolver};
pub use signature;
