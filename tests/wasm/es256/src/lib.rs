//! Verifies JWTs by ES256 and does nothing else: how small that is. It asks nothing of JavaScript, neither the time nor
//! random numbers.

use jose_jwk::Jwk;
use jose_jws::{JwsAlg, VerifyingKey};
use jose_jwt::{Error, JwtVerifier, NoClaims, NumericDate};

#[path = "../../exchange.rs"]
mod exchange;

/// Verifies at `now`, in seconds. The question is the lines of a public JWK, the issuer, the audience, and the token; the
/// answer is empty, or the code of the error.
#[allow(unsafe_code, reason = "JavaScript finds what it calls by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn verify(now: i64) -> usize {
    exchange::exchange(|question| {
        let mut lines = question.lines();
        let mut line = || lines.next().unwrap_or_default();
        let outcome = token_at(line(), line(), line(), line(), NumericDate::from_seconds(now));
        outcome.map_or_else(|error| error.code().to_owned(), |()| String::new())
    })
}

fn token_at(jwk: &str, issuer: &str, audience: &str, token: &str, now: NumericDate) -> Result<(), Error> {
    let jwk = Jwk::from_json(jwk).map_err(jose_jws::Error::from)?;
    let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Es256)?;
    let verifier = JwtVerifier::new(key).issuer(issuer).audience(audience);
    verifier.at(now).verify::<NoClaims>(token).map(|_| ())
}
