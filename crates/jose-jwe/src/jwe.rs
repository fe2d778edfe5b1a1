//! Keys and messages, which need a heap.

pub(crate) mod cek;
#[cfg(feature = "deflate")]
mod deflate;
pub(crate) mod encrypted;
pub(crate) mod few;
pub(crate) mod header;
pub(crate) mod key;
pub(crate) mod limits;
pub(crate) mod message;
mod plaintext;
pub(crate) mod rng;
mod trace;
