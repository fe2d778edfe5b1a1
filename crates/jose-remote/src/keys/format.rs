#[cfg(feature = "x509")]
use jose_b64::json;
use jose_jwt::JwkSet;
use jose_jwt::jwk::Skipped;
#[cfg(feature = "x509")]
use jose_jwt::{Jwk, PublicJwk, jwk};

use crate::error::Error;

/// How published keys are written. Symmetric keys are skipped in each form, and private members left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFormat {
    /// A JWK Set (RFC 7517 section 5).
    JwkSet,
    /// A SPIFFE bundle, of whose keys those with the `use` `jwt-svid` count.
    SpiffeBundle,
    /// One object whose members are named by `kid` and hold a certificate in PEM, as Google's services publish them. The
    /// server that publishes them vouches for the keys: nothing of a certificate is checked, its dates included.
    #[cfg(feature = "x509")]
    X509Map,
}

impl KeyFormat {
    /// The keys, and the entries that are none.
    pub(crate) fn read(self, text: &[u8]) -> Result<(JwkSet, Vec<Skipped>), Error> {
        let set = match self {
            Self::JwkSet => JwkSet::from_public_json(text),
            Self::SpiffeBundle => JwkSet::from_public_json(text).map(|set| set.jwt_svid_keys()),
            #[cfg(feature = "x509")]
            Self::X509Map => return x509_map(text).map_err(Error::KeySet),
        };
        let set = set.map_err(Error::KeySet)?;
        let skipped = set.skipped().to_vec();
        Ok((set, skipped))
    }
}

#[cfg(feature = "x509")]
fn x509_map(text: &[u8]) -> Result<(JwkSet, Vec<Skipped>), jwk::Error> {
    let (mut set, mut skipped) = (JwkSet::new(), Vec::new());
    for (index, (kid, value)) in json::parse_object(text).map_err(jwk::Error::Json)?.iter().enumerate() {
        let pem = value.as_str().ok_or(jwk::Error::Json(jose_b64::Error::NotAnObject));
        match pem.and_then(|pem| PublicJwk::from_unverified_certificate_pem(&pem.to_cow())) {
            Ok(key) => set.push(Jwk::from(key).with_kid(kid.to_cow())),
            Err(reason) => skipped.push(Skipped { index, reason }),
        }
    }
    Ok((set, skipped))
}
