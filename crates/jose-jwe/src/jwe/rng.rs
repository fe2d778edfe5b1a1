//! The random number generator of the caller as one type, so that no cipher code is generic over it.

use rand_core::{TryCryptoRng, TryRng};

use crate::error::Error;

/// A generator as an object.
pub(crate) type DynRng<'r> = dyn TryCryptoRng<Error = Error> + 'r;

/// A generator of the caller. Its error becomes [`Error::Rng`].
pub(crate) struct AnyRng<'r, R: ?Sized>(pub(crate) &'r mut R);

impl<R: TryCryptoRng + ?Sized> TryRng for AnyRng<'_, R> {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        self.0.try_next_u32().map_err(|_| Error::Rng)
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        self.0.try_next_u64().map_err(|_| Error::Rng)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.0.try_fill_bytes(bytes).map_err(|_| Error::Rng)
    }
}

impl<R: TryCryptoRng + ?Sized> TryCryptoRng for AnyRng<'_, R> {}
