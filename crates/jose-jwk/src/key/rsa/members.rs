//! The rules for the members themselves, whatever this build can compute with.

use crate::error::{Error, MemberError, Weakness};
use crate::params::Params;

/// The members that come together or not at all (RFC 7518 section 6.3.2).
pub(super) const CRT: &[&str] = &["p", "q", "dp", "dq", "qi"];

/// The most bits of a modulus that any key may have, so that its arithmetic is bounded.
pub(super) const MAX_BITS: usize = 16_384;

/// The most bits of a public exponent.
const MAX_EXPONENT_BITS: usize = 33;

pub(super) fn check(key: &Params) -> Result<(), Error> {
    for (name, bytes) in key.publics().chain(key.secrets()) {
        // Base64urlUInt: the shortest form, and none of these is zero (RFC 7518 section 2).
        match bytes.first() {
            None => return Err(Error::length(name)),
            Some(0) => return Err(Error::Member { name, reason: MemberError::LeadingZero }),
            Some(_) => {}
        }
    }
    let (n, e) = (key.public("n")?, key.public("e")?);
    let is_even = |bytes: &[u8]| bytes.last().is_none_or(|last| last & 1 == 0);
    for (is_weak, weakness) in [
        (is_even(n), Weakness::ModulusEven),
        (is_even(e), Weakness::ExponentEven),
        (e == [1], Weakness::ExponentTooSmall),
        (bits(e) > MAX_EXPONENT_BITS, Weakness::ExponentTooLarge),
    ] {
        if is_weak {
            return Err(Error::Weak(weakness));
        }
    }
    check_bounds(key)?;
    if !key.is_private() {
        return Ok(());
    }
    let has_crt = CRT.iter().any(|name| key.secret(name).is_some());
    for name in ["d"].iter().chain(CRT.iter().filter(|_| has_crt)) {
        key.secret(name).ok_or(Error::missing(name))?;
    }
    if has_crt && key.secret("p") == key.secret("q") {
        return Err(Error::Weak(Weakness::PrimesEqual));
    }
    Ok(())
}

/// No member is longer than the modulus, and the modulus not longer than is allowed: checked before anything is computed.
pub(super) fn check_bounds(key: &Params) -> Result<(), Error> {
    let n = key.public("n")?;
    if bits(n) > MAX_BITS {
        return Err(Error::Weak(Weakness::ModulusTooLarge));
    }
    match key.secrets().find(|(_, bytes)| bytes.len() > n.len()) {
        Some((name, _)) => Err(Error::length(name)),
        None => Ok(()),
    }
}

/// The length of an integer without leading zero bytes.
pub(super) fn bits(bytes: &[u8]) -> usize {
    let first = bytes.first().copied().unwrap_or(0);
    // A `u8` has eight bits, so that the count of leading zeros fits any integer.
    let zeros = usize::try_from(first.leading_zeros()).unwrap_or(8);
    bytes.len().saturating_mul(8).saturating_sub(zeros)
}
