//! The caller's generator, whatever its error, as one type.

use rand_core::{TryCryptoRng, TryRng};

use crate::Error;

/// A generator as an object.
pub(crate) type DynRng<'r> = dyn TryCryptoRng<Error = Error> + 'r;

/// A caller's generator, whose error is told no further.
pub(crate) struct AnyRng<'r, R: ?Sized>(pub(crate) &'r mut R);

impl<R: TryCryptoRng + ?Sized> TryRng for AnyRng<'_, R> {
    type Error = Error;

    fn try_next_u32(&mut self) -> Result<u32, Error> {
        self.0.try_next_u32().map_err(|_| Error::Rng)
    }

    fn try_next_u64(&mut self) -> Result<u64, Error> {
        self.0.try_next_u64().map_err(|_| Error::Rng)
    }

    fn try_fill_bytes(&mut self, octets: &mut [u8]) -> Result<(), Error> {
        self.0.try_fill_bytes(octets).map_err(|_| Error::Rng)
    }
}

impl<R: TryCryptoRng + ?Sized> TryCryptoRng for AnyRng<'_, R> {}
