//! What the issuer publishes.

use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use jose_test::jwt::{JwkSet, JwsAlg, JwtVerifier, NoClaims, VerifyingKeys};
use jose_test::{Fault, Provider, Server, TestIssuer};
use serde_json::Value;

use crate::get;

const AUDIENCE: &str = "https://api.example";

fn json(url: &str) -> Value {
    let (head, body) = get(url);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{url}: {head}");
    serde_json::from_str(&body).unwrap()
}

/// Whether a verifier with the set that is published now accepts it.
fn accepts(issuer: &TestIssuer, token: &str) -> bool {
    let set = JwkSet::from_public_json(get(&issuer.jwks_uri()).1).unwrap();
    let keys = VerifyingKeys::from_jwks(&set, issuer.alg()).unwrap();
    let verifier = JwtVerifier::new(keys).issuer(issuer.url()).audience(AUDIENCE);
    verifier.verify::<NoClaims>(token).is_ok()
}

#[test]
fn each_provider_has_its_paths() {
    for (provider, issuer_path, metadata_path, jwks_path) in [
        (Provider::Plain, "", "/.well-known/oauth-authorization-server", "/jwks"),
        (Provider::Auth0, "/", "/.well-known/openid-configuration", "/.well-known/jwks.json"),
        (
            Provider::Cognito,
            "/eu-west-1_Example",
            "/eu-west-1_Example/.well-known/openid-configuration",
            "/eu-west-1_Example/.well-known/jwks.json",
        ),
        (
            Provider::Entra,
            "/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0",
            "/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0/.well-known/openid-configuration",
            "/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/discovery/v2.0/keys",
        ),
        (Provider::Google, "", "/.well-known/openid-configuration", "/oauth2/v3/certs"),
        (
            Provider::Keycloak,
            "/realms/example",
            "/realms/example/.well-known/openid-configuration",
            "/realms/example/protocol/openid-connect/certs",
        ),
        (Provider::Kubernetes, "", "/.well-known/openid-configuration", "/openid/v1/jwks"),
        (
            Provider::Okta,
            "/oauth2/default",
            "/oauth2/default/.well-known/openid-configuration",
            "/oauth2/default/v1/keys",
        ),
    ] {
        let issuer = TestIssuer::builder().provider(provider).start();
        let server = issuer.server();
        assert_eq!(issuer.url(), server.url(issuer_path), "{provider}");
        let metadata = json(&server.url(metadata_path));
        assert_eq!(metadata["issuer"], issuer.url(), "{provider}");
        assert_eq!(metadata["jwks_uri"], server.url(jwks_path), "{provider}");
        let alg = if provider == Provider::Plain { "ES256" } else { "RS256" };
        assert_eq!(metadata["id_token_signing_alg_values_supported"], serde_json::json!([alg]), "{provider}");

        let set = json(&server.url(jwks_path));
        let keys = set["keys"].as_array().unwrap();
        assert_eq!(keys.len(), if provider == Provider::Keycloak { 2 } else { 1 }, "{provider}");
        assert_eq!(keys[0]["use"], "sig");
        assert_eq!(keys[0].get("alg").is_some(), provider != Provider::Entra, "{provider}");
        assert!(keys.iter().all(|key| key.get("d").is_none()), "{provider}");
        assert!(accepts(&issuer, &issuer.token(AUDIENCE).sign()), "{provider}");
    }
    assert_eq!(Provider::ALL.map(|provider| provider.to_string()).iter().collect::<HashSet<_>>().len(), 8);
}

#[test]
fn keys_come_and_go() {
    for alg in [JwsAlg::Es256, JwsAlg::Es384, JwsAlg::Rs256, JwsAlg::Ps256, JwsAlg::Ed25519] {
        let issuer = TestIssuer::builder().alg(alg).cache_control("max-age=60").start();
        let first = issuer.token(AUDIENCE);
        let (kid, before) = (issuer.kid(), first.sign());
        assert!(accepts(&issuer, &before), "{alg}");
        let second = issuer.rotate();
        assert_eq!(issuer.kid(), second);
        assert_ne!(kid, second);
        // The builder is of the issuer, not of the key.
        let after = first.sign();
        assert!(accepts(&issuer, &before) && accepts(&issuer, &after), "{alg}");
        issuer.withdraw(&kid);
        assert!(!accepts(&issuer, &before) && accepts(&issuer, &after), "{alg}");
        assert!(get(&issuer.jwks_uri()).0.contains("\r\ncache-control: max-age=60\r\n"));
        assert_eq!(issuer.key_requests().len(), 6);
        assert_eq!(issuer.key_requests()[0].method(), "GET");
        assert!(issuer.key_requests()[0].header("HOST").is_some());
    }
}

#[test]
#[should_panic(expected = "symmetric")]
fn an_issuer_has_no_secret() {
    drop(TestIssuer::builder().alg(JwsAlg::Hs256).start());
}

#[test]
fn a_broken_key_server_is_repaired() {
    let issuer = TestIssuer::start();
    let good = get(&issuer.jwks_uri());
    let mut names = HashSet::new();
    for fault in Fault::all() {
        assert!(names.insert(fault.name()), "{fault}");
        issuer.break_keys(&fault);
        if fault.name() != "slow" {
            assert_ne!(get(&issuer.jwks_uri()), good, "{fault}");
        }
        // A rotation does not repair it.
        if fault.name() == "not-found" {
            issuer.rotate();
            assert!(get(&issuer.jwks_uri()).0.starts_with("HTTP/1.1 404 "));
        }
    }
    issuer.repair_keys();
    assert_eq!(json(&issuer.jwks_uri())["keys"].as_array().unwrap().len(), 2);
    assert!(names.len() >= 20);
}

#[test]
fn a_request_is_read_whole() {
    let server = Server::start();
    for (body, len) in [("", 0), ("token=abc", 9), ("token=abc", 5)] {
        let mut stream = TcpStream::connect(server.addr()).unwrap();
        let head = format!("POST /logout?a HTTP/1.1\r\nHost: x\r\nContent-Length: {len}\r\n\r\n");
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        stream.read_to_string(&mut String::new()).ok();
        let request = server.requests().pop().unwrap();
        assert_eq!((request.method(), request.path()), ("POST", "/logout?a"));
        assert_eq!(request.body(), &body.as_bytes()[..len]);
        assert_eq!(request.header("content-type"), None);
    }
    // A connection without a request is none.
    drop(TcpStream::connect(server.addr()).unwrap());
    assert_eq!(server.count(), 3);
}

#[test]
fn a_server_ends_with_its_last_handle() {
    let server = Server::start();
    let (addr, other) = (server.addr(), server.clone());
    drop(server);
    assert!(get(&other.url("/")).0.starts_with("HTTP/1.1 404 "));
    drop(other);
    // Its thread closes the port as soon as it runs.
    while TcpStream::connect(addr).is_ok() {
        std::thread::yield_now();
    }
}
