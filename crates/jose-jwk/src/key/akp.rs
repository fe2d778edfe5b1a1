//! `AKP` keys (RFC 9964 section 3): ML-DSA, whose private key is the seed.

use jose_jwa::JwsAlg;

use super::check_secret;
use crate::params::Params;
use crate::{Error, Usage};

/// The octets of `priv`.
const SEED_LEN: usize = 32;

/// The octets of `pub` (FIPS 204 table 2).
fn public_len(alg: JwsAlg) -> Option<usize> {
    match alg {
        JwsAlg::MlDsa44 => Some(1312),
        JwsAlg::MlDsa65 => Some(1952),
        JwsAlg::MlDsa87 => Some(2592),
        _ => None,
    }
}

/// The lengths are right, and `pub` is the one of the seed.
pub(super) fn check(params: &Params) -> Result<(), Error> {
    let alg = params.alg.ok_or(Error::missing("alg"))?;
    let public = params.public("pub")?;
    if public_len(alg).ok_or(Error::AlgorithmUnknown)? != public.len() {
        return Err(Error::length("pub"));
    }
    check_secret(params, SEED_LEN)?;
    let Some(seed) = params.secret("priv") else { return Ok(()) };
    match derive(alg, seed) {
        Ok(own) if own.as_slice() != public => Err(Error::KeyMismatch),
        Err(Error::Disabled { .. }) | Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The key with the public part of the seed.
pub(super) fn complete(params: Params) -> Result<Params, Error> {
    check_secret(&params, SEED_LEN)?;
    let alg = params.alg.ok_or(Error::missing("alg"))?;
    let public = derive(alg, params.secret("priv").ok_or(Error::Usage(Usage::NotPrivate))?)?;
    Ok(params.with_public("pub", public))
}

#[cfg(not(feature = "ml-dsa"))]
fn derive(_: JwsAlg, _: &[u8]) -> Result<alloc::vec::Vec<u8>, Error> {
    Err(Error::Disabled { feature: "ml-dsa" })
}

#[cfg(feature = "ml-dsa")]
use convert::derive;

#[cfg(feature = "ml-dsa")]
pub use convert::MlDsaVariant;

#[cfg(feature = "ml-dsa")]
mod convert {
    use alloc::vec::Vec;

    use jose_jwa::JwsAlg;
    use ml_dsa::{
        EncodedVerifyingKey, Keypair, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Seed, SigningKey, VerifyingKey,
    };
    use zeroize::Zeroizing;

    use crate::params::Params;
    use crate::{Error, Jwk, PublicJwk, Usage};

    /// RustCrypto's type for a parameter set of ML-DSA, with its name in the registry.
    pub trait MlDsaVariant: MlDsaParams {
        /// The name.
        const ALG: JwsAlg;
    }

    impl MlDsaVariant for MlDsa44 {
        const ALG: JwsAlg = JwsAlg::MlDsa44;
    }

    impl MlDsaVariant for MlDsa65 {
        const ALG: JwsAlg = JwsAlg::MlDsa65;
    }

    impl MlDsaVariant for MlDsa87 {
        const ALG: JwsAlg = JwsAlg::MlDsa87;
    }

    /// The octets of the public key of a seed.
    pub(in super::super) fn derive(alg: JwsAlg, seed: &[u8]) -> Result<Vec<u8>, Error> {
        match alg {
            JwsAlg::MlDsa44 => derive_with::<MlDsa44>(seed),
            JwsAlg::MlDsa65 => derive_with::<MlDsa65>(seed),
            JwsAlg::MlDsa87 => derive_with::<MlDsa87>(seed),
            _ => Err(Error::AlgorithmUnknown),
        }
    }

    fn derive_with<P: MlDsaVariant>(seed: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(signing_key::<P>(seed)?.verifying_key().encode().to_vec())
    }

    fn signing_key<P: MlDsaVariant>(seed: &[u8]) -> Result<SigningKey<P>, Error> {
        let seed: Zeroizing<Seed> = Zeroizing::new(seed.try_into().map_err(|_| Error::length("priv"))?);
        Ok(SigningKey::from_seed(&seed))
    }

    fn is_for<P: MlDsaVariant>(params: &Params) -> Result<(), Error> {
        if params.alg == Some(P::ALG) { Ok(()) } else { Err(params.wrong_key(P::ALG.as_str())) }
    }

    impl<P: MlDsaVariant> TryFrom<&Jwk> for VerifyingKey<P> {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            is_for::<P>(&jwk.params)?;
            let octets = jwk.params.public("pub")?;
            let encoded = EncodedVerifyingKey::<P>::try_from(octets).map_err(|_| Error::length("pub"))?;
            Ok(Self::decode(&encoded))
        }
    }

    impl<P: MlDsaVariant> TryFrom<&Jwk> for SigningKey<P> {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            is_for::<P>(&jwk.params)?;
            signing_key(jwk.params.secret("priv").ok_or(Error::Usage(Usage::NotPrivate))?)
        }
    }

    fn public_params<P: MlDsaVariant>(key: &VerifyingKey<P>) -> Params {
        let params = Params::akp(P::ALG);
        params.with_public("pub", key.encode().to_vec())
    }

    impl<P: MlDsaVariant> From<&VerifyingKey<P>> for PublicJwk {
        fn from(key: &VerifyingKey<P>) -> Self {
            Self::from_params(public_params(key))
        }
    }

    impl<P: MlDsaVariant> From<&SigningKey<P>> for Jwk {
        fn from(key: &SigningKey<P>) -> Self {
            Self::from_params(public_params(&key.verifying_key()).with_secret("priv", key.as_seed().to_vec()))
        }
    }
}
