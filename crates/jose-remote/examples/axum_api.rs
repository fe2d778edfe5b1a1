//! An API that accepts access tokens, and an issuer beside it, both on this machine. It prints what to try with `curl`.

use core::error::Error;
use core::time::Duration;

use axum::Router;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use jose_remote::jwt::{Claims, Curve, Jwk, JwkSet, JwsAlg, SigningKey, SysRng, sign};
use jose_remote::server::{Bearer, Refusal, ResourceServer};
use jose_remote::{Discovery, FetchPolicy, Reqwest, reqwest};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

#[derive(Deserialize)]
struct User {
    sub: String,
}

#[derive(Serialize)]
struct Scope {
    scope: &'static str,
}

async fn hello(Bearer(access): Bearer<User>) -> Result<String, Refusal> {
    access.require_scope("read")?;
    Ok(format!("hello, {}\n", access.claims().sub))
}

/// The API: its tokens come from that issuer and are for this URL. An issuer elsewhere takes `https`, and no policy.
pub(crate) async fn api(issuer: &str, url: &str) -> Result<Router, Box<dyn Error>> {
    let client = Reqwest::new(reqwest::Client::builder())?;
    let policy = FetchPolicy::new().allow_http_loopback();
    let issuer = Discovery::new(issuer, JwsAlg::Es256).policy(policy).fetch(client).await?;
    tokio::spawn(issuer.keys().clone().maintain(tokio::time::sleep));

    let server = ResourceServer::builder(url)?.issuer(&issuer).scopes(["read"]).build()?;
    let metadata = server.metadata().to_owned();
    Ok(Router::new()
        .route("/hello", get(hello))
        .route(server.metadata_path(), get(|| async { json(metadata) }))
        .with_state(server))
}

fn json(text: String) -> impl axum::response::IntoResponse {
    ([(CONTENT_TYPE, "application/json")], text)
}

/// An issuer with one key, and a token of it with each of these scopes.
fn issuer<const N: usize>(
    url: &str,
    audience: &str,
    scopes: [&'static str; N],
) -> Result<(Router, [String; N]), Box<dyn Error>> {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("key-1");
    let key = SigningKey::try_from(&jwk)?;
    let claims = Claims::new().issuer(url).audience(audience).subject("alice");
    let claims = claims.expires_in(Duration::from_secs(3600));
    let mut tokens = [const { String::new() }; N];
    for (token, scope) in tokens.iter_mut().zip(scopes) {
        *token = sign(&key, &claims.clone().with(Scope { scope }))?;
    }
    let document = format!(r#"{{"issuer":"{url}","jwks_uri":"{url}/jwks"}}"#);
    let jwks = JwkSet::from_iter([jwk]).to_public_json();
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(|| async { json(document) }))
        .route("/jwks", get(|| async { json(jwks) }));
    Ok((router, tokens))
}

/// Starts both, and returns the API's URL and two tokens.
pub(crate) async fn start() -> Result<(String, [String; 2]), Box<dyn Error>> {
    let (at_issuer, at_api) =
        (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
    let (issuer_url, url) =
        (format!("http://{}", at_issuer.local_addr()?), format!("http://{}", at_api.local_addr()?));
    let (router, tokens) = issuer(&issuer_url, &url, ["read", "write"])?;
    tokio::spawn(axum::serve(at_issuer, router).into_future());
    let router = api(&issuer_url, &url).await?;
    tokio::spawn(axum::serve(at_api, router).into_future());
    Ok((url, tokens))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, [read, write]) = start().await?;
    println!("curl -i {url}/hello");
    println!("curl -i {url}/hello -H 'Authorization: Bearer {read}'");
    println!("curl -i {url}/hello -H 'Authorization: Bearer {write}'");
    println!("curl {url}/.well-known/oauth-protected-resource");
    println!("(Ctrl-C ends it)");
    core::future::pending().await
}
