//! `jwk.*`: RFC 7517, RFC 7638 and the key formats outside JOSE.

use super::{Fault, Yield};
use crate::vectors::Case;

/// Reads a JWK or a JWK Set.
pub(super) fn parse(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// The thumbprint (RFC 7638) and its URI (RFC 9278).
pub(super) fn thumbprint(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// PEM or DER to JWK.
pub(super) fn import(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}

/// JWK to PEM or DER.
pub(super) fn export(_case: &Case) -> Result<Yield, Fault> {
    Err(Fault::unsupported("not written yet"))
}
