//! The JWTs by which a program logs in where a user would: a service account of Google's, an app of GitHub's, and the client
//! secret that Apple asks for. What each of them requires is in the claims; the rest is the same.
//!
//! `cargo run -p jose-jwt --example service_accounts`

use core::error::Error;
use core::time::Duration;

use jose_jwt::jwk::PrivateFormat;
use jose_jwt::{
    Claims, Curve, Jwk, JwsAlg, JwtVerifier, KeySpec, NoClaims, SigningKey, SysRng, VerifyingKey,
};
use serde::{Deserialize, Serialize};

/// The members of the file that Google's console gives out that matter here.
#[derive(Deserialize)]
struct ServiceAccount {
    client_email: String,
    private_key_id: String,
    private_key: String,
    token_uri: String,
}

#[derive(Serialize)]
struct Scope {
    scope: &'static str,
}

/// The `assertion` of a request to `token_uri` whose `grant_type` is `urn:ietf:params:oauth:grant-type:jwt-bearer` (RFC 7523).
/// Google accepts it for an hour at most.
fn google(file: &str, scope: &'static str) -> Result<String, Box<dyn Error>> {
    let account: ServiceAccount = serde_json::from_str(file)?;
    let jwk = Jwk::from_pem(&account.private_key)?.with_kid(account.private_key_id);
    let claims = Claims::new()
        .issuer(account.client_email)
        .audience(account.token_uri)
        .expires_in(Duration::from_secs(3600))
        .with(Scope { scope });
    Ok(jose_jwt::sign(&SigningKey::from_jwk(&jwk, JwsAlg::Rs256)?, &claims)?)
}

/// The bearer token of requests that an app makes for itself. GitHub accepts ten minutes at most.
fn github(pem: &str, client_id: &str) -> Result<String, Box<dyn Error>> {
    let key = SigningKey::from_jwk(Jwk::from_pem(pem)?, JwsAlg::Rs256)?;
    Ok(jose_jwt::sign(&key, &Claims::new().issuer(client_id).expires_in(Duration::from_secs(540)))?)
}

/// The `client_secret` of requests to Apple: `key_id` is in the name of the file `AuthKey_….p8`. Apple accepts six months at
/// most; a short one, made for each request, is worth less to a thief.
fn apple(p8: &str, key_id: &str, team: &str, client: &str) -> Result<String, Box<dyn Error>> {
    let claims = Claims::new()
        .issuer(team)
        .subject(client)
        .audience("https://appleid.apple.com")
        .expires_in(Duration::from_secs(300));
    let key = SigningKey::from_jwk(Jwk::from_pem(p8)?.with_kid(key_id), JwsAlg::Es256)?;
    Ok(jose_jwt::sign(&key, &claims)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    // In the place of the files that they give out.
    let rsa = Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng)?;
    let rsa_pem = rsa.expose_private_pem(PrivateFormat::Pkcs8)?;
    let file = serde_json::json!({
        "type": "service_account",
        "client_email": "robot@project.iam.gserviceaccount.com",
        "private_key_id": "0a1b",
        "private_key": rsa_pem.as_str(),
        "token_uri": "https://oauth2.googleapis.com/token",
    });
    let p256 = Jwk::generate(Curve::P256, &mut SysRng)?;
    let p8 = p256.expose_private_pem(PrivateFormat::Pkcs8)?;

    let assertion = google(&file.to_string(), "https://www.googleapis.com/auth/devstorage.read_only")?;
    println!("Google: {assertion}\n");
    let token = github(&rsa_pem, "Iv23example")?;
    println!("GitHub: {token}\n");
    let secret = apple(&p8, "ABC123DEFG", "DEF123GHIJ", "com.example.web")?;
    println!("Apple:  {secret}");

    // What the other side checks.
    let key = VerifyingKey::from_jwk(rsa.to_public()?, JwsAlg::Rs256)?;
    let verifier = JwtVerifier::new(&key).issuer("robot@project.iam.gserviceaccount.com");
    let verifier =
        verifier.audience("https://oauth2.googleapis.com/token").max_lifetime(Duration::from_secs(3600));
    assert!(verifier.verify::<NoClaims>(&assertion).is_ok());
    let verifier = JwtVerifier::new(&key).issuer("Iv23example").any_audience();
    assert!(verifier.max_lifetime(Duration::from_secs(600)).verify::<NoClaims>(&token).is_ok());
    let key = VerifyingKey::from_jwk(p256.to_public()?, JwsAlg::Es256)?;
    let verifier = JwtVerifier::new(key).issuer("DEF123GHIJ").audience("https://appleid.apple.com");
    assert!(verifier.subject("com.example.web").verify::<NoClaims>(&secret).is_ok());
    Ok(())
}
