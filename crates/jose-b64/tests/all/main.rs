#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::std_instead_of_alloc,
    missing_docs,
    reason = "tests"
)]

mod base64url;
#[cfg(feature = "alloc")]
mod bytes;
mod debug;
#[cfg(feature = "alloc")]
mod differential;
mod error;
mod json_check;
mod json_duplicates;
mod json_view;
mod json_write;
mod random;
#[cfg(feature = "alloc")]
mod secret;
