//! A key is made, a JWT is signed with it and verified, encrypted and decrypted, and four forgeries are refused.

use core::error::Error;
use core::time::Duration;

use jose_b64::base64url;
use jose_jwt::jws::Key;
use jose_jwt::jws::alg::{HmacKey, Hs256};
use jose_jwt::{
    Claims, Curve, DecryptionKey, EncryptionKey, Hash, JweAlg, JweEnc, Jwk, JwkSet, JwsAlg, JwtVerifier,
    NumericDate, SigningKey, SysRng, Token, VerifyingKeys,
};
use serde::{Deserialize, Serialize};

/// The claims of this application, beside the registered ones.
#[derive(Debug, Serialize, Deserialize)]
struct Access {
    scope: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("1. The issuer makes a P-256 key and publishes its public half as a JWK Set:\n");
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?
        .with_alg(JwsAlg::Es256)?
        .with_thumbprint_kid(Hash::Sha256)?;
    let published = JwkSet::from_iter([jwk.clone()]).to_public_json();
    println!("   {published}\n");

    println!("2. It signs a JWT that says who may do what, and until when:\n");
    let now = NumericDate::now()?;
    let claims = |expires: NumericDate| {
        Claims::new()
            .issuer("https://issuer.example")
            .audience("api")
            .subject("alice")
            .issued_at(now)
            .expires_at(expires)
            .with(Access { scope: "read".into() })
    };
    let key = SigningKey::try_from(&jwk)?;
    let token = jose_jwt::sign(&key, &claims(now.saturating_add(Duration::from_secs(600))))?;
    println!("   {token}\n");

    println!("3. The API reads the JWK Set once, and verifies the JWT against it:\n");
    let keys = VerifyingKeys::from_jwks(&JwkSet::from_json(&published)?, JwsAlg::Es256)?;
    let verifier = JwtVerifier::new(keys).issuer("https://issuer.example").audience("api");
    let verified = verifier.verify::<Access>(&token)?;
    println!(
        "   accepted: {} may {} (signed with {})\n",
        verified.claims().sub().unwrap_or("nobody"),
        verified.claims().custom().scope,
        verified.alg(),
    );

    println!(
        "4. What nobody else may read is encrypted for the API, signature and all, and decrypted there:\n"
    );
    let private = Jwk::generate(Curve::P256, &mut SysRng)?.with_alg(JweAlg::EcdhEsA256Kw)?;
    let recipient = EncryptionKey::try_from(private.to_public()?.as_jwk())?;
    let lasting = claims(now.saturating_add(Duration::from_secs(600)));
    let encrypted = Token::new(&lasting).sign_then_encrypt(&key, &recipient, JweEnc::A256Gcm, &mut SysRng)?;
    println!("   {encrypted}\n");
    let keys = VerifyingKeys::from_jwks(&JwkSet::from_json(&published)?, JwsAlg::Es256)?;
    let decryption = DecryptionKey::from_jwk(&private, JweAlg::EcdhEsA256Kw)?;
    let nested = JwtVerifier::nested(keys, decryption).issuer("https://issuer.example").audience("api");
    let opened = nested.verify::<Access>(&encrypted)?;
    println!(
        "   decrypted and accepted: {} may {}\n",
        opened.claims().sub().unwrap_or("nobody"),
        opened.claims().custom().scope,
    );

    println!("5. What is not a JWT of this issuer is refused, each time for its own reason:\n");
    let (header, rest) = token.split_once('.').ok_or("no header")?;
    let (payload, signature) = rest.split_once('.').ok_or("no payload")?;

    let changed =
        String::from_utf8(base64url::decode_to_vec(payload.as_bytes())?)?.replace("alice", "mallory");
    let changed = format!("{header}.{}.{signature}", base64url::encode_to_string(changed.as_bytes()));

    let unsigned = format!("{}.{payload}.", base64url::encode_to_string(br#"{"alg":"none"}"#));

    // An attacker knows the public key, and hopes that a verifier takes it for a shared secret. `HmacKey::new` refuses it.
    let secret = HmacKey::dangerous_new(published.as_bytes())?;
    let confused = jose_jwt::sign(
        &Key::<Hs256, _>::new(secret).with_kid(jwk.kid().unwrap_or_default()),
        &claims(now.saturating_add(Duration::from_secs(600))),
    )?;

    let expired = jose_jwt::sign(&key, &claims(NumericDate::from_seconds(1_700_000_000)))?;

    for (what, forged) in [
        ("the payload was changed", changed),
        ("alg is none", unsigned),
        ("HS256 with the public key as the secret", confused),
        ("it expired in 2023", expired),
    ] {
        match verifier.verify::<Access>(&forged) {
            Ok(_) => return Err(format!("{what}, and it was accepted").into()),
            Err(error) => println!("   refused: {what:<40} -> {error} [{}]", error.code()),
        }
    }

    println!("\nNext: docs/cookbook.md has a program for each task, and docs/README.md lists the pages.");
    Ok(())
}
