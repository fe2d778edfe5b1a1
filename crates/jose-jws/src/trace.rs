//! What an operator's log is told of a refusal whose error tells the caller little (feature `tracing`).

use crate::Error;
use crate::key::Signed;

/// Gives the error back, after the event where it is one of those. It is called when the key has been asked, and goes
/// by the message alone, which its sender knows.
///
/// The event has names and lengths, and no octet of a message: its sender chose what stands there.
#[cfg(feature = "tracing")]
pub(crate) fn refused(error: Error, signed: &Signed<'_>) -> Error {
    let fits = |len| signed.signature.len() == len;
    let cause = match error {
        Error::Signature if !signed.alg.signature_len().is_none_or(fits) => "signature-length",
        Error::Signature => "refused-by-key",
        Error::KeyNotFound if signed.kid().is_some() => "no-key-for-kid",
        Error::KeyNotFound => "no-key-for-alg",
        _ => return error,
    };
    tracing::debug!(
        target: "jose_jws",
        cause,
        alg = signed.alg.as_str(),
        signature_len = signed.signature.len(),
        "{}", error.code(),
    );
    error
}

/// Gives the error back: this build has no log.
#[cfg(not(feature = "tracing"))]
#[inline]
pub(crate) fn refused(error: Error, _: &Signed<'_>) -> Error {
    error
}
