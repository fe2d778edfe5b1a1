//! `jwa.*`: the primitives of RFC 7518 on octets.

use super::{Fault, Yield};
use crate::vectors::Case;

/// Content encryption (RFC 7518 section 5) with a given CEK and IV.
pub(super) fn seal(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// ECDH-ES (RFC 7518 section 4.6) with a given ephemeral key.
pub(super) fn agree(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}
