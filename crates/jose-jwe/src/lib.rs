// The page's links and all examples need the default features; no example is run without them.
#![cfg(any(not(doctest), all(feature = "std", feature = "p256")))]
#![cfg_attr(feature = "std", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "std"), doc = "JSON Web Encryption (RFC 7516).")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod enc;
mod error;
#[cfg(feature = "hazmat")]
pub mod hazmat;
#[cfg(feature = "alloc")]
mod jwe;
pub mod key_management;

pub use error::{Error, Part};
pub use jose_jwa::header::{Header, HeaderError, JoseHeader};
pub use jose_jwa::{AlgSet, JweAlg, JweEnc};
#[cfg(feature = "std")]
pub use jose_jwk::SysRng;
#[cfg(feature = "draft-hpke-pq")]
pub use jwe::key::hpke::generate_akp;
pub use rand_core;
#[cfg(feature = "alloc")]
pub use {
    jose_jwa::header::Parameters,
    jose_jwk as jwk,
    jwe::encrypted::{Decrypted, Encrypted, decrypt},
    jwe::key::{
        AsyncDecryptionKey, AsyncEncryptionKey, AsyncUnwrapKey, AsyncWrapKey, Decrypt, DecryptionKey,
        DecryptionKeys, EncryptionKey, KeyDescription, Refusal, Request, UnwrapKey, WrapKey,
    },
    jwe::limits::Limits,
    jwe::message::{Message, Recipient, encrypt},
};
