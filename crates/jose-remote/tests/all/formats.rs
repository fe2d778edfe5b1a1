//! The shapes in which keys are published.

use crate::help::{AUDIENCE, Answer, Key, Server, client, policy};
use jose_remote::jwt::{Jwk, JwsAlg, NoClaims};
use jose_remote::{KeyFormat, RemoteKeys};

const ISSUER: &str = "spiffe://trust.example";

async fn accepts(format: KeyFormat, body: &str, key: &Key) -> Result<usize, String> {
    let server = Server::start();
    server.set("/keys", Answer::json(body));
    let keys = RemoteKeys::builder(server.url("/keys"), JwsAlg::Es256).policy(policy()).format(format);
    let keys = keys.build(client()).unwrap();
    let verifier = keys.verifier(|rules| rules.issuer(ISSUER).audience(AUDIENCE));
    let verified = verifier.verify::<NoClaims>(&key.token(ISSUER)).await;
    verified.map(|_| keys.status().skipped.len()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_spiffe_bundle_has_keys_for_its_own_use() {
    let key = Key::new("a");
    let public = key.jwk.to_public().unwrap().to_json();
    let with_use = |name: &str| {
        let jwk = public.replacen('{', &format!("{{\"use\":\"{name}\","), 1);
        format!(r#"{{"spiffe_sequence":1,"spiffe_refresh_hint":600,"keys":[{jwk}]}}"#)
    };
    assert_eq!(accepts(KeyFormat::SpiffeBundle, &with_use("jwt-svid"), &key).await, Ok(0));
    assert!(accepts(KeyFormat::SpiffeBundle, &with_use("x509-svid"), &key).await.is_err());
}

#[tokio::test]
async fn a_map_of_certificates() {
    // Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1`; its dates do not matter.
    let key = Key::of(Jwk::from_pem(include_str!("data/key.pem")).unwrap().with_kid("a"));
    let certificate = serde_json::to_string(include_str!("data/certificate.pem")).unwrap();
    let body = format!(r#"{{"b":"no certificate","a":{certificate}}}"#);
    assert_eq!(accepts(KeyFormat::X509Map, &body, &key).await, Ok(1));
    // The name in the map is the key's `kid`.
    let body = format!(r#"{{"b":{certificate}}}"#);
    assert!(accepts(KeyFormat::X509Map, &body, &key).await.is_err());
    // As strict as everywhere: no name twice.
    let body = format!(r#"{{"a":{certificate},"a":{certificate}}}"#);
    assert!(accepts(KeyFormat::X509Map, &body, &key).await.is_err());
}
