//! What the server publishes about itself (RFC 9728).

use serde::Serialize;

use super::ResourceServerBuilder;

/// Where the metadata of a resource is, before the path of its identifier (RFC 9728 section 3).
pub const METADATA_PATH: &str = "/.well-known/oauth-protected-resource";

#[derive(Serialize)]
struct Document<'s> {
    resource: &'s str,
    authorization_servers: Vec<&'s str>,
    bearer_methods_supported: [&'static str; 1],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    scopes_supported: &'s [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    dpop_signing_alg_values_supported: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    dpop_bound_access_tokens_required: bool,
}

pub(super) fn document(server: &ResourceServerBuilder) -> String {
    let document = Document {
        resource: server.resource.as_str(),
        authorization_servers: server.issuers.iter().map(|(issuer, _)| issuer.as_str()).collect(),
        bearer_methods_supported: ["header"],
        scopes_supported: &server.scopes,
        dpop_signing_alg_values_supported: server
            .dpop
            .as_ref()
            .map(|dpop| dpop.allowed().iter().map(|alg| alg.as_str()).collect()),
        dpop_bound_access_tokens_required: server.dpop.as_ref().is_some_and(|dpop| dpop.required),
    };
    // A struct of texts always becomes JSON.
    serde_json::to_string(&document).unwrap_or_default()
}
