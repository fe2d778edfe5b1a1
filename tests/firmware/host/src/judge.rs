//! What the programs printed, judged by the library on the host and by OpenSSL.

use std::{fs, path::Path, path::PathBuf, process::Command};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwk::{Jwk, JwsAlg, PublicFormat};
use jose_jws::{VerifyingKey, compact};
use jose_jwt::{JwtVerifier, NoClaims, NumericDate};

use crate::task::{Line, MANIFEST};
use xtask::{Result, process};

/// What a program says last: how much of the stack it used, in hexadecimal.
const STACK: &str = "stack ";

/// A time at which the device's tokens are valid.
const NOW: i64 = 1_767_225_601;

/// The JWS Signing Input that is signed where the library is not: that of the ES256 token.
const SIGNING_INPUT: &str = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImRldi03In0.\
    eyJpc3MiOiJkZXYtNyIsImF1ZCI6ImZsZWV0IiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjE3NjcyMjkyMDB9";

/// The device's keys: those of RFC 7515 appendix A.3, RFC 8037 appendix A.2 and RFC 7515 appendix A.1.
fn device_key(alg: JwsAlg) -> &'static str {
    match alg {
        JwsAlg::Es256 => {
            r#"{"kty":"EC","crv":"P-256","kid":"dev-7","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#
        }
        JwsAlg::Ed25519 => {
            r#"{"kty":"OKP","crv":"Ed25519","kid":"dev-7","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
        }
        _ => {
            r#"{"kty":"oct","kid":"dev-7",
                "k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#
        }
    }
}

/// The manifests, with the keys of RFC 6979 appendix A.2.5 and of RFC 8037 appendix A.2.
const MANIFESTS: [(JwsAlg, &str, &str); 2] = [
    (
        JwsAlg::Es256,
        include_str!("../../data/es256.jws"),
        r#"{"kty":"EC","crv":"P-256","x":"YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y",
            "y":"eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk"}"#,
    ),
    (
        JwsAlg::Ed25519,
        include_str!("../../data/ed25519.jws"),
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    ),
];

pub(crate) struct Judge {
    /// Where OpenSSL finds its input.
    folder: PathBuf,
}

impl Judge {
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        let folder = folder.join("openssl");
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// The messages that the firmware is to take are good.
    pub(crate) fn messages(&self) -> Result {
        for (alg, message, key) in MANIFESTS {
            let key = Jwk::from_json(key)?;
            let verified = compact::verify(&VerifyingKey::from_jwk(&key, alg)?, message)?;
            if verified.payload() != MANIFEST.as_bytes() {
                return Err(format!("the manifest with {alg} is another").into());
            }
            self.openssl_verifies_token(alg, &key, message)?;
        }
        Ok(())
    }

    /// Compares what a program printed with what it should, and gives back how much of the stack it used.
    pub(crate) fn output(&self, expected: &[Line], output: &str) -> Result<u64> {
        let mut lines: Vec<&str> = output.lines().collect();
        let stack = lines.pop().and_then(|line| line.strip_prefix(STACK)).ok_or("no stack")?;
        if lines.len() != expected.len() {
            return Err(format!("{} lines instead of {}", lines.len(), expected.len()).into());
        }
        for (line, expected) in lines.into_iter().zip(expected) {
            let (name, value) = line.split_once(' ').ok_or("a line without value")?;
            match *expected {
                Line::Token(alg) if name == "token" => self.token(alg, value)?,
                Line::Signature(alg) if name == "signature" => {
                    let key = Jwk::from_json(device_key(alg))?;
                    self.openssl_verifies(alg, &key, SIGNING_INPUT.as_bytes(), &octets(value)?)?;
                }
                Line::Text(expected, text) if name == expected && value == text => {}
                _ => return Err(format!("not expected: {line}").into()),
            }
        }
        Ok(u64::from_str_radix(stack, 16)?)
    }

    /// A JWT of the device's.
    fn token(&self, alg: JwsAlg, token: &str) -> Result {
        let jwk = Jwk::from_json(device_key(alg))?;
        let key = VerifyingKey::from_jwk(&jwk, alg)?;
        let verifier = JwtVerifier::new(key).issuer("dev-7").audience("fleet");
        verifier.at(NumericDate::from_seconds(NOW)).verify::<NoClaims>(token)?;
        self.openssl_verifies_token(alg, &jwk, token)
    }

    fn openssl_verifies_token(&self, alg: JwsAlg, key: &Jwk, token: &str) -> Result {
        let (message, signature) = token.rsplit_once('.').ok_or("no compact serialization")?;
        let signature = Base64UrlUnpadded::decode_vec(signature).map_err(|_| "no base64url")?;
        self.openssl_verifies(alg, key, message.as_bytes(), &signature)
    }

    /// OpenSSL takes the signature for this message, and for no other.
    fn openssl_verifies(&self, alg: JwsAlg, key: &Jwk, message: &[u8], signature: &[u8]) -> Result {
        let other = [message, b"."].concat();
        if !self.openssl(alg, key, message, signature)? {
            return Err(format!("OpenSSL refuses the signature with {alg}").into());
        }
        if self.openssl(alg, key, &other, signature)? {
            return Err(format!("OpenSSL takes the signature with {alg} for any message").into());
        }
        Ok(())
    }

    fn openssl(&self, alg: JwsAlg, key: &Jwk, message: &[u8], signature: &[u8]) -> Result<bool> {
        let mut openssl = Command::new("openssl");
        openssl.current_dir(&self.folder);
        fs::write(self.folder.join("message"), message)?;
        if alg == JwsAlg::Hs256 {
            let secret = hex(key.expose_secret_member("k").ok_or("no secret")?);
            openssl.args(["dgst", "-sha256", "-binary", "-mac", "HMAC", "-macopt"]);
            openssl.arg(format!("hexkey:{secret}")).arg("message");
            return Ok(process::output(&mut openssl)? == signature);
        }
        fs::write(self.folder.join("key.pem"), key.to_public()?.to_pem(PublicFormat::Spki)?)?;
        let signature = if alg == JwsAlg::Es256 { der(signature)? } else { signature.to_owned() };
        fs::write(self.folder.join("signature"), signature)?;
        openssl.args(match alg {
            JwsAlg::Es256 => {
                &["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "message"][..]
            }
            _ => &[
                "pkeyutl",
                "-verify",
                "-rawin",
                "-pubin",
                "-inkey",
                "key.pem",
                "-sigfile",
                "signature",
                "-in",
                "message",
            ],
        });
        let output = openssl.output().map_err(|error| format!("openssl: {error}"))?;
        Ok(output.status.success())
    }
}

/// `R` and `S` side by side as the `Ecdsa-Sig-Value` of RFC 3279 section 2.2.3, which OpenSSL wants.
fn der(signature: &[u8]) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    let (r, s) = signature.split_at_checked(32).ok_or("a short signature")?;
    for number in [r, s] {
        let zeros = number.iter().take_while(|octet| **octet == 0).count().min(31);
        let number = &number[zeros..];
        // The highest bit would be a sign.
        let sign = if number[0] & 0x80 == 0 { &[][..] } else { &[0] };
        content.extend([2, u8::try_from(sign.len() + number.len())?]);
        content.extend([sign, number].concat());
    }
    Ok([&[0x30, u8::try_from(content.len())?], &*content].concat())
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn octets(hex: &str) -> Result<Vec<u8>> {
    let digits = |at| hex.get(at..at + 2).ok_or("half a byte");
    (0..hex.len()).step_by(2).map(|at| Ok(u8::from_str_radix(digits(at)?, 16)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::{der, hex, octets};

    #[test]
    fn der_of_a_signature() {
        let mut signature = [0; 64];
        (signature[30], signature[31], signature[32]) = (1, 2, 0x80);
        let expected = [&[0x30, 0x27, 2, 2, 1, 2, 2, 0x21, 0, 0x80][..], &[0; 31]].concat();
        assert_eq!(der(&signature).unwrap(), expected);
        assert!(der(&[1; 31]).is_err());
    }

    #[test]
    fn hexadecimal_both_ways() {
        assert_eq!(hex(&[0, 0xfe]), "00fe");
        assert_eq!(octets("00fe").unwrap(), [0, 0xfe]);
        assert!(octets("0").is_err() && octets("0g").is_err());
    }
}
