//! What the tokens and keys of real deployments look like, made here in the formats that their operators publish.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "deployments/acme.rs"]
mod acme;
#[path = "deployments/certificate.rs"]
mod certificate;
#[path = "deployments/openid.rs"]
mod openid;
#[path = "deployments/tokens.rs"]
mod tokens;

use std::sync::OnceLock;

use jose_jwk::{Jwk, KeySpec, SysRng};
use jose_jwt::NumericDate;

/// The time at which everything here happens.
const NOW: NumericDate = NumericDate::from_seconds(1_800_000_000);

const fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(1_800_000_000 + seconds)
}

/// The one RSA key of all tests: making it takes longer than they do.
fn rsa() -> Jwk {
    static KEY: OnceLock<Jwk> = OnceLock::new();
    KEY.get_or_init(|| Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng).unwrap()).clone()
}
