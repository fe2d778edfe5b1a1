//! Logins at `oidc-provider`, a certified OpenID Provider from npm, on loopback: what it makes is verified with this workspace, and
//! what this workspace makes is accepted by it. Keys rotate in between. It installs the provider under the target folder, with
//! Node.js and npm, and fails with the first thing that is not as it should be.

mod browser;
mod client;
mod login;
mod provider;
mod rotation;

use std::process::ExitCode;

use jose_jwt::{JweAlg, JwsAlg};
use xtask::Result;

use crate::client::Client;
use crate::provider::Provider;

/// A condition that must hold.
macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+).into());
        }
    };
}
use ensure;

/// One client for each algorithm, three of which have their ID Tokens encrypted.
fn clients() -> Result<Vec<Client>> {
    use JwsAlg::{Ed25519, EdDsa, Es256, Ps256, Rs256};
    [
        ("rs256", Rs256, None),
        ("ps256", Ps256, None),
        ("es256", Es256, None),
        ("eddsa", EdDsa, None),
        ("ed25519", Ed25519, None),
        ("ecdh-p256", Es256, Some((JweAlg::EcdhEsA256Kw, "P-256", "A256GCM"))),
        ("ecdh-x25519", EdDsa, Some((JweAlg::EcdhEsA256Kw, "X25519", "A256CBC-HS512"))),
        ("rsa-oaep-256", Rs256, Some((JweAlg::RsaOaep256, "", "A256GCM"))),
    ]
    .into_iter()
    .map(|(id, alg, encryption)| Client::new(id, alg, encryption))
    .collect()
}

fn run() -> Result {
    let clients = clients()?;
    let mut provider = Provider::start(&clients)?;
    for client in &clients {
        let count = login::run(&provider, client)?;
        println!("{}: {count} checks", client.id);
    }
    rotation::run(&mut provider, clients.iter().find(|client| client.alg == JwsAlg::Es256).ok_or("a client")?)
}

/// The same as a test, so that CI need not build it in another way.
#[test]
#[ignore = "needs Node.js and npm"]
fn logins_at_a_provider() {
    run().expect("what a provider makes is verified, and it accepts what is made here");
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
