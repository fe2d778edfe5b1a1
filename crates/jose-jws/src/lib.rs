// The page's examples need a heap; they are not run where there is none.
#![cfg_attr(any(not(doctest), feature = "std"), doc = include_str!("../README.md"))]
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod alg;
#[cfg(feature = "alloc")]
mod any;
pub mod compact;
mod error;
mod key;
#[cfg(feature = "alloc")]
mod keys;

pub use error::Error;
pub use jose_jwk::header::{Header, JoseHeader};
pub use jose_jwk::{AlgSet, JwsAlg};
pub use key::{Key, RandomizedKey, Rng, RngError, Sign, Signed, Verify};
#[cfg(feature = "alloc")]
pub use {
    any::{SigningKey, VerifyingKey},
    keys::VerifyingKeys,
};
