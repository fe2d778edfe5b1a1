//! Events for the operator's log about refusals whose errors tell the caller little (feature `tracing`).

use crate::error::Error;
use crate::key::Candidate;

/// Emits an event if the error is one of those, and returns the error. It is called after the key was asked, and depends on
/// the message only, which its sender knows.
///
/// The event has names and lengths, and no byte of a message: its sender chose the content.
#[cfg(feature = "tracing")]
pub(crate) fn refused(error: Error, candidate: &Candidate<'_>) -> Error {
    let fits = |len| candidate.signature.len() == len;
    let cause = match error {
        Error::Signature if !candidate.alg.signature_len().is_none_or(fits) => "signature-length",
        Error::Signature => "refused-by-key",
        Error::KidUnknown => "no-key-for-kid",
        Error::KeyNotFound => "no-key-for-alg",
        _ => return error,
    };
    tracing::debug!(
        target: "jose_jws",
        cause,
        alg = candidate.alg.as_str(),
        signature_len = candidate.signature.len(),
        "{}", error.code(),
    );
    error
}

/// Returns the error: this build has no log.
#[cfg(not(feature = "tracing"))]
#[inline]
pub(crate) fn refused(error: Error, _: &Candidate<'_>) -> Error {
    error
}
