//! The one check of a signature, in whatever serialization it was received.

use jose_jwa::header::JoseHeader;

use crate::error::Error;
use crate::hash::{Hasher, VerifyHashed};
use crate::header;
use crate::key::{Candidate, Verify};
use crate::trace;

/// Checks what the headers say, in this order: the algorithm is known, the caller allows it, `crit` is understood, `b64` is
/// well-formed. Returns what the key is to be asked, but for message and signature, and whether the payload is encoded.
pub(crate) fn headers<'s, V: Verify + ?Sized>(
    key: &V,
    header: JoseHeader<'s>,
    unprotected: JoseHeader<'s>,
    understood: &[&str],
) -> Result<(Candidate<'s>, bool), Error> {
    let alg = header::alg(if header.alg().is_some() { &header } else { &unprotected })?;
    if !key.algs().contains(alg) {
        return Err(key.why_not(alg));
    }
    header::check_crit(&header, &unprotected, understood)?;
    let encoded = header::is_encoded(&header)?;
    Ok((Candidate { alg, header, unprotected, message: &[], signature: &[] }, encoded))
}

/// Asks the key. Returns the place of the one that matched.
pub(crate) fn signature<V: Verify + ?Sized>(key: &V, candidate: &Candidate<'_>) -> Result<usize, Error> {
    key.verify(candidate).map_err(|error| trace::refused(error, candidate))
}

/// Asks the key for the hash of a message that comes in pieces.
pub(crate) fn hasher<V: VerifyHashed + ?Sized>(key: &V, candidate: &Candidate<'_>) -> Result<Hasher, Error> {
    key.hasher(candidate).map_err(|error| trace::refused(error, candidate))
}

/// Like [`signature`], for a message that went through the hash.
pub(crate) fn hashed_signature<V: VerifyHashed + ?Sized>(
    key: &V,
    hasher: Hasher,
    candidate: &Candidate<'_>,
) -> Result<usize, Error> {
    key.verify_hashed(hasher, candidate).map_err(|error| trace::refused(error, candidate))
}
