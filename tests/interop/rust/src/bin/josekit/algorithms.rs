//! Algorithms by name, and what a key serves.

use interop::{Result, Table};
use josekit::{
    jwe::{
        self, JweDecrypter, JweEncrypter,
        alg::{aesgcmkw::AesgcmkwJweAlgorithm, aeskw::AeskwJweAlgorithm, ecdh_es::EcdhEsJweAlgorithm},
        alg::{pbes2_hmac_aeskw::Pbes2HmacAeskwJweAlgorithm, rsaes::RsaesJweAlgorithm},
    },
    jwk::{
        Jwk, KeyPair,
        alg::{ec::EcKeyPair, ecx::EcxKeyPair, ed::EdKeyPair, rsa::RsaKeyPair},
    },
    jws::{
        JwsSigner, JwsVerifier,
        alg::{ecdsa::EcdsaJwsAlgorithm, hmac::HmacJwsAlgorithm, rsassa::RsassaJwsAlgorithm},
        alg::{eddsa::EddsaJwsAlgorithm, rsassa_pss::RsassaPssJwsAlgorithm},
    },
};
use serde_json::Value;

pub const JWS: &Table = &[
    ("oct", &["HS256", "HS384", "HS512"]),
    ("RSA", &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]),
    ("P-256", &["ES256"]),
    ("P-384", &["ES384"]),
    ("P-521", &["ES512"]),
    ("secp256k1", &["ES256K"]),
    ("Ed25519", &["EdDSA"]),
    ("Ed448", &["EdDSA"]),
];
pub const AGREEMENT: &[&str] = &["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"];
pub const JWE: &Table = &[
    ("oct", &["dir", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW"]),
    ("RSA", &["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"]),
    ("P-256", AGREEMENT),
    ("P-384", AGREEMENT),
    ("P-521", AGREEMENT),
    ("secp256k1", AGREEMENT),
    ("X25519", AGREEMENT),
    ("X448", AGREEMENT),
];
pub const PASSWORD: [&str; 3] = ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"];

/// What makes the object of an algorithm from a JWK: `$make` of the constant that has its name.
macro_rules! by_name {
    ($alg:expr, $key:expr, $make:ident: $($name:literal $constant:expr;)+) => {
        match $alg {
            $($name => Ok(Box::new($constant.$make($key)?)),)+
            other => Err(format!("no algorithm {other}").into()),
        }
    };
}

macro_rules! signature {
    ($alg:expr, $key:expr, $make:ident) => {
        by_name! { $alg, $key, $make:
            "HS256" HmacJwsAlgorithm::Hs256; "HS384" HmacJwsAlgorithm::Hs384; "HS512" HmacJwsAlgorithm::Hs512;
            "RS256" RsassaJwsAlgorithm::Rs256; "RS384" RsassaJwsAlgorithm::Rs384;
            "RS512" RsassaJwsAlgorithm::Rs512; "PS256" RsassaPssJwsAlgorithm::Ps256;
            "PS384" RsassaPssJwsAlgorithm::Ps384; "PS512" RsassaPssJwsAlgorithm::Ps512;
            "ES256" EcdsaJwsAlgorithm::Es256; "ES384" EcdsaJwsAlgorithm::Es384;
            "ES512" EcdsaJwsAlgorithm::Es512; "ES256K" EcdsaJwsAlgorithm::Es256k;
            "EdDSA" EddsaJwsAlgorithm::Eddsa;
        }
    };
}

/// `RSA1_5` is deprecated there too, and read.
macro_rules! encryption {
    ($alg:expr, $key:expr, $make:ident) => {
        by_name! { $alg, $key, $make:
            "dir" jwe::Dir; "ECDH-ES" EcdhEsJweAlgorithm::EcdhEs;
            "ECDH-ES+A128KW" EcdhEsJweAlgorithm::EcdhEsA128kw;
            "ECDH-ES+A192KW" EcdhEsJweAlgorithm::EcdhEsA192kw;
            "ECDH-ES+A256KW" EcdhEsJweAlgorithm::EcdhEsA256kw;
            "A128KW" AeskwJweAlgorithm::A128kw; "A192KW" AeskwJweAlgorithm::A192kw;
            "A256KW" AeskwJweAlgorithm::A256kw; "A128GCMKW" AesgcmkwJweAlgorithm::A128gcmkw;
            "A192GCMKW" AesgcmkwJweAlgorithm::A192gcmkw; "A256GCMKW" AesgcmkwJweAlgorithm::A256gcmkw;
            "PBES2-HS256+A128KW" Pbes2HmacAeskwJweAlgorithm::Pbes2Hs256A128kw;
            "PBES2-HS384+A192KW" Pbes2HmacAeskwJweAlgorithm::Pbes2Hs384A192kw;
            "PBES2-HS512+A256KW" Pbes2HmacAeskwJweAlgorithm::Pbes2Hs512A256kw;
            "RSA1_5" RsaesJweAlgorithm::Rsa1_5; "RSA-OAEP" RsaesJweAlgorithm::RsaOaep;
            "RSA-OAEP-256" RsaesJweAlgorithm::RsaOaep256; "RSA-OAEP-384" RsaesJweAlgorithm::RsaOaep384;
            "RSA-OAEP-512" RsaesJweAlgorithm::RsaOaep512;
        }
    };
}

pub fn signer(alg: &str, key: &Jwk) -> Result<Box<dyn JwsSigner>> {
    signature!(alg, key, signer_from_jwk)
}

pub fn verifier(alg: &str, key: &Jwk) -> Result<Box<dyn JwsVerifier>> {
    signature!(alg, key, verifier_from_jwk)
}

#[allow(deprecated, reason = "the table has RSA1_5")]
pub fn encrypter(alg: &str, key: &Jwk) -> Result<Box<dyn JweEncrypter>> {
    encryption!(alg, key, encrypter_from_jwk)
}

#[allow(deprecated, reason = "the table has RSA1_5")]
pub fn decrypter(alg: &str, key: &Jwk) -> Result<Box<dyn JweDecrypter>> {
    encryption!(alg, key, decrypter_from_jwk)
}

/// A JWK without `kid`, which would be asked of the header.
pub fn load(key: &Value) -> Result<Jwk> {
    let mut key = Jwk::from_bytes(key.to_string())?;
    key.set_parameter("kid", None)?;
    Ok(key)
}

pub fn serves<'a>(table: &'static Table, kind: &'a str) -> impl Iterator<Item = &'static str> + use<'a> {
    table.iter().filter(move |(name, _)| *name == kind).flat_map(|(_, algs)| algs.iter().copied())
}

pub fn pair(key: &Jwk) -> Result<Box<dyn KeyPair>> {
    Ok(match key.curve() {
        None => Box::new(RsaKeyPair::from_jwk(key)?),
        Some("Ed25519" | "Ed448") => Box::new(EdKeyPair::from_jwk(key)?),
        Some("X25519" | "X448") => Box::new(EcxKeyPair::from_jwk(key)?),
        Some(_) => Box::new(EcKeyPair::from_jwk(key)?),
    })
}
