use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::{Checked, Profile};
use crate::rules::failed;
use crate::{Error, Reason};

/// A JWT-secured authorization response (JARM section 2.1): `aud` is the client, `state` is compared where it is expected.
pub const JARM: Profile = Profile {
    name: "JARM",
    typ: &["JWT"],
    typ_required: false,
    required: &["iss", "aud", "exp"],
    prohibited: &["sub", "events", "nonce"],
    check,
};

/// One of these is in each response.
const RESPONSES: &[&str] = &["code", "error", "access_token", "id_token"];

/// The claims of an authorization response beside the registered ones.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Jarm {
    /// The authorization code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The client's own state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The same, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// Not the code, which is a secret.
impl core::fmt::Debug for Jarm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Jarm")
            .field("code", &self.code.as_ref().map(|_| "…"))
            .field("state", &self.state)
            .field("error", &self.error)
            .field("error_description", &self.error_description)
            .finish()
    }
}

fn check(checked: &Checked<'_>) -> Result<(), Error> {
    if !RESPONSES.iter().any(|name| checked.claims.object.get(name).is_some()) {
        return Err(failed("code", Reason::Missing));
    }
    let state = checked.text("state")?;
    if let Some(expected) = checked.expected.state {
        let state = state.ok_or_else(|| failed("state", Reason::Missing))?;
        if state != *expected {
            return Err(failed("state", Reason::Mismatch));
        }
    }
    Ok(())
}
