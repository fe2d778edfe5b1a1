//! `jws.*`: RFC 7515 and RFC 7797.

use super::{Fault, Yield};
use crate::vectors::Case;

/// Verifies a JWS of any serialization.
pub(super) fn verify(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// Signs with deterministic algorithms.
pub(super) fn sign(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// Signs, then verifies with the public key.
pub(super) fn roundtrip(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}
