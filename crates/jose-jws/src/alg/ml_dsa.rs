//! ML-DSA with an empty context (RFC 9964).

use jose_jwk::{Error, Jwk, MlDsaVariant};
use ml_dsa::{ExpandedSigningKey, SigningKey, VerifyingKey};

use crate::key::FromJwk;

/// Expanded from its seed, once.
impl<P: MlDsaVariant> FromJwk for ExpandedSigningKey<P> {
    fn from_jwk(jwk: &Jwk) -> Result<Self, Error> {
        Ok(Self::from_seed(SigningKey::<P>::try_from(jwk)?.as_seed()))
    }
}

impl<P: MlDsaVariant> FromJwk for VerifyingKey<P> {
    fn from_jwk(jwk: &Jwk) -> Result<Self, Error> {
        jwk.try_into()
    }
}
