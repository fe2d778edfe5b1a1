//! A JWT that is signed, then encrypted for one recipient.

use core::error::Error;
use core::time::Duration;

use jose_jwt::{
    Claims, Curve, DecryptionKey, EncryptionKey, JweAlg, JweEnc, Jwk, JwsAlg, JwtVerifier, NoClaims,
    SigningKey, SysRng, Token, VerifyingKey,
};

fn main() -> Result<(), Box<dyn Error>> {
    let issuer = Jwk::generate(Curve::P256, &mut SysRng)?;
    let recipient = Jwk::generate(Curve::P256, &mut SysRng)?;

    // The issuer has its own private key and the recipient's public one.
    let signs = SigningKey::from_jwk(&issuer, JwsAlg::Es256)?;
    let encrypts = EncryptionKey::from_jwk(recipient.to_public()?, JweAlg::EcdhEsA256Kw)?;
    let claims = Claims::new()
        .issuer("https://issuer.example")
        .audience("api")
        .subject("alice")
        .expires_in(Duration::from_secs(600));
    let token = Token::new(&claims).sign_then_encrypt(&signs, &encrypts, JweEnc::A256Gcm, &mut SysRng)?;
    println!("{token}");

    // The recipient has it the other way round.
    let verifies = VerifyingKey::from_jwk(issuer.to_public()?, JwsAlg::Es256)?;
    let decrypts = DecryptionKey::from_jwk(&recipient, JweAlg::EcdhEsA256Kw)?;
    let verifier = JwtVerifier::nested(verifies, decrypts).issuer("https://issuer.example").audience("api");
    let verified = verifier.verify::<NoClaims>(&token)?;
    println!("decrypted and verified: {}", verified.claims().sub().unwrap_or("nobody"));
    Ok(())
}
