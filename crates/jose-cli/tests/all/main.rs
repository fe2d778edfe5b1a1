//! `josec` as a process: what a person types, and what a script sees.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "a test that cannot go on fails"
)]

mod command;
mod debian_jose;
mod examples;
mod files;
mod hostile;
mod keys;
mod messages;
mod openssl;
mod remote;
mod rules;
mod terminal;
mod tokens;
mod vectors;
