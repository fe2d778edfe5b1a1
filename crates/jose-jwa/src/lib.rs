#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(feature = "alloc")]
extern crate alloc;

mod enc;
mod error;
mod errors;
mod hash;
pub mod header;
mod jwe;
mod jws;
mod key;
mod looks_like_key;
#[cfg(feature = "serde")]
mod name;
mod set;
mod table;

pub use enc::{EncFamily, JweEnc};
pub use error::UnknownName;
pub use hash::Hash;
pub use jwe::{JweAlg, JweFamily};
pub use jws::{JwsAlg, JwsFamily};
pub use key::{Curve, KeyOp, KeyType, KeyUse, Member};
pub use looks_like_key::looks_like_key;
pub use set::{AlgSet, Identifier};
pub use table::Status;
