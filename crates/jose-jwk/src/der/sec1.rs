//! `ECPrivateKey` (RFC 5915 section 3).

use alloc::vec::Vec;

use jose_jwa::KeyType;
use pkcs8::der::{Decode, Encode};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use super::{WRONG_TYPE, algorithm, spki};
use crate::params::Params;
use crate::{Error, FormError, Usage, key};

pub(super) fn read(der: &[u8]) -> Result<Params, Error> {
    read_on(None, der)
}

/// Inside of PKCS #8 the curve is named outside, and may be named again.
pub(super) fn read_on(outer: Option<Params>, der: &[u8]) -> Result<Params, Error> {
    let private = EcPrivateKey::from_der(der).map_err(|_| Error::Form(FormError::Der))?;
    let inner =
        private.parameters.map(|EcParameters::NamedCurve(oid)| algorithm::named_curve(oid)).transpose()?;
    let params = match (outer, inner) {
        (Some(outer), Some(inner)) if outer.crv != inner.crv => return Err(Error::KeyMismatch),
        (Some(params), _) | (None, Some(params)) => params,
        (None, None) => return Err(Error::Unsupported("a curve without a name")),
    };
    let params = params.with_secret("d", private.private_key.to_vec());
    let params = match private.public_key {
        Some(octets) => spki::with_octets(params, octets)?,
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
    let public = spki::octets(params)?;
    let private = EcPrivateKey {
        private_key: params.secret("d").ok_or(Error::Usage(Usage::NotPrivate))?,
        parameters,
        public_key: Some(&public),
    };
    private.to_der().map(Zeroizing::new).map_err(|_| Error::Form(FormError::Der))
}
