//! `RSAPublicKey` and `RSAPrivateKey` (RFC 8017 appendix A.1).

use alloc::vec::Vec;

use jose_jwa::KeyType;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::der::asn1::UintRef;
use pkcs8::der::{Decode, Encode};
use zeroize::Zeroizing;

use super::algorithm::{WRONG_TYPE, not};
use crate::error::Error;
use crate::key;
use crate::params::Params;

const PUBLIC: &str = "PKCS #1 (`RSAPublicKey`)";
const PRIVATE: &str = "PKCS #1 (`RSAPrivateKey`)";

pub(super) fn read_public(der: &[u8]) -> Result<Params, Error> {
    let params = with_public(Params::new(KeyType::Rsa, None), der)?;
    key::check(&params)?;
    Ok(params)
}

/// The key with its public members. They are not checked yet.
pub(super) fn with_public(params: Params, der: &[u8]) -> Result<Params, Error> {
    let public = RsaPublicKeyRef::from_der(der).map_err(not(PUBLIC))?;
    Ok(params.with_public("n", public.modulus.as_bytes()).with_public("e", public.public_exponent.as_bytes()))
}

pub(super) fn read_private(der: &[u8]) -> Result<Params, Error> {
    let private = RsaPrivateKeyRef::from_der(der).map_err(not(PRIVATE))?;
    if private.other_prime_infos.is_some() {
        return Err(Error::Unsupported("RSA with more than two primes"));
    }
    let params = Params::new(KeyType::Rsa, None)
        .with_public("n", private.modulus.as_bytes())
        .with_public("e", private.public_exponent.as_bytes());
    let secrets = [
        ("d", &private.private_exponent),
        ("p", &private.prime1),
        ("q", &private.prime2),
        ("dp", &private.exponent1),
        ("dq", &private.exponent2),
        ("qi", &private.coefficient),
    ];
    let params = secrets
        .into_iter()
        .fold(params, |params, (name, integer)| params.with_secret(name, integer.as_bytes().to_vec()));
    key::check(&params)?;
    Ok(params)
}

fn integer(bytes: &[u8]) -> Result<UintRef<'_>, Error> {
    UintRef::new(bytes).map_err(not(PRIVATE))
}

pub(super) fn write_public(params: &Params) -> Result<Vec<u8>, Error> {
    if params.kty != KeyType::Rsa {
        return Err(WRONG_TYPE);
    }
    let public = RsaPublicKeyRef {
        modulus: integer(params.public("n")?)?,
        public_exponent: integer(params.public("e")?)?,
    };
    public.to_der().map_err(not(PUBLIC))
}

pub(super) fn write_private(params: &Params) -> Result<Zeroizing<Vec<u8>>, Error> {
    if params.kty != KeyType::Rsa {
        return Err(WRONG_TYPE);
    }
    // All of them are members of the structure, and a JWK may have `d` alone.
    let params = key::complete_rsa(params.clone())?;
    let secret = |name| integer(params.secret(name).ok_or(Error::missing(name))?);
    let private = RsaPrivateKeyRef {
        modulus: integer(params.public("n")?)?,
        public_exponent: integer(params.public("e")?)?,
        private_exponent: secret("d")?,
        prime1: secret("p")?,
        prime2: secret("q")?,
        exponent1: secret("dp")?,
        exponent2: secret("dq")?,
        coefficient: secret("qi")?,
        other_prime_infos: None,
    };
    private.to_der().map(Zeroizing::new).map_err(not(PRIVATE))
}
