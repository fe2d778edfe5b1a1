//! Keys that rotate, verifiers that share them, and what is fetched for it.

use core::time::Duration;
use std::sync::Arc;

use crate::help::{AUDIENCE, Answer, Clock, Key, Server, client, policy, set};
use jose_remote::jwt::{Curve, Jwk, JwsAlg, NoClaims, SysRng};
use jose_remote::{Error, Issuers, KeyCache, RemoteKeys, RemoteVerifier, Reqwest};

const ISSUER: &str = "https://issuer.example";

struct Setting {
    server: Server,
    clock: Clock,
    verifier: RemoteVerifier<Reqwest>,
}

impl Setting {
    fn new(cache: KeyCache) -> Self {
        let (server, clock) = (Server::start(), Clock::default());
        let keys = RemoteKeys::builder(server.url("/jwks"), JwsAlg::Es256)
            .policy(policy())
            .cache(cache)
            .clock(clock.read())
            .build(client())
            .unwrap();
        let verifier = keys.verifier(|rules| rules.issuer(ISSUER).audience(AUDIENCE));
        Self { server, clock, verifier }
    }

    fn publish(&self, keys: &[&Key]) {
        self.server.set("/jwks", Answer::json(&set(keys)));
    }

    async fn verify(&self, token: &str) -> Result<(), Error> {
        self.verifier.verify::<NoClaims>(token).await.map(drop)
    }
}

fn kid_unknown(result: Result<(), Error>) -> bool {
    result.is_err_and(|error| error.code() == "kid-unknown" && error.is_refusal())
}

#[tokio::test]
async fn a_rotation_costs_one_fetch() {
    let setting = Setting::new(KeyCache::new());
    let (old, new) = (Key::new("old"), Key::new("new"));
    setting.publish(&[&old]);
    for _ in 0..10 {
        setting.verify(&old.token(ISSUER)).await.unwrap();
    }
    assert_eq!(setting.server.count(), 1);

    setting.publish(&[&new, &old]);
    setting.clock.forward(31);
    for _ in 0..10 {
        setting.verify(&new.token(ISSUER)).await.unwrap();
        setting.verify(&old.token(ISSUER)).await.unwrap();
    }
    assert_eq!(setting.server.count(), 2);

    // The old key is withdrawn; its tokens are refused once the set was fetched again.
    setting.publish(&[&new]);
    setting.clock.forward(600);
    assert!(kid_unknown(setting.verify(&old.token(ISSUER)).await));
    setting.verify(&new.token(ISSUER)).await.unwrap();
    assert_eq!(setting.server.count(), 3);
}

#[tokio::test]
async fn unknown_kids_fetch_once_in_a_cooldown() {
    let setting = Setting::new(KeyCache::new());
    let (key, stranger) = (Key::new("a"), Key::new("b"));
    setting.publish(&[&key]);
    setting.verify(&key.token(ISSUER)).await.unwrap();
    for _ in 0..20 {
        assert!(kid_unknown(setting.verify(&stranger.token(ISSUER)).await));
    }
    // The cooldown of the first fetch is not over.
    assert_eq!(setting.server.count(), 1);
    setting.clock.forward(31);
    for _ in 0..20 {
        assert!(kid_unknown(setting.verify(&stranger.token(ISSUER)).await));
    }
    assert_eq!(setting.server.count(), 2);
    // A token without a good signature, or of another algorithm, asks for nothing.
    setting.clock.forward(31);
    let mut forged = key.token(ISSUER);
    forged.truncate(forged.len() - 4);
    forged.push_str("AAAA");
    for token in [forged.as_str(), "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "", "a.b"] {
        assert!(setting.verify(token).await.unwrap_err().is_refusal(), "{token}");
    }
    assert_eq!(setting.server.count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_at_once_share_one_fetch() {
    let setting = Arc::new(Setting::new(KeyCache::new()));
    let key = Key::new("a");
    setting.server.set("/jwks", Answer::json(&set(&[&key])).after(Duration::from_millis(100)));
    let token = key.token(ISSUER);
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let (setting, token) = (Arc::clone(&setting), token.clone());
            tokio::spawn(async move { setting.verify(&token).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(setting.server.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_rotate_while_tokens_are_verified() {
    let setting = Arc::new(Setting::new(KeyCache::new()));
    let (old, new) = (Key::new("old"), Key::new("new"));
    setting.publish(&[&old]);
    setting.verify(&old.token(ISSUER)).await.unwrap();
    // The new key is published before it signs, and the old one stays.
    setting.publish(&[&old, &new]);
    setting.clock.forward(31);
    let tokens = Arc::new([old.token(ISSUER), new.token(ISSUER)]);
    let tasks: Vec<_> = (0..8)
        .map(|task| {
            let (setting, tokens) = (Arc::clone(&setting), Arc::clone(&tokens));
            tokio::spawn(async move {
                for round in 0..1250 {
                    setting.verify(&tokens[(task + round) % 2]).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!(setting.server.count() <= 2, "{}", setting.server.count());
}

#[tokio::test]
async fn a_fetch_that_is_given_up_blocks_nobody() {
    let setting = Setting::new(KeyCache::new());
    let key = Key::new("a");
    setting.server.set("/jwks", Answer::json(&set(&[&key])).after(Duration::from_millis(300)));
    let token = key.token(ISSUER);
    // The request that had the turn goes away.
    let gone = tokio::time::timeout(Duration::from_millis(50), setting.verify(&token)).await;
    assert!(gone.is_err());
    setting.verify(&token).await.unwrap();
}

#[tokio::test]
async fn a_late_answer_does_not_replace_a_later_one() {
    let setting = Setting::new(KeyCache::new());
    let (old, new) = (Key::new("old"), Key::new("new"));
    setting.server.set("/jwks", Answer::json(&set(&[&old])).after(Duration::from_millis(300)));
    let (late, token) = (old.token(ISSUER), new.token(ISSUER));
    let later = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        // The first fetch has not ended within the cooldown: the next one begins.
        setting.clock.forward(31);
        setting.publish(&[&new]);
        setting.verify(&token).await.unwrap();
    };
    let (first, ()) = tokio::join!(setting.verify(&late), later);
    assert!(kid_unknown(first));
    assert_eq!(setting.server.count(), 2);
    assert!(setting.verifier.verify_now::<NoClaims>(&token).is_ok());
    assert!(setting.verifier.verify_now::<NoClaims>(&late).is_err());
}

#[tokio::test]
async fn an_unchanged_set_is_not_sent_again() {
    let setting = Setting::new(KeyCache::new());
    let key = Key::new("a");
    let headers =
        [("content-type", "application/json"), ("etag", "\"one\""), ("cache-control", "max-age=1000")];
    setting.server.set("/jwks", Answer::new("200 OK", &headers, &set(&[&key])));
    setting.verify(&key.token(ISSUER)).await.unwrap();
    // The tag of another set is a mistake.
    let headers = [("cache-control", "max-age=2000"), ("etag", "\"two\"")];
    setting.server.set("/jwks", Answer::new("304 Not Modified", &headers, ""));
    setting.clock.forward(801);
    setting.verify(&key.token(ISSUER)).await.unwrap();
    let requests = setting.server.requests();
    assert_eq!(requests.len(), 2);
    let etags = requests.iter().map(|request| request.header("if-none-match"));
    assert_eq!(etags.collect::<Vec<_>>(), [None, Some("\"one\"")]);
    // The life is the new answer's.
    setting.clock.forward(1599);
    setting.verify(&key.token(ISSUER)).await.unwrap();
    assert_eq!(setting.server.count(), 2);
    setting.clock.forward(2);
    setting.verify(&key.token(ISSUER)).await.unwrap();
    assert_eq!(setting.server.count(), 3);
    assert_eq!(setting.server.requests()[2].header("if-none-match"), Some("\"one\""));
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_again_serve_for_a_bounded_time() {
    let setting = Setting::new(KeyCache::new().max_stale(Duration::from_secs(100)));
    let key = Key::new("a");
    setting.publish(&[&key]);
    let token = key.token(ISSUER);
    setting.verify(&token).await.unwrap();
    setting.server.set("/jwks", Answer::new("500 Internal Server Error", &[], ""));
    setting.clock.forward(699);
    setting.verify(&token).await.unwrap();
    assert!(setting.verifier.verify_now::<NoClaims>(&token).is_ok());
    let status = setting.verifier.keys().status();
    assert_eq!(status.last_error, Some(Error::Status { found: 500, retry_after: None }));
    setting.clock.forward(1);
    for _ in 0..2 {
        let error = setting.verify(&token).await.unwrap_err();
        assert_eq!((error.code(), error.is_refusal()), ("keys-unavailable", false));
        assert!(error.to_string().contains("500"), "{error}");
    }
    assert_eq!(setting.verifier.verify_now::<NoClaims>(&token).unwrap_err().code(), "keys-unavailable");
    // It comes back.
    setting.publish(&[&key]);
    setting.clock.forward(400);
    setting.verify(&token).await.unwrap();
}

#[tokio::test]
async fn without_a_fetch_there_is_no_key() {
    let setting = Setting::new(KeyCache::new());
    let key = Key::new("a");
    setting.publish(&[&key]);
    let token = key.token(ISSUER);
    assert!(setting.verifier.verify_now::<NoClaims>(&token).is_err());
    assert_eq!(setting.server.count(), 0);
    setting.verifier.keys().ready().await.unwrap();
    assert!(setting.verifier.verify_now::<NoClaims>(&token).is_ok());
    assert_eq!(setting.server.count(), 1);
}

#[tokio::test]
async fn a_task_in_the_background_keeps_the_keys_fresh() {
    let setting = Setting::new(KeyCache::new());
    let key = Key::new("a");
    setting.publish(&[&key]);
    let clock = setting.clock.clone();
    let keys = setting.verifier.keys().clone();
    let task = tokio::spawn(keys.maintain(move |pause| {
        clock.forward(pause.as_secs());
        tokio::time::sleep(Duration::from_millis(10))
    }));
    while setting.server.count() < 5 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    task.abort();
    // Ten minutes of life, of which four fifths pass: five fetches in 32 minutes.
    let passed = setting.clock.read()();
    assert!(passed >= Duration::from_secs(4 * 480), "{passed:?}");
    assert!(setting.verifier.verify_now::<NoClaims>(&key.token(ISSUER)).is_ok());
}

/// Where nobody can wait for a fetch, a new key is fetched by the task in the background, once in a cooldown.
#[tokio::test]
async fn an_unknown_kid_wakes_the_task_in_the_background() {
    let setting = Setting::new(KeyCache::new());
    let (old, new, stranger) = (Key::new("old"), Key::new("new"), Key::new("stranger"));
    setting.publish(&[&old]);
    setting.verifier.keys().ready().await.unwrap();
    setting.publish(&[&old, &new]);
    let keys = setting.verifier.keys().clone();
    // It does not wake by itself.
    let task = tokio::spawn(keys.maintain(|_| core::future::pending()));
    let takes = |key: &Key| setting.verifier.verify_now::<NoClaims>(&key.token(ISSUER)).is_ok();
    setting.clock.forward(100);
    assert!(takes(&old) && !takes(&new));
    for _ in 0..3000 {
        if takes(&new) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(takes(&new));
    // Strangers are many, and the cooldown is one.
    for _ in 0..20 {
        assert!(!takes(&stranger));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(setting.server.count(), 2);
    task.abort();
}

#[tokio::test]
async fn the_token_chooses_among_fixed_issuers() {
    let (one, two) = (Setting::new(KeyCache::new()), Setting::new(KeyCache::new()));
    let (key_one, key_two) = (Key::new("same"), Key::new("same"));
    one.publish(&[&key_one]);
    two.publish(&[&key_two]);
    let of = |setting: &Setting, issuer: &'static str| {
        (issuer, setting.verifier.keys().verifier(|rules| rules.issuer(issuer).audience(AUDIENCE)))
    };
    let issuers = Issuers::new([of(&one, "https://one.example"), of(&two, "https://two.example")]).unwrap();
    issuers.verify::<NoClaims>(&key_one.token("https://one.example")).await.unwrap();
    issuers.verify::<NoClaims>(&key_two.token("https://two.example")).await.unwrap();
    let twice = Issuers::new([of(&one, "https://one.example"), of(&two, "https://one.example")]);
    assert_eq!(twice.unwrap_err().code(), "issuer-repeated");
    // One issuer's key does not sign for another.
    let error = issuers.verify::<NoClaims>(&key_one.token("https://two.example")).await.unwrap_err();
    assert_eq!(error.code(), "signature");
    let fetched = (one.server.count(), two.server.count());
    let error = issuers.verify::<NoClaims>(&key_one.token("https://three.example")).await.unwrap_err();
    assert_eq!((error.code(), error.is_refusal()), ("issuer-unknown", true));
    assert_eq!((one.server.count(), two.server.count()), fetched);
}

#[tokio::test]
async fn a_rotation_to_another_algorithm_is_fetched_for() {
    let (server, clock) = (Server::start(), Clock::default());
    let keys = RemoteKeys::builder(server.url("/jwks"), [JwsAlg::Es256, JwsAlg::Ed25519]).policy(policy());
    let keys = keys.clock(clock.read()).build(client()).unwrap();
    let verifier = keys.verifier(|rules| rules.issuer(ISSUER).audience(AUDIENCE));
    let old = Key::new("old");
    let new = Key::of(Jwk::generate(Curve::Ed25519, &mut SysRng).unwrap().with_kid("new"));
    server.set("/jwks", Answer::json(&set(&[&old])));
    verifier.verify::<NoClaims>(&old.token(ISSUER)).await.unwrap();
    server.set("/jwks", Answer::json(&set(&[&new])));
    clock.forward(31);
    verifier.verify::<NoClaims>(&new.token(ISSUER)).await.unwrap();
    assert_eq!(server.count(), 2);
}
