//! The end of an OpenID Connect login: the ID Token that the provider returns.

use core::error::Error;
use core::time::Duration;

use jose_jwt::profile::{ID_TOKEN, IdToken};
use jose_jwt::{
    Claims, Curve, Jwk, JwkSet, JwsAlg, JwtVerifier, SigningKey, SysRng, VerifyingKeys, random_id,
};

fn main() -> Result<(), Box<dyn Error>> {
    // The client keeps the nonce in the user's session and sends it with the authentication request.
    let nonce = random_id(&mut SysRng)?;

    // The provider, elsewhere.
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("op-1");
    let claims = Claims::new()
        .issuer("https://op.example")
        .audience("client-1")
        .subject("alice")
        .expires_in(Duration::from_secs(300))
        .with(IdToken::new().nonce(nonce.as_str()));
    let id_token = jose_jwt::sign(&SigningKey::try_from(&jwk)?, &claims)?;
    let jwks = JwkSet::from_iter([jwk]).to_public_json();

    // The client: once at start.
    let keys = VerifyingKeys::from_jwks(&JwkSet::from_json(&jwks)?, [JwsAlg::Es256, JwsAlg::Rs256])?;
    let verifier = JwtVerifier::new(keys).issuer("https://op.example").audience("client-1").profile(ID_TOKEN);

    // At each login.
    let verified = verifier.now()?.nonce(&nonce).verify::<IdToken>(&id_token)?;
    println!("logged in: {}", verified.claims().sub().unwrap_or("nobody"));
    Ok(())
}
