//! Signed JWTs: what every implementation is given to sign and to verify.

use std::{cell::RefCell, collections::BTreeMap, error::Error, rc::Rc, time::SystemTime};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jose_jwk::{Jwk, JwsAlg, KeySpec, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKey, compact};
use jose_jwt::{Claims, JwtVerifier, NumericDate};
use serde::{Deserialize, Serialize};

use crate::{
    measure::{Group, Kind},
    raw::Raw,
};

pub const KID: &str = "2026-11-key";
pub const ISSUER: &str = "https://issuer.example";
pub const AUDIENCE: &str = "https://api.example";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The claims beside the registered ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Custom {
    pub email: String,
    pub scope: String,
}

/// All claims in one type, for implementations that have no type for the registered ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AllClaims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub exp: u64,
    pub nbf: u64,
    pub iat: u64,
    pub jti: String,
    pub email: String,
    pub scope: String,
}

impl AllClaims {
    fn issued(now: u64) -> Self {
        Self {
            iss: ISSUER.into(),
            sub: "248289761001".into(),
            aud: AUDIENCE.into(),
            exp: now + 86_400,
            nbf: now - 60,
            iat: now - 60,
            jti: "5c2f8b0e-0f5d-4a3e-9a51-2f1f6d1f7a10".into(),
            email: "jane.doe@mail.example".into(),
            scope: "openid profile email read:orders write:orders read:invoices".into(),
        }
    }
}

impl From<&AllClaims> for Claims<Custom> {
    fn from(all: &AllClaims) -> Self {
        let date = |seconds: u64| NumericDate::from_seconds(seconds.try_into().unwrap_or(i64::MAX));
        Claims::new()
            .issuer(&all.iss)
            .subject(&all.sub)
            .audience(all.aud.as_str())
            .expires_at(date(all.exp))
            .not_before(date(all.nbf))
            .issued_at(date(all.iat))
            .jwt_id(&all.jti)
            .with(Custom { email: all.email.clone(), scope: all.scope.clone() })
    }
}

/// A key, the claims, and a token that the primitive signed.
///
/// How often ML-DSA tries depends on key and message: times of signatures compare within a run, where all sign the same bytes.
pub struct Work {
    pub alg: JwsAlg,
    /// The private key, with its `kid`.
    pub jwk: Jwk,
    pub claims: AllClaims,
    /// The JWS Signing Input.
    pub input: Rc<str>,
    pub signature: Vec<u8>,
    pub token: Rc<str>,
    raw: Rc<Raw>,
}

thread_local! {
    /// RSA keys take a second, and are the same for all their algorithms.
    static RSA: RefCell<BTreeMap<usize, Jwk>> = const { RefCell::new(BTreeMap::new()) };
}

/// A new key for the algorithm; of so many bits, for RSA.
fn generate(alg: JwsAlg, bits: usize) -> Result<Jwk> {
    if !matches!(KeySpec::from(alg), KeySpec::Rsa { .. }) {
        return Ok(Jwk::generate(alg, &mut SysRng)?);
    }
    if let Some(jwk) = RSA.with_borrow(|keys| keys.get(&bits).cloned()) {
        return Ok(jwk);
    }
    let jwk = Jwk::generate(KeySpec::Rsa { bits }, &mut SysRng)?;
    RSA.with_borrow_mut(|keys| keys.insert(bits, jwk.clone()));
    Ok(jwk)
}

impl Work {
    /// With a new key. The bits are those of the modulus, if it is one for RSA.
    ///
    /// # Errors
    ///
    /// If the key cannot be made.
    pub fn new(alg: JwsAlg, bits: usize) -> Result<Self> {
        let jwk = generate(alg, bits)?.with_kid(KID);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
        let claims = AllClaims::issued(now);
        let header = format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{KID}"}}"#);
        let [header, payload] = [header, serde_json::to_string(&claims)?]
            .map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
        let input = format!("{header}.{payload}");
        let raw = Raw::new(alg, &jwk)?;
        let mut signature = vec![0; 8192];
        let len = (raw.sign)(input.as_bytes(), &mut signature);
        signature.truncate(len);
        let token = format!("{input}.{}", Base64UrlUnpadded::encode_string(&signature));
        Ok(Self { alg, jwk, claims, input: input.into(), signature, token: token.into(), raw: Rc::new(raw) })
    }

    /// The primitive, a JWS of the same bytes, and a JWT.
    ///
    /// # Errors
    ///
    /// If a key cannot be prepared.
    pub fn sign(&self, name: String) -> Result<Group> {
        let key = SigningKey::from_jwk(&self.jwk, self.alg)?;
        let claims = Claims::from(&self.claims);
        // What is signed with one key is compared byte by byte.
        let token = jose_jwt::sign(&key, &claims)?;
        let verifies = VerifyingKey::from_jwk(&self.jwk, self.alg)?;
        let payload = compact::verify(&verifies, &token)?.into_payload();
        if payload != serde_json::to_vec(&self.claims)? {
            return Err("the claims are not those of the other implementations".into());
        }
        let (raw, input, mut out) = (Rc::clone(&self.raw), Rc::clone(&self.input), vec![0; 8192]);
        let (jws_key, header) = (key.clone(), Header::new().typ("JWT"));
        Ok(Group::new(name)
            .case(Kind::Raw, "RustCrypto", move || (raw.sign)(input.as_bytes(), &mut out))
            .case(Kind::Ours, "jose-jws", move || {
                compact::sign(&jws_key, &payload, &header).expect("it signs")
            })
            .case(Kind::Ours, "jose-jwt", move || jose_jwt::sign(&key, &claims).expect("it signs")))
    }

    /// The primitive, a JWS, and a JWT with its claims; with a precomputed key, too, where there are such.
    ///
    /// # Errors
    ///
    /// If a key cannot be prepared, or does not verify the token.
    pub fn verify(&self, name: String) -> Result<Group> {
        let key = VerifyingKey::from_jwk(&self.jwk, self.alg)?;
        let (raw, input, signature) = (Rc::clone(&self.raw), Rc::clone(&self.input), self.signature.clone());
        let group = Group::new(name)
            .case(Kind::Raw, "RustCrypto", move || assert!((raw.verify)(input.as_bytes(), &signature)));
        let group = self.verify_with(group, key.clone(), "jose-jws", "jose-jwt")?;
        if !has_tables(self.alg) {
            return Ok(group);
        }
        self.verify_with(group, key.precomputed(), "jose-jws, precomputed", "jose-jwt, precomputed")
    }

    fn verify_with(
        &self,
        group: Group,
        key: VerifyingKey,
        jws: &'static str,
        jwt: &'static str,
    ) -> Result<Group> {
        let verifier = JwtVerifier::new(key.clone()).issuer(ISSUER).audience(AUDIENCE);
        let read = verifier.verify::<Custom>(&self.token)?.into_claims();
        if read != Claims::from(&self.claims) {
            return Err("the claims are not those that were signed".into());
        }
        let [token, jwt_token] = [(); 2].map(|()| Rc::clone(&self.token));
        Ok(group.case(Kind::Ours, jws, move || compact::verify(&key, &*token).expect("it verifies")).case(
            Kind::Ours,
            jwt,
            move || verifier.verify::<Custom>(&jwt_token).expect("it verifies"),
        ))
    }
}

/// Whether a precomputed key of the algorithm is another one.
fn has_tables(alg: JwsAlg) -> bool {
    !matches!(alg, JwsAlg::Hs256 | JwsAlg::Ed448 | JwsAlg::MlDsa44 | JwsAlg::MlDsa65 | JwsAlg::MlDsa87)
}
