//! What a resource server publishes of itself (RFC 9728).

use jose_remote::server::{METADATA_PATH, ResourceServer};

use super::{ISSUER, More, Setting, app, challenge, claims_of, request, with_token};

/// What the authorization text of the Model Context Protocol of 2026-07-28 requires of servers, as far as it is theirs.
#[tokio::test]
async fn the_rules_of_the_model_context_protocol() {
    let setting = Setting::new();
    let server = setting.builder().build().unwrap();
    let app = app(&server);
    // MUST implement RFC 9728, with at least one authorization server, and tell where by a 401.
    let answer = request(&app, "/v1/hello", &[]).await;
    assert_eq!(answer.status(), 401);
    let line = challenge(answer.headers())[0].to_owned();
    let url = line.split("resource_metadata=\"").nth(1).unwrap().strip_suffix('"').unwrap();
    let path = url.strip_prefix("https://api.example").unwrap();
    assert_eq!(path, format!("{METADATA_PATH}/v1"));
    let answer = request(&app, path, &[]).await;
    let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&body).unwrap(),
        serde_json::json!({
            "resource": "https://api.example/v1",
            "authorization_servers": ["https://issuer.example"],
            "bearer_methods_supported": ["header"],
            "scopes_supported": ["read", "write"],
        })
    );
    // MUST validate that tokens were issued for this server, and MUST NOT accept others.
    for audience in ["https://api.example", "https://api.example/v1/", "https://api.example/v2", "api"] {
        let claims = claims_of(ISSUER, Some(audience), More::default());
        let answer = with_token(&app, "/v1/hello", &setting.sign(&claims)).await;
        assert_eq!(answer.status(), 401, "{audience}");
    }
    // A token without `aud` is for nobody in particular.
    let claims = claims_of(ISSUER, None, More::default());
    assert_eq!(with_token(&app, "/v1/hello", &setting.sign(&claims)).await.status(), 401);
}

/// RFC 9728 section 3.1: only a slash that follows the host is left out.
#[tokio::test]
async fn the_place_of_the_metadata() {
    let setting = Setting::new();
    for (resource, path) in [
        ("https://api.example", ""),
        ("https://api.example/", ""),
        ("https://api.example/v1", "/v1"),
        ("https://api.example/v1/", "/v1/"),
    ] {
        let server = ResourceServer::builder(resource).unwrap().keys(ISSUER, &setting.keys).build().unwrap();
        assert_eq!(server.metadata_path(), format!("/.well-known/oauth-protected-resource{path}"));
    }
    let twice = setting.builder().keys(ISSUER, &setting.keys).build();
    assert_eq!(twice.unwrap_err().code(), "issuer-repeated");
}
