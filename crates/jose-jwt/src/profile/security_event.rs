use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::Profile;

/// A Security Event Token (RFC 8417 section 2). Its `typ` is required here, where the RFC recommends it; `exp` is not.
pub const SECURITY_EVENT_TOKEN: Profile = Profile {
    name: "Security Event Token",
    typ: &["secevent+jwt"],
    typ_required: true,
    required: &["iss", "iat", "jti", "events"],
    prohibited: &["nonce"],
    check: |checked| checked.events(None),
};

/// The claims of a Security Event Token beside the registered ones and `events`, which is the application's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SecurityEventToken {
    /// The transaction that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub txn: Option<String>,
    /// When the event happened, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toe: Option<i64>,
}
