// The page's examples need a heap; they are not run where there is none.
#![cfg_attr(any(not(doctest), feature = "std"), doc = include_str!("../README.md"))]
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod enc;
mod error;
pub mod key_management;

pub use error::Error;
pub use jose_jwk::{AlgSet, JweAlg, JweEnc};
