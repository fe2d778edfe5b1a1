//! The keys that an issuer publishes, as verifiers use them.

mod current;
mod format;

use core::fmt;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use event_listener::Event;
use jose_jwt::jwk::Skipped;
use jose_jwt::{Allowed, JwsAlg, KeyResolver, VerifyingKeys};

pub use current::CurrentKeys;
pub use format::KeyFormat;

use current::{Clock, Snapshot};

use crate::cache::{KeyCache, Outcome};
use crate::error::Error;
use crate::fetch::{Answer, AnyFetch, Fetch, FetchPolicy, FetchSend};
use crate::url::Url;

/// The keys that an issuer publishes at a URL: fetched when they are needed, kept as [`KeyCache`] says, and replaced under the
/// verifiers that use them. A clone is another handle to the same keys.
///
/// ```
/// use jose_remote::jwt::{JwsAlg, JwtVerifier};
/// use jose_remote::{FetchError, FetchRequest, FetchResponse, FetchSend, RemoteKeys};
///
/// /// An HTTP client that has no network.
/// struct Offline;
///
/// impl FetchSend for Offline {
///     async fn fetch(&self, _: &FetchRequest) -> Result<FetchResponse, FetchError> {
///         Err(FetchError::TimedOut)
///     }
/// }
///
/// fn main() -> Result<(), jose_remote::Error> {
///     let keys = RemoteKeys::builder("https://issuer.example/jwks", JwsAlg::Es256)
///         .build(Offline)?;
///     let verifier =
///         keys.verifier(|rules| rules.issuer("https://issuer.example").audience("api"));
///     // Without a fetch there are no keys, and no token is accepted.
///     assert!(verifier.verify_now::<jose_remote::jwt::NoClaims>("a.b.c").is_err());
///     Ok(())
/// }
/// ```
pub struct RemoteKeys<F: ?Sized>(Arc<Source<F>>);

struct Source<F: ?Sized> {
    url: Url,
    policy: FetchPolicy,
    format: KeyFormat,
    allowed: Allowed<JwsAlg>,
    precomputed: bool,
    current: CurrentKeys,
    resolver: KeyResolver<CurrentKeys>,
    cache: Mutex<KeyCache>,
    /// Wakes those who wait for a fetch.
    ended: Event,
    /// Whether a token named a key that is not there, where nobody could wait for a fetch; and what wakes the task in the
    /// background then.
    is_wanted: AtomicBool,
    wanted: Event,
    last_error: Mutex<Option<Error>>,
    /// The last, so that its type can be left open.
    fetch: F,
}

/// What is known of remote keys.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Status {
    /// The time since the set was fetched or found unchanged, if there is one.
    pub age: Option<Duration>,
    /// Whether the set may be used.
    pub is_usable: bool,
    /// The entries of the set that serve no allowed algorithm or cannot be read, by their place.
    pub skipped: Vec<Skipped>,
    /// Why the last fetch failed, if it did.
    pub last_error: Option<Error>,
}

impl RemoteKeys<()> {
    /// Starts with the URL of the key set and the allowed algorithms, which must be asymmetric.
    pub fn builder(url: impl Into<String>, allowed: impl Into<Allowed<JwsAlg>>) -> RemoteKeysBuilder {
        RemoteKeysBuilder {
            url: url.into(),
            allowed: allowed.into(),
            policy: FetchPolicy::new(),
            cache: KeyCache::new(),
            format: KeyFormat::JwkSet,
            precomputed: false,
            clock: None,
        }
    }
}

/// The settings of [`RemoteKeys`].
#[derive(Clone)]
#[must_use = "`build` makes the keys"]
pub struct RemoteKeysBuilder {
    url: String,
    allowed: Allowed<JwsAlg>,
    policy: FetchPolicy,
    cache: KeyCache,
    format: KeyFormat,
    precomputed: bool,
    clock: Option<Clock>,
}

impl RemoteKeysBuilder {
    /// Sets what may be fetched.
    pub fn policy(self, policy: FetchPolicy) -> Self {
        Self { policy, ..self }
    }

    /// Sets when to fetch, and for how long the keys are used.
    pub fn cache(self, cache: KeyCache) -> Self {
        Self { cache, ..self }
    }

    /// Sets what the answer looks like: a JWK Set by default.
    pub fn format(self, format: KeyFormat) -> Self {
        Self { format, ..self }
    }

    /// Computes values of each key beforehand, so that it verifies faster: see
    /// [`VerifyingKey::precomputed`](jose_jwt::VerifyingKey::precomputed).
    pub fn precomputed(self) -> Self {
        Self { precomputed: true, ..self }
    }

    /// Sets the clock, which must not go back: the span since some fixed moment. By default it is `Instant`'s, which on some
    /// systems stands still while the machine sleeps: keys then live on for that time.
    pub fn clock(self, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { clock: Some(Arc::new(clock)), ..self }
    }

    /// Makes the keys, with a client. Nothing is fetched yet.
    ///
    /// # Errors
    ///
    /// [`Error::Url`] and [`Error::UrlInsecure`]; [`Error::Symmetric`] if a symmetric algorithm is allowed; [`Error::Keys`] if
    /// none is allowed.
    pub fn build<F>(self, fetch: F) -> Result<RemoteKeys<F>, Error> {
        let url = Url::parse(&self.url, self.policy.http_loopback)?;
        let algs = self.allowed.algs();
        if algs.iter().any(JwsAlg::is_symmetric) {
            return Err(Error::Symmetric);
        }
        let clock = self.clock.unwrap_or_else(|| {
            let started = Instant::now();
            Arc::new(move || started.elapsed())
        });
        let current = CurrentKeys::new(clock);
        Ok(RemoteKeys(Arc::new(Source {
            url,
            policy: self.policy,
            format: self.format,
            allowed: self.allowed,
            precomputed: self.precomputed,
            resolver: KeyResolver::from_source(algs, current.clone()).map_err(Error::Keys)?,
            current,
            cache: Mutex::new(self.cache),
            ended: Event::new(),
            is_wanted: AtomicBool::new(false),
            wanted: Event::new(),
            last_error: Mutex::new(None),
            fetch,
        })))
    }
}

impl<F: FetchSend + 'static> RemoteKeys<F> {
    /// The same keys, whatever their client.
    #[must_use]
    pub fn shared(&self) -> RemoteKeys<dyn AnyFetch> {
        let source: Arc<Source<dyn AnyFetch>> = Arc::<Source<F>>::clone(&self.0);
        RemoteKeys(source)
    }
}

impl<F: ?Sized> RemoteKeys<F> {
    /// The keys as a `JwtVerifier` takes them. By themselves they are never fetched: verify through
    /// [`verifier`](Self::verifier), or keep them fresh with [`maintain`](Self::maintain).
    #[must_use]
    pub fn resolver(&self) -> KeyResolver<CurrentKeys> {
        self.0.resolver.clone()
    }

    /// What is known of the keys.
    #[must_use]
    pub fn status(&self) -> Status {
        let snapshot = self.0.current.snapshot();
        let now = self.0.current.now();
        Status {
            age: snapshot.as_ref().map(|snapshot| now.saturating_sub(snapshot.fetched)),
            is_usable: snapshot.as_ref().is_some_and(|snapshot| now < snapshot.until),
            skipped: snapshot.map(|snapshot| snapshot.skipped.to_vec()).unwrap_or_default(),
            last_error: lock(&self.0.last_error).clone(),
        }
    }

    /// Whether there are keys that may be used, without fetching any.
    pub(crate) fn check_usable(&self) -> Result<(), Error> {
        let now = self.0.current.now();
        if self.0.current.is_usable(now) { Ok(()) } else { Err(self.unavailable(now)) }
    }

    /// Asks the task in the background, if there is one, to look for a key that the set does not have.
    pub(crate) fn want(&self) {
        if !self.0.is_wanted.swap(true, Ordering::SeqCst) {
            self.0.wanted.notify(1);
        }
    }

    /// The set that is used now.
    pub(crate) fn version(&self) -> Option<u64> {
        self.0.current.version()
    }

    fn cache(&self) -> MutexGuard<'_, KeyCache> {
        lock(&self.0.cache)
    }

    /// Whether the last fetch succeeded.
    pub(crate) fn check_reachable(&self) -> Result<(), Error> {
        let has_failed = lock(&self.0.last_error).is_some();
        if has_failed { Err(self.unavailable(self.0.current.now())) } else { Ok(()) }
    }

    /// Why there are no keys.
    fn unavailable(&self, now: Duration) -> Error {
        let cause = lock(&self.0.last_error).clone().map(Box::new);
        Error::KeysUnavailable { retry_after: self.cache().next(now), cause }
    }
}

impl<F: Fetch + ?Sized> RemoteKeys<F> {
    /// Fetches the keys if that is due. If keys may be used and another task fetches already, it does not wait.
    ///
    /// # Errors
    ///
    /// [`Error::KeysUnavailable`] if there are no keys that may be used, and a fetch failed or is not due yet. If the keys at
    /// hand may be used and the fetch fails, it is no error: [`status`](Self::status) tells it.
    pub async fn ready(&self) -> Result<(), Error> {
        if self.0.current.is_fresh(self.0.current.now()) {
            return Ok(());
        }
        loop {
            // Before the state is looked at, so that no end is missed.
            let ended = self.0.ended.listen();
            let now = self.0.current.now();
            let (is_usable, turn, is_fetching) = {
                let mut cache = self.cache();
                let turn = cache.begin(now, false).then(|| cache.turn());
                (cache.is_usable(now), turn, cache.is_fetching(now))
            };
            match (turn, is_usable, is_fetching) {
                (Some(turn), ..) => self.fetch(turn).await,
                (None, true, _) => return Ok(()),
                (None, false, true) => ended.await,
                (None, false, false) => return Err(self.unavailable(now)),
            }
        }
    }

    /// Looks for a key that the set of that version does not have. Returns whether there is another set now.
    pub(crate) async fn look_again(&self, version: Option<u64>) -> bool {
        loop {
            let ended = self.0.ended.listen();
            if self.version() != version {
                return true;
            }
            let now = self.0.current.now();
            let (turn, is_fetching) = {
                let mut cache = self.cache();
                (cache.begin(now, true).then(|| cache.turn()), cache.is_fetching(now))
            };
            match (turn, is_fetching) {
                (Some(turn), _) => self.fetch(turn).await,
                (None, true) => ended.await,
                (None, false) => return false,
            }
        }
    }

    /// Fetches, with the turn.
    async fn fetch(&self, number: u64) {
        let mut turn = Turn { keys: self, number, outcome: Outcome::Abandoned };
        let source = &self.0;
        let etag = self.cache().etag().cloned();
        let answer = source.policy.get(&source.fetch, &source.url, etag).await;
        turn.outcome = match answer.and_then(|answer| self.take(answer, number)) {
            Ok(outcome) => {
                *lock(&source.last_error) = None;
                outcome
            }
            // A later fetch tells how the keys are.
            Err(_) if self.cache().turn() != number => Outcome::Abandoned,
            Err(error) => {
                let retry_after = error.retry_after();
                *lock(&source.last_error) = Some(error);
                Outcome::Failed { retry_after }
            }
        };
    }

    /// Takes an answer. Only a set with a usable key replaces the one at hand, and no set that a later fetch brought.
    fn take(&self, answer: Answer, number: u64) -> Result<Outcome, Error> {
        let source = &self.0;
        let now = source.current.now();
        let mut snapshot = match &answer {
            Answer::NotModified(_) => {
                let snapshot = source.current.snapshot();
                // It was only asked for with a set at hand.
                let snapshot = snapshot.ok_or(Error::Status { found: 304, retry_after: None })?;
                Snapshot::clone(&snapshot)
            }
            Answer::Body(_, body) => {
                let (set, skipped) = source.format.read(body)?;
                let keys = VerifyingKeys::from_jwks(&set, source.allowed).map_err(Error::Keys)?;
                let skipped = skipped.into_iter().chain(keys.skipped().iter().copied()).collect();
                let keys = if source.precomputed { keys.precomputed() } else { keys };
                let version = self.version().map_or(0, |version| version.wrapping_add(1));
                Snapshot { keys: Arc::new(keys), skipped, until: now, due: now, fetched: now, version }
            }
        };
        let outcome = match answer {
            Answer::NotModified(freshness) => Outcome::NotModified(freshness),
            Answer::Body(freshness, _) => Outcome::Fetched(freshness),
        };
        snapshot.fetched = now;
        let mut cache = self.cache();
        if cache.turn() != number {
            return Ok(Outcome::Abandoned);
        }
        cache.finish(now, outcome.clone(), 0);
        snapshot.until = cache.usable_until().unwrap_or(now);
        snapshot.due = now.saturating_add(cache.next(now));
        source.current.replace(snapshot);
        Ok(outcome)
    }
}

/// The turn to fetch. However it ends, also by a future that nobody polls any more, the next one may begin.
struct Turn<'k, F: ?Sized> {
    keys: &'k RemoteKeys<F>,
    number: u64,
    outcome: Outcome,
}

impl<F: ?Sized> Drop for Turn<'_, F> {
    fn drop(&mut self) {
        let jitter = match self.outcome {
            Outcome::Failed { .. } => getrandom::u32().unwrap_or_default(),
            _ => 0,
        };
        let [low, high, ..] = jitter.to_le_bytes();
        let jitter = u16::from_le_bytes([low, high]);
        let now = self.keys.0.current.now();
        let mut cache = self.keys.cache();
        if cache.turn() == self.number {
            cache.finish(now, self.outcome.clone(), jitter);
        }
        drop(cache);
        self.keys.0.ended.notify(usize::MAX);
    }
}

/// A lock that another thread's panic does not close: what it guards is whole after each statement.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<F: ?Sized> Clone for RemoteKeys<F> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<F: ?Sized> fmt::Debug for RemoteKeys<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeys").field("url", &self.0.url.as_str()).finish_non_exhaustive()
    }
}

impl fmt::Debug for RemoteKeysBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeysBuilder").field("url", &self.url).finish_non_exhaustive()
    }
}

// Last, so that the documentation of `RemoteKeys` begins with how it is made.
mod maintain;
