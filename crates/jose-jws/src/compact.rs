//! The compact serialization (RFC 7515 section 7.1), its payload encoded or, on request, not (RFC 7797).

mod sign;
mod verify;

pub use sign::{Output, Unsigned, sign_in, sign_in_with_rng};
#[cfg(feature = "alloc")]
pub use sign::{sign, sign_with_rng};
#[cfg(feature = "alloc")]
pub use verify::verify;
pub use verify::{Unverified, Verified, verify_in};

use jose_jwk::header::JoseHeader;

use crate::Error;

/// The extension of RFC 7797.
const B64: &str = "b64";

/// Whether the payload is base64url encoded, by the protected header (RFC 7797 section 3).
fn is_encoded(header: &JoseHeader<'_>) -> Result<bool, Error> {
    let Some(value) = header.get(B64) else { return Ok(true) };
    let encoded = value.as_bool().ok_or(Error::B64)?;
    if !encoded && !header.crit().any(|name| name == *B64) {
        return Err(Error::B64);
    }
    Ok(encoded)
}
