//! The provider's keys rotate while tokens are verified.

use core::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use jose_jwt::JwsAlg;
use jose_jwt::profile::{ACCESS_TOKEN, AccessToken};
use jose_remote::{
    FetchError, FetchPolicy, FetchRequest, FetchResponse, FetchSend, RemoteKeys, RemoteVerifier, Ureq,
};
use xtask::Result;

use crate::browser::{Browser, parameter};
use crate::client::{Client, REDIRECT, Request};
use crate::ensure;
use crate::login::{discover, resource};
use crate::provider::Provider;

const VERIFICATIONS: usize = 10_000;
/// Of these, with a key that came while they ran.
const WITH_THE_NEW_KEY: usize = 2000;
const THREADS: usize = 4;

/// A client that counts its requests.
struct Counting(Ureq, Arc<AtomicUsize>);

impl FetchSend for Counting {
    async fn fetch(&self, request: &FetchRequest) -> core::result::Result<FetchResponse, FetchError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        FetchSend::fetch(&self.0, request).await
    }
}

/// What the threads share.
struct Shared {
    verifier: RemoteVerifier<Counting>,
    tokens: Mutex<Vec<String>>,
    /// Verifications with the first token, and with any.
    done: [AtomicUsize; 2],
    failed: Mutex<Option<String>>,
}

impl Shared {
    fn token(&self, number: usize) -> (bool, String) {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let place = number % tokens.len();
        (place == 0, tokens[place].clone())
    }

    fn fail(&self, error: String) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    fn has_failed(&self) -> bool {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn count(&self) -> (usize, usize) {
        let [first, all] = [&self.done[0], &self.done[1]].map(|count| count.load(Ordering::SeqCst));
        (all, all.saturating_sub(first))
    }

    /// Verifies until enough was verified.
    fn work(&self) {
        for number in 0.. {
            let (all, with_new) = self.count();
            if self.has_failed() || (all >= VERIFICATIONS && with_new >= WITH_THE_NEW_KEY) {
                return;
            }
            let (is_first, token) = self.token(number);
            if let Err(error) = self.verifier.verify_blocking::<AccessToken>(&token) {
                return self.fail(format!("verification {all}: {error}"));
            }
            // In this order, so that no difference is too great.
            if is_first {
                self.done[0].fetch_add(1, Ordering::SeqCst);
            }
            self.done[1].fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// An access token of a new login.
fn token(provider: &Provider, client: &Client) -> Result<String> {
    let request = Request::new("code", "query")?.resource(resource(client));
    let url = client.authorization_url(provider, &request)?;
    let location = Browser::new().authorize(&url, REDIRECT)?;
    let code = parameter(&location, "code").ok_or_else(|| format!("no code at {location}"))?;
    let answered = client.redeem(provider, &request, &code, &client.assertion(provider)?, None)?;
    Ok(answered.text("access_token")?.to_owned())
}

pub(crate) fn run(provider: &mut Provider, client: &Client) -> Result {
    let issuer = discover(provider)?;
    let (seconds, fetches) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicUsize::new(0)));
    let clock = Arc::clone(&seconds);
    let keys = RemoteKeys::builder(issuer.metadata().jwks_uri(), JwsAlg::Es256)
        .policy(FetchPolicy::new().allow_http_loopback())
        .clock(move || Duration::from_secs(clock.load(Ordering::SeqCst)))
        .build(Counting(Ureq::default(), Arc::clone(&fetches)))?;
    let verifier = keys.verifier(|rules| {
        rules.issuer(provider.issuer.as_str()).audience(resource(client)).profile(ACCESS_TOKEN)
    });
    let old = token(provider, client)?;
    let shared = Shared {
        verifier,
        tokens: Mutex::new(vec![old.clone()]),
        done: Default::default(),
        failed: Mutex::default(),
    };
    let new = thread::scope(|scope| -> Result<String> {
        for _ in 0..THREADS {
            scope.spawn(|| shared.work());
        }
        let rotated = (|| {
            while shared.count().0 < VERIFICATIONS / 5 && !shared.has_failed() {
                thread::sleep(Duration::from_millis(1));
            }
            provider.rotate()?;
            // The cooldown of the first fetch is over.
            seconds.fetch_add(31, Ordering::SeqCst);
            let new = token(provider, client)?;
            shared.tokens.lock().unwrap_or_else(PoisonError::into_inner).push(new.clone());
            Ok(new)
        })();
        if rotated.is_err() {
            shared.fail("the rotation failed".to_owned());
        }
        rotated
    })?;
    if let Some(error) = shared.failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(error.into());
    }
    let (all, with_new) = shared.count();
    let count = fetches.load(Ordering::SeqCst);
    ensure!(count == 2, "{count} fetches");
    println!("rotation: {all} verifications, {with_new} with the new key, {count} fetches");

    // Once its set is over, a key that was withdrawn is known no more.
    provider.withdraw()?;
    seconds.fetch_add(25 * 3600, Ordering::SeqCst);
    shared.verifier.verify_blocking::<AccessToken>(&new)?;
    let refused = shared.verifier.verify_blocking::<AccessToken>(&old).err().map(|error| error.code());
    ensure!(refused == Some("kid-unknown"), "a token of a withdrawn key: {refused:?}");
    let count = fetches.load(Ordering::SeqCst);
    ensure!(count == 3, "{count} fetches");
    Ok(())
}
