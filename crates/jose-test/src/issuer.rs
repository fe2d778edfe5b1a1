//! An issuer on loopback.

use core::fmt;
use std::sync::{Arc, Mutex};

use jose_jwt::JwsAlg;

use crate::fault::Fault;
use crate::keys::Key;
use crate::provider::Provider;
use crate::server::{Request, Server, lock};
use crate::state::{Keys, State};
use crate::token::TokenBuilder;

/// An issuer of tokens on loopback: its metadata, its keys, and tokens that they sign. It ends when it and all
/// [`TokenBuilder`]s of it are dropped.
///
/// ```
/// use jose_test::{Provider, TestIssuer};
///
/// let issuer = TestIssuer::builder().provider(Provider::Keycloak).start();
/// assert!(
///     issuer.url().starts_with("http://127.0.0.1:")
///         && issuer.url().ends_with("/realms/example")
/// );
///
/// let before = issuer.token("https://api.example").sign();
/// // From now on another key signs. The first is still published.
/// issuer.rotate();
/// let after = issuer.token("https://api.example").sign();
/// assert_ne!(before.split('.').next(), after.split('.').next());
/// ```
#[derive(Clone)]
pub struct TestIssuer(Arc<State>);

/// The settings of a [`TestIssuer`].
#[derive(Clone, Debug)]
#[must_use = "`start` starts it"]
pub struct TestIssuerBuilder {
    provider: Provider,
    alg: Option<JwsAlg>,
    cache_control: Option<String>,
}

impl TestIssuerBuilder {
    /// Sets the shape in which metadata and keys are published. It is [`Provider::Plain`] otherwise.
    pub fn provider(self, provider: Provider) -> Self {
        Self { provider, ..self }
    }

    /// Sets the algorithm, which must be asymmetric. It is the provider's otherwise.
    pub fn alg(self, alg: JwsAlg) -> Self {
        Self { alg: Some(alg), ..self }
    }

    /// Sets `Cache-Control` of the key set, such as `max-age=300`. There is none otherwise.
    pub fn cache_control(self, value: impl Into<String>) -> Self {
        Self { cache_control: Some(value.into()), ..self }
    }

    /// Starts the issuer, with one key.
    ///
    /// # Panics
    ///
    /// If the system gives no port, no thread or no random numbers; if the algorithm is symmetric, or its feature of `jose-jwt`
    /// is off.
    #[must_use]
    pub fn start(self) -> TestIssuer {
        let (server, elsewhere, shape) = (Server::start(), Server::start(), self.provider.shape());
        let alg = self.alg.unwrap_or(shape.alg);
        assert!(!alg.is_symmetric(), "an issuer publishes its keys, and a symmetric one is no secret then");
        let first = Key::of_issuer(alg, 0);
        let keys = Keys { published: vec![first.clone()], current: first, count: 1, fault: None };
        let issuer = server.url(shape.issuer);
        let state = State {
            server,
            elsewhere,
            provider: self.provider,
            issuer,
            alg,
            cache_control: self.cache_control,
            keys: Mutex::new(keys),
        };
        state.publish_metadata();
        state.publish();
        TestIssuer(Arc::new(state))
    }
}

impl TestIssuer {
    /// Starts an issuer of the shape [`Provider::Plain`], with a key for ES256.
    ///
    /// # Panics
    ///
    /// If the system gives no port, no thread or no random numbers.
    #[must_use]
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// An issuer with other settings.
    pub fn builder() -> TestIssuerBuilder {
        TestIssuerBuilder { provider: Provider::Plain, alg: None, cache_control: None }
    }

    /// The issuer's identifier, the `iss` of its tokens, from which its metadata are found: on loopback, with `http`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.issuer
    }

    /// The URL of its key set.
    #[must_use]
    pub fn jwks_uri(&self) -> String {
        self.0.server.url(self.0.provider.shape().jwks)
    }

    /// The key set as JSON, for what takes keys instead of a URL.
    #[must_use]
    pub fn jwks(&self) -> String {
        self.0.jwks(&lock(&self.0.keys))
    }

    /// The algorithm of its tokens.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.0.alg
    }

    /// The `kid` of the key that signs.
    #[must_use]
    pub fn kid(&self) -> String {
        self.0.current().kid
    }

    /// A token for an audience: `typ` is `JWT`, `sub` is `alice`, and it is valid for an hour.
    pub fn token(&self, audience: &str) -> TokenBuilder {
        TokenBuilder::new(Arc::clone(&self.0), audience)
    }

    /// An access token by RFC 9068 for an audience: like [`token`](Self::token), with the `typ` `at+jwt` and a `client_id`.
    pub fn access_token(&self, audience: &str) -> TokenBuilder {
        self.token(audience).header("typ", "at+jwt").claim("client_id", "client-1")
    }

    /// Publishes another key, which signs from now on, and returns its `kid`. The others are still published.
    #[expect(clippy::must_use_candidate, reason = "the `kid` is rarely needed")]
    pub fn rotate(&self) -> String {
        let kid = {
            let mut keys = lock(&self.0.keys);
            let key = Key::of_issuer(self.0.alg, keys.count);
            keys.count = keys.count.saturating_add(1);
            keys.published.push(key.clone());
            keys.current = key;
            keys.current.kid.clone()
        };
        self.0.publish();
        kid
    }

    /// No longer publishes the key with this `kid`. If it is the one that signs, it signs on.
    pub fn withdraw(&self, kid: &str) {
        lock(&self.0.keys).published.retain(|key| key.kid != kid);
        self.0.publish();
    }

    /// Answers so when it is asked for its keys, until [`repair_keys`](Self::repair_keys).
    pub fn break_keys(&self, fault: &Fault) {
        lock(&self.0.keys).fault = Some(fault.clone());
        self.0.publish();
    }

    /// Answers as it should when it is asked for its keys.
    pub fn repair_keys(&self) {
        lock(&self.0.keys).fault = None;
        self.0.publish();
    }

    /// The requests for its keys that came so far.
    #[must_use]
    pub fn key_requests(&self) -> Vec<Request> {
        let path = self.0.provider.shape().jwks;
        self.0.server.requests().into_iter().filter(|request| request.path() == path).collect()
    }

    /// The requests that came so far to the server of an attacker, to which `jku` and `x5u` of hostile tokens point, and a
    /// [`Fault`] redirects. Whoever verifies tokens sends none.
    #[must_use]
    pub fn stray_requests(&self) -> Vec<Request> {
        self.0.elsewhere.requests()
    }

    /// The server, for paths of your own.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.0.server
    }
}

impl fmt::Debug for TestIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestIssuer")
            .field("url", &self.0.issuer)
            .field("alg", &self.0.alg)
            .finish_non_exhaustive()
    }
}
