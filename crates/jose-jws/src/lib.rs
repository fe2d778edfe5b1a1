// The page's examples need a heap; they are not run where there is none.
#![cfg_attr(any(not(doctest), feature = "std"), doc = include_str!("../README.md"))]
#![no_std]
#![cfg_attr(
    not(any(
        feature = "hmac",
        feature = "p256",
        feature = "p384",
        feature = "p521",
        feature = "k256",
        feature = "ed25519",
        feature = "ed448",
        feature = "ml-dsa",
        feature = "rsa"
    )),
    allow(
        dead_code,
        unused_imports,
        reason = "a build without any family has no use for what the families share"
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod alg;
#[cfg(feature = "alloc")]
mod any;
mod choose;
pub mod compact;
pub mod detached;
#[cfg(feature = "alloc")]
pub mod embedded;
mod error;
mod hash;
#[cfg(feature = "alloc")]
mod hashing;
#[cfg(feature = "alloc")]
pub mod json;
mod key;
#[cfg(feature = "alloc")]
mod keys;
mod output;
#[cfg(feature = "alloc")]
mod remote;
mod rng;
mod rules;
mod trace;
#[cfg(feature = "serde")]
pub mod typed;
#[cfg(feature = "alloc")]
pub mod unsecured;

pub use choose::KeyFromHeader;
pub use error::Error;
pub use hash::{Hasher, Prehashed, SignHashed, VerifyHashed};
pub use jose_jwk::header::{Header, JoseHeader};
pub use jose_jwk::{AlgSet, JwsAlg};
pub use key::{Key, RandomizedKey, Sign, Signed, Verify};
pub use rng::{Rng, RngError};
#[cfg(feature = "alloc")]
pub use {
    any::{SigningKey, VerifyingKey},
    hashing::Hashing,
    keys::VerifyingKeys,
    remote::{AsyncKey, AsyncVerifier},
};
