//! `jwe.*`: RFC 7516.

use super::{Fault, Yield};
use crate::vectors::Case;

/// Decrypts a JWE of any serialization.
pub(super) fn decrypt(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// Encrypts with every random input given.
pub(super) fn encrypt(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// Encrypts, then decrypts with the private key.
pub(super) fn roundtrip(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}
