//! The tests of this crate, one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    reason = "tests"
)]

#[cfg(all(feature = "std", feature = "algorithms"))]
#[path = "."]
mod with_keys {
    mod binding;
    mod credential;
    mod forms;
    pub(crate) mod help;
    mod holder;
    mod hostile;
    mod issue;
    mod random;
    mod refusals;
    #[cfg(feature = "status-list")]
    mod status_list;
    mod types;
}
