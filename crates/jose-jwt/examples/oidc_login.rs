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

    // The provider, elsewhere. It returns an access token as well, to which `at_hash` ties the ID Token.
    let access_token = "SlAV32hkKG";
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("op-1");
    let claims = Claims::new()
        .issuer("https://op.example")
        .audience("client-1")
        .subject("alice")
        .expires_in(Duration::from_secs(300))
        .with(IdToken::new().nonce(nonce.as_str()).access_token(access_token, JwsAlg::Es256)?);
    let id_token = jose_jwt::sign(&SigningKey::try_from(&jwk)?, &claims)?;
    let jwks = JwkSet::from_iter([jwk]).to_public_json();

    // The client: once at start.
    let keys = VerifyingKeys::from_jwks(&JwkSet::from_json(&jwks)?, [JwsAlg::Es256, JwsAlg::Rs256])?;
    let verifier = JwtVerifier::new(keys).issuer("https://op.example").audience("client-1").profile(ID_TOKEN);

    // At each login.
    let login = verifier.now()?.nonce(&nonce).access_token(access_token);
    println!("logged in: {}", login.verify::<IdToken>(&id_token)?.claims().sub().unwrap_or("nobody"));

    // An ID Token of another login is refused, and so is one beside another access token.
    let other = verifier.now()?.nonce("another").verify::<IdToken>(&id_token);
    println!("refused: {}", other.map_or_else(|error| error.to_string(), |_| "nothing".into()));
    let other = verifier.now()?.nonce(&nonce).access_token("another").verify::<IdToken>(&id_token);
    println!("refused: {}", other.map_or_else(|error| error.to_string(), |_| "nothing".into()));
    Ok(())
}
