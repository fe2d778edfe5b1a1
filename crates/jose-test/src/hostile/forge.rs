//! How hostile tokens are made.

use jose_b64::base64url;
use jose_jwt::jwk::PublicFormat;
use jose_jwt::{Jwk, JwsAlg, NumericDate, SigningKey};
use serde_json::{Map, Value, json};

use crate::keys::{self, Key};
use crate::server::Answer;
use crate::state::State;
use crate::token::TokenBuilder;

/// A good token, and what an attacker has.
pub(super) struct Forge<'g> {
    pub(super) good: &'g TokenBuilder,
    pub(super) now: i64,
    /// The key that signs.
    key: Key,
    /// A key of the same type that nobody publishes, with the `kid` of the published one.
    attacker: Key,
}

/// A change of a header or of claims.
type Change<'c> = &'c dyn Fn(&mut Map<String, Value>);

impl<'g> Forge<'g> {
    pub(super) fn new(good: &'g TokenBuilder) -> Self {
        let key = good.state.current();
        let attacker = Key::of_attacker(good.state.alg, &key.kid);
        let now = NumericDate::now().expect("a clock after 1970").seconds();
        let forge = Self { good, now, key, attacker };
        // What `jku` and `x5u` lead to would make the token good.
        let elsewhere = &forge.state().elsewhere;
        elsewhere.set("/jwks", Answer::json(&json!({ "keys": [forge.attacker.public()] }).to_string()));
        if let Some(certificate) = keys::certificate(forge.alg()) {
            let pem = format!("-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n");
            let headers = [("content-type", "application/pem-certificate-chain")];
            elsewhere.set("/certificate", Answer::new("200 OK", &headers, &pem));
        }
        forge
    }

    pub(super) fn state(&self) -> &State {
        &self.good.state
    }

    pub(super) fn alg(&self) -> JwsAlg {
        self.state().alg
    }

    pub(super) fn header(&self) -> Map<String, Value> {
        self.good.full_header(&self.key)
    }

    pub(super) fn header_text(&self) -> String {
        Value::Object(self.header()).to_string()
    }

    pub(super) fn claims_text(&self) -> String {
        Value::Object(self.good.claims.clone()).to_string()
    }

    /// The good token.
    pub(super) fn token(&self) -> String {
        self.with_texts(&self.header_text(), self.claims_text().as_bytes())
    }

    /// Signed by the issuer, whatever the texts are.
    pub(super) fn with_texts(&self, header: &str, payload: &[u8]) -> String {
        keys::token(&self.key.signing, header, payload)
    }

    /// Signed by the issuer, with another claim.
    pub(super) fn with_claim(&self, name: &str, value: impl Into<Value>) -> String {
        let mut claims = self.good.claims.clone();
        claims.insert(name.to_owned(), value.into());
        self.with_texts(&self.header_text(), Value::Object(claims).to_string().as_bytes())
    }

    /// Signed by the issuer, without a claim that the good token has.
    pub(super) fn without_claim(&self, name: &str) -> Option<String> {
        let mut claims = self.good.claims.clone();
        claims.remove(name)?;
        Some(self.with_texts(&self.header_text(), Value::Object(claims).to_string().as_bytes()))
    }

    /// Signed by the issuer, with these members, JSON as it stands, before or behind those of the claims.
    pub(super) fn with_claims_beside(&self, before: &str, behind: &str) -> String {
        let claims = self.claims_text();
        self.with_texts(&self.header_text(), beside(&claims, before, behind).as_bytes())
    }

    /// Signed by the issuer, with this JSON in the place of a claim.
    pub(super) fn with_claim_text(&self, name: &str, text: &str) -> String {
        let mut claims = self.good.claims.clone();
        claims.remove(name);
        let claims = Value::Object(claims).to_string();
        let claims = beside(&claims, "", &format!("\"{name}\":{text}"));
        self.with_texts(&self.header_text(), claims.as_bytes())
    }

    /// Signed by the issuer, with these members, JSON as it stands, before or behind those of the header.
    pub(super) fn with_header_beside(&self, before: &str, behind: &str) -> String {
        let header = beside(&self.header_text(), before, behind);
        self.with_texts(&header, self.claims_text().as_bytes())
    }

    /// Signed by the issuer, with another header.
    pub(super) fn with_header(&self, change: Change<'_>) -> String {
        let mut header = self.header();
        change(&mut header);
        self.with_texts(&Value::Object(header).to_string(), self.claims_text().as_bytes())
    }

    /// Signed by the attacker, with another header.
    pub(super) fn by_attacker(&self, change: Change<'_>) -> String {
        let mut header = self.header();
        change(&mut header);
        keys::token(&self.attacker.signing, &Value::Object(header).to_string(), self.claims_text().as_bytes())
    }

    /// With an empty signature, and this `alg`.
    pub(super) fn unsigned(&self, alg: &str) -> String {
        let mut header = self.header();
        header.insert("alg".to_owned(), alg.into());
        let input = keys::signing_input(&Value::Object(header).to_string(), self.claims_text().as_bytes());
        format!("{input}.")
    }

    /// The good token with another signature.
    pub(super) fn with_signature(&self, change: impl Fn(&mut Vec<u8>)) -> String {
        let input = keys::signing_input(&self.header_text(), self.claims_text().as_bytes());
        let mut signature = self.key.sign(&input);
        change(&mut signature);
        format!("{input}.{}", base64url::encode_to_string(&signature))
    }

    /// HMAC, with bytes that everyone knows as the secret.
    pub(super) fn by_hmac(&self, secret: &[u8]) -> Option<String> {
        let jwk = Jwk::dangerous_from_octets(secret.to_vec());
        let key = SigningKey::from_jwk(&jwk, JwsAlg::Hs256).ok()?;
        let mut header = self.header();
        header.insert("alg".to_owned(), "HS256".into());
        Some(keys::token(&key, &Value::Object(header).to_string(), self.claims_text().as_bytes()))
    }

    pub(super) fn public_pem(&self) -> Option<String> {
        self.key.jwk.to_public().ok()?.to_pem(PublicFormat::Spki).ok()
    }

    pub(super) fn public_der(&self) -> Option<Vec<u8>> {
        self.key.jwk.to_public().ok()?.to_der(PublicFormat::Spki).ok()
    }

    pub(super) fn public_json(&self) -> Option<String> {
        Some(self.key.jwk.to_public().ok()?.to_json())
    }

    pub(super) fn attackers_jwk(&self) -> Value {
        self.attacker.public()
    }

    pub(super) fn elsewhere(&self, path: &str) -> String {
        self.state().elsewhere.url(path)
    }
}

/// The object with members, JSON as it stands, before or behind its own.
fn beside(object: &str, before: &str, behind: &str) -> String {
    let inner = object.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).expect("an object");
    let parts: Vec<_> = [before, inner, behind].into_iter().filter(|part| !part.is_empty()).collect();
    format!("{{{}}}", parts.join(","))
}
