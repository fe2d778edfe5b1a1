//! In place of the cipher suites, where the build has none. No key is prepared for an algorithm that the build lacks.

use alloc::boxed::Box;
use alloc::vec::Vec;

use jose_jwa::JweAlg;
use jose_jwk::{Error as KeyError, Jwk};

use super::{Context, Decapsulate, Seal};
use crate::error::Error;
use crate::jwe::rng::DynRng;

pub(in crate::jwe::key) fn private(
    _: &Jwk,
    _: JweAlg,
) -> Result<Box<dyn Decapsulate + Send + Sync>, KeyError> {
    Err(KeyError::Disabled { feature: "hpke" })
}

pub(in crate::jwe::key) fn encapsulate(
    alg: JweAlg,
    _: &Jwk,
    _: Context<'_>,
    _: Option<&[u8]>,
    _: &mut DynRng<'_>,
) -> Result<(Vec<u8>, Box<dyn Seal>), Error> {
    Err(Error::Disabled { alg, feature: "hpke" })
}
