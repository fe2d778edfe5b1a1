//! Signs with a private key in PEM and verifies with the public one.

use core::error::Error;
use core::time::Duration;

use jose_jwt::jwk::{PrivateFormat, PublicFormat};
use jose_jwt::{Claims, Jwk, JwsAlg, JwtVerifier, KeySpec, NoClaims, SigningKey, SysRng, VerifyingKey};

fn main() -> Result<(), Box<dyn Error>> {
    // In a program of yours: `std::fs::read_to_string("private.pem")?` and `std::fs::read_to_string("public.pem")?`.
    let made = Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng)?;
    let private_pem = made.expose_private_pem(PrivateFormat::Pkcs8)?;
    let public_pem = made.to_public()?.to_pem(PublicFormat::Spki)?;

    let key = SigningKey::from_jwk(Jwk::from_pem(&private_pem)?, JwsAlg::Rs256)?;
    let claims = Claims::new()
        .issuer("https://issuer.example")
        .audience("api")
        .subject("alice")
        .expires_in(Duration::from_secs(600));
    let token = jose_jwt::sign(&key, &claims)?;
    println!("{token}");

    let key = VerifyingKey::from_jwk(Jwk::from_pem(&public_pem)?, JwsAlg::Rs256)?;
    let verifier = JwtVerifier::new(key).issuer("https://issuer.example").audience("api");
    let verified = verifier.verify::<NoClaims>(&token)?;
    println!("verified: {}", verified.claims().sub().unwrap_or("nobody"));
    Ok(())
}
