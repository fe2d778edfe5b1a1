//! Keys: of the issuer, and of an attacker.

use core::sync::atomic::{AtomicUsize, Ordering};

use jose_b64::base64url;
use jose_jwt::jwk::KeyType;
use jose_jwt::{Curve, Jwk, JwsAlg, KeySpec, Sign as _, SigningKey, SysRng};

/// RSA keys are long to generate in a build without optimization, so the first three are these, which everyone knows.
const RSA: [&str; 3] =
    [include_str!("../data/rsa-1.pem"), include_str!("../data/rsa-2.pem"), include_str!("../data/rsa-3.pem")];

/// An attacker's keys, and certificates of them, made by `openssl req -x509`.
const ATTACKER: [(KeyType, &str, &str); 2] = [
    (KeyType::Rsa, include_str!("../data/attacker-rsa.pem"), include_str!("../data/attacker-rsa.crt")),
    (KeyType::Ec, include_str!("../data/attacker-p256.pem"), include_str!("../data/attacker-p256.crt")),
];

/// A key with which tokens for the issuer are encrypted.
const ENCRYPTION: &str = include_str!("../data/encryption.pem");

/// A private key and its `kid`.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) jwk: Jwk,
    pub(crate) signing: SigningKey,
    pub(crate) kid: String,
}

impl Key {
    fn new(jwk: Jwk, alg: JwsAlg, kid: String) -> Self {
        let jwk = jwk.with_kid(kid.as_str());
        let signing = SigningKey::from_jwk(&jwk, alg).expect("a key of this algorithm, whose feature is on");
        Self { jwk, signing, kid }
    }

    /// The issuer's key with this number.
    pub(crate) fn of_issuer(alg: JwsAlg, number: usize) -> Self {
        static IDS: AtomicUsize = AtomicUsize::new(1);
        let jwk = match RSA.get(number) {
            Some(pem) if alg.key_type() == KeyType::Rsa => Jwk::from_pem(pem).expect("a key in PEM"),
            _ => generate(alg),
        };
        // Two issuers in one process have no `kid` in common.
        let id = IDS.fetch_add(1, Ordering::SeqCst);
        Self::new(jwk, alg, format!("key-{id}"))
    }

    /// The key with which tokens for the issuer are encrypted.
    pub(crate) fn of_encryption() -> Self {
        Self::new(Jwk::from_pem(ENCRYPTION).expect("a key in PEM"), JwsAlg::Rs256, "encryption".to_owned())
    }

    /// A key that nobody publishes.
    pub(crate) fn of_attacker(alg: JwsAlg, kid: &str) -> Self {
        let known = attackers(alg).map(|(pem, _)| Jwk::from_pem(pem).expect("a key in PEM"));
        let jwk = known.unwrap_or_else(|| generate(alg));
        Self::new(jwk, alg, kid.to_owned())
    }

    /// The bytes of a JWS signature.
    pub(crate) fn sign(&self, input: &str) -> Vec<u8> {
        sign(&self.signing, input)
    }

    /// The public JWK as a JSON value.
    pub(crate) fn public(&self) -> serde_json::Value {
        let public = self.jwk.to_public().expect("a key pair").to_json();
        serde_json::from_str(&public).expect("JSON")
    }
}

fn generate(alg: JwsAlg) -> Jwk {
    let spec = match alg.key_type() {
        KeyType::Rsa => KeySpec::Rsa { bits: 2048 },
        _ => alg.into(),
    };
    Jwk::generate(spec, &mut SysRng).expect("random numbers, and the feature of the algorithm")
}

/// The attacker's key for this algorithm and its certificate, if one is at hand.
fn attackers(alg: JwsAlg) -> Option<(&'static str, &'static str)> {
    let suits = |key_type| match key_type {
        KeyType::Ec => alg.curve() == Some(Curve::P256),
        _ => alg.key_type() == key_type,
    };
    ATTACKER.iter().find(|(key_type, ..)| suits(*key_type)).map(|(_, key, certificate)| (*key, *certificate))
}

/// The certificate of the attacker's key, as `x5c` has it, if there is one for this algorithm.
pub(crate) fn certificate(alg: JwsAlg) -> Option<String> {
    let (_, pem) = attackers(alg)?;
    Some(pem.lines().filter(|line| !line.starts_with('-')).collect())
}

/// The signature of these bytes.
pub(crate) fn sign(key: &SigningKey, input: &str) -> Vec<u8> {
    let mut signature = vec![0; key.max_signature_len()];
    let len = key.sign(&[input.as_bytes()], &mut signature).expect("a signature");
    signature.truncate(len);
    signature
}

/// The two parts that are signed.
pub(crate) fn signing_input(header: &str, payload: &[u8]) -> String {
    format!("{}.{}", base64url::encode_to_string(header.as_bytes()), base64url::encode_to_string(payload))
}

/// A token of these texts, whatever they are.
pub(crate) fn token(key: &SigningKey, header: &str, payload: &[u8]) -> String {
    let input = signing_input(header, payload);
    let signature = base64url::encode_to_string(&sign(key, &input));
    format!("{input}.{signature}")
}
