//! What RFC 7515 and RFC 7797 ask of a header, whatever the serialization.

use jose_b64::base64url;
use jose_jwk::JwsAlg;
use jose_jwk::header::{Header, JoseHeader, MAX_HEADER_LEN};

use crate::Error;
use crate::key::Sign;

/// The extension of RFC 7797.
const B64: &str = "b64";

/// The most extensions that a caller can understand, this library's own included.
const MAX_UNDERSTOOD: usize = 9;

/// The three parts of a compact serialization, the header not too long.
pub(crate) fn segments(token: &[u8]) -> Result<[&[u8]; 3], Error> {
    let mut parts = token.splitn(4, |octet| *octet == b'.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Error::Segments);
    };
    if base64url::decoded_len(header.len()) > MAX_HEADER_LEN {
        return Err(Error::Header(jose_jwk::Error::HeaderTooLong));
    }
    Ok([header, payload, signature])
}

/// Whether the payload is base64url encoded, by the protected header (RFC 7797 section 3).
pub(crate) fn is_encoded(header: &JoseHeader<'_>) -> Result<bool, Error> {
    let Some(value) = header.get(B64) else { return Ok(true) };
    let encoded = value.as_bool().ok_or(Error::B64)?;
    if !encoded && !header.crit().any(|name| name == *B64) {
        return Err(Error::B64);
    }
    Ok(encoded)
}

/// No name stands in both headers (RFC 7515 section 7.2.1); `crit` and `b64` are integrity protected, or not there at all
/// (RFC 7515 section 4.1.11, RFC 7797 section 3).
#[cfg(feature = "alloc")]
pub(crate) fn check_unprotected(
    protected: &JoseHeader<'_>,
    unprotected: &JoseHeader<'_>,
) -> Result<(), Error> {
    protected.check_disjoint(unprotected)?;
    if unprotected.has_crit() {
        return Err(Error::Header(jose_jwk::Error::CritUnprotected));
    }
    if unprotected.get(B64).is_some() { Err(Error::B64) } else { Ok(()) }
}

/// The algorithm that a header names.
pub(crate) fn alg(header: &JoseHeader<'_>) -> Result<JwsAlg, Error> {
    let name = header.alg().ok_or(Error::AlgorithmMissing)?;
    let alg = JwsAlg::ALL.iter().copied().find(|known| name == *known.as_str());
    alg.ok_or(Error::AlgorithmUnknown)
}

/// `crit`, against what the caller understands and this library's own extension.
pub(crate) fn check_crit(
    header: &JoseHeader<'_>,
    unprotected: &[JoseHeader<'_>],
    understood: &[&str],
) -> Result<(), Error> {
    if !header.has_crit() && !unprotected.iter().any(JoseHeader::has_crit) {
        return Ok(());
    }
    // The library's own extension stands before the caller's, of which there are few.
    let mut names = [B64; MAX_UNDERSTOOD];
    let own = understood.len().saturating_add(1);
    let understood = match names.get_mut(..own) {
        Some(names) => {
            names.iter_mut().skip(1).zip(understood).for_each(|(to, name)| *to = name);
            names
        }
        None => return Err(Error::Header(jose_jwk::Error::CritNotUnderstood)),
    };
    Ok(header.check_crit(unprotected, understood)?)
}

/// The header with the key's `kid`, where it has none of its own.
pub(crate) fn named<'h>(header: &Header<'h>, key: &'h (impl Sign + ?Sized)) -> Result<Header<'h>, Error> {
    with_kid(header, key.kid())
}

/// The same with the `kid` itself.
pub(crate) fn with_kid<'h>(header: &Header<'h>, kid: Option<&'h str>) -> Result<Header<'h>, Error> {
    let own = match header.members {
        Some(text) => JoseHeader::parse(text.as_bytes())?.kid().is_some(),
        None => false,
    };
    Ok(Header { kid: if own { header.kid } else { header.kid.or(kid) }, ..*header })
}

/// A protected header that someone else wrote, for this algorithm. Gives back whether the payload is encoded.
#[cfg(feature = "alloc")]
pub(crate) fn check_written(expected: JwsAlg, header: &str) -> Result<bool, Error> {
    let read = JoseHeader::parse(header.as_bytes())?;
    if read.alg().ok_or(Error::AlgorithmMissing)? != *expected.as_str() {
        return Err(Error::AlgorithmNotAllowed);
    }
    read.check_crit_as_written()?;
    is_encoded(&read)
}
