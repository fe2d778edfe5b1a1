// The page's examples need a heap; they are not run where there is none.
#![cfg_attr(any(not(doctest), feature = "std"), doc = include_str!("../README.md"))]
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(feature = "alloc")]
mod cek;
#[cfg(feature = "alloc")]
pub mod compact;
#[cfg(feature = "deflate")]
mod deflate;
pub mod enc;
#[cfg(feature = "alloc")]
mod encrypted;
mod error;
#[cfg(feature = "hazmat")]
pub mod hazmat;
#[cfg(feature = "alloc")]
pub mod json;
#[cfg(feature = "alloc")]
mod key;
pub mod key_management;
#[cfg(feature = "alloc")]
mod limits;
#[cfg(feature = "alloc")]
mod message;
#[cfg(feature = "alloc")]
mod output;
#[cfg(feature = "alloc")]
mod params;
#[cfg(feature = "alloc")]
mod rng;
#[cfg(feature = "alloc")]
mod trace;

pub use error::Error;
pub use jose_jwk::header::{Header, JoseHeader};
pub use jose_jwk::{AlgSet, JweAlg, JweEnc};
#[cfg(feature = "alloc")]
pub use {
    encrypted::{Decrypted, Encrypted},
    key::{
        AsyncDecryptionKey, AsyncEncryptionKey, Decrypt, DecryptionKey, DecryptionKeys, EncryptionKey,
        Refusal, Request, Unwrap, UnwrapAsync, Wrap, WrapAsync,
    },
    limits::Limits,
};
