//! A PKCS #11 token signs ES256, RS256 and PS256, unwraps RSA-OAEP and agrees for ECDH-ES, and its private keys never leave it. A key
//! management service on loopback signs ES256.
//!
//! `cargo run --manifest-path tests/hsm/Cargo.toml` needs SoftHSM 2 (Debian's package `softhsm2`). The module is that in
//! `PKCS11_MODULE`, or where Debian has it.

mod keys;
mod kms;
mod token;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use jose_jwt::jwe::{Encrypted, Message};
use jose_jwt::jws::alg::{Es256, Ps256, Rs256};
use jose_jwt::jws::{Header, Key, compact};
use jose_jwt::{
    Claims, DecryptionKey, EncryptionKey, JweAlg, JweEnc, JwsAlg, JwtVerifier, NoClaims, PublicJwk,
    SigningKey, SysRng, VerifyingKey,
};
use token::{Kind, Token};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Where Debian, and Fedora, have the module.
const MODULES: [&str; 3] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
];

const PIN: &str = "1234";
const LABEL: &str = "jose";

/// How often the key of ES256 signs.
const SIGNATURES: usize = 200;

fn main() -> Result<()> {
    match env::args().nth(1).as_deref() {
        Some("run") => run(),
        _ => set_up(),
    }
}

fn module() -> Result<PathBuf> {
    if let Some(module) = env::var_os("PKCS11_MODULE") {
        return Ok(module.into());
    }
    let found = MODULES.iter().map(Path::new).find(|path| path.exists());
    Ok(found.ok_or("no PKCS #11 module: install softhsm2, or name one in PKCS11_MODULE")?.to_owned())
}

/// Makes a token in a folder of its own, and runs this program again with it.
fn set_up() -> Result<()> {
    let folder = env::temp_dir().join(format!("jose-hsm-{}", std::process::id()));
    let tokens = folder.join("tokens");
    fs::create_dir_all(&tokens)?;
    let conf = folder.join("softhsm2.conf");
    fs::write(&conf, format!("directories.tokendir = {}\nobjectstore.backend = file\n", tokens.display()))?;
    let mut init = Command::new("softhsm2-util");
    init.args(["--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN]);
    let made = init.env("SOFTHSM2_CONF", &conf).status()?.success();
    let ran =
        made && Command::new(env::current_exe()?).arg("run").env("SOFTHSM2_CONF", &conf).status()?.success();
    fs::remove_dir_all(&folder)?;
    if ran { Ok(()) } else { Err("the token was not made, or a check failed".into()) }
}

fn run() -> Result<()> {
    let token = Token::open(&module()?, LABEL, PIN)?;
    signs_es256(&token)?;
    signs_with_rsa(&token)?;
    decrypts(&token, Kind::Rsa, JweAlg::RsaOaep)?;
    for alg in [JweAlg::EcdhEs, JweAlg::EcdhEsA256Kw] {
        decrypts(&token, Kind::P256, alg)?;
    }
    kms::check()
}

fn claims() -> Claims {
    Claims::new()
        .issuer("https://issuer.example")
        .audience("api")
        .subject("alice")
        .expires_in(Duration::from_secs(60))
}

/// Verifies by the public key alone, with RustCrypto's arithmetic.
fn verify(public: &PublicJwk, alg: JwsAlg, token: &str) -> Result<()> {
    let key = VerifyingKey::from_jwk(public, alg)?;
    let verifier = JwtVerifier::new(key).issuer("https://issuer.example").audience("api");
    let verified = verifier.verify::<NoClaims>(token)?;
    if verified.claims().sub() == Some("alice") { Ok(()) } else { Err("other claims".into()) }
}

fn signs_es256(token: &Token) -> Result<()> {
    let pair = token.generate(Kind::P256)?;
    let public = pair.public.clone();
    let key = SigningKey::external(public.as_jwk(), Key::<Es256, _>::new(keys::Ecdsa::new(token, &pair)))?;
    for _ in 0..SIGNATURES {
        verify(&public, JwsAlg::Es256, &jose_jwt::sign(&key, &claims())?)?;
    }
    // The key's JWK decides what it may sign, wherever it is held.
    let decrypts = public.clone().as_jwk().clone().with_alg(JweAlg::EcdhEs)?;
    if SigningKey::external(&decrypts, Key::<Es256, _>::new(keys::Ecdsa::new(token, &pair))).is_ok() {
        return Err("a key for ECDH-ES signs".into());
    }
    token.must_not_leave(&pair)?;
    println!("ES256: {SIGNATURES} JWTs, each verified; the private key cannot be read");
    Ok(())
}

fn signs_with_rsa(token: &Token) -> Result<()> {
    let pair = token.generate(Kind::Rsa)?;
    let public = pair.public.clone();
    let rs256 = SigningKey::external(public.as_jwk(), Key::<Rs256, _>::new(keys::Rsa::rs256(token, &pair)))?;
    let ps256 = SigningKey::external(public.as_jwk(), Key::<Ps256, _>::new(keys::Rsa::ps256(token, &pair)))?;
    for (key, alg) in [(rs256, JwsAlg::Rs256), (ps256, JwsAlg::Ps256)] {
        verify(&public, alg, &jose_jwt::sign(&key, &claims())?)?;
        // A payload that is longer than a buffer of the module.
        let jws = compact::sign(&key, &[b'a'; 100_000], &Header::new())?;
        compact::verify(&VerifyingKey::from_jwk(&public, alg)?, &jws)?;
        println!("{alg}: a JWT and a JWS of 100 000 bytes, verified");
    }
    token.must_not_leave(&pair)
}

fn decrypts(token: &Token, kind: Kind, alg: JweAlg) -> Result<()> {
    let pair = token.generate(kind)?;
    let to = EncryptionKey::from_jwk(&pair.public, alg)?;
    let jwe = Message::new(JweEnc::A256Gcm).compact(&to, b"attack at dawn", &mut SysRng)?;
    let key = DecryptionKey::external(&pair.public, alg, keys::Unwrap::new(token, &pair))?;
    let decrypted = Encrypted::parse_compact(&jwe)?.decrypt(&key, &mut SysRng)?;
    if decrypted.plaintext() != b"attack at dawn" {
        return Err("another plaintext".into());
    }
    // Another key of the token answers too, and what it answers decrypts nothing.
    let other = token.generate(kind)?;
    let other = DecryptionKey::external(&pair.public, alg, keys::Unwrap::new(token, &other))?;
    match Encrypted::parse_compact(&jwe)?.decrypt(&other, &mut SysRng) {
        Err(jose_jwt::jwe::Error::Decryption) => {}
        Ok(_) => return Err("another key decrypts".into()),
        Err(error) => return Err(error.into()),
    }
    token.must_not_leave(&pair)?;
    println!("{alg}: decrypted; not by another key of the token");
    Ok(())
}
