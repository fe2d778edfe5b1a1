//! Random numbers, which are a parameter.

use core::fmt;

use rand_core::{TryCryptoRng, TryRng};

use crate::Error;

/// A random number generator of any error type, as an object. It is implemented for all of them.
pub trait Rng: TryCryptoRng<Error = RngError> {}

impl<R: TryCryptoRng<Error = RngError>> Rng for R {}

/// The random number generator failed, or there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RngError;

impl fmt::Display for RngError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Error::Rng.fmt(f)
    }
}

impl core::error::Error for RngError {}

/// A caller's generator, whose error is told no further, as a [`Rng`].
pub(crate) struct AnyRng<'r, R: ?Sized>(pub(crate) &'r mut R);

impl<R: TryCryptoRng + ?Sized> TryRng for AnyRng<'_, R> {
    type Error = RngError;

    fn try_next_u32(&mut self) -> Result<u32, RngError> {
        self.0.try_next_u32().map_err(|_| RngError)
    }

    fn try_next_u64(&mut self) -> Result<u64, RngError> {
        self.0.try_next_u64().map_err(|_| RngError)
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), RngError> {
        self.0.try_fill_bytes(octets).map_err(|_| RngError)
    }
}

impl<R: TryCryptoRng + ?Sized> TryCryptoRng for AnyRng<'_, R> {}

/// What stands in for a generator where there is none: an algorithm that needs one fails.
#[cfg(not(feature = "std"))]
pub(crate) struct NoRng;

#[cfg(not(feature = "std"))]
impl TryRng for NoRng {
    type Error = RngError;

    fn try_next_u32(&mut self) -> Result<u32, RngError> {
        Err(RngError)
    }

    fn try_next_u64(&mut self) -> Result<u64, RngError> {
        Err(RngError)
    }

    fn try_fill_bytes(&mut self, _octets: &mut [u8]) -> Result<(), RngError> {
        Err(RngError)
    }
}

#[cfg(not(feature = "std"))]
impl TryCryptoRng for NoRng {}

/// The generator of a call that names none: the system's, where there is one.
pub(crate) fn with_default_rng<T>(f: impl FnOnce(&mut dyn Rng) -> T) -> T {
    #[cfg(feature = "std")]
    return f(&mut AnyRng(&mut jose_jwk::SysRng));
    #[cfg(not(feature = "std"))]
    f(&mut NoRng)
}
