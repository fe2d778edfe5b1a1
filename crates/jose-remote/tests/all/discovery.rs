//! Issuers that are found by their names.

use crate::help::{AUDIENCE, Answer, Key, Server, client, policy, set};
use jose_remote::jwt::{JwsAlg, NoClaims};
use jose_remote::{Discovery, Error, Issuer, Reqwest};
use serde::Deserialize;

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

async fn discover(
    issuer: &str,
    allowed: impl Into<jose_remote::jwt::AlgSet<JwsAlg>>,
) -> Result<Issuer<Reqwest>, Error> {
    Discovery::new(issuer, allowed).policy(policy()).fetch(client()).await
}

fn document(issuer: &str, server: &Server, more: &str) -> Answer {
    let jwks = server.url("/jwks");
    Answer::json(&format!(
        r#"{{"issuer":"{issuer}","jwks_uri":"{jwks}","token_endpoint":"{issuer}/token"{more}}}"#
    ))
}

#[tokio::test]
async fn an_issuer_is_found_at_each_place() {
    let key = Key::new("a");
    for (path, place) in [
        ("", OPENID.to_owned()),
        ("/realms/one", format!("/realms/one{OPENID}")),
        ("/", OPENID.to_owned()),
        ("", OAUTH.to_owned()),
        ("/tenant", format!("{OAUTH}/tenant")),
        ("/tenant", format!("{OPENID}/tenant")),
    ] {
        let server = Server::start();
        let issuer = server.url(path);
        server.set(&place, document(&issuer, &server, ""));
        server.set("/jwks", Answer::json(&set(&[&key])));
        let found = discover(&issuer, JwsAlg::Es256).await.unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(found.metadata().issuer(), issuer);

        let verifier = found.verifier(|rules| rules.audience(AUDIENCE));
        verifier.verify::<NoClaims>(&key.token(&issuer)).await.unwrap();
        let error = verifier.verify::<NoClaims>(&key.token("https://other.example")).await.unwrap_err();
        assert_eq!(error.code(), "claim-mismatch");

        #[derive(Deserialize)]
        struct Endpoints {
            token_endpoint: String,
        }
        let endpoints: Endpoints = found.metadata().parse().unwrap();
        assert_eq!(endpoints.token_endpoint, format!("{issuer}/token"));
    }
}

#[tokio::test]
async fn who_asks_to_come_back_later_is_not_left_for_another_place() {
    let server = Server::start();
    let issuer = server.url("/tenant");
    let later = || Answer::new("429 Too Many Requests", &[("retry-after", "7")], "");
    server.set(&format!("/tenant{OPENID}"), later());
    server.set(&format!("{OAUTH}/tenant"), document(&issuer, &server, ""));
    let error = discover(&issuer, JwsAlg::Es256).await.unwrap_err();
    assert_eq!(error, Error::Status { found: 429, retry_after: Some(core::time::Duration::from_secs(7)) });
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn the_document_must_be_that_issuers() {
    let server = Server::start();
    for (asked, said) in
        [("", "https://other.example"), ("", "/"), ("/", ""), ("/Tenant", "/tenant"), ("/a", "/a/../a")]
    {
        let said = if said.starts_with("http") { said.to_owned() } else { server.url(said) };
        let asked = server.url(asked);
        server.set(
            &format!("{}{OPENID}", asked[server.origin().len()..].trim_end_matches('/')),
            document(&said, &server, ""),
        );
        let error = discover(&asked, JwsAlg::Es256).await.unwrap_err();
        assert_eq!(error, Error::IssuerMismatch { expected: asked, found: said });
    }
}

#[tokio::test]
async fn algorithms_are_those_that_both_name() {
    let server = Server::start();
    let issuer = server.url("");
    let key = Key::new("a");
    server.set("/jwks", Answer::json(&set(&[&key])));
    let publish = |algs: &str| {
        let more = format!(r#","id_token_signing_alg_values_supported":{algs}"#);
        server.set(OPENID, document(&issuer, &server, &more));
    };
    publish(r#"["none","HS256","RS256","ES256"]"#);
    let found = discover(&issuer, [JwsAlg::Es256, JwsAlg::Ps256]).await.unwrap();
    let verifier = found.verifier(|rules| rules.audience(AUDIENCE));
    verifier.verify::<NoClaims>(&key.token(&issuer)).await.unwrap();

    publish(r#"["RS256"]"#);
    let error = discover(&issuer, JwsAlg::Es256).await.unwrap_err();
    assert_eq!(error, Error::NoCommonAlgorithm { published: vec!["RS256".into()] });
    // What the caller does not allow is not used, published or not.
    let found = discover(&issuer, [JwsAlg::Es256, JwsAlg::Rs256]).await.unwrap();
    let verifier = found.verifier(|rules| rules.audience(AUDIENCE));
    let error = verifier.verify::<NoClaims>(&key.token(&issuer)).await.unwrap_err();
    assert_eq!(error.code(), "keys-unavailable");

    publish(r#"["HS256"]"#);
    assert_eq!(discover(&issuer, JwsAlg::Hs256).await.unwrap_err(), Error::Symmetric);
}

#[tokio::test]
async fn documents_that_are_refused() {
    let server = Server::start();
    let issuer = server.url("");
    let jwks = server.url("/jwks");
    for (body, code) in [
        ("[]".to_owned(), "metadata"),
        ("{".to_owned(), "metadata"),
        (format!(r#"{{"issuer":"{issuer}"}}"#), "metadata"),
        (format!(r#"{{"issuer":"{issuer}","jwks_uri":7}}"#), "metadata"),
        (format!(r#"{{"issuer":"{issuer}","issuer":"{issuer}","jwks_uri":"{jwks}"}}"#), "metadata"),
        (format!(r#"{{"issuer":"{issuer}","jwks_uri":"{jwks}","x":1,"x":2}}"#), "metadata"),
        (format!(r#"{{"issuer":"{issuer}","jwks_uri":"http://keys.example/"}}"#), "url-insecure"),
        (format!(r#"{{"issuer":"{issuer}","jwks_uri":"/jwks"}}"#), "url"),
        (format!(r#"{{"issuer":"{issuer}","jwks_uri":"file:///jwks"}}"#), "url"),
    ] {
        server.set(OPENID, Answer::json(&body));
        let error = discover(&issuer, JwsAlg::Es256).await.unwrap_err();
        assert_eq!(error.code(), code, "{body}: {error}");
    }
    for issuer in ["http://issuer.example", "issuer.example", "https://issuer.example?tenant=1", ""] {
        assert!(discover(issuer, JwsAlg::Es256).await.unwrap_err().code().starts_with("url"), "{issuer}");
    }
    server.set(OPENID, Answer::new("503 Service Unavailable", &[("retry-after", "7")], ""));
    let error = discover(&issuer, JwsAlg::Es256).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(core::time::Duration::from_secs(7)));
}

#[tokio::test]
async fn only_the_named_tenants_are_accepted() {
    let server = Server::start();
    let key = Key::new("a");
    let common = server.url("/common/v2.0");
    let pattern = server.url("/{tenantid}/v2.0");
    server.set(&format!("/common/v2.0{OPENID}"), document(&pattern, &server, ""));
    server.set("/jwks", Answer::json(&set(&[&key])));
    let discovery = || Discovery::new(&common, JwsAlg::Es256).policy(policy());
    let found = discovery().tenants(&pattern, ["one", "two"]).fetch(client()).await.unwrap();
    let verifier = found.verifier(|rules| rules.audience(AUDIENCE));
    for (tenant, accepted) in
        [("one", true), ("two", true), ("three", false), ("{tenantid}", false), ("", false)]
    {
        let token = key.token(&server.url(&format!("/{tenant}/v2.0")));
        assert_eq!(verifier.verify::<NoClaims>(&token).await.is_ok(), accepted, "{tenant}");
    }
    // Without the option the document is another issuer's.
    let error = discovery().fetch(client()).await.unwrap_err();
    assert_eq!(error.code(), "issuer-mismatch");
    for (pattern, names) in [(&pattern, vec![]), (&common, vec!["one"])] {
        let error = discovery().tenants(pattern, names).fetch(client()).await.unwrap_err();
        assert!(matches!(error, Error::Metadata(_) | Error::IssuerMismatch { .. }), "{error}");
    }
}
