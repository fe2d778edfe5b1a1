//! What several tests stand on.

use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::Duration;

use jose_sd_jwt::jwt::jws::compact;
use jose_sd_jwt::jwt::rand_core::{TryCryptoRng, TryRng};
use jose_sd_jwt::jwt::{AudienceUnset, IssuerUnset};
use jose_sd_jwt::jwt::{
    Curve, Header, Jwk, JwsAlg, NumericDate, PublicJwk, SigningKey, SysRng, VerifyingKey,
};
use jose_sd_jwt::{Error, Received, RequireKeyBinding, Rules, SdJwtVerifier, Unbound, Verified};
use serde_json::{Map, Value};

/// The time of the tests.
pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const ISSUER: &str = "https://issuer.example";
pub(crate) const VERIFIER: &str = "https://verifier.example";
pub(crate) const NONCE: &str = "n-1";

pub(crate) type Claims = Map<String, Value>;

/// A key of its own.
pub(crate) struct Party {
    pub(crate) jwk: Jwk,
    pub(crate) key: SigningKey,
    pub(crate) public: PublicJwk,
}

fn party() -> Party {
    let jwk = Jwk::generate(Curve::P256, &mut SysRng).unwrap();
    Party { key: SigningKey::try_from(&jwk).unwrap(), public: jwk.to_public().unwrap(), jwk }
}

pub(crate) static THE_ISSUER: LazyLock<Party> = LazyLock::new(party);
pub(crate) static THE_HOLDER: LazyLock<Party> = LazyLock::new(party);

pub(crate) fn now() -> NumericDate {
    NumericDate::from_seconds(NOW)
}

pub(crate) fn issuer_key() -> VerifyingKey {
    VerifyingKey::from_jwk(&THE_ISSUER.public, JwsAlg::Es256).unwrap()
}

/// The issuer, any audience, and `exp` where it is there.
pub(crate) fn rules(rules: Rules<VerifyingKey, IssuerUnset, AudienceUnset>) -> Rules<VerifyingKey> {
    rules.issuer(ISSUER).any_audience().expiry_optional()
}

pub(crate) fn unbound() -> SdJwtVerifier<VerifyingKey, Unbound> {
    SdJwtVerifier::without_key_binding(issuer_key(), rules)
}

pub(crate) fn required() -> RequireKeyBinding {
    RequireKeyBinding::new(VERIFIER, JwsAlg::Es256, Duration::from_secs(60))
}

pub(crate) fn bound() -> SdJwtVerifier<VerifyingKey, RequireKeyBinding> {
    SdJwtVerifier::with_key_binding(issuer_key(), rules, required())
}

pub(crate) fn receive(text: &str) -> Result<Verified<Claims>, Error> {
    unbound().at(now()).verify(&Received::parse(text)?)
}

pub(crate) fn accept(text: &str) -> Result<Verified<Claims>, Error> {
    bound().at(now()).verify(&Received::parse(text)?, NONCE)
}

/// A text in base64url, as independent code writes it.
pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.as_ref().chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

/// SHA-256 of a disclosure.
pub(crate) fn digest(disclosure: &str) -> String {
    use sha2::Digest;
    base64url(sha2::Sha256::digest(disclosure))
}

/// A disclosure of this JSON text, and its digest.
pub(crate) fn disclosure(json: &str) -> (String, String) {
    let encoded = base64url(json);
    let digest = digest(&encoded);
    (encoded, digest)
}

/// A payload of the issuer's, signed, and these disclosures.
pub(crate) fn sd_jwt(payload: &str, disclosures: &[&str]) -> String {
    let jws =
        compact::sign(&THE_ISSUER.key, payload.as_bytes(), &Header::new().typ("example+sd-jwt")).unwrap();
    let mut text = jws + "~";
    for disclosure in disclosures {
        text += disclosure;
        text += "~";
    }
    text
}

/// A payload of the issuer's with these members besides, and these disclosures.
pub(crate) fn with(members: &str, disclosures: &[&str]) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    sd_jwt(&format!(r#"{{"iss":"{ISSUER}"{comma}{members}}}"#), disclosures)
}

/// SplitMix64: the same numbers in each run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl TryRng for Numbers {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next() as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.iter_mut().for_each(|byte| *byte = self.next() as u8);
        Ok(())
    }
}

impl TryCryptoRng for Numbers {}
