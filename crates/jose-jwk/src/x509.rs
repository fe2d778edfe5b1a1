//! The certificates of `x5c` (RFC 7517 section 4.7). No chain is checked here.

use base64ct::{Base64, Encoding};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::referenced::OwnedToRef;

use crate::spki::read_spki;
use crate::{Error, Jwk};

/// Each certificate can be read, and the first one is of this key.
///
/// A key of a kind that this build cannot read from a certificate is not compared, and so refused.
pub(crate) fn check(jwk: &Jwk) -> Result<(), Error> {
    for (index, text) in jwk.x5c().unwrap_or_default().iter().enumerate() {
        let refused = Error::Certificate(index);
        let der = Base64::decode_vec(text).map_err(|_| refused)?;
        let certificate = Certificate::from_der(&der).map_err(|_| refused)?;
        if index == 0 {
            let spki = certificate.tbs_certificate().subject_public_key_info().owned_to_ref();
            if read_spki(spki).map_err(|_| refused)?.as_jwk().params != jwk.to_public()?.as_jwk().params {
                return Err(refused);
            }
        }
    }
    Ok(())
}
