//! The end of a login with Google or Apple: what each of them writes into an ID Token, and what to require of it.

use core::error::Error;
use core::time::Duration;

use jose_jwt::profile::{ID_TOKEN, IdToken};
use jose_jwt::{
    Claims, Jwk, JwkSet, JwsAlg, JwtVerifier, KeySpec, SigningKey, SysRng, Verified, VerifyingKeys, random_id,
};
use serde::{Deserialize, Deserializer, Serialize};

/// What both of them add. The user is `sub`: an address can pass from one person to another.
#[derive(Debug, Serialize, Deserialize)]
struct Person {
    email: Option<String>,
    #[serde(default, deserialize_with = "bool_or_text")]
    email_verified: bool,
    /// Google's: the organization whose administrator manages the account. Without it, anybody has made the account.
    hd: Option<String>,
}

/// Apple writes `"true"` for `true`.
fn bool_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum BoolOrText {
        Bool(bool),
        Text(String),
    }
    Ok(match BoolOrText::deserialize(deserializer)? {
        BoolOrText::Bool(value) => value,
        BoolOrText::Text(text) => text == "true",
    })
}

/// The keys are at <https://www.googleapis.com/oauth2/v3/certs>. Old libraries of Google's write the issuer without its scheme.
fn google(jwks: &JwkSet, client_id: &str) -> Result<JwtVerifier<VerifyingKeys>, Box<dyn Error>> {
    let keys = VerifyingKeys::from_jwks(jwks, JwsAlg::Rs256)?;
    let issuers = ["https://accounts.google.com", "accounts.google.com"];
    Ok(JwtVerifier::new(keys).issuer(issuers).audience(client_id).profile(ID_TOKEN))
}

/// The keys are at <https://appleid.apple.com/auth/keys>. The audience is the bundle identifier of an app, or the services
/// identifier of a site.
fn apple(jwks: &JwkSet, client_id: &str) -> Result<JwtVerifier<VerifyingKeys>, Box<dyn Error>> {
    let keys = VerifyingKeys::from_jwks(jwks, JwsAlg::Rs256)?;
    Ok(JwtVerifier::new(keys).issuer("https://appleid.apple.com").audience(client_id).profile(ID_TOKEN))
}

/// The nonce is the one of this login: without it, a token that was stolen elsewhere logs in here.
fn log_in(
    verifier: &JwtVerifier<VerifyingKeys>,
    nonce: &str,
    id_token: &str,
) -> Result<Verified<Person>, Box<dyn Error>> {
    let verified = verifier.now()?.nonce(nonce).verify::<Person>(id_token)?;
    println!(
        "{} is logged in: {:?}",
        verified.claims().sub().unwrap_or("nobody"),
        verified.claims().custom()
    );
    Ok(verified)
}

fn main() -> Result<(), Box<dyn Error>> {
    // In the place of both providers: one key, and their tokens.
    let jwk =
        Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng)?.with_kid("1").with_alg(JwsAlg::Rs256)?;
    let jwks = JwkSet::from_json(JwkSet::from_iter([jwk.clone()]).to_public_json())?;
    let (key, nonce) = (SigningKey::try_from(&jwk)?, random_id(&mut SysRng)?);
    let sign = |issuer: &str, claims: serde_json::Value| -> Result<String, Box<dyn Error>> {
        let base = Claims::new().issuer(issuer).audience("client-1").subject("001999.0a1b");
        let claims = base.expires_in(Duration::from_secs(600)).with(claims);
        Ok(jose_jwt::sign(&key, &claims)?)
    };

    let token = sign(
        "https://accounts.google.com",
        serde_json::json!({ "nonce": nonce.as_str(), "email": "alice@example.com", "email_verified": true,
            "hd": "example.com" }),
    )?;
    let person = log_in(&google(&jwks, "client-1")?, &nonce, &token)?;
    // Where a whole organization is let in, this decides, and not the address.
    assert_eq!(person.claims().custom().hd.as_deref(), Some("example.com"));

    let token = sign(
        "https://appleid.apple.com",
        serde_json::json!({ "nonce": nonce.as_str(), "email": "x@privaterelay.appleid.com", "email_verified": "true" }),
    )?;
    let person = log_in(&apple(&jwks, "client-1")?, &nonce, &token)?;
    assert!(person.claims().custom().email_verified);

    // One provider's token is not another's, and that of another login is not this one's.
    assert!(log_in(&google(&jwks, "client-1")?, &nonce, &token).is_err());
    assert!(log_in(&apple(&jwks, "client-1")?, &random_id(&mut SysRng)?, &token).is_err());
    // Nor is one without a nonce.
    let token = sign("https://appleid.apple.com", serde_json::json!(IdToken::new()))?;
    assert!(log_in(&apple(&jwks, "client-1")?, &nonce, &token).is_err());
    Ok(())
}
