// The page's examples need a heap; they are not run where there is none.
#![cfg_attr(any(not(doctest), feature = "std"), doc = include_str!("../README.md"))]
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "alloc")]
mod claims;
mod error;
#[cfg(feature = "alloc")]
mod names;
mod numeric_date;
mod registered;
#[cfg(feature = "alloc")]
mod rules;
mod sign;
#[cfg(feature = "alloc")]
mod verify;

pub use error::{ClaimName, Error, Reason};
pub use numeric_date::NumericDate;
pub use sign::sign_text_in;

#[cfg(feature = "std")]
pub use numeric_date::ClockError;
#[cfg(feature = "alloc")]
pub use {
    claims::{Claims, NoClaims},
    names::Names,
    sign::{sign, sign_with_header},
    verify::{Given, JwtVerifier, Unset, Verified},
};
