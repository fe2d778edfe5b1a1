//! An issuer's keys, a clock and a client.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jose_remote::jwt::{Claims, Curve, Jwk, JwkSet, SigningKey, SysRng, sign};
use jose_remote::{FetchPolicy, Reqwest, reqwest};

pub(crate) use jose_test::{Answer, Server};

pub(crate) const AUDIENCE: &str = "https://api.example";

/// A clock that the test moves.
#[derive(Clone, Default)]
pub(crate) struct Clock(Arc<AtomicU64>);

impl Clock {
    pub(crate) fn forward(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn read(&self) -> impl Fn() -> Duration + Send + Sync + 'static {
        let seconds = Arc::clone(&self.0);
        move || Duration::from_secs(seconds.load(Ordering::SeqCst))
    }
}

/// An issuer: its name, and a key by its `kid`.
pub(crate) struct Key {
    pub(crate) jwk: Jwk,
    signing: SigningKey,
}

impl Key {
    pub(crate) fn new(kid: &str) -> Self {
        Self::of(Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid(kid))
    }

    pub(crate) fn of(jwk: Jwk) -> Self {
        let signing = SigningKey::try_from(&jwk).unwrap();
        Self { jwk, signing }
    }

    pub(crate) fn token(&self, issuer: &str) -> String {
        let claims = Claims::new()
            .issuer(issuer)
            .audience(AUDIENCE)
            .subject("alice")
            .expires_in(Duration::from_secs(600));
        sign(&self.signing, &claims).unwrap()
    }
}

pub(crate) fn set(keys: &[&Key]) -> String {
    keys.iter().map(|key| key.jwk.clone()).collect::<JwkSet>().to_public_json()
}

pub(crate) fn policy() -> FetchPolicy {
    FetchPolicy::new().allow_http_loopback().timeout(Duration::from_millis(500))
}

pub(crate) fn client() -> Reqwest {
    Reqwest::new(reqwest::Client::builder()).unwrap()
}
