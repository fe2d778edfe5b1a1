//! Keeps a file under a passphrase (PBES2, RFC 7518 section 4.8), and reads it again.
//!
//! `cargo run -p jose-jwt --features pbes2 --example passphrase_file`

use core::error::Error;
use std::{env, fs, process};

use jose_jwt::jwe::{self, Message};
use jose_jwt::{DecryptionKey, EncryptionKey, JweAlg, JweEnc, Jwk, SysRng};

/// PBES2 is not among the algorithms of a key unless it is named: a passphrase is the weakest of secrets. `from_octets` takes
/// it as it is, and refuses one that looks like a key.
const ALG: JweAlg = JweAlg::Pbes2Hs256A128Kw;

fn seal(passphrase: &str, plaintext: &[u8]) -> Result<String, Box<dyn Error>> {
    let key = EncryptionKey::from_jwk(Jwk::from_octets(passphrase)?, ALG)?;
    // The salt is new each time, and the number of rounds is written beside it.
    Ok(Message::new(JweEnc::A256Gcm).compact(&key, plaintext, &mut SysRng)?)
}

fn open(passphrase: &str, text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let key = DecryptionKey::from_jwk(Jwk::from_octets(passphrase)?, ALG)?;
    // How many rounds a file may ask for is bounded: see `jwe::Limits`.
    Ok(jwe::decrypt(&key, text, &mut SysRng)?.plaintext().to_vec())
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::temp_dir().join(format!("passphrase-{}.jwe", process::id()));
    let passphrase = "correct horse battery staple";

    fs::write(&path, seal(passphrase, b"the combination is 12-34-56")?)?;
    let text = fs::read_to_string(&path)?;
    println!("{} bytes in {}:\n{text}\n", text.len(), path.display());
    println!("{}", String::from_utf8(open(passphrase, &text)?)?);

    let refused = open("correct horse battery stable", &text);
    println!("another passphrase: {}", refused.err().ok_or("it opens")?);
    fs::remove_file(&path)?;
    Ok(())
}
