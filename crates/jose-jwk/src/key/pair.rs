//! What the kinds of keys have in common whose public part is computed from the private one.

use alloc::vec;
use alloc::vec::Vec;

use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::params::Params;

/// The private key type of one curve or algorithm, and with it the public one, from key material and to it.
pub(crate) trait KeyPair: Sized {
    type Public;

    fn read_private(key: &Params) -> Result<Self, Error>;
    fn read_public(key: &Params) -> Result<Self::Public, Error>;
    fn public(&self) -> Self::Public;
    fn write_public(public: &Self::Public) -> Params;
    /// Adds the private member to the public ones.
    fn write_private(&self, public: Params) -> Params;
    fn generate<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, Error>;

    fn check_public(key: &Params) -> Result<(), Error> {
        Self::read_public(key).map(|_| ())
    }

    /// The public key of a compressed point (SEC 1 section 2.3.4), on curves that have them.
    fn decompress(_point: &[u8]) -> Result<Params, Error> {
        Err(Error::NotOnCurve)
    }

    /// The whole material.
    fn write(&self) -> Params {
        self.write_private(Self::write_public(&self.public()))
    }
}

/// The public key is valid, and the private part belongs to it.
pub(super) fn check<K: KeyPair>(key: &Params) -> Result<(), Error> {
    K::check_public(key)?;
    if key.is_private() && K::write_public(&K::read_private(key)?.public()) != key.to_public()? {
        return Err(Error::KeyMismatch);
    }
    Ok(())
}

/// The key with the public part computed. The private one stays as it is: the type of X448 keys clears bits of it.
pub(super) fn complete<K: KeyPair>(key: Params) -> Result<Params, Error> {
    let public = K::write_public(&K::read_private(&key)?.public());
    Ok(public.publics().fold(key, |key, (name, bytes)| key.with_public(name, bytes)))
}

pub(crate) fn random<R: TryCryptoRng + ?Sized>(len: usize, rng: &mut R) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = Zeroizing::new(vec![0; len]);
    rng.try_fill_bytes(&mut bytes).map_err(|_| Error::Rng)?;
    Ok(bytes)
}
