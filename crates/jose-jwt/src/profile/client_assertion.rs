use serde::{Deserialize, Serialize};

use super::{Checked, Profile};
use crate::rules::failed;
use crate::{Error, Reason};

/// An assertion by which a client authenticates itself (RFC 7523 sections 2.2 and 3): `iss` and `sub` are the client.
pub const CLIENT_ASSERTION: Profile = Profile {
    name: "client assertion",
    typ: &["JWT", "client-authentication+jwt"],
    typ_required: false,
    required: &["iss", "sub", "aud", "exp"],
    prohibited: &["events", "nonce"],
    check,
};

/// A client assertion has no claims beside the registered ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClientAssertion {}

fn check(checked: &Checked<'_>) -> Result<(), Error> {
    match (checked.claims.iss, checked.claims.sub) {
        (Some(iss), Some(sub)) if iss == sub => Ok(()),
        _ => Err(failed("sub", Reason::Mismatch)),
    }
}
