//! Discovery: what an issuer publishes about itself.

use core::fmt;

use jose_b64::json;
use jose_jwt::{AlgSet, Allowed, Audience, AudienceUnset, JwsAlg};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cache::KeyCache;
use crate::error::Error;
use crate::fetch::{Answer, Fetch, FetchPolicy};
use crate::keys::RemoteKeys;
use crate::url::Url;
use crate::verifier::{KeyRules, RemoteVerifier};

/// An issuer whose metadata was fetched (OpenID Connect Discovery 1.0, RFC 8414), and its keys. The metadata are fetched once:
/// to follow an issuer whose key set moves to another URL, discover it again.
#[derive(Clone, Debug)]
pub struct Issuer<F> {
    metadata: Metadata,
    issuers: Audience,
    keys: RemoteKeys<F>,
}

impl Issuer<()> {
    /// Fetches the metadata of an issuer. `allowed` are the algorithms that the caller accepts; of these, those count that
    /// the issuer publishes.
    ///
    /// # Errors
    ///
    /// Those of [`Discovery::fetch`].
    pub async fn discover<F: Fetch>(
        issuer: impl Into<String>,
        allowed: impl Into<AlgSet<JwsAlg>>,
        fetch: F,
    ) -> Result<Issuer<F>, Error> {
        Discovery::new(issuer, allowed).fetch(fetch).await
    }
}

impl<F> Issuer<F> {
    /// A verifier of this issuer's tokens: `iss` and the keys are set. The function says whom the tokens are for, and what
    /// else is expected of them.
    pub fn verifier(
        &self,
        rules: impl FnOnce(KeyRules<jose_jwt::Given, AudienceUnset>) -> KeyRules,
    ) -> RemoteVerifier<F> {
        self.keys.verifier(|verifier| rules(verifier.issuer(self.issuers.clone())))
    }

    /// What `iss` of a token may be.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.issuers.iter()
    }

    /// What the issuer publishes about itself.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The issuer's keys.
    #[must_use]
    pub fn keys(&self) -> &RemoteKeys<F> {
        &self.keys
    }
}

/// The settings of [`Issuer::discover`].
#[derive(Clone, Debug)]
#[must_use = "`fetch` fetches"]
pub struct Discovery {
    issuer: String,
    allowed: AlgSet<JwsAlg>,
    policy: FetchPolicy,
    cache: KeyCache,
    tenants: Option<(String, Vec<String>)>,
}

impl Discovery {
    /// Starts with the issuer, in the same spelling as in its document and in its tokens, and with the allowed algorithms.
    pub fn new(issuer: impl Into<String>, allowed: impl Into<AlgSet<JwsAlg>>) -> Self {
        Self {
            issuer: issuer.into(),
            allowed: allowed.into(),
            policy: FetchPolicy::new(),
            cache: KeyCache::new(),
            tenants: None,
        }
    }

    /// Sets what may be fetched, here and for the keys.
    pub fn policy(self, policy: FetchPolicy) -> Self {
        Self { policy, ..self }
    }

    /// Sets when to fetch the keys, and for how long they are used.
    pub fn cache(self, cache: KeyCache) -> Self {
        Self { cache, ..self }
    }

    /// Takes the tokens of some tenants of an issuer whose document is that of all: `pattern` is the `issuer` of the document
    /// with `{placeholder}` in it, such as `https://login.example/{tenantid}/v2.0`, and a token's `iss` is the pattern with
    /// the name of one of these tenants there.
    pub fn tenants<S: Into<String>>(
        self,
        pattern: impl Into<String>,
        names: impl IntoIterator<Item = S>,
    ) -> Self {
        let names = names.into_iter().map(Into::into).collect();
        Self { tenants: Some((pattern.into(), names)), ..self }
    }

    /// Fetches the metadata: from `/.well-known/openid-configuration` below the issuer, and if there is none, from
    /// `/.well-known/oauth-authorization-server` and `/.well-known/openid-configuration` before its path.
    ///
    /// # Errors
    ///
    /// - [`Error::Url`] and [`Error::UrlInsecure`] of the issuer or its `jwks_uri`
    /// - those of fetching: [`Error::Fetch`], [`Error::Status`], [`Error::Redirect`], [`Error::ContentType`],
    ///   [`Error::BodyTooLong`]
    /// - [`Error::Metadata`] if the document is malformed; [`Error::IssuerMismatch`] if it is another issuer's
    /// - [`Error::NoCommonAlgorithm`]; [`Error::Symmetric`] if a symmetric algorithm is allowed
    pub async fn fetch<F: Fetch>(self, fetch: F) -> Result<Issuer<F>, Error> {
        let policy = &self.policy;
        let url = Url::parse(&self.issuer, policy.http_loopback)?;
        if url.has_query() {
            return Err(Error::Url);
        }
        let (openid, oauth) =
            ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server");
        let mut places = [url.append(openid)?, url.insert(oauth)?, url.insert(openid)?].into_iter();
        let mut result = Err(Error::Url);
        for place in places.by_ref() {
            result = policy.get(&fetch, &place, None).await;
            // Whoever asks to come back later has the document.
            let is_elsewhere = match result {
                Err(Error::Status { found: 408 | 425 | 429, .. }) => false,
                Err(Error::Status { found: 400..=499, .. }) => true,
                _ => false,
            };
            if !is_elsewhere {
                break;
            }
        }
        let Answer::Body(_, body) = result? else {
            return Err(Error::Status { found: 304, retry_after: None });
        };
        let metadata = Metadata::read(&body)?;
        let expected = self.tenants.as_ref().map_or(&self.issuer, |(pattern, _)| pattern);
        if metadata.issuer != *expected {
            let found = metadata.issuer;
            return Err(Error::IssuerMismatch { expected: expected.clone(), found });
        }
        let issuers = self.issuers()?;
        let keys = RemoteKeys::builder(&metadata.jwks_uri, Allowed::from(self.common(&metadata)?))
            .policy(self.policy)
            .cache(self.cache)
            .build(fetch)?;
        Ok(Issuer { metadata, issuers, keys })
    }

    /// What `iss` of a token may be.
    fn issuers(&self) -> Result<Audience, Error> {
        let Some((pattern, names)) = &self.tenants else { return Ok(self.issuer.as_str().into()) };
        let parts = pattern.split_once('{').and_then(|(head, rest)| Some((head, rest.split_once('}')?.1)));
        match parts {
            Some((head, tail)) if !tail.contains('{') && !names.is_empty() => {
                Ok(names.iter().map(|name| format!("{head}{name}{tail}")).collect())
            }
            _ => {
                Err(Error::Metadata("a pattern has one placeholder, and there is at least one tenant".into()))
            }
        }
    }

    /// The allowed algorithms that the issuer publishes too. If it publishes none, all of them.
    fn common(&self, metadata: &Metadata) -> Result<AlgSet<JwsAlg>, Error> {
        let Some(published) = &metadata.algs else { return Ok(self.allowed) };
        let common: AlgSet<JwsAlg> =
            self.allowed.iter().filter(|alg| published.iter().any(|name| name == alg.as_str())).collect();
        if common.is_empty() {
            return Err(Error::NoCommonAlgorithm { published: published.clone() });
        }
        Ok(common)
    }
}

/// The members of an issuer's metadata.
#[derive(Clone)]
pub struct Metadata {
    issuer: String,
    jwks_uri: String,
    algs: Option<Vec<String>>,
    text: String,
}

impl Metadata {
    fn read(body: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Members {
            issuer: String,
            jwks_uri: String,
            id_token_signing_alg_values_supported: Option<Vec<String>>,
        }
        let text = json::check(body).map_err(|error| Error::Metadata(error.to_string()))?;
        let members: Members = parse(text)?;
        Ok(Self {
            issuer: members.issuer,
            jwks_uri: members.jwks_uri,
            algs: members.id_token_signing_alg_values_supported,
            text: text.to_owned(),
        })
    }

    /// `issuer`, which is the one that was asked for.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `jwks_uri`, from where the keys are fetched.
    #[must_use]
    pub fn jwks_uri(&self) -> &str {
        &self.jwks_uri
    }

    /// The whole document as a type of the caller's, for members such as `authorization_endpoint`.
    ///
    /// # Errors
    ///
    /// [`Error::Metadata`] if the document is not of that type.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Error> {
        parse(&self.text)
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Metadata(error.to_string()))
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metadata")
            .field("issuer", &self.issuer)
            .field("jwks_uri", &self.jwks_uri)
            .finish_non_exhaustive()
    }
}
