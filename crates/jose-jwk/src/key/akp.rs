//! `AKP` keys (RFC 9964 section 3): ML-DSA, whose private key is the seed.

use jose_jwa::JwsAlg;
use ml_dsa::{EncodedVerifyingKey, Keypair, MlDsaParams, Seed, SigningKey, VerifyingKey};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::pair::{KeyPair, random};
use crate::error::Error;
use crate::params::{AkpAlg, Params};

/// RustCrypto's type for a parameter set of ML-DSA, with its name in the registry.
pub trait MlDsaVariant: MlDsaParams {
    /// The name.
    const ALG: JwsAlg;
}

impl MlDsaVariant for ml_dsa::MlDsa44 {
    const ALG: JwsAlg = JwsAlg::MlDsa44;
}

impl MlDsaVariant for ml_dsa::MlDsa65 {
    const ALG: JwsAlg = JwsAlg::MlDsa65;
}

impl MlDsaVariant for ml_dsa::MlDsa87 {
    const ALG: JwsAlg = JwsAlg::MlDsa87;
}

fn is_for<P: MlDsaVariant>(key: &Params) -> Result<(), Error> {
    if key.alg == Some(AkpAlg::Jws(P::ALG)) { Ok(()) } else { Err(key.wrong_key(P::ALG.as_str())) }
}

impl<P: MlDsaVariant> KeyPair for SigningKey<P> {
    type Public = VerifyingKey<P>;

    fn read_private(key: &Params) -> Result<Self, Error> {
        is_for::<P>(key)?;
        let seed = Seed::try_from(key.private("priv")?).map_err(|_| Error::length("priv"))?;
        Ok(Self::from_seed(&Zeroizing::new(seed)))
    }

    fn read_public(key: &Params) -> Result<VerifyingKey<P>, Error> {
        is_for::<P>(key)?;
        let encoded = EncodedVerifyingKey::<P>::try_from(key.public("pub")?);
        Ok(VerifyingKey::decode(&encoded.map_err(|_| Error::length("pub"))?))
    }

    fn public(&self) -> VerifyingKey<P> {
        self.verifying_key()
    }

    fn write_public(public: &VerifyingKey<P>) -> Params {
        Params::akp(P::ALG).with_public("pub", public.encode().as_slice())
    }

    fn write_private(&self, public: Params) -> Params {
        public.with_secret("priv", self.as_seed().as_slice())
    }

    fn generate<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, Error> {
        Self::read_private(&Params::akp(P::ALG).with_secret("priv", random(size_of::<Seed>(), rng)?))
    }

    /// Any bytes of the right length are a public key: decoding them, which is much work, would tell nothing.
    fn check_public(_: &Params) -> Result<(), Error> {
        Ok(())
    }
}
