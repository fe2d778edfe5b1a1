// The examples use these features; none is run without them.
#![cfg(any(not(doctest), all(feature = "std", feature = "algorithms", feature = "status-list")))]
#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod binding;
mod conceal;
mod disclosure;
mod error;
mod issue;
mod pointer;
mod present;
mod process;
mod receive;
mod serialize;
#[cfg(feature = "status-list")]
pub mod status_list;
pub mod vc;
mod verified;
mod verify;

pub use binding::{KeyBinding, RequireKeyBinding};
pub use error::{DisclosureError, Error};
pub use issue::{Issued, SdJwt, Unsigned};
pub use jose_jwt as jwt;
pub use jose_jwt::Hash;
pub use present::{Presented, Selection};
pub use receive::{Limits, Received};
pub use verified::Verified;
pub use verify::{Rules, SdJwtVerifier, Unbound, Verification};
