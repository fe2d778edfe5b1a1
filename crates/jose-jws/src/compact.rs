//! The compact serialization (RFC 7515 section 7.1): payload attached or detached (appendix F), encoded or, on request, not
//! (RFC 7797).

mod sign;
mod verified;
mod verify;

#[doc(hidden)]
pub use crate::output::{Buffer, Output};
pub use sign::{Unsigned, sign_detached_into, sign_into};
#[cfg(feature = "alloc")]
pub use sign::{sign, sign_async, sign_detached};
pub use verified::{Verified, VerifiedDetached};
pub use verify::{Unverified, verify_detached_into, verify_into};
#[cfg(feature = "alloc")]
pub use verify::{verify, verify_detached};

/// What [`stream`](crate::stream) shares with this module.
pub(crate) mod parts {
    pub(crate) use super::verified::{Detached, Head};
    pub(crate) use super::verify::Opened;
}
