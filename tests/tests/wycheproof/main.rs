//! Wycheproof's vectors through the crates' own doors: what implementations of these primitives got wrong before.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod jwe;
mod jws;
