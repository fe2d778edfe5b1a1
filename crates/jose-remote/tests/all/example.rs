//! The example servers: asked as the README asks one, with all that is hostile, with stolen tokens, and by several issuers.

use jose_test::{Fault, Provider, TestIssuer};

use jose_remote::jwt::profile::DpopSigner;
use jose_remote::jwt::{Curve, Jwk, JwsAlg, SysRng};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[path = "../../examples/axum_api.rs"]
#[allow(dead_code, reason = "`main` waits for ever")]
mod axum_api;
#[path = "../../examples/dpop_api.rs"]
#[allow(dead_code, reason = "`main` is not called")]
mod dpop_api;
#[path = "../../examples/several_issuers.rs"]
#[allow(dead_code, reason = "`main` is not called")]
mod several_issuers;

async fn get(url: &str, path: &str, token: Option<&str>) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let line = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{line}connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn it_answers_as_the_readme_shows() {
    let (url, [read, write]) = axum_api::start().await.unwrap();
    let metadata = format!("resource_metadata=\"{url}/.well-known/oauth-protected-resource\"");

    let answer = get(&url, "/hello", None).await;
    assert!(answer.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{answer}");
    assert!(answer.contains(&format!("www-authenticate: Bearer scope=\"read\", {metadata}\r\n")), "{answer}");

    let answer = get(&url, "/hello", Some(&read)).await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nhello, alice\n"),
        "{answer}"
    );

    let answer = get(&url, "/hello", Some(&write)).await;
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    let line =
        format!("www-authenticate: Bearer error=\"insufficient_scope\", scope=\"read\", {metadata}\r\n");
    assert!(answer.contains(&line), "{answer}");

    let answer = get(&url, "/.well-known/oauth-protected-resource", None).await;
    assert!(answer.contains(&format!("{{\"resource\":\"{url}\",\"authorization_servers\":[")), "{answer}");
}

/// The example's API with another issuer, at its URL.
async fn api(issuer: &TestIssuer) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = axum_api::api(issuer.url(), &url).await.unwrap();
    tokio::spawn(axum::serve(listener, router).into_future());
    url
}

async fn status(url: &str, token: &str) -> u16 {
    let answer = get(url, "/hello", Some(token)).await;
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn it_refuses_the_whole_menu() {
    for provider in Provider::ALL {
        let issuer = TestIssuer::builder().provider(provider).alg(JwsAlg::Es256).start();
        let url = api(&issuer).await;
        for good in [issuer.token(&url), issuer.access_token(&url), issuer.token(&url).without_typ()] {
            let good = good.claim("scope", "read");
            assert_eq!(status(&url, &good.sign()).await, 200, "{provider}");
            let menu = good.hostile();
            assert!(menu.len() >= 58, "{}", menu.len());
            for case in menu {
                // `=` is a character of a bearer token, and the others are too.
                assert_eq!(status(&url, case.token()).await, 401, "{provider} {case}");
            }
        }
        assert!(issuer.stray_requests().is_empty(), "{provider}");
        // Its keys were fetched once; whoever invents a `kid` has them fetched again after half a minute.
        assert_eq!(issuer.key_requests().len(), 1, "{provider}");
    }
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_no_reason_to_refuse() {
    for fault in Fault::all().filter(|fault| fault.name() != "slow") {
        let issuer = TestIssuer::start();
        issuer.break_keys(&fault);
        let url = api(&issuer).await;
        let good = issuer.token(&url).claim("scope", "read");
        assert_eq!(status(&url, &good.sign()).await, 503, "{fault}");
        // What is no token of that issuer needs no keys to be refused.
        assert_eq!(status(&url, "abc").await, 401, "{fault}");
        assert!(issuer.stray_requests().is_empty(), "{fault}");
    }
}

#[tokio::test]
async fn a_stolen_token_is_of_no_use() {
    let (url, token, key) = dpop_api::start().await.unwrap();
    let thief = DpopSigner::new(&Jwk::generate(Curve::P256, &mut SysRng).unwrap()).unwrap();
    for (key, status, body) in
        [(&key, 200, "hello, alice\n"), (&thief, 401, ""), (&key, 200, "hello, alice\n")]
    {
        assert_eq!(dpop_api::call(&url, &token, key).await.unwrap(), (status, body.to_owned()));
    }
    let origin = url.strip_suffix("/hello").unwrap();
    let answer = get(origin, "/hello", Some(&token)).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(answer.contains("www-authenticate: DPoP scope=\"read\", algs=\"ES256\""), "{answer}");
}

#[tokio::test]
async fn several_issuers_are_told_apart() {
    let staff = TestIssuer::builder().provider(Provider::Entra).start();
    let customers = TestIssuer::builder().provider(Provider::Keycloak).alg(JwsAlg::Es256).start();
    let stranger = TestIssuer::start();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    several_issuers::api(listener, staff.url(), customers.url()).await.unwrap();
    let hello = format!("{url}/hello");
    for issuer in [&staff, &customers] {
        let token = issuer.token(&url).claim("scope", "read").sign();
        let answer = several_issuers::call(&hello, &token).await.unwrap();
        assert_eq!(answer, (200, format!("hello, alice of {}\n", issuer.url())));
    }
    // Who signs for one of them with the key of the other is neither.
    let forged = [
        stranger.token(&url),
        stranger.token(&url).claim("iss", staff.url()),
        customers.token(&url).claim("iss", staff.url()),
        staff.token(&url).claim("iss", customers.url()),
    ];
    for token in forged {
        let answer = several_issuers::call(&hello, &token.claim("scope", "read").sign()).await.unwrap();
        assert_eq!(answer, (401, String::new()));
    }
    assert!(stranger.key_requests().is_empty());
}
