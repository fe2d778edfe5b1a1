//! SD-JWT-based verifiable credentials (draft-ietf-oauth-sd-jwt-vc): SD-JWTs with `typ` `dc+sd-jwt` and a type in `vct`.
//!
//! [`SdJwt::credential_type`](crate::SdJwt::credential_type) issues one, and
//! [`SdJwtVerifier::credential_type`](crate::SdJwtVerifier::credential_type) requires one. Type metadata is not fetched.

use jose_b64::json::Object;
use jose_jwt::{Audience, JoseHeader};

use crate::error::Error;

/// `typ` of the header.
pub const TYP: &str = "dc+sd-jwt";

/// The claims of a credential that are never selectively disclosable (draft-ietf-oauth-sd-jwt-vc section 2.2.2.2).
pub const NOT_DISCLOSABLE: [&str; 7] = ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"];

/// Checks that an SD-JWT is a credential of one of the types.
pub(crate) fn check(
    header: &JoseHeader<'_>,
    processed: Object<'_>,
    disclosed: &[impl AsRef<str>],
    types: &Audience,
) -> Result<(), Error> {
    let found = processed.get("vct").and_then(|value| value.as_str());
    let is_expected = found.is_some_and(|found| types.iter().any(|expected| found == *expected));
    if !header.is_typ(TYP) || !is_expected {
        return Err(Error::CredentialType);
    }
    let mut disclosed = disclosed.iter().map(AsRef::as_ref);
    match disclosed.find_map(|name| NOT_DISCLOSABLE.into_iter().find(|known| *known == name)) {
        Some(claim) => Err(Error::NotDisclosable { claim }),
        None => Ok(()),
    }
}
