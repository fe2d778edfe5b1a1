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

#[path = "all/base64url.rs"]
mod base64url;
#[cfg(feature = "alloc")]
#[path = "all/bytes.rs"]
mod bytes;
#[path = "all/debug.rs"]
mod debug;
#[cfg(feature = "alloc")]
#[path = "all/differential.rs"]
mod differential;
#[path = "all/error.rs"]
mod error;
#[path = "all/json_check.rs"]
mod json_check;
#[path = "all/json_duplicates.rs"]
mod json_duplicates;
#[path = "all/json_view.rs"]
mod json_view;
#[path = "all/json_write.rs"]
mod json_write;
#[path = "all/random.rs"]
mod random;
#[cfg(feature = "alloc")]
#[path = "all/secret.rs"]
mod secret;
