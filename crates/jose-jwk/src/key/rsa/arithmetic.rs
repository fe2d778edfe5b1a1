//! RustCrypto's RSA keys, from key material and to it.

use alloc::boxed::Box;
use alloc::vec::Vec;

use jose_jwa::KeyType;
use rand_core::TryCryptoRng;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use super::members::{self, MAX_BITS};
use crate::error::Error;
use crate::params::Params;

fn integer(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(bytes)
}

/// A secret integer at the width of its bytes, which is that of the modulus or of a prime.
fn secret_integer(key: &Params, name: &'static str) -> Result<BoxedUint, Error> {
    let bytes = key.secret(name).ok_or(Error::missing(name))?;
    let width = u32::try_from(bytes.len().saturating_mul(8)).map_err(|_| Error::length(name))?;
    BoxedUint::from_be_slice(bytes, width).map_err(|_| Error::length(name))
}

fn is_rsa(key: &Params) -> Result<(), Error> {
    if key.kty == KeyType::Rsa { Ok(()) } else { Err(key.wrong_key("RSA")) }
}

pub(crate) fn public_key(key: &Params) -> Result<PublicKey, Error> {
    is_rsa(key)?;
    let (n, e) = (integer(key.public("n")?), integer(key.public("e")?));
    PublicKey::new_with_size_limits(n, e, 0..=MAX_BITS).map_err(|_| Error::invalid("n"))
}

pub(crate) fn private_key(key: &Params) -> Result<PrivateKey, Error> {
    is_rsa(key)?;
    key.private("d")?;
    let (n, e) = (integer(key.public("n")?), integer(key.public("e")?));
    let d = secret_integer(key, "d")?;
    let primes = match key.secret("p") {
        Some(_) => Vec::from([secret_integer(key, "p")?, secret_integer(key, "q")?]),
        // From `d` alone they are recovered (RFC 7518 section 6.3.2 asks for no more than `d`).
        None => Vec::new(),
    };
    // The limits on `n` and `e` were checked with the members.
    PrivateKey::from_components_with_large_exponent(n, e, d, primes).map_err(|_| Error::KeyMismatch)
}

/// The parts of a private key belong together, also those that are recomputed and not used as they came.
pub(super) fn check_private(key: &Params) -> Result<(), Error> {
    if !key.is_private() {
        return Ok(());
    }
    let own = private_key(key)?;
    if key.secret("dp").is_none() {
        return Ok(());
    }
    let fits = |(name, bytes): SecretMember| key.secret(name) == Some(bytes.as_slice());
    if crt_members(&own)?.into_iter().all(fits) { Ok(()) } else { Err(Error::KeyMismatch) }
}

fn secret_bytes(integer: &BoxedUint) -> Zeroizing<Vec<u8>> {
    let bytes: Zeroizing<Box<[u8]>> = Zeroizing::new(integer.to_be_bytes());
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    Zeroizing::new(bytes.get(start..).unwrap_or_default().to_vec())
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
        ("p", secret_bytes(p.as_ref())),
        ("q", secret_bytes(q.as_ref())),
        ("dp", secret_bytes(dp)),
        ("dq", secret_bytes(dq)),
        ("qi", secret_bytes(&Zeroizing::new(qi))),
    ])
}

/// Adds the primes and what is computed from them, if they are missing.
pub(super) fn complete(key: Params) -> Result<Params, Error> {
    let missing =
        crt_members(&private_key(&key)?)?.into_iter().filter(|(name, _)| key.secret(name).is_none());
    Ok(missing.collect::<Vec<_>>().into_iter().fold(key, |key, (name, bytes)| key.with_secret(name, bytes)))
}

pub(super) fn generate<R: TryCryptoRng + ?Sized>(bits: usize, rng: &mut R) -> Result<Params, Error> {
    private_params(&PrivateKey::new(rng, bits).map_err(|_| Error::Rng)?)
}

pub(crate) fn public_params(key: &PublicKey) -> Result<Params, Error> {
    let params = Params::new(KeyType::Rsa, None)
        .with_public("n", key.n_bytes().into_vec())
        .with_public("e", key.e_bytes().into_vec());
    members::check(&params)?;
    Ok(params)
}

pub(crate) fn private_params(key: &PrivateKey) -> Result<Params, Error> {
    let params = public_params(key.as_public_key())?.with_secret("d", secret_bytes(key.d()));
    let params =
        crt_members(key)?.into_iter().fold(params, |key, (name, bytes)| key.with_secret(name, bytes));
    members::check(&params)?;
    Ok(params)
}
