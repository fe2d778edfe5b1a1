//! OAuth 2.0 between clients, authorization servers and resource servers: request objects and introspection responses.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Checked, Confirmation, FIVE_MINUTES, Profile};
use crate::error::{Error, Reason};
use crate::numeric_date::NumericDate;

/// The parameters of an authorization request, signed by the client (RFC 9101 sections 4 and 10.8): `iss` is the client, `aud`
/// the authorization server. `typ` is required here, where the RFC recommends it:
/// `REQUEST_OBJECT.allow_generic_typ().waive(&["nonce"])` takes those with `JWT` and without. `iss` and `aud`, which the RFC
/// recommends, are required too, and `sub`, which makes a client assertion of it, is refused.
pub const REQUEST_OBJECT: Profile = Profile::new("request object")
    .typ(&["oauth-authz-req+jwt"])
    .typ_required()
    .audience_required()
    .required(&["iss", "aud", "client_id", "response_type"])
    .prohibited(&["sub", "request", "request_uri", "events"])
    .check(|checked| {
        let client = checked.text("client_id")?;
        match checked.claims.iss {
            Some(iss) if client != Some(iss) => Err(Error::claim("client_id", Reason::Mismatch)),
            _ => Ok(()),
        }
    });

/// The claims of a request object besides the registered ones. Further parameters are read with a type of the caller's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RequestObject {
    /// The client, equal to `iss`.
    pub client_id: String,
    /// What the response holds: `code`.
    pub response_type: String,
    /// How the response is returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_mode: Option<String>,
    /// Where the response goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// What is asked for, names separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The client's own state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What ties an ID Token to the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The challenge of PKCE (RFC 7636 section 4.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// How the challenge was made: `S256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge_method: Option<String>,
}

impl RequestObject {
    /// A request of this client for a response of this type. The other parameters are fields.
    #[must_use]
    pub fn new(client_id: impl Into<String>, response_type: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), response_type: response_type.into(), ..Self::default() }
    }
}

/// What an authorization server says of a token (RFC 9701 section 5): `aud` is the resource server that asked. It answers one
/// request, and is accepted for five minutes. It has no `sub` and no `exp`, so that it is not taken for an access token.
pub const INTROSPECTION_RESPONSE: Profile = Profile::new("introspection response")
    .typ(&["token-introspection+jwt"])
    .typ_required()
    .audience_required()
    .max_age(FIVE_MINUTES)
    .required(&["iss", "aud", "iat", "token_introspection"])
    .prohibited(&["sub", "exp", "events", "nonce"])
    .check(check_introspection);

fn check_introspection(checked: &Checked<'_>) -> Result<(), Error> {
    let response = checked.claim("token_introspection").and_then(|value| value.as_object());
    let active = response.and_then(|response| response.get("active")?.as_bool());
    active.map(|_| ()).ok_or_else(|| Error::claim("token_introspection", Reason::Invalid))
}

/// The claims of an introspection response besides the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IntrospectionResponse {
    /// What is said of the token.
    pub token_introspection: Introspection,
}

impl IntrospectionResponse {
    /// A response that says this.
    #[must_use]
    pub fn new(token_introspection: Introspection) -> Self {
        Self { token_introspection }
    }
}

/// What is said of a token (RFC 7662 section 2.2). Of one that is not active nothing else is said.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Introspection {
    /// Whether the token is good now. Without it, nothing else counts.
    pub active: bool,
    /// What the token allows, names separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The client that the token was issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The name of the user, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// `Bearer` or `DPoP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// The user, or whoever else the token is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Who issued the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The time from which the token is no longer good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exp: Option<NumericDate>,
    /// When the token was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<NumericDate>,
    /// The identifier of the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// The key that the token is bound to, which its bearer must prove to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}

/// Does not show the user.
impl fmt::Debug for Introspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspection")
            .field("active", &self.active)
            .field("scope", &self.scope)
            .field("client_id", &self.client_id)
            .field("token_type", &self.token_type)
            .field("exp", &self.exp)
            .finish_non_exhaustive()
    }
}
