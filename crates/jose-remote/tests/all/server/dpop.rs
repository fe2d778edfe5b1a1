//! Tokens that are bound to a key, at a resource server.

use core::time::Duration;
use std::collections::HashMap;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use jose_remote::jwt::profile::DpopSigner;
use jose_remote::jwt::{
    Curve, Jwk, JwsAlg, NoClaims, NumericDate, ReplayError, ReplayGuard, SysRng, TokenId,
};
use jose_remote::server::{Access, DpopNonces, DpopRules, Refusal, RefusalKind, ResourceServer};

use super::{More, Setting, challenge, claims};

const URL: &str = "https://api.example/v1/items";

struct Client {
    signer: DpopSigner,
    token: String,
}

impl Client {
    fn new(setting: &Setting) -> Self {
        let signer = DpopSigner::new(&Jwk::generate(Curve::P256, &mut SysRng).unwrap()).unwrap();
        let thumbprint =
            serde_json::to_value(jose_remote::jwt::profile::Confirmation::new(signer.thumbprint()));
        let thumbprint = thumbprint.unwrap()["jkt"].as_str().unwrap().to_owned();
        let cnf = Some(HashMap::from([("jkt", thumbprint)]));
        let token = setting.sign(&claims(More { cnf, ..More::default() }));
        Self { signer, token }
    }

    fn proof(&self, method: &str, url: &str) -> String {
        self.signer.proof(method, url).access_token(&self.token).sign(&mut SysRng).unwrap()
    }
}

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let lines = lines
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::try_from(*value).unwrap()));
    lines.fold(HeaderMap::new(), |mut headers, (name, value)| {
        headers.append(name, value);
        headers
    })
}

async fn call(server: &ResourceServer, lines: &[(&'static str, &str)]) -> Result<Access<NoClaims>, Refusal> {
    let uri = Uri::from_static("/v1/items?page=2");
    server.authenticate(&Method::GET, &uri, &headers(lines)).await
}

#[tokio::test]
async fn a_bound_token_needs_its_proof() {
    let setting = Setting::new();
    let server = setting.builder().dpop(DpopRules::new(JwsAlg::Es256)).build().unwrap();
    let (client, thief) = (Client::new(&setting), Client::new(&setting));
    let dpop = format!("DPoP {}", client.token);
    let proof = client.proof("GET", URL);
    let access = call(&server, &[("authorization", &dpop), ("dpop", &proof)]).await.unwrap();
    assert_eq!(access.bound_to(), Some(client.signer.thumbprint()));

    let stolen = thief.signer.proof("GET", URL).access_token(&client.token).sign(&mut SysRng).unwrap();
    let of_another = client.signer.proof("GET", URL).access_token(&thief.token).sign(&mut SysRng).unwrap();
    let without_ath = client.signer.proof("GET", URL).sign(&mut SysRng).unwrap();
    let post = client.proof("POST", URL);
    let elsewhere = client.proof("GET", "https://other.example/v1/items");
    let fresh = client.proof("GET", URL);
    let unbound = format!("DPoP {}", setting.sign(&claims(More::default())));
    let unbound_proof = thief.signer.proof("GET", URL).access_token(&unbound[5..]).sign(&mut SysRng).unwrap();
    let invalid_token = RefusalKind::InvalidToken { expired: false };
    for (name, lines, kind) in [
        ("again", vec![("authorization", dpop.as_str()), ("dpop", &proof)], RefusalKind::InvalidProof),
        ("none", vec![("authorization", dpop.as_str())], RefusalKind::InvalidProof),
        (
            "two",
            vec![("authorization", dpop.as_str()), ("dpop", &fresh), ("dpop", &fresh)],
            RefusalKind::InvalidProof,
        ),
        ("no JWT", vec![("authorization", dpop.as_str()), ("dpop", "abc")], RefusalKind::InvalidProof),
        ("method", vec![("authorization", dpop.as_str()), ("dpop", &post)], RefusalKind::InvalidProof),
        ("host", vec![("authorization", dpop.as_str()), ("dpop", &elsewhere)], RefusalKind::InvalidProof),
        ("ath", vec![("authorization", dpop.as_str()), ("dpop", &of_another)], RefusalKind::InvalidProof),
        ("no ath", vec![("authorization", dpop.as_str()), ("dpop", &without_ath)], RefusalKind::InvalidProof),
        ("stolen", vec![("authorization", dpop.as_str()), ("dpop", &stolen)], invalid_token.clone()),
        (
            "unbound",
            vec![("authorization", unbound.as_str()), ("dpop", &unbound_proof)],
            invalid_token.clone(),
        ),
        (
            "bearer",
            vec![("authorization", &*format!("Bearer {}", client.token)), ("dpop", &fresh)],
            invalid_token,
        ),
    ] {
        let refusal = call(&server, &lines).await.unwrap_err();
        assert_eq!(*refusal.kind(), kind, "{name}");
        assert_eq!(refusal.status(), 401, "{name}");
        let is_proof = kind == RefusalKind::InvalidProof;
        let headers = refusal.headers();
        let lines = challenge(&headers);
        assert_eq!(lines.len(), if is_proof { 1 } else { 2 }, "{name}: {lines:?}");
        let last = lines[lines.len() - 1];
        assert!(last.starts_with("DPoP error=\"invalid_") && last.contains("algs=\"ES256\""), "{last}");
    }
    // What was refused for the token was not remembered: the client's own fresh proof is still good.
    call(&server, &[("authorization", &dpop), ("dpop", &fresh)]).await.unwrap();
    // Bearer tokens that are bound to nothing are taken, unless proofs are required.
    let bearer = format!("Bearer {}", setting.sign(&claims(More::default())));
    call(&server, &[("authorization", &bearer)]).await.unwrap();
    let server = setting.builder().dpop(DpopRules::new(JwsAlg::Es256).required()).build().unwrap();
    let refusal = call(&server, &[("authorization", &bearer)]).await.unwrap_err();
    assert_eq!(*refusal.kind(), RefusalKind::NoToken);
    let headers = refusal.headers();
    assert!(challenge(&headers).iter().all(|line| line.starts_with("DPoP ")), "{headers:?}");
    let metadata: serde_json::Value = serde_json::from_str(server.metadata()).unwrap();
    assert_eq!(metadata["dpop_bound_access_tokens_required"], true);
    assert_eq!(metadata["dpop_signing_alg_values_supported"], serde_json::json!(["ES256"]));
    // And without the option the scheme is unknown.
    let server = setting.builder().build().unwrap();
    let proof = client.proof("GET", URL);
    let refusal = call(&server, &[("authorization", &dpop), ("dpop", &proof)]).await.unwrap_err();
    assert_eq!(*refusal.kind(), RefusalKind::NoToken);
}

#[tokio::test]
async fn a_nonce_is_given_and_asked_for() {
    let setting = Setting::new();
    let nonces = DpopNonces::new(&[7; 64], Duration::from_secs(300));
    let server = setting.builder().dpop(DpopRules::new(JwsAlg::Es256).nonces(nonces)).build().unwrap();
    let client = Client::new(&setting);
    let line = format!("DPoP {}", client.token);
    let proof = client.proof("GET", URL);
    let refusal = call(&server, &[("authorization", &line), ("dpop", &proof)]).await.unwrap_err();
    assert_eq!(refusal.code(), Some("use_dpop_nonce"));
    let headers = refusal.headers();
    assert!(challenge(&headers)[0].starts_with("DPoP error=\"use_dpop_nonce\""));
    let nonce = headers["dpop-nonce"].to_str().unwrap().to_owned();
    for (nonce, accepted) in [(nonce.as_str(), true), ("another", false)] {
        let proof = client.signer.proof("GET", URL).access_token(&client.token).nonce(nonce);
        let proof = proof.sign(&mut SysRng).unwrap();
        let result = call(&server, &[("authorization", &line), ("dpop", &proof)]).await;
        assert_eq!(result.is_ok(), accepted, "{nonce}");
    }
}

#[test]
fn a_nonce_lives_for_its_span_and_the_next() {
    let (nonces, others) = (
        DpopNonces::new(&[1; 64], Duration::from_secs(60)),
        DpopNonces::new(&[2; 64], Duration::from_secs(60)),
    );
    let at = NumericDate::from_seconds;
    let nonce = nonces.current(at(6_000));
    assert_eq!(nonce.len(), 24);
    for (second, accepted) in [(5_999, false), (6_000, true), (6_059, true), (6_119, true), (6_120, false)] {
        assert_eq!(nonces.accepted(at(second)).contains(&nonce), accepted, "{second}");
        assert!(!others.accepted(at(second)).contains(&nonce));
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_refuses_nobody() {
    struct Broken;
    impl ReplayGuard for Broken {
        fn first_use(&self, _: &TokenId<'_>) -> Result<(), ReplayError> {
            Err(ReplayError::Store)
        }
    }
    let setting = Setting::new();
    let server = setting.builder().dpop(DpopRules::new(JwsAlg::Es256).guard(Broken)).build().unwrap();
    let client = Client::new(&setting);
    let (line, proof) = (format!("DPoP {}", client.token), client.proof("GET", URL));
    let refusal = call(&server, &[("authorization", &line), ("dpop", &proof)]).await.unwrap_err();
    assert_eq!(refusal.status(), 503);
}
