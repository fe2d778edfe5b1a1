//! The tests of `jose-remote`: with both HTTP clients, against servers on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "tests"
)]
#![cfg(all(
    feature = "algorithms",
    feature = "reqwest",
    feature = "ureq",
    feature = "x509",
    feature = "axum",
    feature = "tonic"
))]

mod cache;
mod discovery;
mod example;
mod faults;
mod formats;
mod help;
mod keys;
mod ring;
mod server;
