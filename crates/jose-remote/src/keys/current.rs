use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use jose_jwt::jwk::Skipped;
use jose_jwt::jws::{Candidate, ChooseKey};
use jose_jwt::{Verify as _, VerifyingKeys};

/// A clock that does not go back: the span since some fixed moment.
pub(super) type Clock = Arc<dyn Fn() -> Duration + Send + Sync>;

/// The keys of the last fetch that succeeded, until they may not be used any more. Reading them takes no lock. Together with
/// the allowed algorithms they are what a [`JwtVerifier`](jose_jwt::JwtVerifier) takes: see [`RemoteKeys::resolver`](crate::RemoteKeys::resolver).
#[derive(Clone)]
pub struct CurrentKeys(Arc<Shared>);

struct Shared {
    snapshot: ArcSwapOption<Snapshot>,
    clock: Clock,
}

/// Prepared keys and their report.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) keys: Arc<VerifyingKeys>,
    pub(super) skipped: Arc<[Skipped]>,
    pub(super) until: Duration,
    /// When the next fetch is due by itself. Until then nothing is asked but this.
    pub(super) due: Duration,
    pub(super) fetched: Duration,
    /// How many sets there were before.
    pub(super) version: u64,
}

impl CurrentKeys {
    /// None yet.
    pub(super) fn new(clock: Clock) -> Self {
        Self(Arc::new(Shared { snapshot: ArcSwapOption::empty(), clock }))
    }

    /// What was fetched last, if it was, usable or not.
    pub(super) fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.0.snapshot.load_full()
    }

    pub(super) fn replace(&self, snapshot: Snapshot) {
        self.0.snapshot.store(Some(Arc::new(snapshot)));
    }

    /// Whether there are keys that may be used.
    pub(super) fn is_usable(&self, now: Duration) -> bool {
        self.0.snapshot.load().as_ref().is_some_and(|snapshot| now < snapshot.until)
    }

    /// Whether there are keys that may be used, and no fetch is due by itself.
    pub(super) fn is_fresh(&self, now: Duration) -> bool {
        let snapshot = self.0.snapshot.load();
        snapshot.as_ref().is_some_and(|snapshot| now < snapshot.due && now < snapshot.until)
    }

    pub(super) fn now(&self) -> Duration {
        (self.0.clock)()
    }

    pub(super) fn version(&self) -> Option<u64> {
        self.0.snapshot.load().as_ref().map(|snapshot| snapshot.version)
    }
}

impl ChooseKey for CurrentKeys {
    type Key = Arc<VerifyingKeys>;

    fn choose(&self, candidate: &Candidate<'_>) -> Option<Arc<VerifyingKeys>> {
        let snapshot = self.0.snapshot.load();
        let usable = snapshot.as_ref().filter(|snapshot| self.now() < snapshot.until);
        // An allowed algorithm that no key serves yet may be that of a new key.
        let usable = usable.filter(|snapshot| snapshot.keys.algs().contains(candidate.alg));
        usable.map(|snapshot| Arc::clone(&snapshot.keys))
    }
}

impl fmt::Debug for CurrentKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CurrentKeys").field("version", &self.version()).finish_non_exhaustive()
    }
}
