#![no_std]
#![doc = include_str!("../README.md")]

mod enc;
mod error;
mod hash;
mod jwe;
mod jws;
mod key;
mod set;
mod table;

pub use enc::{EncFamily, JweEnc};
pub use error::UnknownIdentifier;
pub use hash::Hash;
pub use jwe::{JweAlg, JweFamily};
pub use jws::{JwsAlg, JwsFamily};
pub use key::{Curve, KeyOp, KeyType, KeyUse, Member};
pub use set::{AlgSet, Identifier};
pub use table::Status;
