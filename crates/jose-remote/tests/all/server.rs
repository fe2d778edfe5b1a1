//! A resource server: what it answers to each request, through axum, tower and tonic.

mod dpop;
mod kinds;
mod metadata;

use core::time::Duration;
use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, Request, Response, StatusCode};
use jose_remote::jwt::{Claims, JwsAlg, NoClaims, NumericDate, SigningKey, Token};
use jose_remote::server::{Access, Bearer, Refusal, ResourceServer};
use jose_remote::{Error, RemoteKeys, Reqwest};
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;

use crate::help::{Answer, Key, Server, client, policy, set};

pub(crate) const ISSUER: &str = "https://issuer.example";
pub(crate) const RESOURCE: &str = "https://api.example/v1";
const METADATA: &str = "resource_metadata=\"https://api.example/.well-known/oauth-protected-resource/v1\"";

/// Claims beside the registered ones.
#[derive(Clone, Default, Serialize)]
pub(crate) struct More {
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scp: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cnf: Option<HashMap<&'static str, String>>,
}

fn read() -> More {
    More { scope: Some("read"), ..More::default() }
}

pub(crate) fn claims(more: More) -> Claims<More> {
    claims_of(ISSUER, Some(RESOURCE), more)
}

fn claims_of(issuer: &str, audience: Option<&str>, more: More) -> Claims<More> {
    let claims = Claims::new().issuer(issuer).subject("alice").expires_in(Duration::from_secs(600));
    match audience {
        Some(audience) => claims.audience(audience).with(more),
        None => claims.with(more),
    }
}

#[derive(Clone, Debug, Deserialize)]
struct User {
    sub: String,
}

/// An issuer, its key, and the way to a server.
pub(crate) struct Setting {
    pub(crate) issuer: Server,
    pub(crate) key: Key,
    keys: RemoteKeys<Reqwest>,
}

impl Setting {
    pub(crate) fn new() -> Self {
        let (issuer, key) = (Server::start(), Key::new("a"));
        issuer.set("/jwks", Answer::json(&set(&[&key])));
        let keys = RemoteKeys::builder(issuer.url("/jwks"), JwsAlg::Es256).policy(policy());
        Self { issuer, key, keys: keys.build(client()).unwrap() }
    }

    pub(crate) fn builder(&self) -> jose_remote::server::ResourceServerBuilder {
        ResourceServer::builder(RESOURCE).unwrap().keys(ISSUER, &self.keys).scopes(["read", "write"])
    }

    pub(crate) fn sign(&self, claims: &Claims<More>) -> String {
        jose_remote::jwt::sign(&SigningKey::try_from(&self.key.jwk).unwrap(), claims).unwrap()
    }
}

fn app(server: &ResourceServer) -> Router {
    async fn hello(Bearer(access): Bearer<User>) -> Result<String, Refusal> {
        access.require_scope("read")?;
        Ok(format!("hello, {}", access.claims().sub))
    }
    async fn pay(Bearer(access): Bearer<User>) -> Result<String, Refusal> {
        access.require_authentication(&["gold", "a \"b\\"], Some(300))?;
        Ok("paid".to_owned())
    }
    let metadata = server.metadata().to_owned();
    Router::new()
        .route("/v1/hello", get(hello))
        .route("/v1/pay", get(pay))
        .route(server.metadata_path(), get(move || async { metadata }))
        .with_state(server.clone())
}

async fn request(app: &Router, path: &str, headers: &[(&'static str, String)]) -> Response<Body> {
    let mut request = Request::builder().uri(path);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn with_token(app: &Router, path: &str, token: &str) -> Response<Body> {
    request(app, path, &[("authorization", format!("Bearer {token}"))]).await
}

pub(crate) fn challenge(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all(WWW_AUTHENTICATE).iter().map(|line| line.to_str().unwrap()).collect()
}

#[tokio::test]
async fn a_token_with_the_scope_is_answered() {
    let setting = Setting::new();
    let app = app(&setting.builder().build().unwrap());
    let token = setting.sign(&claims(More { scope: Some("write read"), ..More::default() }));
    for line in [format!("Bearer {token}"), format!("bearer {token}"), format!("BEARER   {token}")] {
        let answer = request(&app, "/v1/hello", &[("authorization", line)]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        assert_eq!(body, "hello, alice");
    }
}

#[tokio::test]
async fn each_refusal_is_told_apart() {
    let setting = Setting::new();
    let app = app(&setting.builder().build().unwrap());
    let good = setting.sign(&claims(read()));
    let bearer = |token: &str| vec![("authorization", format!("Bearer {token}"))];
    let without_scope = setting.sign(&claims(More::default()));
    let another_scope = setting.sign(&claims(More { scope: Some("readers unread"), ..More::default() }));
    let elsewhere = setting.sign(&claims_of(ISSUER, Some("https://other.example"), More::default()));
    let expired = Claims::new().issuer(ISSUER).audience(RESOURCE).expires_at(NumericDate::from_seconds(1));
    let expired = setting.sign(&expired.with(More::default()));
    let stranger =
        jose_remote::jwt::sign(&SigningKey::try_from(&Key::new("a").jwk).unwrap(), &claims(read())).unwrap();
    let bare = format!("Bearer scope=\"read write\", {METADATA}");
    let invalid_request = format!("Bearer error=\"invalid_request\", {METADATA}");
    let invalid_token = format!("Bearer error=\"invalid_token\", {METADATA}");
    let has_expired =
        format!("Bearer error=\"invalid_token\", error_description=\"the token has expired\", {METADATA}");
    let scope = format!("Bearer error=\"insufficient_scope\", scope=\"read\", {METADATA}");
    for (headers, status, line) in [
        (vec![], 401, &bare),
        (vec![("authorization", "Basic YTpi".to_owned())], 401, &bare),
        (vec![("authorization", "DPoP abc".to_owned())], 401, &bare),
        (vec![("authorization", format!("Bearer{good}"))], 401, &bare),
        (vec![("authorization", "Bearer".to_owned())], 400, &invalid_request),
        (vec![("authorization", "Bearer ".to_owned())], 400, &invalid_request),
        (bearer(&format!("{good}, x")), 400, &invalid_request),
        (bearer(&format!("\"{good}\"")), 400, &invalid_request),
        ([bearer(&good), bearer(&good)].concat(), 400, &invalid_request),
        (bearer("abc"), 401, &invalid_token),
        (bearer(&format!("{good}x")), 401, &invalid_token),
        (bearer(&stranger), 401, &invalid_token),
        (bearer(&elsewhere), 401, &invalid_token),
        (bearer(&expired), 401, &has_expired),
        (bearer(&without_scope), 403, &scope),
        (bearer(&another_scope), 403, &scope),
    ] {
        let answer = request(&app, "/v1/hello", &headers).await;
        assert_eq!(answer.status(), status, "{headers:?}");
        assert_eq!(challenge(answer.headers()), [line.as_str()], "{headers:?}");
    }
    // A token in the query or in a cookie is none.
    let answer = request(&app, &format!("/v1/hello?access_token={good}"), &[("cookie", good.clone())]).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(challenge(answer.headers()), [bare.as_str()]);
}

#[tokio::test]
async fn keys_that_are_out_of_reach_refuse_nobody() {
    let setting = Setting::new();
    setting.issuer.set("/jwks", Answer::new("503 Service Unavailable", &[("retry-after", "60")], ""));
    let app = app(&setting.builder().build().unwrap());
    let token = setting.sign(&claims(read()));
    for _ in 0..2 {
        let answer = with_token(&app, "/v1/hello", &token).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(challenge(answer.headers()).is_empty());
        let seconds: u64 = answer.headers()[RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((60..=76).contains(&seconds), "{seconds}");
    }
    assert_eq!(setting.issuer.count(), 1);
    // Without a token that names the issuer, nothing is fetched for it.
    assert_eq!(with_token(&app, "/v1/hello", "abc").await.status(), 401);
}

#[tokio::test]
async fn a_user_is_asked_to_authenticate_again() {
    let setting = Setting::new();
    let app = app(&setting.builder().build().unwrap());
    let now = NumericDate::now().unwrap().seconds();
    let line = format!(
        "Bearer error=\"insufficient_user_authentication\", acr_values=\"gold a \\\"b\\\\\", max_age=\"300\", {METADATA}"
    );
    for (acr, auth_time, accepted) in [
        (Some("gold"), Some(now - 10), true),
        (Some("gold"), Some(now - 301), false),
        (Some("gold"), Some(now + 3600), false),
        (Some("gold"), None, false),
        (Some("silver"), Some(now), false),
        (None, Some(now), false),
    ] {
        let token = setting.sign(&claims(More { acr, auth_time, ..More::default() }));
        let answer = with_token(&app, "/v1/pay", &token).await;
        assert_eq!(answer.status().is_success(), accepted, "{acr:?} {auth_time:?}");
        if !accepted {
            assert_eq!((answer.status().as_u16(), challenge(answer.headers())), (401, vec![line.as_str()]));
        }
    }
}

#[tokio::test]
async fn a_server_needs_an_issuer_and_a_resource() {
    for (resource, code) in [
        ("api", "url"),
        ("http://api.example", "url-insecure"),
        ("https://api.example/#a", "url"),
        ("https://api.example/?a", "url"),
        ("https://user@api.example/", "url"),
    ] {
        assert_eq!(ResourceServer::builder(resource).map(drop).unwrap_err().code(), code, "{resource}");
    }
    let error = ResourceServer::builder(RESOURCE).unwrap().build().unwrap_err();
    assert_eq!(error, Error::IssuerMissing);
    let setting = Setting::new();
    for scope in ["", "a b", "a\"b", "a\\b", "ä", "a\r\nset-cookie: x"] {
        let error = setting.builder().scopes([scope]).build().unwrap_err();
        assert_eq!(error.code(), "scope-invalid", "{scope}");
    }
}

#[tokio::test]
async fn settings_change_what_is_required() {
    let setting = Setting::new();
    let token = setting.sign(&claims(More { scp: Some(vec!["read"]), ..More::default() }));
    let at_jwt = Token::new(&claims(read()))
        .typ("at+jwt")
        .sign(&SigningKey::try_from(&setting.key.jwk).unwrap())
        .unwrap();
    // Its scopes are elsewhere.
    let server = setting.builder().build().unwrap();
    assert_eq!(with_token(&app(&server), "/v1/hello", &token).await.status(), 403);
    let server = setting.builder().scope_claim("scp").build().unwrap();
    assert_eq!(with_token(&app(&server), "/v1/hello", &token).await.status(), 200);
    // RFC 9068 asks for more claims than these.
    let server = setting.builder().rfc9068().build().unwrap();
    assert_eq!(with_token(&app(&server), "/v1/hello", &token).await.status(), 401);
    assert_eq!(with_token(&app(&server), "/v1/hello", &at_jwt).await.status(), 401);
    // The caller's own rules, and another name.
    let server = setting.builder().rules(|rules| rules.require("jti")).build().unwrap();
    assert_eq!(with_token(&app(&server), "/v1/hello", &at_jwt).await.status(), 401);
    let server = setting.builder().audience("api://default").build().unwrap();
    assert_eq!(with_token(&app(&server), "/v1/hello", &at_jwt).await.status(), 401);
    let named = setting.sign(&claims_of(ISSUER, Some("api://default"), read()));
    assert_eq!(with_token(&app(&server), "/v1/hello", &named).await.status(), 200);
}

#[tokio::test]
async fn a_layer_verifies_before_the_service() {
    let setting = Setting::new();
    let server = setting.builder().build().unwrap();
    let called = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&called);
    let service = tower::service_fn(move |request: Request<()>| {
        count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let access: &Access<User> = request.extensions().get().unwrap();
        let sub = access.claims().sub.clone();
        async move { Ok::<_, core::convert::Infallible>(Response::new(sub)) }
    });
    let service = tower_layer::Layer::layer(&server.layer::<User>(), service);
    let token = setting.sign(&claims(More::default()));
    let call = |line: Option<String>| {
        let mut request = Request::new(());
        if let Some(line) = line {
            request.headers_mut().insert(AUTHORIZATION, line.try_into().unwrap());
        }
        service.clone().oneshot(request)
    };
    assert_eq!(call(Some(format!("Bearer {token}"))).await.unwrap().into_body(), "alice");
    let answer = call(None).await.unwrap();
    assert_eq!((answer.status(), answer.body().as_str()), (StatusCode::UNAUTHORIZED, ""));
    assert_eq!(called.load(std::sync::atomic::Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_interceptor_answers_by_grpc_status() {
    use tonic::Code;
    let setting = Setting::new();
    let server = setting.builder().build().unwrap();
    let intercept = server.interceptor::<User>();
    let token = setting.sign(&claims(More::default()));
    let call = |line: Option<&str>| {
        let mut request = tonic::Request::new(());
        if let Some(line) = line {
            request.metadata_mut().insert("authorization", line.parse().unwrap());
        }
        intercept(request)
    };
    let line = format!("Bearer {token}");
    // It waits for nothing, so the keys must be there.
    assert_eq!(call(Some(&line)).unwrap_err().code(), Code::Unavailable);
    setting.keys.ready().await.unwrap();
    let request = call(Some(&line)).unwrap();
    let access: &Access<User> = request.extensions().get().unwrap();
    assert_eq!(access.claims().sub, "alice");
    for (line, code) in [
        (None, Code::Unauthenticated),
        (Some("Bearer abc"), Code::Unauthenticated),
        (Some("Bearer"), Code::InvalidArgument),
    ] {
        assert_eq!(call(line).unwrap_err().code(), code, "{line:?}");
    }
    let refusal = access.require_scope("read").unwrap_err();
    assert_eq!(tonic::Status::from(refusal).code(), Code::PermissionDenied);
}

#[tokio::test]
async fn several_issuers_stand_side_by_side() {
    let (one, two) = (Setting::new(), Setting::new());
    let other = "https://other.example";
    let server = one.builder().keys(other, &two.keys).build().unwrap();
    let app = app(&server);
    for (setting, issuer, status) in
        [(&one, ISSUER, 200), (&two, other, 200), (&one, other, 401), (&two, ISSUER, 401)]
    {
        let token = setting.sign(&claims_of(issuer, Some(RESOURCE), read()));
        assert_eq!(with_token(&app, "/v1/hello", &token).await.status(), status, "{issuer}");
    }
    let _: Access<NoClaims> = {
        let headers = HeaderMap::from_iter([(
            AUTHORIZATION,
            format!("Bearer {}", one.sign(&claims(read()))).try_into().unwrap(),
        )]);
        server.authenticate_now(&headers).unwrap()
    };
    let stranger = one.sign(&claims_of("https://third.example", Some(RESOURCE), read()));
    assert_eq!(with_token(&app, "/v1/hello", &stranger).await.status(), 401);
}
