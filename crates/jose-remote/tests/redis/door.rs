//! Two servers that share what they remember of proofs (RFC 9449 section 11.1).

use core::time::Duration;

use http::header::{AUTHORIZATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, Uri};
use jose_remote::jwt::profile::{Confirmation, DpopSigner};
use jose_remote::jwt::{Claims, Curve, Jwk, JwkSet, JwsAlg, NoClaims, SigningKey, SysRng, sign};
use jose_remote::server::{DpopRules, Refusal, RefusalKind, ResourceServer};
use jose_remote::{FetchError, FetchRequest, FetchResponse, FetchSend, RedisReplayGuard, RemoteKeys};
use serde::Serialize;

use crate::help::{Redis, until};

const ISSUER: &str = "https://issuer.example";
const RESOURCE: &str = "https://api.example";

/// A key set without a network.
struct Published(String);

impl FetchSend for Published {
    async fn fetch(&self, _: &FetchRequest) -> Result<FetchResponse, FetchError> {
        let response = Response::builder().header("content-type", "application/json");
        Ok(response.body(self.0.clone().into_bytes()).unwrap())
    }
}

#[derive(Serialize)]
struct Bound {
    cnf: Confirmation,
}

/// A client with its key and token, and servers that take it.
struct Setting {
    signer: DpopSigner,
    token: String,
    keys: RemoteKeys<Published>,
}

impl Setting {
    fn new() -> Self {
        let jwk = Jwk::generate(Curve::P256, &mut SysRng).unwrap().with_kid("a");
        let signer = DpopSigner::new(&Jwk::generate(Curve::P256, &mut SysRng).unwrap()).unwrap();
        let claims = Claims::new().issuer(ISSUER).audience(RESOURCE).expires_in(Duration::from_secs(600));
        let claims = claims.with(Bound { cnf: Confirmation::new(signer.thumbprint()) });
        let token = sign(&SigningKey::try_from(&jwk).unwrap(), &claims).unwrap();
        let published = Published([jwk].into_iter().collect::<JwkSet>().to_public_json());
        let keys =
            RemoteKeys::builder("https://issuer.example/jwks", JwsAlg::Es256).build(published).unwrap();
        Self { signer, token, keys }
    }

    fn server(&self, guard: RedisReplayGuard) -> ResourceServer {
        let rules = DpopRules::new(JwsAlg::Es256).max_age(Duration::from_secs(600)).guard(guard);
        ResourceServer::builder(RESOURCE).unwrap().keys(ISSUER, &self.keys).dpop(rules).build().unwrap()
    }

    fn proof(&self) -> String {
        let proof = self.signer.proof("GET", "https://api.example/");
        proof.access_token(&self.token).sign(&mut SysRng).unwrap()
    }

    async fn call(&self, server: &ResourceServer, proof: &str) -> Result<(), Refusal> {
        let value = |text: &str| HeaderValue::try_from(text).unwrap();
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, value(&format!("DPoP {}", self.token))),
            (HeaderName::from_static("dpop"), value(proof)),
        ]);
        server.authenticate::<NoClaims>(&Method::GET, &Uri::from_static("/"), &headers).await.map(drop)
    }
}

fn is_replayed(result: Result<(), Refusal>) -> bool {
    result.is_err_and(|refusal| *refusal.kind() == RefusalKind::InvalidProof && refusal.status() == 401)
}

fn is_unavailable(result: Result<(), Refusal>) -> bool {
    result.is_err_and(|refusal| {
        refusal.status() == 503 && refusal.headers().contains_key(RETRY_AFTER) && refusal.headers().len() == 1
    })
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_store_that_was_killed_takes_nothing() {
    let setting = Setting::new();
    let mut redis = Redis::start(&["--appendonly", "yes", "--appendfsync", "always"]).await;
    let (one, two) = (setting.server(redis.guard()), setting.server(redis.guard()));
    let (taken, fresh) = (setting.proof(), setting.proof());
    setting.call(&one, &taken).await.unwrap();
    assert!(is_replayed(setting.call(&two, &taken).await));

    redis.kill();
    for server in [&one, &two] {
        for proof in [&taken, &fresh] {
            assert!(is_unavailable(setting.call(server, proof).await));
        }
    }
    // It remembers what was taken, and what was refused was not taken.
    redis.restart().await;
    assert!(is_replayed(setting.call(&two, &taken).await));
    setting.call(&two, &fresh).await.unwrap();
    assert!(is_replayed(setting.call(&one, &fresh).await));
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_store_that_hangs_takes_nothing() {
    let (setting, redis) = (Setting::new(), Redis::start(&[]).await);
    let server = setting.server(redis.guard().timeout(Duration::from_millis(100)));
    until(async || setting.call(&server, &setting.proof()).await.is_ok()).await;
    redis.signal("STOP");
    let proof = setting.proof();
    for _ in 0..10 {
        assert!(is_unavailable(setting.call(&server, &proof).await));
    }
    redis.signal("CONT");
    until(async || setting.call(&server, &setting.proof()).await.is_ok()).await;
    // Whether the store has seen it meanwhile or not, it is good for one request at most.
    let results = [setting.call(&server, &proof).await, setting.call(&server, &proof).await];
    assert!(results.iter().filter(|result| result.is_ok()).count() <= 1, "{results:?}");
}
