//! What RFC 7515 and RFC 7797 require of a header, in whatever serialization.

use jose_b64::base64url::{self, split_dot};
use jose_jwa::JwsAlg;
use jose_jwa::header::{Header, HeaderError, JoseHeader, MAX_HEADER_LEN};

use crate::error::Error;
use crate::output::{Base64Writer, Output};

/// The extension of RFC 7797.
const B64: &str = "b64";

/// The most extensions that a caller can understand, the library's own included.
const MAX_UNDERSTOOD: usize = 9;

/// The three parts of a compact serialization, whose header is not too long.
pub(crate) fn segments(token: &[u8]) -> Result<[&[u8]; 3], Error> {
    if token.trim_ascii_start().first() == Some(&b'{') {
        return Err(Error::IsJson);
    }
    let parts = split_dot(token).and_then(|(header, rest)| Some((header, split_dot(rest)?)));
    let Some((header, (payload, signature))) = parts.filter(|(_, (_, last))| !last.contains(&b'.')) else {
        let dots = token.iter().filter(|byte| **byte == b'.').count();
        return Err(Error::Segments { found: dots.saturating_add(1) });
    };
    if header.get(..7).is_some_and(|start| start.eq_ignore_ascii_case(b"Bearer ")) {
        return Err(Error::Bearer);
    }
    if base64url::decoded_len(header.len()) > MAX_HEADER_LEN {
        return Err(HeaderError::TooLong.into());
    }
    Ok([header, payload, signature])
}

/// Whether the payload is base64url encoded, by the protected header (RFC 7797 section 3).
pub(crate) fn is_encoded(header: &JoseHeader<'_>) -> Result<bool, Error> {
    let Some(value) = header.b64() else { return Ok(true) };
    let encoded = value.as_bool().ok_or(Error::B64)?;
    if !encoded && !header.crit().any(|name| name == B64) {
        return Err(Error::B64);
    }
    Ok(encoded)
}

/// No name is in both headers (RFC 7515 section 7.2.1), and neither `crit` nor `b64` is unprotected (RFC 7515 section
/// 4.1.11, RFC 7797 section 3).
#[cfg(feature = "alloc")]
pub(crate) fn check_unprotected(
    protected: &JoseHeader<'_>,
    unprotected: &JoseHeader<'_>,
) -> Result<(), Error> {
    protected.check_disjoint(unprotected)?;
    if unprotected.has_crit() {
        return Err(HeaderError::CritUnprotected.into());
    }
    if unprotected.b64().is_some() { Err(Error::B64) } else { Ok(()) }
}

/// The algorithm that a header names.
pub(crate) fn alg(header: &JoseHeader<'_>) -> Result<JwsAlg, Error> {
    JwsAlg::from_json_str(header.alg().ok_or(Error::AlgorithmMissing)?).ok_or(Error::AlgorithmUnknown)
}

/// Checks `crit` against what the caller understands and the library's own extension.
pub(crate) fn check_crit(
    header: &JoseHeader<'_>,
    unprotected: &JoseHeader<'_>,
    understood: &[&str],
) -> Result<(), Error> {
    if !header.has_crit() && !unprotected.has_crit() {
        return Ok(());
    }
    // The library's own extension is before the caller's, of which there are few.
    let mut names = [B64; MAX_UNDERSTOOD];
    let own = understood.len().saturating_add(1);
    let names = names.get_mut(..own).ok_or(HeaderError::CritNotUnderstood)?;
    names.iter_mut().skip(1).zip(understood).for_each(|(to, name)| *to = name);
    Ok(header.check_crit(core::slice::from_ref(unprotected), names)?)
}

/// What the writer of a header knows about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// Whether it says that the payload is encoded.
    pub(crate) encoded: bool,
    /// The name of the key in it.
    pub(crate) kid: Kid,
}

/// The `kid` of a written header, as far as it is compared with that of the key that signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kid(Option<u64>);

impl Kid {
    /// A digest of the name (FNV-1a): it finds a mistake of the caller, not an attack.
    pub(crate) fn of(characters: Option<impl Iterator<Item = char>>) -> Self {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        let step = |hash: u64, character| (hash ^ u64::from(u32::from(character))).wrapping_mul(PRIME);
        Self(characters.map(|characters| characters.fold(OFFSET, step)))
    }

    /// The key signs what names it; a key without a name signs anything.
    pub(crate) fn check(self, key: Option<&str>) -> Result<(), Error> {
        if key.is_none() || self == Self::of(key.map(str::chars)) { Ok(()) } else { Err(Error::KidMismatch) }
    }
}

/// The header with the `kid` of the key, if it has none of its own.
pub(crate) fn named<'h>(header: &Header<'h>, key: Option<&'h str>) -> Header<'h> {
    match key {
        Some(kid) if !header.has("kid") => header.kid(kid),
        _ => *header,
    }
}

/// Writes the base64url of a header, the first thing in `out`: `alg`, then what the caller sets.
pub(crate) fn write<W: Output>(alg: &str, header: &Header<'_>, out: &mut W) -> Result<Written, Error> {
    let mut writer = Base64Writer::new(out);
    header.write(&[("alg", alg)], &mut writer)?;
    writer.finish()?;
    // No recipient accepts a longer one.
    if base64url::decoded_len(out.written().len()) > MAX_HEADER_LEN {
        return Err(HeaderError::TooLong.into());
    }
    let own = Kid::of(header.own_kid().map(str::chars));
    let Some(extra) = header.extra() else { return Ok(Written { encoded: true, kid: own }) };
    let kid = if own == Kid(None) { Kid::of(extra.kid().map(|kid| kid.chars())) } else { own };
    Ok(Written { encoded: is_encoded(&extra)?, kid })
}

/// Checks a protected header that someone else wrote for this algorithm.
#[cfg(feature = "alloc")]
pub(crate) fn check_written(expected: JwsAlg, text: &str) -> Result<Written, Error> {
    let header = JoseHeader::parse(text.as_bytes())?;
    let found = alg(&header)?;
    if found != expected {
        return Err(Error::AlgorithmNotAllowed { found, allowed: expected.into() });
    }
    header.check_crit_as_written()?;
    Ok(Written { encoded: is_encoded(&header)?, kid: Kid::of(header.kid().map(|kid| kid.chars())) })
}
