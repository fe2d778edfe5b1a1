use alloc::vec;
use alloc::vec::Vec;

use jose_jwa::{Curve, JwsAlg, KeyType};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::key::{self, on_curve};
use crate::params::Params;
use crate::{Error, Jwk};

/// Which key to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySpec {
    /// A key on this curve.
    Curve(Curve),
    /// An RSA key with a modulus of this many bits and the exponent 65537.
    Rsa {
        /// The bits of the modulus, 2048 to 16384; 3072 is a good choice.
        bits: usize,
    },
    /// A symmetric key of this many octets.
    Oct {
        /// The octets.
        len: usize,
    },
    /// A key of type `AKP` for this algorithm.
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
        match (alg.curve(), alg.min_key_len()) {
            _ if alg.key_type() == KeyType::Akp => Self::Akp { alg },
            (Some(curve), _) => Self::Curve(curve),
            (None, Some(len)) => Self::Oct { len },
            (None, None) => match alg.curves().first() {
                Some(curve) => Self::Curve(*curve),
                None => Self::Rsa { bits: 3072 },
            },
        }
    }
}

impl Jwk {
    /// Generates a key.
    ///
    /// ```
    /// # #[cfg(all(feature = "std", feature = "p256"))] {
    /// use jose_jwk::{Curve, Jwk, SysRng};
    /// let key = Jwk::generate(Curve::P256, &mut SysRng)?;
    /// assert!(key.is_private());
    /// # }
    /// # Ok::<(), jose_jwk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Rng`] where the random number generator fails; [`Error::Disabled`] where this build lacks the
    /// key type or curve; [`Error::Weak`] or [`Error::Member`] for a size that could not be used.
    pub fn generate<R: TryCryptoRng + ?Sized>(spec: impl Into<KeySpec>, rng: &mut R) -> Result<Self, Error> {
        match spec.into() {
            KeySpec::Oct { len: 0 } => Err(Error::length("k")),
            KeySpec::Oct { len } => {
                let params = Params::new(KeyType::Oct, None);
                Ok(Self::from_params(params.with_secret("k", random(len, rng)?)))
            }
            #[cfg(feature = "rsa")]
            KeySpec::Rsa { bits } => generate_rsa(bits, rng),
            #[cfg(not(feature = "rsa"))]
            KeySpec::Rsa { .. } => Err(Error::Disabled { feature: "rsa" }),
            KeySpec::Curve(curve) => on_curve!(curve, C => generate_ec::<C, R>(rng); _ => {
                let secret = random(curve.secret_len(), rng)?;
                complete(Params::new(curve.key_type(), Some(curve)).with_secret("d", secret))
            }),
            KeySpec::Akp { alg } if alg.key_type() == KeyType::Akp => {
                let params = Params::akp(alg);
                complete(params.with_secret("priv", random(32, rng)?))
            }
            KeySpec::Akp { alg } => Err(Params::new(KeyType::Akp, None).wrong_key(alg.as_str())),
        }
    }
}

fn random<R: TryCryptoRng + ?Sized>(len: usize, rng: &mut R) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut octets = Zeroizing::new(vec![0; len]);
    rng.try_fill_bytes(&mut octets).map_err(|_| Error::Rng)?;
    Ok(octets)
}

fn complete(params: Params) -> Result<Jwk, Error> {
    key::complete(params).map(Jwk::from_params)
}

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
fn generate_ec<C, R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Jwk, Error>
where
    C: crate::EcCurve,
    for<'k> Jwk: From<&'k elliptic_curve::SecretKey<C>>,
{
    use elliptic_curve::Generate;
    let key = elliptic_curve::SecretKey::<C>::try_generate_from_rng(rng).map_err(|_| Error::Rng)?;
    Ok(Jwk::from(&key))
}

#[cfg(feature = "rsa")]
fn generate_rsa<R: TryCryptoRng + ?Sized>(bits: usize, rng: &mut R) -> Result<Jwk, Error> {
    if bits < crate::RsaLimits::STRICT.min_bits {
        return Err(Error::Weak(crate::Weakness::ModulusTooSmall));
    }
    if bits > 16_384 {
        return Err(Error::Weak(crate::Weakness::ModulusTooLarge));
    }
    let key = rsa::PrivateKey::new(rng, bits).map_err(|_| Error::Rng)?;
    Jwk::try_from(&key)
}
