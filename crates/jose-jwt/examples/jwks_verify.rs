//! Verifies with a key set that its publisher rotates: it is fetched when it is old, and when a token names a new key.

use core::error::Error;
use core::time::Duration;
use std::time::Instant;

use jose_jwt::{
    Claims, Curve, Jwk, JwkSet, JwsAlg, JwtVerifier, NoClaims, Refresh, SigningKey, SysRng, Verified,
    VerifyingKeys,
};

type Result<T> = core::result::Result<T, Box<dyn Error>>;

/// The set of an issuer, and what tells when to fetch it again.
struct Keys<F> {
    fetch: F,
    started: Instant,
    refresh: Refresh,
    verifier: Option<JwtVerifier<VerifyingKeys>>,
}

impl<F: Fn() -> Result<String>> Keys<F> {
    fn new(fetch: F) -> Self {
        Self { fetch, started: Instant::now(), refresh: Refresh::new(), verifier: None }
    }

    fn fetch(&mut self, unknown_kid: bool) -> Result<()> {
        let now = self.started.elapsed();
        if !self.refresh.take_turn(now, unknown_kid) {
            return Ok(());
        }
        match (self.fetch)() {
            Ok(text) => {
                let keys = VerifyingKeys::from_jwks(&JwkSet::from_json(text)?, JwsAlg::Es256)?;
                self.verifier = Some(JwtVerifier::new(keys).issuer("https://issuer.example").audience("api"));
                self.refresh.fetched(now);
                Ok(())
            }
            Err(error) => {
                self.refresh.failed(now);
                // The set at hand serves on, if there is one.
                if self.refresh.is_usable(now) { Ok(()) } else { Err(error) }
            }
        }
    }

    fn verify(&mut self, token: &str) -> Result<Verified<NoClaims>> {
        self.fetch(false)?;
        let result = self.verifier.as_ref().ok_or("no keys")?.verify(token);
        match result {
            Err(error) if error.code() == "kid-unknown" => {
                self.fetch(true)?;
                Ok(self.verifier.as_ref().ok_or("no keys")?.verify(token)?)
            }
            result => Ok(result?),
        }
    }
}

fn main() -> Result<()> {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng)?.with_kid("2026-11");
    let published = JwkSet::from_iter([jwk.clone()]).to_public_json();
    let claims = Claims::new()
        .issuer("https://issuer.example")
        .audience("api")
        .subject("alice")
        .expires_in(Duration::from_secs(600));
    let token = jose_jwt::sign(&SigningKey::try_from(&jwk)?, &claims)?;

    // In a program of yours, the function gets `jwks_uri` over HTTPS.
    let mut keys = Keys::new(move || Ok(published.clone()));
    let verified = keys.verify(&token)?;
    println!(
        "verified with {}: {:?}",
        verified.kid().as_deref().unwrap_or("no kid"),
        verified.claims().sub()
    );
    Ok(())
}
