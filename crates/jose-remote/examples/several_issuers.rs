//! An API that accepts the tokens of several issuers, each with its own algorithm and claims. The issuers are ones for tests, on this
//! machine, in the shapes of Keycloak and Entra ID.

use core::error::Error;

use axum::Router;
use axum::routing::get;
use jose_remote::jwt::JwsAlg;
use jose_remote::server::{Bearer, Refusal, ResourceServer};
use jose_remote::{Discovery, FetchPolicy, Issuer, Reqwest, reqwest};
use jose_test::{Provider, TestIssuer};
use serde::Deserialize;
use tokio::net::TcpListener;

/// Who calls is who its issuer says: `sub` alone may be the same person's or another's elsewhere.
#[derive(Deserialize)]
struct User {
    iss: String,
    sub: String,
}

async fn hello(Bearer(access): Bearer<User>) -> Result<String, Refusal> {
    access.require_scope("read")?;
    let User { iss, sub } = access.claims();
    Ok(format!("hello, {sub} of {iss}\n"))
}

/// An issuer elsewhere takes `https`, and no policy.
async fn find(issuer: &str, allowed: JwsAlg) -> Result<Issuer<Reqwest>, Box<dyn Error>> {
    let client = Reqwest::new(reqwest::Client::builder())?;
    let policy = FetchPolicy::new().allow_http_loopback();
    let issuer = Discovery::new(issuer, allowed).policy(policy).fetch(client).await?;
    tokio::spawn(issuer.keys().clone().maintain(tokio::time::sleep));
    Ok(issuer)
}

/// Starts an API at this address that trusts these issuers, and no other.
pub(crate) async fn api(listener: TcpListener, staff: &str, customers: &str) -> Result<(), Box<dyn Error>> {
    let url = format!("http://{}", listener.local_addr()?);
    let (staff, customers) = (find(staff, JwsAlg::Rs256).await?, find(customers, JwsAlg::Es256).await?);
    let server = ResourceServer::builder(&url)?.issuer(&staff).issuer(&customers).scopes(["read"]).build()?;
    let router = Router::new().route("/hello", get(hello)).with_state(server);
    tokio::spawn(axum::serve(listener, router).into_future());
    Ok(())
}

pub(crate) async fn call(url: &str, token: &str) -> Result<(u16, String), Box<dyn Error>> {
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let staff = TestIssuer::builder().provider(Provider::Entra).start();
    let customers = TestIssuer::builder().provider(Provider::Keycloak).alg(JwsAlg::Es256).start();
    let stranger = TestIssuer::start();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    api(listener, staff.url(), customers.url()).await?;
    for issuer in [&staff, &customers, &stranger] {
        let token = issuer.token(&url).claim("scope", "read").sign();
        println!("{}: {:?}", issuer.url(), call(&format!("{url}/hello"), &token).await?);
    }
    Ok(())
}
