//! An API whose access tokens are bound to keys (RFC 9449), so that a stolen one is of no use, and a client of it. The issuer is one for
//! tests, on this machine.

use core::error::Error;
use core::time::Duration;

use axum::Router;
use axum::routing::get;
use jose_remote::jwt::profile::{Confirmation, DpopSigner};
use jose_remote::jwt::rand_core::TryRng as _;
use jose_remote::jwt::{Curve, Jwk, JwsAlg, SysRng};
use jose_remote::server::{Bearer, DpopNonces, DpopRules, Refusal, ResourceServer};
use jose_remote::{Discovery, FetchPolicy, Reqwest, reqwest};
use jose_test::TestIssuer;
use serde::Deserialize;
use tokio::net::TcpListener;

#[derive(Deserialize)]
struct User {
    sub: String,
}

async fn hello(Bearer(access): Bearer<User>) -> Result<String, Refusal> {
    access.require_scope("read")?;
    Ok(format!("hello, {}\n", access.claims().sub))
}

/// The API: each request has a proof with a nonce of its own making. An issuer elsewhere takes `https`, and no policy.
async fn api(issuer: &str, url: &str) -> Result<Router, Box<dyn Error>> {
    let client = Reqwest::new(reqwest::Client::builder())?;
    let policy = FetchPolicy::new().allow_http_loopback();
    let issuer = Discovery::new(issuer, JwsAlg::Es256).policy(policy).fetch(client).await?;

    // Servers side by side share the secret, and a guard.
    let mut secret = [0; 64];
    SysRng.try_fill_bytes(&mut secret)?;
    let nonces = DpopNonces::new(&secret, Duration::from_secs(300));
    let proofs = DpopRules::new(JwsAlg::Es256).nonces(nonces).required();
    let server = ResourceServer::builder(url)?.issuer(&issuer).scopes(["read"]).dpop(proofs).build()?;
    Ok(Router::new().route("/hello", get(hello)).with_state(server))
}

/// The client: it asks with a proof, and once more if the API gives a nonce.
pub(crate) async fn call(url: &str, token: &str, key: &DpopSigner) -> Result<(u16, String), Box<dyn Error>> {
    let http = reqwest::Client::new();
    let mut nonce: Option<String> = None;
    loop {
        let mut proof = key.proof("GET", url).access_token(token);
        if let Some(nonce) = &nonce {
            proof = proof.nonce(nonce);
        }
        let request = http.get(url).header("authorization", format!("DPoP {token}"));
        let answer = request.header("dpop", proof.sign(&mut SysRng)?).send().await?;
        let given = answer.headers().get("dpop-nonce").and_then(|nonce| nonce.to_str().ok());
        if answer.status() == 401 && nonce.is_none() && given.is_some() {
            nonce = given.map(str::to_owned);
            continue;
        }
        return Ok((answer.status().as_u16(), answer.text().await?));
    }
}

/// Starts both, and returns the URL to ask, a token, and the key that it is bound to.
pub(crate) async fn start() -> Result<(String, String, DpopSigner), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let issuer = TestIssuer::start();
    tokio::spawn(axum::serve(listener, api(issuer.url(), &url).await?).into_future());

    // An issuer binds the token to the key whose proof came with the request for it.
    let key = DpopSigner::new(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
    let token = issuer.token(&url).claim("scope", "read").claim("cnf", Confirmation::new(key.thumbprint()));
    let token = token.sign();
    let url = format!("{url}/hello");
    // The first request has the issuer's keys fetched, while there is an issuer.
    println!("with its key: {:?}", call(&url, &token, &key).await?);
    Ok((url, token, key))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, token, _) = start().await?;
    let thief = DpopSigner::new(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
    println!("with another key: {:?}", call(&url, &token, &thief).await?);
    Ok(())
}
