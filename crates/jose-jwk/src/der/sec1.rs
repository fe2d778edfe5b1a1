//! `ECPrivateKey` (RFC 5915 section 3).

use alloc::vec::Vec;

use jose_jwa::KeyType;
use pkcs8::der::{Decode, Encode, ErrorKind, Tag};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use super::algorithm::{self, WRONG_TYPE, not};
use super::spki;
use crate::error::Error;
use crate::key;
use crate::params::Params;

const FORM: &str = "SEC 1 (`ECPrivateKey`)";

/// Inside PKCS #8 the curve is named outside, and may be named again.
pub(super) fn read(outer: Option<Params>, der: &[u8]) -> Result<Params, Error> {
    let private = EcPrivateKey::from_der(der).map_err(|error| {
        // Parameters that are spelled out are a sequence in the place of a name.
        let explicit = error.kind()
            == ErrorKind::TagUnexpected { expected: Some(Tag::ObjectIdentifier), actual: Tag::Sequence };
        if explicit { Error::Unsupported("a curve without a name") } else { not(FORM)(error) }
    })?;
    let inner =
        private.parameters.map(|EcParameters::NamedCurve(oid)| algorithm::named_curve(oid)).transpose()?;
    let params = match (outer, inner) {
        (Some(outer), Some(inner)) if outer.crv != inner.crv => return Err(Error::KeyMismatch),
        (Some(params), _) | (None, Some(params)) => params,
        (None, None) => return Err(Error::Unsupported("a curve without a name")),
    };
    let params = params.with_secret("d", private.private_key.to_vec());
    let params = match private.public_key {
        Some(point) => spki::with_bytes(params, point)?,
        None => params,
    };
    key::complete(params)
}

pub(super) fn write(params: &Params) -> Result<Zeroizing<Vec<u8>>, Error> {
    let curve = params.crv.filter(|_| params.kty == KeyType::Ec).ok_or(WRONG_TYPE)?;
    write_with(params, Some(EcParameters::NamedCurve(*algorithm::curve_oid(curve)?)))
}

pub(super) fn write_with(
    params: &Params,
    parameters: Option<EcParameters>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let public = spki::bytes(params)?;
    let private = EcPrivateKey { private_key: params.private("d")?, parameters, public_key: Some(&public) };
    private.to_der().map(Zeroizing::new).map_err(not(FORM))
}
