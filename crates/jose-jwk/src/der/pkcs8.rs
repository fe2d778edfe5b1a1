//! `OneAsymmetricKey` (RFC 5958 section 2): RFC 5915, RFC 8017, RFC 8410, RFC 9881.

use alloc::vec::Vec;

use jose_jwa::KeyType;
use pkcs8::der::asn1::{AnyRef, BitStringRef, ContextSpecific, OctetStringRef, SequenceRef};
use pkcs8::der::{self, Decode, Encode, Reader, SliceReader, TagMode, TagNumber};
use pkcs8::{AlgorithmIdentifierRef, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use super::algorithm::{self, WRONG_TYPE, not};
use super::spki::Restricted;
use super::{pkcs1, sec1, spki};
use crate::error::Error;
use crate::key;
use crate::params::Params;

const FORM: &str = "PKCS #8 (`OneAsymmetricKey`)";

/// `seed` of an ML-DSA private key (RFC 9881 section 6), implicitly tagged.
const SEED: TagNumber = TagNumber(0);

/// The public key of version 2.
const PUBLIC_KEY: TagNumber = TagNumber(1);

/// The elements of the structure that are of use here.
struct Info<'d> {
    algorithm: AlgorithmIdentifierRef<'d>,
    private_key: &'d [u8],
    public_key: Option<BitStringRef<'d>>,
}

/// Reads the structure. The public key is tagged implicitly, and explicitly by versions of `ring` before 0.17.
fn read_info(der: &[u8]) -> der::Result<Info<'_>> {
    let mut reader = SliceReader::new(der)?;
    let info = reader.sequence(|info| {
        let version: u8 = info.decode()?;
        let algorithm = info.decode()?;
        let private_key = info.decode::<&OctetStringRef>()?.as_bytes();
        info.context_specific::<&SequenceRef>(TagNumber(0), TagMode::Implicit)?;
        let mode = match info.peek_byte() {
            Some(0xa1) => TagMode::Explicit,
            _ => TagMode::Implicit,
        };
        let public_key: Option<BitStringRef<'_>> = info.context_specific(PUBLIC_KEY, mode)?;
        match (version, &public_key) {
            (0, None) | (1, Some(_)) => {}
            _ => return Err(info.error(der::ErrorKind::Value { tag: der::Tag::Integer })),
        }
        // What later versions may add.
        while !info.is_finished() {
            info.decode::<ContextSpecific<AnyRef<'_>>>()?;
        }
        Ok::<_, der::Error>(Info { algorithm, private_key, public_key })
    })?;
    reader.finish()?;
    Ok(info)
}

pub(super) fn read(der: &[u8]) -> Result<Restricted, Error> {
    let info = read_info(der).map_err(not(FORM))?;
    Ok((read_params(&info)?, algorithm::restriction(&info.algorithm)?))
}

fn read_params(info: &Info<'_>) -> Result<Params, Error> {
    let outer = algorithm::read(&info.algorithm)?;
    let kty = outer.kty;
    let bytes = info.private_key;
    let with_outer_public = |params: Params| match &info.public_key {
        Some(public) => spki::with_bytes(params, public.as_bytes().ok_or(not(FORM)(()))?),
        None => Ok(params),
    };
    match kty {
        KeyType::Rsa | KeyType::Ec => {
            let params = match kty {
                KeyType::Rsa => pkcs1::read_private(bytes)?,
                _ => sec1::read(Some(outer.clone()), bytes)?,
            };
            // A public key outside must be the one inside.
            if info.public_key.is_some() && with_outer_public(outer)? != params.to_public()? {
                return Err(Error::KeyMismatch);
            }
            Ok(params)
        }
        KeyType::Okp => {
            let secret = <&OctetStringRef>::from_der(bytes).map_err(not(FORM))?;
            key::complete(with_outer_public(outer)?.with_secret("d", secret.as_bytes().to_vec()))
        }
        KeyType::Akp => {
            key::complete(with_outer_public(outer)?.with_secret("priv", read_seed(bytes)?.to_vec()))
        }
        _ => Err(WRONG_TYPE),
    }
}

/// The seed alone: a JWK has no place for the expanded key, and the seed cannot be computed from it.
fn read_seed(bytes: &[u8]) -> Result<&[u8], Error> {
    const EXPANDED: Error = Error::Unsupported("an ML-DSA private key that is not a seed alone");
    let mut reader = SliceReader::new(bytes).map_err(not(FORM))?;
    let seed = reader.context_specific::<&OctetStringRef>(SEED, TagMode::Implicit).map_err(not(FORM))?;
    let seed = seed.ok_or(EXPANDED)?;
    reader.finish().map_err(not(FORM))?;
    Ok(seed.as_bytes())
}

pub(super) fn write(params: &Params) -> Result<Zeroizing<Vec<u8>>, Error> {
    let secret =
        |name| params.secret(name).and_then(|bytes| OctetStringRef::new(bytes).ok()).ok_or(not(FORM)(()));
    let inner = match params.kty {
        KeyType::Rsa => pkcs1::write_private(params)?,
        // The curve is named outside.
        KeyType::Ec => sec1::write_with(params, None)?,
        KeyType::Okp => Zeroizing::new(secret("d")?.to_der().map_err(not(FORM))?),
        KeyType::Akp => {
            let seed =
                ContextSpecific { tag_number: SEED, tag_mode: TagMode::Implicit, value: secret("priv")? };
            Zeroizing::new(seed.to_der().map_err(not(FORM))?)
        }
        _ => return Err(WRONG_TYPE),
    };
    let inner = OctetStringRef::new(&inner).map_err(not(FORM))?;
    let info = PrivateKeyInfoRef::new(algorithm::of(params)?, inner);
    info.to_der().map(Zeroizing::new).map_err(not(FORM))
}
