//! Wycheproof's vectors through the public API: mistakes that implementations of these primitives made before.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod jwe;
mod jws;
