//! Tokens and keys of real deployments, made in the formats that their operators publish.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod acme;
mod certificate;
mod openid;
mod tokens;

use std::sync::OnceLock;

use jose_jwk::{Jwk, KeySpec, SysRng};
use jose_jwt::NumericDate;

/// The time of every verification here.
const NOW: NumericDate = NumericDate::from_seconds(1_800_000_000);

const fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(1_800_000_000 + seconds)
}

/// One RSA key for all tests: generating it takes longer than they do.
fn rsa() -> Jwk {
    static KEY: OnceLock<Jwk> = OnceLock::new();
    KEY.get_or_init(|| Jwk::generate(KeySpec::Rsa { bits: 2048 }, &mut SysRng).unwrap()).clone()
}
