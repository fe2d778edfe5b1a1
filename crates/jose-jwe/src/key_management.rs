//! The primitives of key management (RFC 7518 section 4): key wrap, key agreement and key derivation, over slices and
//! without a heap.

pub mod key_agreement;
pub mod key_wrap;
