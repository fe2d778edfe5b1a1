//! Servers that answer wrongly: what each client makes of it, with and without keys at hand, and how many requests it takes.

use core::time::Duration;

use crate::help::{AUDIENCE, Answer, Clock, Key, Server, client, policy, set};
use jose_remote::jwt::{JwsAlg, NoClaims};
use jose_remote::{Error, Fetch, FetchPolicy, RemoteKeys, RemoteVerifier, Ureq};

const ISSUER: &str = "https://issuer.example";

/// The error's code for an answer, and the requests that one fetch makes of it.
type Fault = (&'static str, Answer, &'static str, usize);

fn faults(elsewhere: &Server) -> Vec<Fault> {
    let json = ("content-type", "application/json");
    let large = format!("{{\"keys\":[{}]}}", " ".repeat(10 << 20));
    let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"keys\":[";
    let chunks =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"key";
    let symmetric = r#"{"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}]}"#;
    let ed25519 =
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
    vec![
        ("slow", Answer::json("{}").after(Duration::from_secs(5)), "fetch", 1),
        ("cut", Answer::raw(cut), "fetch", 1),
        ("cut chunks", Answer::raw(chunks), "fetch", 1),
        ("not http", Answer::raw("SSH-2.0-OpenSSH_9.2\r\n"), "fetch", 1),
        ("closed", Answer::raw(""), "fetch", 1),
        ("500", Answer::new("500 Internal Server Error", &[json], "{}"), "http-status", 1),
        ("404", Answer::new("404 Not Found", &[], ""), "http-status", 1),
        ("429", Answer::new("429 Too Many Requests", &[("retry-after", "120")], ""), "http-status", 1),
        ("204", Answer::new("204 No Content", &[], ""), "http-status", 1),
        ("304", Answer::new("304 Not Modified", &[], ""), "http-status", 1),
        ("html", Answer::new("200 OK", &[("content-type", "text/html")], "<html>"), "content-type", 1),
        ("no type", Answer::new("200 OK", &[], "{}"), "content-type", 1),
        ("10 MiB", Answer::json(&large), "body-too-long", 1),
        ("elsewhere", Answer::new("302 Found", &[("location", &elsewhere.url("/jwks"))], ""), "redirect", 1),
        ("no location", Answer::new("302 Found", &[], ""), "redirect", 1),
        ("round", Answer::new("302 Found", &[("location", "/jwks")], ""), "redirect", 4),
        ("no set", Answer::json("[]"), "not-an-object", 1),
        ("no keys", Answer::json("{\"keys\":[]}"), "no-usable-key", 1),
        ("symmetric", Answer::json(symmetric), "no-usable-key", 1),
        ("another algorithm's", Answer::json(ed25519), "no-usable-key", 1),
        ("half a set", Answer::json("{\"keys\":["), "syntax", 1),
    ]
}

struct Setting<F> {
    server: Server,
    clock: Clock,
    verifier: RemoteVerifier<F>,
}

impl<F: Fetch> Setting<F> {
    async fn new(client: F, policy: FetchPolicy) -> Self {
        let (server, clock) = (Server::start().await, Clock::default());
        let keys = RemoteKeys::builder(server.url("/jwks"), JwsAlg::Es256).policy(policy);
        let keys = keys.clock(clock.read()).build(client).unwrap();
        let verifier = keys.verifier(|rules| rules.issuer(ISSUER).audience(AUDIENCE));
        Self { server, clock, verifier }
    }

    async fn verify(&self, token: &str) -> Result<(), Error> {
        self.verifier.verify::<NoClaims>(token).await.map(drop)
    }
}

async fn meets_faults<F: Fetch>(client: impl Fn() -> F) {
    let elsewhere = Server::start().await;
    let (key, other) = (Key::new("a"), Key::new("b"));
    let token = key.token(ISSUER);
    elsewhere.set("/jwks", Answer::json(&set(&[&key])));
    for (name, answer, code, requests) in faults(&elsewhere) {
        // Without keys: nothing is accepted, and the reason is told.
        let cold = Setting::new(client(), policy()).await;
        cold.server.set("/jwks", answer.clone());
        for _ in 0..3 {
            let error = cold.verify(&token).await.unwrap_err();
            let Error::KeysUnavailable { retry_after, cause } = &error else { panic!("{name}: {error}") };
            assert_eq!(cause.as_ref().map(|cause| cause.code()), Some(code), "{name}: {error}");
            let least = if name == "429" { 120 } else { 1 };
            assert!(*retry_after >= Duration::from_secs(least), "{name}: {retry_after:?}");
            assert!(!error.is_refusal(), "{name}");
        }
        assert_eq!(cold.server.count(), requests, "{name}");
        // And it recovers.
        cold.server.set("/jwks", Answer::json(&set(&[&key])));
        cold.clock.forward(160);
        cold.verify(&token).await.unwrap_or_else(|error| panic!("{name}: {error}"));

        // With keys: they serve on, and the pauses hold.
        let warm = Setting::new(client(), policy()).await;
        warm.server.set("/jwks", Answer::json(&set(&[&key])));
        warm.verify(&token).await.unwrap();
        warm.server.set("/jwks", answer);
        warm.clock.forward(500);
        for _ in 0..5 {
            warm.verify(&token).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            let refused = warm.verify(&other.token(ISSUER)).await.unwrap_err();
            // A key that nobody can ask for is no reason to refuse a token.
            assert_eq!((refused.code(), refused.is_refusal()), ("keys-unavailable", false), "{name}");
        }
        assert_eq!(warm.server.count(), 1 + requests, "{name}");
        assert_eq!(warm.verifier.keys().status().last_error.map(|error| error.code()), Some(code), "{name}");
    }
    assert_eq!(elsewhere.count(), 0);
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
    let setting = Setting::new(client, policy()).await;
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
        let setting = Setting::new(client(), policy().allow_any_content_type()).await;
        setting.server.set("/jwks", Answer::new("200 OK", headers, &set(&[&key])));
        setting.verify(&key.token(ISSUER)).await.unwrap();
    }
}

#[tokio::test]
async fn the_last_set_that_was_fetched_counts() {
    // A server behind a balancer answers with the old set again: its new keys are gone until the next fetch.
    let setting = Setting::new(client(), policy()).await;
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
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let key = Key::new("a");
    let setting = runtime.block_on(Setting::new(Ureq::default(), policy()));
    setting.server.set("/jwks", Answer::json(&set(&[&key])));
    let verified = setting.verifier.verify_blocking::<NoClaims>(&key.token(ISSUER)).unwrap();
    assert_eq!(verified.claims().sub(), Some("alice"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redirects_share_the_time() {
    async fn gives_up<F: Fetch>(client: F) {
        let setting = Setting::new(client, policy()).await;
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
