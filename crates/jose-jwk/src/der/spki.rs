//! `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7): RFC 3279, RFC 5480, RFC 8410, RFC 9881.

use alloc::vec::Vec;

use jose_jwa::{JwsAlg, KeyType};
use pkcs8::SubjectPublicKeyInfoRef;
use pkcs8::der::asn1::BitStringRef;
use pkcs8::der::{Decode, Encode};

use super::algorithm::{self, WRONG_TYPE, not};
use super::pkcs1;
use crate::error::Error;
use crate::key;
use crate::params::Params;

/// A key, with the one algorithm that it is restricted to.
pub(crate) type Restricted = (Params, Option<JwsAlg>);

const FORM: &str = "SPKI (`SubjectPublicKeyInfo`)";

pub(super) fn read(der: &[u8]) -> Result<Restricted, Error> {
    read_ref(SubjectPublicKeyInfoRef::from_der(der).map_err(not(FORM))?)
}

pub(crate) fn read_ref(spki: SubjectPublicKeyInfoRef<'_>) -> Result<Restricted, Error> {
    let params = algorithm::read(&spki.algorithm)?;
    let params = with_bytes(params, spki.subject_public_key.as_bytes().ok_or(not(FORM)(()))?)?;
    key::check(&params)?;
    Ok((params, algorithm::restriction(&spki.algorithm)?))
}

/// The key with its public members, from the bytes of the bit string. They are not checked yet.
pub(crate) fn with_bytes(params: Params, bytes: &[u8]) -> Result<Params, Error> {
    let curve = params.crv;
    match params.kty {
        KeyType::Rsa => pkcs1::with_public(params, bytes),
        KeyType::Ec => {
            let curve = curve.ok_or(WRONG_TYPE)?;
            let len = curve.coordinate_len();
            match bytes.split_first() {
                Some((4, point)) if point.len() == len.saturating_mul(2) => {
                    let (x, y) = point.split_at_checked(len).ok_or(not(FORM)(()))?;
                    Ok(params.with_public("x", x).with_public("y", y))
                }
                Some((2 | 3, x)) if x.len() == len => {
                    let public = key::decompress(&params, bytes)?;
                    Ok(public.publics().fold(params, |params, (name, bytes)| params.with_public(name, bytes)))
                }
                _ => Err(Error::NotOnCurve),
            }
        }
        KeyType::Okp => Ok(params.with_public("x", bytes)),
        KeyType::Akp => Ok(params.with_public("pub", bytes)),
        _ => Err(WRONG_TYPE),
    }
}

/// The bytes of the bit string.
pub(super) fn bytes(params: &Params) -> Result<Vec<u8>, Error> {
    match params.kty {
        KeyType::Rsa => pkcs1::write_public(params),
        KeyType::Ec => Ok([&[4], params.public("x")?, params.public("y")?].concat()),
        KeyType::Okp => Ok(params.public("x")?.to_vec()),
        KeyType::Akp => Ok(params.public("pub")?.to_vec()),
        _ => Err(WRONG_TYPE),
    }
}

pub(super) fn write(params: &Params) -> Result<Vec<u8>, Error> {
    let bytes = bytes(params)?;
    let spki = SubjectPublicKeyInfoRef {
        algorithm: algorithm::of(params)?,
        subject_public_key: BitStringRef::from_bytes(&bytes).map_err(not(FORM))?,
    };
    spki.to_der().map_err(not(FORM))
}
