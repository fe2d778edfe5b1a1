//! `RSA` keys (RFC 7518 section 6.3).

use jose_jwa::KeyType;

use crate::params::Params;
use crate::{Error, Jwk, Weakness};

mod roca;

/// The members that come together or not at all (RFC 7518 section 6.3.2).
const CRT: &[&str] = &["p", "q", "dp", "dq", "qi"];

/// The most bits of a modulus that any key may have, so that its arithmetic is bounded.
const MAX_BITS: usize = 16_384;

/// The most octets of a public exponent: 33 bits.
const MAX_EXPONENT_LEN: usize = 5;

/// The rules for the members themselves, whatever this build can compute with.
pub(super) fn check(params: &Params) -> Result<(), Error> {
    for (name, octets) in params.publics().chain(params.secrets()) {
        // Base64urlUInt: the shortest form, and none of these is zero (RFC 7518 section 2).
        if octets.first().is_none_or(|first| *first == 0) {
            return Err(Error::length(name));
        }
    }
    let (n, e) = (params.public("n")?, params.public("e")?);
    let odd = |octets: &[u8]| octets.last().is_some_and(|last| last & 1 == 1);
    if !odd(n) {
        return Err(Error::Weak(Weakness::ModulusEven));
    }
    if bits(n) > MAX_BITS {
        return Err(Error::Weak(Weakness::ModulusTooLarge));
    }
    if !odd(e) {
        return Err(Error::Weak(Weakness::ExponentEven));
    }
    if e == [1] {
        return Err(Error::Weak(Weakness::ExponentTooSmall));
    }
    if e.len() > MAX_EXPONENT_LEN || bits(e) > 33 {
        return Err(Error::Weak(Weakness::ExponentTooLarge));
    }
    if !params.is_private() {
        return Ok(());
    }
    if params.secret("d").is_none() {
        return Err(Error::missing("d"));
    }
    let crt = || CRT.iter().filter(|name| params.secret(name).is_some());
    if crt().next().is_some() {
        for name in CRT {
            params.secret(name).ok_or(Error::missing(name))?;
        }
        if params.secret("p") == params.secret("q") {
            return Err(Error::Weak(Weakness::PrimesEqual));
        }
    }
    #[cfg(feature = "rsa")]
    convert::check_private(params)?;
    Ok(())
}

/// The length of an integer without leading zero octets.
fn bits(octets: &[u8]) -> usize {
    let first = octets.first().copied().unwrap_or(0);
    // A `u8` has eight bits, so that the count of leading zeros fits any integer.
    let zeros = usize::try_from(first.leading_zeros()).unwrap_or(8);
    octets.len().saturating_mul(8).saturating_sub(zeros)
}

/// What an RSA key must be to be used (RFC 7518 sections 3.3, 3.5, 4.2 and 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaLimits {
    /// The fewest bits of the modulus.
    pub min_bits: usize,
    /// The smallest public exponent.
    pub min_exponent: u64,
}

impl RsaLimits {
    /// 2048 bits and 65537.
    pub const STRICT: Self = Self { min_bits: 2048, min_exponent: 65_537 };

    /// 1024 bits and 3: for signatures of long ago, and to verify them alone. RFC 7518 asks for 2048 bits.
    pub const LEGACY_VERIFY: Self = Self { min_bits: 1024, min_exponent: 3 };

    /// These limits where they are stricter than [`STRICT`](Self::STRICT), and those otherwise.
    pub(crate) fn at_least_strict(self) -> Self {
        Self {
            min_bits: self.min_bits.max(Self::STRICT.min_bits),
            min_exponent: self.min_exponent.max(Self::STRICT.min_exponent),
        }
    }

    /// Checks the key of a JWK.
    ///
    /// # Errors
    ///
    /// [`Usage::WrongKey`](crate::Usage::WrongKey) where it is none of RSA, [`Error::Weak`] with the limit that it breaks.
    pub fn check(self, jwk: &Jwk) -> Result<(), Error> {
        if jwk.params.kty != KeyType::Rsa {
            return Err(jwk.params.wrong_key("RSA"));
        }
        let (n, e) = (jwk.params.public("n")?, jwk.params.public("e")?);
        if bits(n) < self.min_bits {
            return Err(Error::Weak(Weakness::ModulusTooSmall));
        }
        // The length was checked where the key was made.
        let exponent = e.iter().fold(0_u64, |sum, octet| (sum << 8) | u64::from(*octet));
        if exponent < self.min_exponent {
            return Err(Error::Weak(Weakness::ExponentTooSmall));
        }
        if roca::is_vulnerable(n) {
            return Err(Error::Weak(Weakness::Roca));
        }
        Ok(())
    }
}

#[cfg(all(feature = "rsa", feature = "pem"))]
pub(crate) use convert::complete;

/// The same without arithmetic.
#[cfg(all(not(feature = "rsa"), feature = "pem"))]
pub(crate) fn complete(params: Params) -> Result<Params, Error> {
    let complete = CRT.iter().all(|name| params.secret(name).is_some());
    if complete { Ok(params) } else { Err(Error::Disabled { feature: "rsa" }) }
}

#[cfg(feature = "rsa")]
mod convert {
    use alloc::boxed::Box;
    use alloc::vec::Vec;

    use jose_jwa::KeyType;
    use rsa::traits::{PrivateKeyParts, PublicKeyParts};
    use rsa::{BoxedUint, PrivateKey, PublicKey};
    use zeroize::Zeroizing;

    #[cfg(feature = "pem")]
    use super::CRT;
    use super::MAX_BITS;
    use crate::params::Params;
    use crate::{Error, Jwk, PublicJwk, Usage};

    fn integer(octets: &[u8]) -> BoxedUint {
        BoxedUint::from_be_slice_vartime(octets)
    }

    /// A secret integer at the width of its octets, which is that of the modulus or of a prime.
    fn secret_integer(params: &Params, name: &'static str) -> Result<BoxedUint, Error> {
        let octets = params.secret(name).ok_or(Error::missing(name))?;
        let width = u32::try_from(octets.len().saturating_mul(8)).map_err(|_| Error::length(name))?;
        BoxedUint::from_be_slice(octets, width).map_err(|_| Error::length(name))
    }

    fn private_key(params: &Params) -> Result<PrivateKey, Error> {
        if params.kty != KeyType::Rsa {
            return Err(params.wrong_key("RSA"));
        }
        if !params.is_private() {
            return Err(Error::Usage(Usage::NotPrivate));
        }
        let (n, e) = (integer(params.public("n")?), integer(params.public("e")?));
        let d = secret_integer(params, "d")?;
        let primes = match params.secret("p") {
            Some(_) => Vec::from([secret_integer(params, "p")?, secret_integer(params, "q")?]),
            // From `d` alone they are recovered (RFC 7518 section 6.3.2 asks for no more than `d`).
            None => Vec::new(),
        };
        // The limits on `n` and `e` were checked with the members.
        PrivateKey::from_components_with_large_exponent(n, e, d, primes).map_err(|_| Error::KeyMismatch)
    }

    /// The parts of a private key belong together, those too that are recomputed and not used as they came.
    pub(super) fn check_private(params: &Params) -> Result<(), Error> {
        let key = private_key(params)?;
        if params.secret("dp").is_none() {
            return Ok(());
        }
        for (name, octets) in crt_members(&key)? {
            if params.secret(name) != Some(octets.as_slice()) {
                return Err(Error::KeyMismatch);
            }
        }
        Ok(())
    }

    fn secret_octets(integer: &BoxedUint) -> Zeroizing<Vec<u8>> {
        let octets: Zeroizing<Box<[u8]>> = Zeroizing::new(integer.to_be_bytes());
        let start = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len());
        Zeroizing::new(octets.get(start..).unwrap_or_default().to_vec())
    }

    type SecretMember = (&'static str, Zeroizing<Vec<u8>>);

    /// `p`, `q`, `dp`, `dq` and `qi`.
    fn crt_members(key: &PrivateKey) -> Result<[SecretMember; 5], Error> {
        let [p, q] = key.primes() else {
            return Err(Error::Unsupported("RSA with more than two primes"));
        };
        let (Some(dp), Some(dq), Some(qi)) = (key.dp(), key.dq(), key.crt_coefficient()) else {
            return Err(Error::KeyMismatch);
        };
        Ok([
            ("p", secret_octets(p.as_ref())),
            ("q", secret_octets(q.as_ref())),
            ("dp", secret_octets(dp)),
            ("dq", secret_octets(dq)),
            ("qi", secret_octets(&Zeroizing::new(qi))),
        ])
    }

    /// The key with its primes and what is computed from them, where they are missing.
    #[cfg(feature = "pem")]
    pub(crate) fn complete(params: Params) -> Result<Params, Error> {
        if CRT.iter().all(|name| params.secret(name).is_some()) {
            return Ok(params);
        }
        let mut params = params;
        for (name, octets) in crt_members(&private_key(&params)?)? {
            if params.secret(name).is_none() {
                params = params.with_secret(name, octets);
            }
        }
        Ok(params)
    }

    fn public_params(key: &PublicKey) -> Params {
        let octets = |octets: Box<[u8]>| octets.into_vec();
        Params::new(KeyType::Rsa, None)
            .with_public("n", octets(key.n_bytes()))
            .with_public("e", octets(key.e_bytes()))
    }

    impl TryFrom<&Jwk> for PublicKey {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            if jwk.params.kty != KeyType::Rsa {
                return Err(jwk.params.wrong_key("RSA"));
            }
            let (n, e) = (integer(jwk.params.public("n")?), integer(jwk.params.public("e")?));
            Self::new_with_size_limits(n, e, 0..=MAX_BITS).map_err(|_| Error::invalid("n"))
        }
    }

    impl TryFrom<&Jwk> for PrivateKey {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            private_key(&jwk.params)
        }
    }

    impl TryFrom<&PublicKey> for PublicJwk {
        type Error = Error;

        /// # Errors
        ///
        /// [`Error::Weak`] where `n` or `e` is outside of what any key may have.
        fn try_from(key: &PublicKey) -> Result<Self, Error> {
            let params = public_params(key);
            super::check(&params)?;
            Ok(Self::from_params(params))
        }
    }

    impl TryFrom<&PrivateKey> for Jwk {
        type Error = Error;

        /// # Errors
        ///
        /// [`Error::Unsupported`] where the key has more than two primes, [`Error::Weak`] where `n` or `e` is outside
        /// of what any key may have.
        fn try_from(key: &PrivateKey) -> Result<Self, Error> {
            let mut params = public_params(key.as_public_key()).with_secret("d", secret_octets(key.d()));
            for (name, octets) in crt_members(key)? {
                params = params.with_secret(name, octets);
            }
            super::check(&params)?;
            Ok(Self::from_params(params))
        }
    }
}
