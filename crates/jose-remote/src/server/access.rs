use core::fmt;
use std::sync::Arc;

use jose_jwt::{Claims, NoClaims, NumericDate, Thumbprint, Verified};

use super::credentials;
use super::refusal::{Challenge, Refusal, RefusalKind};

/// A request with a token that was verified.
#[derive(Clone)]
pub struct Access<T> {
    pub(super) verified: Verified<NoClaims>,
    pub(super) claims: T,
    pub(super) scopes: Vec<String>,
    pub(super) bound_to: Option<Thumbprint>,
    pub(super) challenge: Arc<Challenge>,
}

impl<T> Access<T> {
    /// The claims in the caller's type.
    pub fn claims(&self) -> &T {
        &self.claims
    }

    /// The registered claims.
    #[must_use]
    pub fn registered(&self) -> &Claims<NoClaims> {
        self.verified.claims()
    }

    /// The token.
    #[must_use]
    pub fn token(&self) -> &Verified<NoClaims> {
        &self.verified
    }

    /// The scopes of the token.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// The thumbprint of the key that the token is bound to, if the request came with a proof of it.
    #[must_use]
    pub fn bound_to(&self) -> Option<&Thumbprint> {
        self.bound_to.as_ref()
    }

    /// Whether the token has this scope. A token without the claim has none.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|own| own == scope)
    }

    /// Requires a scope.
    ///
    /// # Errors
    ///
    /// A refusal with status 403 and `insufficient_scope` that names it (RFC 6750 section 3.1).
    pub fn require_scope(&self, scope: &str) -> Result<(), Refusal> {
        if self.has_scope(scope) {
            return Ok(());
        }
        Err(self.challenge.refuse(RefusalKind::InsufficientScope { required: scope.to_owned() }))
    }

    /// Requires the user to have been authenticated in one of these ways (`acr`), at most so many seconds ago (`auth_time`).
    /// An empty list takes any way.
    ///
    /// # Errors
    ///
    /// A refusal with status 401 and `insufficient_user_authentication` that names them (RFC 9470 section 3).
    pub fn require_authentication(&self, acr_values: &[&str], max_age: Option<u64>) -> Result<(), Refusal> {
        let (acr, auth_time) = credentials::authentication(self.verified.payload_text());
        let is_way = acr_values.is_empty() || acr.is_some_and(|acr| acr_values.contains(&acr.as_str()));
        let is_recent = max_age.is_none_or(|max_age| {
            let now = NumericDate::now().ok().map(NumericDate::seconds);
            let age = now.zip(auth_time).and_then(|(now, then)| now.checked_sub(then));
            age.is_some_and(|age| u64::try_from(age).is_ok_and(|age| age <= max_age))
        });
        if is_way && is_recent {
            return Ok(());
        }
        let acr_values = acr_values.join(" ");
        Err(self.challenge.refuse(RefusalKind::InsufficientAuthentication { acr_values, max_age }))
    }
}

impl<T: fmt::Debug> fmt::Debug for Access<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("claims", &self.claims)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
