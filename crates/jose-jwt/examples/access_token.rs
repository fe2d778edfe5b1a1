//! An API that takes access tokens (RFC 9068) and looks at their scope.

use core::error::Error;
use core::time::Duration;

use jose_jwt::profile::{ACCESS_TOKEN, AccessToken};
use jose_jwt::{
    Claims, Curve, Jwk, JwkSet, JwsAlg, JwtVerifier, SigningKey, SysRng, Token, VerifyingKeys, random_id,
};

type Verifier = JwtVerifier<VerifyingKeys>;

/// What the API answers to a request with this header field.
fn answer(verifier: &Verifier, authorization: &str) -> (u16, String) {
    let Some(token) = authorization.strip_prefix("Bearer ") else { return (401, "no token".into()) };
    match verifier.verify::<AccessToken>(token) {
        Ok(verified) if verified.claims().custom().has_scope("read") => {
            (200, format!("hello, {}", verified.claims().sub().unwrap_or("nobody")))
        }
        Ok(_) => (403, "the scope is not enough".into()),
        Err(error) if error.is_refusal() => (401, error.code().into()),
        Err(error) => (500, error.code().into()),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("as-1");
    let key = SigningKey::try_from(&jwk)?;
    let issue = |scope: &str| -> Result<String, Box<dyn Error>> {
        let claims = Claims::new()
            .issuer("https://as.example")
            .audience("https://api.example")
            .subject("alice")
            .jwt_id(random_id(&mut SysRng)?)
            .expires_in(Duration::from_secs(300))
            .with(AccessToken::new("client-1").scope(scope));
        Ok(Token::new(&claims).typ("at+jwt").sign(&key)?)
    };

    let keys = VerifyingKeys::from_jwks(&JwkSet::from_iter([jwk.clone()]), JwsAlg::Es256)?;
    let verifier = JwtVerifier::new(keys)
        .issuer("https://as.example")
        .audience("https://api.example")
        .profile(ACCESS_TOKEN);
    println!("{:?}", answer(&verifier, &format!("Bearer {}", issue("read write")?)));
    println!("{:?}", answer(&verifier, &format!("Bearer {}", issue("write")?)));
    println!("{:?}", answer(&verifier, "Bearer a.b.c"));
    Ok(())
}
