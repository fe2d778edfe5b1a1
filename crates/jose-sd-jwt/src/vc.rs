//! SD-JWT-based verifiable credentials (draft-ietf-oauth-sd-jwt-vc): SD-JWTs with `typ` `dc+sd-jwt` and a type in `vct`.
//!
//! [`SdJwt::credential_type`](crate::SdJwt::credential_type) issues one, and
//! [`SdJwtVerifier::credential_type`](crate::SdJwtVerifier::credential_type) requires one. Type metadata is not fetched.

use jose_b64::json::{Object, Value};
use jose_jwt::{Audience, JoseHeader};

use crate::disclosure::{DOTS, SD};
use crate::error::Error;

/// `typ` of the header.
pub const TYP: &str = "dc+sd-jwt";

/// The claims of a credential that are never selectively disclosable (draft-ietf-oauth-sd-jwt-vc section 2.2.2.2).
pub const NOT_DISCLOSABLE: [&str; 7] = ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"];

/// Checks that an SD-JWT is a credential of one of the types. The payload is as it was signed, with digests where they may be.
pub(crate) fn check(
    header: &JoseHeader<'_>,
    payload: Object<'_>,
    processed: Object<'_>,
    disclosed: &[impl AsRef<str>],
    types: &Audience,
) -> Result<(), Error> {
    let found = processed.get("vct").and_then(|value| value.as_str());
    let is_expected = found.is_some_and(|found| types.iter().any(|expected| found == *expected));
    if !header.is_typ(TYP) || !is_expected {
        return Err(Error::CredentialType);
    }
    let was_disclosed = |claim: &&str| disclosed.iter().any(|name| name.as_ref() == *claim);
    let has_parts = |claim: &&str| payload.get(claim).is_some_and(has_digests);
    match NOT_DISCLOSABLE.into_iter().find(|claim| was_disclosed(claim) || has_parts(claim)) {
        Some(claim) => Err(Error::NotDisclosable { claim }),
        None => Ok(()),
    }
}

/// Whether a part of the value is a digest. In a payload that was processed, a member named `...` is one.
fn has_digests(value: Value<'_>) -> bool {
    let is_digest = |(name, value): (_, Value<'_>)| {
        let is_filled = || value.as_array().is_some_and(|digests| digests.iter().next().is_some());
        name == *DOTS || (name == *SD && is_filled()) || has_digests(value)
    };
    value.as_object().is_some_and(|object| object.iter().any(is_digest))
        || value.as_array().is_some_and(|array| array.iter().any(has_digests))
}
