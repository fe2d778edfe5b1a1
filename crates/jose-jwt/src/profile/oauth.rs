//! OAuth 2.0: access tokens, authorization responses, client assertions, and Security Event Tokens.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Checked, Confirmation, Profile};
use crate::error::{Error, Reason};

/// A JWT access token (RFC 9068 sections 2 and 4).
pub const ACCESS_TOKEN: Profile = Profile::new("access token")
    .typ(&["at+jwt"])
    .typ_required()
    .required(&["iss", "exp", "aud", "sub", "client_id", "iat", "jti"])
    .check(|checked| checked.text("client_id").and(checked.text("scope")).map(|_| ()));

/// The claims of a JWT access token besides the registered ones.
///
/// ```
/// use jose_jwt::profile::AccessToken;
///
/// let token = AccessToken::new("client-1").scope("read write");
/// assert!(token.has_scope("read") && !token.has_scope("rea"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessToken {
    /// The client that the token was issued to.
    pub client_id: String,
    /// What the token allows, names separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The key that the token is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}

impl AccessToken {
    /// An access token for this client.
    #[must_use]
    pub fn new(client_id: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), ..Self::default() }
    }

    /// Sets `scope`, names separated by spaces.
    #[must_use]
    pub fn scope(self, scope: impl Into<String>) -> Self {
        Self { scope: Some(scope.into()), ..self }
    }

    /// Binds the token to a key.
    #[must_use]
    pub fn cnf(self, confirmation: Confirmation) -> Self {
        Self { cnf: Some(confirmation), ..self }
    }

    /// Whether `scope` has this name. Returns `false` if there is no `scope`.
    #[must_use]
    pub fn has_scope(&self, name: &str) -> bool {
        self.scope.as_deref().is_some_and(|scope| scope.split(' ').any(|own| own == name))
    }
}

/// A JWT-secured authorization response (JARM section 2.1): `aud` is the client, and `state` is compared if it is expected.
pub const JARM: Profile = Profile::new("JARM")
    .typ(&["JWT"])
    .required(&["iss", "aud", "exp"])
    .prohibited(&["sub", "events", "nonce"])
    .check(check_jarm)
    .compares(&["state"]);

/// The claims of an authorization response besides the registered ones.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Jarm {
    /// The authorization code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The client's own state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The code of an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The error in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// Does not show the code, which is a secret.
impl fmt::Debug for Jarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jarm")
            .field("code", &self.code.as_ref().map(|_| "…"))
            .field("state", &self.state)
            .field("error", &self.error)
            .field("error_description", &self.error_description)
            .finish()
    }
}

fn check_jarm(checked: &Checked<'_>) -> Result<(), Error> {
    // One of these is in each response.
    if !["code", "error", "access_token", "id_token"].iter().any(|name| checked.claim(name).is_some()) {
        return Err(Error::claim("code", Reason::Missing));
    }
    let state = checked.text("state")?;
    if let Some(expected) = checked.expected.state {
        let state = state.ok_or_else(|| Error::claim("state", Reason::Missing))?;
        if state != expected {
            return Err(Error::claim("state", Reason::Mismatch));
        }
    }
    Ok(())
}

/// An assertion by which a client authenticates itself (RFC 7523 sections 2.2 and 3): `iss` and `sub` are the client. It has
/// no claims besides the registered ones.
///
/// The verifier's audience is the issuer identifier of the authorization server, and the assertion has no other
/// (draft-ietf-oauth-rfc7523bis): an assertion for several servers could be passed on from one to another.
pub const CLIENT_ASSERTION: Profile = Profile::new("client assertion")
    .typ(&["JWT", "client-authentication+jwt"])
    .sole_audience()
    .required(&["iss", "sub", "aud", "exp"])
    .prohibited(&["events", "nonce"])
    .check(|checked| match (checked.claims.iss, checked.claims.sub) {
        (Some(iss), Some(sub)) if iss == sub => Ok(()),
        _ => Err(Error::claim("sub", Reason::Mismatch)),
    });

/// A Security Event Token (RFC 8417 section 2). `typ` is required here, where the RFC recommends it; `exp` is not.
pub const SECURITY_EVENT_TOKEN: Profile = Profile::new("Security Event Token")
    .typ(&["secevent+jwt"])
    .typ_required()
    .required(&["iss", "iat", "jti", "events"])
    .prohibited(&["nonce"])
    .check(|checked| checked.events(None));

/// The claims of a Security Event Token besides the registered ones and `events`, which are the application's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SecurityEventToken {
    /// The transaction that the event belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub txn: Option<String>,
    /// When the event happened, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toe: Option<i64>,
}
