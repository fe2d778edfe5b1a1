// The examples need a heap; none is run where there is none.
#![cfg(any(not(doctest), feature = "alloc"))]
#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod base64url;
#[cfg(feature = "alloc")]
mod bytes;
mod error;
pub mod json;
#[cfg(feature = "alloc")]
mod secret;

#[cfg(feature = "alloc")]
pub use bytes::Bytes;
pub use error::{Error, Foreign};
#[cfg(feature = "alloc")]
pub use secret::Secret;
