use jose_jwa::{Curve, JweEnc, JwsAlg, KeyType};
use rand_core::TryCryptoRng;

use crate::error::Error;
use crate::jwk::Jwk;
use crate::key;
use crate::params::Params;

/// Which key to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySpec {
    /// A key on this curve.
    Curve(Curve),
    /// An RSA key with the exponent 65537.
    Rsa {
        /// The bits of the modulus, 2048 to 16384. 3072 is a good choice.
        bits: usize,
    },
    /// A symmetric key.
    Oct {
        /// Its length in bytes.
        len: usize,
    },
    /// A key of type `AKP`.
    Akp {
        /// ML-DSA-44, ML-DSA-65 or ML-DSA-87.
        alg: JwsAlg,
    },
}

impl From<Curve> for KeySpec {
    fn from(curve: Curve) -> Self {
        Self::Curve(curve)
    }
}

impl From<JwsAlg> for KeySpec {
    /// The key that suits the algorithm: digest-sized for HMAC, 3072 bits for RSA, Ed25519 for `EdDSA`.
    fn from(alg: JwsAlg) -> Self {
        match (alg.curves().first(), alg.min_key_len()) {
            _ if alg.key_type() == KeyType::Akp => Self::Akp { alg },
            (Some(curve), _) => Self::Curve(*curve),
            (None, Some(len)) => Self::Oct { len },
            (None, None) => Self::Rsa { bits: 3072 },
        }
    }
}

impl From<JweEnc> for KeySpec {
    /// A content encryption key, as `dir` takes it.
    fn from(enc: JweEnc) -> Self {
        Self::Oct { len: enc.cek_len() }
    }
}

impl Jwk {
    /// Generates a key.
    ///
    /// ```
    /// use jose_jwk::{Curve, Jwk, SysRng};
    ///
    /// fn main() -> Result<(), jose_jwk::Error> {
    ///     let key = Jwk::generate(Curve::P256, &mut SysRng)?;
    ///     assert!(key.is_private());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Rng`] if the random number generator fails; [`Error::Disabled`] if this build lacks the key type or
    /// curve; [`Error::Weak`] or [`Error::Member`] for a size that could not be used; [`Error::Usage`] for an
    /// algorithm of another key type than `AKP` in [`KeySpec::Akp`].
    pub fn generate<R: TryCryptoRng + ?Sized>(spec: impl Into<KeySpec>, rng: &mut R) -> Result<Self, Error> {
        let params = match spec.into() {
            KeySpec::Oct { len: 0 } => return Err(Error::length("k")),
            KeySpec::Oct { len } => Params::new(KeyType::Oct, None).with_secret("k", key::random(len, rng)?),
            KeySpec::Rsa { bits } => key::generate_rsa(bits, rng)?,
            KeySpec::Curve(curve) => key::generate(&Params::new(curve.key_type(), Some(curve)), rng)?,
            KeySpec::Akp { alg } if alg.key_type() == KeyType::Akp => key::generate(&Params::akp(alg), rng)?,
            KeySpec::Akp { alg } => return Err(Params::new(KeyType::Akp, None).wrong_key(alg.as_str())),
        };
        Ok(Self::from_params(params))
    }
}
