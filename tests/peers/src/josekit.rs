//! josekit, on OpenSSL.

use jose_bench::{
    content::Content,
    measure::{Group, Kind},
    targets::JOSEKIT,
    token::{AUDIENCE, AllClaims, ISSUER, KID, Work},
};
use jose_jwk::JwsAlg;
use josekit::{
    jwe::{self, Dir, JweHeader},
    jwk::{Jwk, JwkSet},
    jws::{
        ES256, ES256K, ES384, ES512, EdDSA, HS256, JwsHeader, JwsSigner, JwsVerifier, PS256, PS384, PS512,
        RS256, RS384, RS512,
    },
    jwt::{self, JwtPayload, JwtPayloadValidator},
};
use serde_json::{Map, Value};

use crate::Result;

/// The signer or the verifier of an algorithm from a JWK; nothing, if it has none.
macro_rules! from_jwk {
    ($alg:expr, $method:ident, $jwk:expr) => {
        match $alg {
            JwsAlg::Hs256 => Some(Box::new(HS256.$method($jwk)?)),
            JwsAlg::Rs256 => Some(Box::new(RS256.$method($jwk)?)),
            JwsAlg::Rs384 => Some(Box::new(RS384.$method($jwk)?)),
            JwsAlg::Rs512 => Some(Box::new(RS512.$method($jwk)?)),
            JwsAlg::Ps256 => Some(Box::new(PS256.$method($jwk)?)),
            JwsAlg::Ps384 => Some(Box::new(PS384.$method($jwk)?)),
            JwsAlg::Ps512 => Some(Box::new(PS512.$method($jwk)?)),
            JwsAlg::Es256 => Some(Box::new(ES256.$method($jwk)?)),
            JwsAlg::Es384 => Some(Box::new(ES384.$method($jwk)?)),
            JwsAlg::Es512 => Some(Box::new(ES512.$method($jwk)?)),
            JwsAlg::Es256K => Some(Box::new(ES256K.$method($jwk)?)),
            JwsAlg::EdDsa => Some(Box::new(EdDSA.$method($jwk)?)),
            _ => None,
        }
    };
}

pub fn sign(work: &Work, group: Group) -> Result<Group> {
    let jwk = Jwk::from_bytes(work.jwk.expose_private_json().as_bytes());
    let signer: Option<Box<dyn JwsSigner>> = match jwk {
        Ok(jwk) => from_jwk!(work.alg, signer_from_jwk, &jwk),
        Err(_) => None,
    };
    let Some(signer) = signer else { return Ok(group) };
    let mut header = JwsHeader::new();
    header.set_token_type("JWT");
    header.set_key_id(KID);
    let Value::Object(claims) = serde_json::to_value(&work.claims)? else { return Err("no object".into()) };
    let payload = JwtPayload::from_map(claims)?;
    let sign = move || jwt::encode_with_signer(&payload, &header, &*signer).expect("it signs");
    Ok(group.case(Kind::Peer, JOSEKIT, sign))
}

pub fn verify(work: &Work, group: Group) -> Result<Group> {
    let jwk = work.jwk.to_public().map(|jwk| jwk.to_json());
    let text = jwk.unwrap_or_else(|_| work.jwk.expose_private_json().to_string());
    let verifier: Option<Box<dyn JwsVerifier>> = match Jwk::from_bytes(text) {
        Ok(jwk) => from_jwk!(work.alg, verifier_from_jwk, &jwk),
        Err(_) => None,
    };
    let Some(verifier) = verifier else { return Ok(group) };
    let token = work.token.to_string();
    let verify = move || {
        let (payload, _) = jwt::decode_with_verifier(&token, &*verifier).expect("it verifies");
        // It checks at the time that it is given.
        let mut validator = JwtPayloadValidator::new();
        validator.set_base_time(std::time::SystemTime::now());
        validator.set_issuer(ISSUER);
        validator.set_audience(AUDIENCE);
        validator.validate(&payload).expect("it is valid");
        let claims: Map<String, Value> = payload.into();
        serde_json::from_value::<AllClaims>(Value::Object(claims)).expect("the claims")
    };
    if verify() != work.claims {
        return Err("other claims".into());
    }
    Ok(group.case(Kind::Peer, JOSEKIT, verify))
}

pub fn prepare(text: &str, group: Group) -> Group {
    let text = text.to_owned();
    group.case(Kind::Peer, JOSEKIT, move || {
        let set = JwkSet::from_bytes(&text).expect("a set");
        set.keys().into_iter().map(|jwk| ES256.verifier_from_jwk(jwk).expect("a key")).collect::<Vec<_>>()
    })
}

fn octets(content: &Content) -> Result<&[u8]> {
    Ok(content.jwk.expose_secret_member("k").ok_or("no secret")?)
}

pub fn encrypt(content: &Content, group: Group) -> Result<Group> {
    let key = Dir.encrypter_from_bytes(octets(content)?)?;
    let mut header = JweHeader::new();
    header.set_content_encryption(content.enc.as_str());
    let plaintext = content.plaintext.clone();
    Ok(group.case(Kind::Peer, JOSEKIT, move || {
        jwe::serialize_compact(&plaintext, &header, &key).expect("it encrypts")
    }))
}

pub fn decrypt(content: &Content, group: Group) -> Result<Group> {
    let key = Dir.decrypter_from_bytes(octets(content)?)?;
    let token = content.token()?;
    if jwe::deserialize_compact(&token, &key)?.0 != content.plaintext {
        return Err("another plaintext".into());
    }
    Ok(group.case(Kind::Peer, JOSEKIT, move || jwe::deserialize_compact(&token, &key).expect("it decrypts")))
}
