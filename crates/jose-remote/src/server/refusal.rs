//! The answers that refuse a request.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use jose_jwt::NumericDate;
use jose_jwt::profile::DpopNonces;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalKind {
    /// There is no token, or not in a way that is taken here: 401, without a code (RFC 6750 section 3.1).
    NoToken,
    /// There are several `Authorization` headers, or one that is malformed: 400, `invalid_request`.
    InvalidRequest,
    /// The token is not accepted: 401, `invalid_token`. Which rule it broke is for the server's log only.
    InvalidToken {
        /// Whether it has expired, which its bearer may know.
        expired: bool,
    },
    /// The token's scopes do not suffice: 403, `insufficient_scope`.
    InsufficientScope {
        /// The scope that is needed.
        required: String,
    },
    /// The user must authenticate again: 401, `insufficient_user_authentication` (RFC 9470 section 3).
    InsufficientAuthentication {
        /// The ways to authenticate that are accepted, separated by spaces; any if it is empty.
        acr_values: String,
        /// The greatest age of the authentication, in seconds.
        max_age: Option<u64>,
    },
    /// The DPoP proof is missing, not accepted or used again: 401, `invalid_dpop_proof` (RFC 9449 section 7.1).
    InvalidProof,
    /// The DPoP proof needs the nonce that the answer gives: 401, `use_dpop_nonce` (RFC 9449 section 9).
    UseNonce,
    /// Nobody can tell whether the token is good, because keys or a store are out of reach: 503.
    Unavailable {
        /// When to try again.
        retry_after: Option<Duration>,
    },
}

/// What each challenge of a server says.
pub(super) struct Challenge {
    pub(super) metadata_url: String,
    /// Separated by spaces.
    pub(super) scopes: String,
    /// Separated by spaces, if proofs are taken.
    pub(super) dpop_algs: Option<String>,
    /// Whether tokens are taken without a proof.
    pub(super) is_bearer: bool,
    pub(super) nonces: Option<DpopNonces>,
}

impl Challenge {
    pub(super) fn refuse(self: &Arc<Self>, kind: RefusalKind) -> Refusal {
        Refusal { kind, challenge: Arc::clone(self) }
    }
}

/// A request that is refused, and the answer to it: status and headers, without a body.
#[derive(Clone)]
#[must_use = "it is the answer to send"]
pub struct Refusal {
    kind: RefusalKind,
    challenge: Arc<Challenge>,
}

impl Refusal {
    /// Why.
    #[must_use]
    pub fn kind(&self) -> &RefusalKind {
        &self.kind
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.kind {
            RefusalKind::InvalidRequest => StatusCode::BAD_REQUEST,
            RefusalKind::InsufficientScope { .. } => StatusCode::FORBIDDEN,
            RefusalKind::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    /// The code of the error, if the answer has one (RFC 6750 section 3.1).
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self.kind {
            RefusalKind::NoToken | RefusalKind::Unavailable { .. } => None,
            RefusalKind::InvalidRequest => Some("invalid_request"),
            RefusalKind::InvalidToken { .. } => Some("invalid_token"),
            RefusalKind::InsufficientScope { .. } => Some("insufficient_scope"),
            RefusalKind::InsufficientAuthentication { .. } => Some("insufficient_user_authentication"),
            RefusalKind::InvalidProof => Some("invalid_dpop_proof"),
            RefusalKind::UseNonce => Some("use_dpop_nonce"),
        }
    }

    /// The headers: `WWW-Authenticate` for each scheme that is taken, `DPoP-Nonce`, `Retry-After`.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let RefusalKind::Unavailable { retry_after } = self.kind {
            let seconds = retry_after.map_or(1, |span| span.as_secs().saturating_add(1));
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            return headers;
        }
        let is_proof = matches!(self.kind, RefusalKind::InvalidProof | RefusalKind::UseNonce);
        if self.challenge.is_bearer && !is_proof {
            headers.extend([self.line("Bearer", None)].into_iter().flatten());
        }
        if let Some(algs) = &self.challenge.dpop_algs {
            headers.extend([self.line("DPoP", Some(algs))].into_iter().flatten());
        }
        let nonce = self.challenge.nonces.as_ref().zip(NumericDate::now().ok());
        let nonce = nonce.map(|(nonces, now)| nonces.current(now));
        if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok()) {
            headers.insert(HeaderName::from_static("dpop-nonce"), nonce);
        }
        headers
    }

    /// One challenge.
    fn line(&self, scheme: &str, algs: Option<&str>) -> Option<(HeaderName, HeaderValue)> {
        let mut parameters = Vec::new();
        if let Some(code) = self.code() {
            parameters.push(("error", code.to_owned()));
        }
        let scopes = &self.challenge.scopes;
        match &self.kind {
            RefusalKind::InvalidToken { expired: true } => {
                parameters.push(("error_description", "the token has expired".to_owned()));
            }
            RefusalKind::InsufficientScope { required } => parameters.push(("scope", required.clone())),
            RefusalKind::InsufficientAuthentication { acr_values, max_age } => {
                if !acr_values.is_empty() {
                    parameters.push(("acr_values", acr_values.clone()));
                }
                parameters.extend(max_age.map(|max_age| ("max_age", max_age.to_string())));
            }
            RefusalKind::NoToken if !scopes.is_empty() => parameters.push(("scope", scopes.clone())),
            _ => {}
        }
        parameters.extend(algs.map(|algs| ("algs", algs.to_owned())));
        parameters.push(("resource_metadata", self.challenge.metadata_url.clone()));
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| format!("{name}={}", Quoted(value))).collect();
        let line = HeaderValue::try_from(format!("{scheme} {}", parameters.join(", "))).ok()?;
        Some((WWW_AUTHENTICATE, line))
    }

    /// The answer, with a body of the caller's type.
    pub fn response<B: Default>(&self) -> Response<B> {
        let mut response = Response::new(B::default());
        (*response.status_mut(), *response.headers_mut()) = (self.status(), self.headers());
        response
    }
}

/// A quoted string of a header (RFC 9110 section 5.6.4). What a header cannot hold is left out.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for character in self.0.chars().filter(|character| matches!(character, ' '..='~')) {
            if matches!(character, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{character}")?;
        }
        f.write_str("\"")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status().as_u16(), self.code().unwrap_or("no token, or no keys"))
    }
}

impl core::error::Error for Refusal {}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal").field("kind", &self.kind).finish_non_exhaustive()
    }
}
