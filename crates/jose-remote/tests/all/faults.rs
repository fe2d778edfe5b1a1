//! Servers that answer wrongly: what each client makes of it, with and without keys at hand, and how many requests it takes.

use core::time::Duration;

use crate::help::{AUDIENCE, Answer, Clock, Key, Server, client, policy, set};
use jose_remote::jwt::{JwsAlg, NoClaims};
use jose_remote::{Error, Fetch, FetchPolicy, RemoteKeys, RemoteVerifier, Ureq};
use jose_test::{Fault, TestIssuer};

const ISSUER: &str = "https://issuer.example";

/// The error's code for each fault, and the requests that one fetch makes of it.
const FAULTS: [(&str, &str, usize); 20] = [
    ("slow", "fetch", 1),
    ("cut", "fetch", 1),
    ("cut-chunk", "fetch", 1),
    ("not-http", "fetch", 1),
    ("closed", "fetch", 1),
    ("server-error", "http-status", 1),
    ("not-found", "http-status", 1),
    ("too-many-requests", "http-status", 1),
    ("no-content", "http-status", 1),
    ("not-modified", "http-status", 1),
    ("html", "content-type", 1),
    ("too-long", "body-too-long", 1),
    ("redirect-elsewhere", "redirect", 1),
    ("redirect-nowhere", "redirect", 1),
    ("redirect-loop", "redirect", 4),
    ("not-an-object", "not-an-object", 1),
    ("half-a-set", "syntax", 1),
    ("no-keys", "no-usable-key", 1),
    ("symmetric-key", "no-usable-key", 1),
    ("other-algorithm", "no-usable-key", 1),
];

struct Setting<F> {
    server: Server,
    clock: Clock,
    verifier: RemoteVerifier<F>,
}

impl<F: Fetch> Setting<F> {
    fn new(client: F, policy: FetchPolicy) -> Self {
        let (server, clock) = (Server::start(), Clock::default());
        let keys = RemoteKeys::builder(server.url("/jwks"), JwsAlg::Es256).policy(policy);
        let keys = keys.clock(clock.read()).build(client).unwrap();
        let verifier = keys.verifier(|rules| rules.issuer(ISSUER).audience(AUDIENCE));
        Self { server, clock, verifier }
    }

    async fn verify(&self, token: &str) -> Result<(), Error> {
        self.verifier.verify::<NoClaims>(token).await.map(drop)
    }
}

/// A verifier of the issuer's tokens, whose clock stands still.
fn verifier<F: Fetch>(issuer: &TestIssuer, client: F) -> (RemoteVerifier<F>, Clock) {
    let clock = Clock::default();
    let keys = RemoteKeys::builder(issuer.jwks_uri(), JwsAlg::Es256).policy(policy());
    let keys = keys.clock(clock.read()).build(client).unwrap();
    (keys.verifier(|rules| rules.issuer(issuer.url()).audience(AUDIENCE)), clock)
}

async fn meets_faults<F: Fetch>(client: impl Fn() -> F) {
    assert_eq!(Fault::all().count(), FAULTS.len());
    for fault in Fault::all() {
        let (name, code, requests) = FAULTS.into_iter().find(|(name, ..)| *name == fault.name()).unwrap();
        // Without keys: nothing is accepted, and the reason is told.
        let issuer = TestIssuer::start();
        let token = issuer.token(AUDIENCE).sign();
        let (cold, clock) = verifier(&issuer, client());
        issuer.break_keys(&fault);
        for _ in 0..3 {
            let error = cold.verify::<NoClaims>(&token).await.unwrap_err();
            let Error::KeysUnavailable { retry_after, cause } = &error else { panic!("{name}: {error}") };
            assert_eq!(cause.as_ref().map(|cause| cause.code()), Some(code), "{name}: {error}");
            let least = if name == "too-many-requests" { 120 } else { 1 };
            assert!(*retry_after >= Duration::from_secs(least), "{name}: {retry_after:?}");
            assert!(!error.is_refusal(), "{name}");
        }
        assert_eq!(issuer.key_requests().len(), requests, "{name}");
        // And it recovers.
        issuer.repair_keys();
        clock.forward(160);
        cold.verify::<NoClaims>(&token).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(issuer.key_requests().len(), requests + 1, "{name}");

        // With keys: they serve on, and the pauses hold.
        let (warm, clock) = verifier(&issuer, client());
        warm.verify::<NoClaims>(&token).await.unwrap();
        issuer.break_keys(&fault);
        issuer.rotate();
        let unknown = issuer.token(AUDIENCE).sign();
        clock.forward(500);
        for _ in 0..5 {
            warm.verify::<NoClaims>(&token).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            let refused = warm.verify::<NoClaims>(&unknown).await.unwrap_err();
            // A key that nobody can ask for is no reason to refuse a token.
            assert_eq!((refused.code(), refused.is_refusal()), ("keys-unavailable", false), "{name}");
        }
        assert_eq!(issuer.key_requests().len(), 2 * requests + 2, "{name}");
        assert_eq!(warm.keys().status().last_error.map(|error| error.code()), Some(code), "{name}");
        assert!(issuer.stray_requests().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn reqwest_meets_faults() {
    meets_faults(client).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ureq_meets_faults() {
    meets_faults(Ureq::default).await;
}

async fn follows<F: Fetch>(client: F) {
    let setting = Setting::new(client, policy());
    let key = Key::new("a");
    setting.server.set("/jwks", Answer::new("302 Found", &[("location", "/there")], ""));
    setting.server.set("/there", Answer::new("307 Temporary Redirect", &[("location", "further")], ""));
    setting.server.set("/further", Answer::json(&set(&[&key])));
    setting.verify(&key.token(ISSUER)).await.unwrap();
    assert_eq!(setting.server.count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_inside_the_origin_are_followed() {
    follows(client()).await;
    follows(Ureq::default()).await;
}

#[tokio::test]
async fn other_content_types_are_taken_by_name() {
    let key = Key::new("a");
    for headers in [&[("content-type", "binary/octet-stream")][..], &[]] {
        let setting = Setting::new(client(), policy());
        setting.server.set("/jwks", Answer::new("200 OK", headers, &set(&[&key])));
        let error = setting.verify(&key.token(ISSUER)).await.unwrap_err();
        let Error::KeysUnavailable { cause: Some(cause), .. } = &error else { panic!("{error}") };
        assert_eq!(cause.code(), "content-type");

        let setting = Setting::new(client(), policy().allow_any_content_type());
        setting.server.set("/jwks", Answer::new("200 OK", headers, &set(&[&key])));
        setting.verify(&key.token(ISSUER)).await.unwrap();
    }
}

#[tokio::test]
async fn the_last_set_that_was_fetched_counts() {
    // A server behind a balancer answers with the old set again: its new keys are gone until the next fetch.
    let setting = Setting::new(client(), policy());
    let (old, new) = (Key::new("old"), Key::new("new"));
    for (keys, accepts_new) in [(vec![&old], false), (vec![&old, &new], true), (vec![&old], false)] {
        setting.server.set("/jwks", Answer::json(&set(&keys)));
        setting.clock.forward(600);
        setting.verify(&old.token(ISSUER)).await.unwrap();
        assert_eq!(setting.verify(&new.token(ISSUER)).await.is_ok(), accepts_new);
    }
    assert_eq!(setting.server.count(), 3);
    setting.server.set("/jwks", Answer::json(&set(&[&old, &new])));
    setting.clock.forward(31);
    setting.verify(&new.token(ISSUER)).await.unwrap();
}

#[test]
fn a_program_without_a_runtime_verifies() {
    let key = Key::new("a");
    let setting = Setting::new(Ureq::default(), policy());
    setting.server.set("/jwks", Answer::json(&set(&[&key])));
    let verified = setting.verifier.verify_blocking::<NoClaims>(&key.token(ISSUER)).unwrap();
    assert_eq!(verified.claims().sub(), Some("alice"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_share_the_time() {
    async fn gives_up<F: Fetch>(client: F) {
        let setting = Setting::new(client, policy());
        for (from, to) in [("/jwks", "/a"), ("/a", "/b"), ("/b", "/c")] {
            let answer = Answer::new("302 Found", &[("location", to)], "");
            setting.server.set(from, answer.after(Duration::from_millis(200)));
        }
        let error = setting.verify(&Key::new("a").token(ISSUER)).await.unwrap_err();
        assert!(error.to_string().contains("the time was over"), "{error}");
        assert!(setting.server.count() <= 3, "{}", setting.server.count());
    }
    gives_up(client()).await;
    gives_up(Ureq::default()).await;
}
