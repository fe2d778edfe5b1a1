// The page's examples need a heap; they are not run where there is none.
#![cfg_attr(any(not(doctest), feature = "std"), doc = include_str!("../README.md"))]
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "alloc")]
mod claims;
#[cfg(feature = "alloc")]
mod decode;
#[cfg(feature = "jwe")]
mod encrypted;
mod error;
#[cfg(feature = "alloc")]
mod expected;
#[cfg(feature = "alloc")]
mod names;
mod numeric_date;
#[cfg(feature = "alloc")]
pub mod profile;
mod registered;
#[cfg(feature = "alloc")]
mod replay;
#[cfg(feature = "alloc")]
mod rules;
mod sign;
#[cfg(feature = "alloc")]
mod verify;

pub use error::{ClaimName, Error, Reason};
pub use numeric_date::NumericDate;
pub use sign::sign_text_in;

#[cfg(feature = "jwe")]
pub use encrypted::{EncryptedOnly, Nested, NotSigned};
#[cfg(all(feature = "jwe", feature = "std"))]
pub use encrypted::{encrypt_at, sign_and_encrypt_at};
#[cfg(feature = "alloc")]
pub use {
    claims::{Claims, NoClaims},
    decode::{Unverified, dangerous_decode},
    expected::Expected,
    names::Names,
    replay::{AsyncReplayGuard, ReplayError, ReplayGuard, Seen},
    sign::{sign_at, unsigned_at},
    verify::{Given, JwtVerifier, Unset, Verified},
};
#[cfg(feature = "std")]
pub use {numeric_date::ClockError, replay::MemoryReplayGuard, sign::sign};
