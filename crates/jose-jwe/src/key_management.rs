//! Key management (RFC 7518 section 4): how the recipient comes by the content encryption key.
//!
//! Here are the primitives over slices, which need no heap; keys and messages stand on them.

#[cfg(feature = "alloc")]
pub(crate) mod curves;
pub mod key_agreement;
#[cfg(feature = "rsa")]
pub(crate) mod key_encryption;
pub mod key_wrap;
#[cfg(feature = "pbes2")]
pub(crate) mod password;
