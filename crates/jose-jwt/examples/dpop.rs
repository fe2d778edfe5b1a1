//! A request with an access token that is bound to the client's key (DPoP, RFC 9449), on both sides.

use core::error::Error;
use core::time::Duration;

use jose_jwt::profile::{ACCESS_TOKEN, AccessToken, Confirmation, DpopRequest, DpopSigner, DpopVerifier};
use jose_jwt::{
    Claims, Curve, Jwk, JwsAlg, JwtVerifier, MemoryReplayGuard, SigningKey, SysRng, Token, VerifyingKey,
    random_id,
};

fn main() -> Result<(), Box<dyn Error>> {
    // The client's key; the authorization server learns its thumbprint from a proof, and binds the token to it.
    let client = DpopSigner::new(&Jwk::generate(Curve::P256, &mut SysRng)?.with_alg(JwsAlg::Es256)?)?;
    let issuer = Jwk::generate(Curve::P256, &mut SysRng)?;
    let claims = Claims::new()
        .issuer("https://as.example")
        .audience("https://api.example")
        .subject("alice")
        .jwt_id(random_id(&mut SysRng)?)
        .expires_in(Duration::from_secs(300))
        .with(AccessToken::new("client-1").cnf(Confirmation::new(client.thumbprint())));
    let token = Token::new(&claims).typ("at+jwt").sign(&SigningKey::try_from(&issuer)?)?;

    // The client, for each request.
    let proof = client.proof("GET", "https://api.example/items").access_token(&token).sign(&mut SysRng)?;

    // The API, once.
    let proofs = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60));
    let guard = MemoryReplayGuard::new(10_000);
    let tokens = JwtVerifier::new(VerifyingKey::from_jwk(&issuer, JwsAlg::Es256)?)
        .issuer("https://as.example")
        .audience("https://api.example")
        .profile(ACCESS_TOKEN);

    // For each request: the proof fits the request and is new, and the token is bound to its key.
    let request = DpopRequest::new("GET", "https://api.example/items").access_token(&token);
    let proof = proofs.now()?.once(&guard).verify(&proof, &request)?;
    let verified = tokens.now()?.bound_to(proof.thumbprint()).verify::<AccessToken>(&token)?;
    println!("verified: {}", verified.claims().sub().unwrap_or("nobody"));

    // Without a proof, the token is worth nothing.
    let Err(error) = tokens.verify::<AccessToken>(&token) else {
        return Err("a bound token was taken without its proof".into());
    };
    println!("refused without a proof: {error}");
    Ok(())
}
