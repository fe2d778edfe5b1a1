//! What real deployments send: keys, PEM files and tokens rebuilt from public reports, each taken, or refused with the true
//! reason. The inputs are in `tests/data/reports`, named by the numbers of the reports.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod keys;
mod pem;
mod profiles;
mod tokens;

use std::fs;

use jose_jwk::{JwkSet, JwsAlg};
use jose_jws::VerifyingKeys;
use jose_jwt::{Error, JwtVerifier, NoClaims, NumericDate};

/// The time of every report.
const NOW: NumericDate = NumericDate::from_seconds(1_800_000_000);

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/reports");

fn bytes(name: &str) -> Vec<u8> {
    fs::read(format!("{FOLDER}/{name}")).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).unwrap()
}

fn token(name: &str) -> String {
    text(name).trim().to_owned()
}

fn set(name: &str) -> JwkSet {
    JwkSet::from_json(text(name)).unwrap()
}

/// Verifies an RS256 or ES256 token with a set.
fn verify(keys: &JwkSet, token: &str) -> Result<(), Error> {
    let keys = VerifyingKeys::from_jwks(keys, [JwsAlg::Rs256, JwsAlg::Es256]).map_err(Error::Jws)?;
    JwtVerifier::new(keys).any_issuer().any_audience().at(NOW).verify::<NoClaims>(token).map(|_| ())
}
