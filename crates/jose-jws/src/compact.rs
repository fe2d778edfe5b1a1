//! The compact serialization (RFC 7515 section 7.1), its payload encoded or, on request, not (RFC 7797).

mod sign;
mod verify;

pub use crate::output::Output;
pub use sign::{Unsigned, sign_in, sign_in_with_rng};
#[cfg(feature = "alloc")]
pub use sign::{sign, sign_with_rng};
#[cfg(feature = "alloc")]
pub use verify::verify;
pub use verify::{Unverified, Verified, verify_in};

#[cfg(feature = "alloc")]
use alloc::string::String;

#[cfg(feature = "alloc")]
use crate::{AsyncKey, Error, Header, alg::Algorithm, remote};

/// Signs with a key that answers later, and returns the text.
///
/// # Errors
///
/// As [`sign_in`].
#[cfg(feature = "alloc")]
pub async fn sign_async<A, K>(
    key: &AsyncKey<'_, A, K>,
    header: &Header<'_>,
    payload: &[u8],
) -> Result<String, Error>
where
    A: Algorithm,
    K: signature::AsyncSigner<A::Signature>,
{
    remote::sign(key, header, payload).await
}
