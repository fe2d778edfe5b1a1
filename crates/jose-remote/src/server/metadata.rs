//! What the server publishes about itself (RFC 9728).

use serde::Serialize;

/// Where the metadata of a resource is, before the path of its identifier (RFC 9728 section 3).
pub const METADATA_PATH: &str = "/.well-known/oauth-protected-resource";

#[derive(Serialize)]
pub(super) struct Document<'s> {
    pub(super) resource: &'s str,
    pub(super) authorization_servers: Vec<&'s str>,
    pub(super) bearer_methods_supported: [&'static str; 1],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) scopes_supported: &'s [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dpop_signing_alg_values_supported: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub(super) dpop_bound_access_tokens_required: bool,
}

impl Document<'_> {
    pub(super) fn to_json(&self) -> String {
        // A struct of texts always becomes JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}
