//! `RSA` keys (RFC 7518 section 6.3).

#[cfg(feature = "rsa")]
pub(crate) mod arithmetic;
mod members;
mod roca;

use jose_jwa::KeyType;
use rand_core::TryCryptoRng;

use crate::error::{Error, Weakness};
use crate::params::Params;

/// Checks the members, and that they belong together.
pub(super) fn check(key: &Params) -> Result<(), Error> {
    members::check(key)?;
    #[cfg(feature = "rsa")]
    arithmetic::check_private(key)?;
    Ok(())
}

/// The private key with all of its members: a JWK may have `d` alone.
#[allow(dead_code, reason = "other forms than JWKs ask for it")]
pub(crate) fn complete(key: Params) -> Result<Params, Error> {
    members::check_bounds(&key)?;
    if members::CRT.iter().all(|name| key.secret(name).is_some()) {
        return Ok(key);
    }
    #[cfg(feature = "rsa")]
    {
        arithmetic::complete(key)
    }
    #[cfg(not(feature = "rsa"))]
    {
        Err(Error::Disabled { feature: "rsa" })
    }
}

/// A new key with the exponent 65537.
pub(crate) fn generate<R: TryCryptoRng + ?Sized>(bits: usize, rng: &mut R) -> Result<Params, Error> {
    if bits < RsaLimits::STRICT.min_bits {
        return Err(Error::Weak(Weakness::ModulusTooSmall));
    }
    if bits > members::MAX_BITS {
        return Err(Error::Weak(Weakness::ModulusTooLarge));
    }
    #[cfg(feature = "rsa")]
    {
        arithmetic::generate(bits, rng)
    }
    #[cfg(not(feature = "rsa"))]
    {
        let _ = rng;
        Err(Error::Disabled { feature: "rsa" })
    }
}

/// What an RSA key must be to be used (RFC 7518 sections 3.3, 3.5, 4.2 and 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaLimits {
    /// The fewest bits of the modulus.
    pub min_bits: usize,
    /// The smallest public exponent.
    pub min_exponent: u64,
}

impl RsaLimits {
    /// 2048 bits and 65537.
    pub const STRICT: Self = Self { min_bits: 2048, min_exponent: 65_537 };

    /// 1024 bits and 3, to verify old signatures. RFC 7518 asks for 2048 bits.
    pub const LEGACY_VERIFY: Self = Self { min_bits: 1024, min_exponent: 3 };

    /// These limits, but none below [`STRICT`](Self::STRICT).
    pub(crate) fn at_least_strict(self) -> Self {
        Self {
            min_bits: self.min_bits.max(Self::STRICT.min_bits),
            min_exponent: self.min_exponent.max(Self::STRICT.min_exponent),
        }
    }

    pub(crate) fn check(self, key: &Params) -> Result<(), Error> {
        if key.kty != KeyType::Rsa {
            return Err(key.wrong_key("RSA"));
        }
        let (n, e) = (key.public("n")?, key.public("e")?);
        if members::bits(n) < self.min_bits {
            return Err(Error::Weak(Weakness::ModulusTooSmall));
        }
        // The length was checked when the key was made.
        let exponent = e.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        if exponent < self.min_exponent {
            return Err(Error::Weak(Weakness::ExponentTooSmall));
        }
        if roca::is_vulnerable(n) {
            return Err(Error::Weak(Weakness::Roca));
        }
        Ok(())
    }
}
