//! A resource server: from the head of a request to typed claims, or to the answer that refuses it.

mod access;
#[cfg(feature = "axum")]
mod axum;
mod credentials;
mod dpop;
mod guard;
mod metadata;
mod refusal;
#[cfg(feature = "tonic")]
mod tonic;
#[cfg(feature = "tower")]
mod tower;

use core::fmt;
use std::sync::Arc;

use http::{HeaderMap, Method, Uri};
use jose_jwt::profile::{ACCESS_TOKEN, Profile};
use jose_jwt::{Audience, NoClaims, NumericDate, Thumbprint, Verified};
use serde::de::DeserializeOwned;

pub use jose_jwt::profile::DpopNonces;

pub use self::access::Access;
#[cfg(feature = "axum")]
pub use self::axum::Bearer;
pub use self::dpop::DpopRules;
pub use self::guard::ReplayGuardSend;
pub use self::metadata::METADATA_PATH;
pub use self::refusal::{Refusal, RefusalKind};
#[cfg(feature = "tower")]
pub use self::tower::{ResourceLayer, ResourceService};

use self::credentials::{Credentials, Scheme, Schemes};
use self::dpop::Dpop;
use self::refusal::Challenge;
use crate::error::Error;
use crate::fetch::{AnyFetch, FetchSend};
use crate::issuer::Issuer;
use crate::keys::RemoteKeys;
use crate::url::Url;
use crate::verifier::{Issuers, KeyRules};

/// An API that accepts access tokens: RFC 6750, RFC 9728, and if asked RFC 9068 and RFC 9449. A clone shares everything.
///
/// It is built from its resource identifier, the URL by which the tokens' `aud` and the API's own metadata name it. There is no
/// server without one, and no server that accepts tokens for another.
///
/// ```
/// use jose_remote::jwt::JwsAlg;
/// use jose_remote::server::ResourceServer;
/// use jose_remote::{Error, FetchSend, Issuer};
///
/// async fn server<C: FetchSend + 'static>(client: C) -> Result<ResourceServer, Error> {
///     let issuer =
///         Issuer::discover("https://issuer.example", JwsAlg::Es256, client).await?;
///     ResourceServer::builder("https://api.example")?
///         .issuer(&issuer)
///         .scopes(["read", "write"])
///         .build()
/// }
/// ```
#[derive(Clone)]
pub struct ResourceServer(Arc<Inner>);

/// A token of no kind that has a `typ` of its own, such as a logout token or a proof (RFC 8725 section 3.11).
const BEARER_TOKEN: Profile = Profile::new("bearer token").typ(&["JWT", "at+jwt"]);

struct Inner {
    issuers: Issuers<dyn AnyFetch>,
    challenge: Arc<Challenge>,
    scope_claim: &'static str,
    dpop: Option<Dpop>,
    schemes: Schemes,
    metadata: String,
    metadata_path: String,
}

/// A function that changes rules.
type Change = Arc<dyn Fn(KeyRules) -> KeyRules + Send + Sync>;

/// The settings of a [`ResourceServer`].
#[derive(Clone)]
#[must_use = "`build` makes the server"]
pub struct ResourceServerBuilder {
    resource: Url,
    audience: Audience,
    issuers: Vec<(String, RemoteKeys<dyn AnyFetch>)>,
    scopes: Vec<String>,
    scope_claim: &'static str,
    is_rfc9068: bool,
    change: Option<Change>,
    dpop: Option<DpopRules>,
}

impl ResourceServer {
    /// Starts with the resource identifier: an `https` URL without query and fragment, or an `http` URL of this machine (RFC 9728
    /// section 1.2).
    ///
    /// # Errors
    ///
    /// [`Error::Url`] and [`Error::UrlInsecure`].
    pub fn builder(resource: &str) -> Result<ResourceServerBuilder, Error> {
        let url = Url::parse(resource, true)?;
        if url.has_query() {
            return Err(Error::Url);
        }
        Ok(ResourceServerBuilder {
            resource: url,
            audience: resource.into(),
            issuers: Vec::new(),
            scopes: Vec::new(),
            scope_claim: "scope",
            is_rfc9068: false,
            change: None,
            dpop: None,
        })
    }

    /// Verifies the token of a request. `uri` is the request's own, of which only path and query count: scheme, host and port
    /// of this server are those of the resource identifier.
    ///
    /// # Errors
    ///
    /// A [`Refusal`], which is the answer to send.
    pub async fn authenticate<T: DeserializeOwned>(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Access<T>, Refusal> {
        let server = &*self.0;
        let now =
            NumericDate::now().map_err(|_| self.refuse(RefusalKind::Unavailable { retry_after: None }))?;
        let credentials = Credentials::read(headers, server.schemes).map_err(|kind| self.refuse(kind))?;
        let proof = match (&server.dpop, credentials.scheme) {
            (Some(dpop), Scheme::Dpop) => {
                let proof = dpop.check(credentials.token, credentials.proof, method, uri, now);
                Some(proof.map_err(|kind| self.refuse(kind))?)
            }
            _ => None,
        };
        let token = credentials.token;
        let bound_to = proof.as_ref().map(|proof| proof.thumbprint());
        let verifier = server.issuers.choose(token).map_err(|error| self.refuse_token(&error))?;
        let verified = verifier.verify_by(|rules| verify(rules, token, bound_to)).await;
        let verified = verified.map_err(|error| self.refuse_token(&error))?;
        // After the token, so that only those who have one fill the guard.
        if let (Some(dpop), Some(proof)) = (&server.dpop, &proof) {
            dpop.once(proof).await.map_err(|kind| self.refuse(kind))?;
        }
        self.access(verified, bound_to.copied())
    }

    /// Like [`authenticate`](Self::authenticate) for a bearer token, without waiting: with the keys at hand, which
    /// [`RemoteKeys::maintain`] keeps fresh.
    ///
    /// # Errors
    ///
    /// Those of [`authenticate`](Self::authenticate).
    pub fn authenticate_now<T: DeserializeOwned>(&self, headers: &HeaderMap) -> Result<Access<T>, Refusal> {
        let server = &*self.0;
        let credentials = Credentials::read(headers, server.schemes).map_err(|kind| self.refuse(kind))?;
        if credentials.scheme == Scheme::Dpop {
            // Its proof is of a method and a URI.
            return Err(self.refuse(RefusalKind::NoToken));
        }
        let verifier = server.issuers.choose(credentials.token).map_err(|error| self.refuse_token(&error))?;
        let verified = verifier.verify_now_by(|rules| verify(rules, credentials.token, None));
        self.access(verified.map_err(|error| self.refuse_token(&error))?, None)
    }

    /// The path at which the metadata is served: [`METADATA_PATH`], followed by the path of the resource identifier (RFC 9728
    /// section 3.1).
    #[must_use]
    pub fn metadata_path(&self) -> &str {
        &self.0.metadata_path
    }

    /// The metadata of this server as JSON (RFC 9728 section 2).
    #[must_use]
    pub fn metadata(&self) -> &str {
        &self.0.metadata
    }

    fn access<T: DeserializeOwned>(
        &self,
        verified: Verified<NoClaims>,
        bound_to: Option<Thumbprint>,
    ) -> Result<Access<T>, Refusal> {
        let claims = serde_json::from_str(verified.payload_text());
        // The token is good for another program than this one.
        let claims = claims.map_err(|_| self.refuse(RefusalKind::InvalidToken { expired: false }))?;
        let challenge = Arc::clone(&self.0.challenge);
        let scopes = credentials::scopes(verified.payload_text(), self.0.scope_claim);
        Ok(Access { verified, claims, scopes, bound_to, challenge })
    }

    fn refuse(&self, kind: RefusalKind) -> Refusal {
        self.0.challenge.refuse(kind)
    }

    fn refuse_token(&self, error: &Error) -> Refusal {
        let kind = if error.is_refusal() {
            let expired = matches!(error, Error::Token(jose_jwt::Error::Expired { .. }));
            RefusalKind::InvalidToken { expired }
        } else {
            RefusalKind::Unavailable { retry_after: error.retry_after() }
        };
        self.refuse(kind)
    }
}

fn verify(
    rules: &KeyRules,
    token: &str,
    bound_to: Option<&Thumbprint>,
) -> Result<Verified<NoClaims>, jose_jwt::Error> {
    // The time after what was waited for.
    let verification = rules.at(NumericDate::now()?);
    match bound_to {
        Some(key) => verification.bound_to(key).verify(token),
        None => verification.verify(token),
    }
}

impl ResourceServerBuilder {
    /// Accepts the tokens of an issuer. With several, the token's `iss` chooses among them.
    pub fn issuer<F: FetchSend + 'static>(self, issuer: &Issuer<F>) -> Self {
        issuer.names().fold(self, |this, name| this.keys(name, issuer.keys()))
    }

    /// Accepts the tokens of an issuer without discovery: `iss` and the keys.
    pub fn keys<F: FetchSend + 'static>(mut self, issuer: impl Into<String>, keys: &RemoteKeys<F>) -> Self {
        self.issuers.push((issuer.into(), keys.shared()));
        self
    }

    /// Sets `aud` of the tokens, for issuers that know this server by another name than its URL.
    pub fn audience(self, audience: impl Into<Audience>) -> Self {
        Self { audience: audience.into(), ..self }
    }

    /// Names the scopes of this server, for its metadata and its challenges. What a request needs is checked by
    /// [`Access::require_scope`].
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        Self { scopes: scopes.into_iter().map(Into::into).collect(), ..self }
    }

    /// Sets the claim that holds the scopes, such as `scp`: a text with spaces, or a list. `scope` by default.
    pub fn scope_claim(self, name: &'static str) -> Self {
        Self { scope_claim: name, ..self }
    }

    /// Requires JWT access tokens by RFC 9068. Many issuers' tokens are none.
    pub fn rfc9068(self) -> Self {
        Self { is_rfc9068: true, ..self }
    }

    /// Sets rules beside issuer, audience and keys, such as `|rules| rules.require("sub")`. A token's `typ` is `JWT`, `at+jwt` or
    /// none, unless a profile set here says otherwise.
    pub fn rules(self, change: impl Fn(KeyRules) -> KeyRules + Send + Sync + 'static) -> Self {
        Self { change: Some(Arc::new(change)), ..self }
    }

    /// Accepts tokens that are bound to a key, with a proof of it (RFC 9449).
    pub fn dpop(self, rules: DpopRules) -> Self {
        Self { dpop: Some(rules), ..self }
    }

    /// Makes the server.
    ///
    /// # Errors
    ///
    /// [`Error::IssuerMissing`] if there is no issuer; [`Error::IssuerRepeated`] if one is named twice; [`Error::ScopeInvalid`] if a scope cannot be written in a header.
    pub fn build(self) -> Result<ResourceServer, Error> {
        if self.issuers.is_empty() {
            return Err(Error::IssuerMissing);
        }
        if let Some(scope) = self.scopes.iter().find(|scope| !credentials::is_scope(scope)) {
            return Err(Error::ScopeInvalid { scope: scope.clone() });
        }
        // Only a slash that follows the host is left out (RFC 9728 section 3.1).
        let path = Some(self.resource.path()).filter(|path| *path != "/").unwrap_or_default();
        let metadata_path = format!("{METADATA_PATH}{path}");
        let metadata_url = format!("{}{metadata_path}", self.resource.origin_text());
        let metadata = metadata::Document {
            resource: self.resource.as_str(),
            authorization_servers: self.issuers.iter().map(|(issuer, _)| issuer.as_str()).collect(),
            bearer_methods_supported: ["header"],
            scopes_supported: &self.scopes,
            dpop_signing_alg_values_supported: self.dpop.as_ref().map(DpopRules::algs),
            dpop_bound_access_tokens_required: self.dpop.as_ref().is_some_and(|dpop| dpop.required),
        };
        let metadata = metadata.to_json();
        let dpop = self.dpop.map(|rules| Dpop::new(rules, self.resource.origin_text()));
        let schemes =
            Schemes { bearer: dpop.as_ref().is_none_or(|dpop| !dpop.is_required()), dpop: dpop.is_some() };
        let challenge = Arc::new(Challenge {
            metadata_url,
            scopes: self.scopes.join(" "),
            dpop_algs: dpop.as_ref().map(Dpop::algs),
            is_bearer: schemes.bearer,
            nonces: dpop.as_ref().and_then(Dpop::nonces),
        });
        let verifiers = self.issuers.into_iter().map(|(issuer, keys)| {
            let verifier = keys.verifier(|rules| {
                let rules = rules.issuer(issuer.as_str()).audience(self.audience.clone());
                let rules = rules.profile(if self.is_rfc9068 { ACCESS_TOKEN } else { BEARER_TOKEN });
                self.change.as_ref().map_or(rules.clone(), |change| change(rules))
            });
            (issuer, verifier)
        });
        let issuers = Issuers::new(verifiers)?;
        let scope_claim = self.scope_claim;
        Ok(ResourceServer(Arc::new(Inner {
            issuers,
            challenge,
            scope_claim,
            dpop,
            schemes,
            metadata,
            metadata_path,
        })))
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceServer").field("metadata", &self.0.metadata).finish_non_exhaustive()
    }
}

impl fmt::Debug for ResourceServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResourceServerBuilder").field("resource", &self.resource).finish_non_exhaustive()
    }
}
