use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::{Confirmation, Profile};

/// A JWT access token (RFC 9068 sections 2 and 4).
pub const ACCESS_TOKEN: Profile = Profile {
    name: "access token",
    typ: &["at+jwt"],
    typ_required: true,
    required: &["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
    prohibited: &[],
    check: |checked| checked.text("client_id").and(checked.text("scope")).map(|_| ()),
};

/// The claims of a JWT access token beside the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessToken {
    /// The client that it was issued to.
    pub client_id: String,
    /// What it allows, names with spaces between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The key that its bearer must prove to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}
