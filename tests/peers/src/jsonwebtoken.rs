//! jsonwebtoken, which prepares its keys anew for each token.

use jose_bench::{
    measure::{Group, Kind},
    token::{AUDIENCE, AllClaims, ISSUER, KID, Work},
};
use jose_jwk::{JwsAlg, PrivateFormat};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, crypto, decode, encode,
    jwk::{Jwk, JwkSet},
};

use crate::Result;

/// Which backend is in use, for the rows.
static BACKEND: std::sync::OnceLock<&str> = std::sync::OnceLock::new();

/// Whether it is the backend beside which nothing else is measured.
pub fn install(backend: &str) -> Result<bool> {
    let (provider, name, is_alone) = match backend {
        "aws_lc_rs" => (&crypto::aws_lc::DEFAULT_PROVIDER, "jsonwebtoken (aws_lc_rs)", false),
        "rust_crypto" => (&crypto::rust_crypto::DEFAULT_PROVIDER, "jsonwebtoken (rust_crypto)", true),
        _ => return Err("the backend is aws_lc_rs or rust_crypto".into()),
    };
    provider.install_default().map_err(|_| "there is a backend already")?;
    BACKEND.set(name)?;
    Ok(is_alone)
}

fn name() -> &'static str {
    BACKEND.get().copied().unwrap_or_default()
}

fn algorithm(alg: JwsAlg) -> Option<Algorithm> {
    alg.as_str().parse().ok()
}

pub fn sign(work: &Work, group: Group) -> Result<Group> {
    let Some(algorithm) = algorithm(work.alg) else { return Ok(group) };
    let pem = || work.jwk.expose_private_pem(PrivateFormat::Pkcs8);
    let key = match algorithm {
        Algorithm::HS256 => EncodingKey::from_secret(work.jwk.expose_secret_member("k").ok_or("no secret")?),
        Algorithm::ES256 | Algorithm::ES384 => EncodingKey::from_ec_pem(pem()?.as_bytes())?,
        Algorithm::EdDSA => EncodingKey::from_ed_pem(pem()?.as_bytes())?,
        _ => EncodingKey::from_rsa_pem(pem()?.as_bytes())?,
    };
    let header = Header { kid: Some(KID.into()), ..Header::new(algorithm) };
    let claims = work.claims.clone();
    encode(&header, &claims, &key)?;
    Ok(group.case(Kind::Peer, name(), move || encode(&header, &claims, &key).expect("it signs")))
}

pub fn verify(work: &Work, group: Group) -> Result<Group> {
    let Some(algorithm) = algorithm(work.alg) else { return Ok(group) };
    let key = match algorithm {
        Algorithm::HS256 => DecodingKey::from_secret(work.jwk.expose_secret_member("k").ok_or("no secret")?),
        _ => DecodingKey::from_jwk(&serde_json::from_str::<Jwk>(&work.jwk.to_public()?.to_json())?)?,
    };
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_nbf = true;
    let token = work.token.to_string();
    if decode::<AllClaims>(&token, &key, &validation)?.claims != work.claims {
        return Err("other claims".into());
    }
    Ok(group.case(Kind::Peer, name(), move || {
        decode::<AllClaims>(&token, &key, &validation).expect("it verifies")
    }))
}

pub fn prepare(text: &str, group: Group) -> Group {
    let text = text.to_owned();
    group.case(Kind::Peer, name(), move || {
        let set: JwkSet = serde_json::from_str(&text).expect("a set");
        set.keys.iter().map(|jwk| DecodingKey::from_jwk(jwk).expect("a key")).collect::<Vec<_>>()
    })
}
