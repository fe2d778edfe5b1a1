//! biscuit, on ring.

use std::sync::Arc;

use biscuit::{
    ClaimsSet, Empty, JWT, RegisteredClaims, SingleOrMultiple, Timestamp, Validation, ValidationOptions,
    jwa::SignatureAlgorithm,
    jws::{RegisteredHeader, Secret},
};
use jose_bench::{
    measure::{Group, Kind},
    token::{AUDIENCE, Custom, ISSUER, KID, Work},
};
use jose_jwk::{JwsAlg, PrivateFormat, PublicFormat};
use ring::{rand::SystemRandom, signature};

use crate::{Result, raw::point};

fn algorithm(alg: JwsAlg) -> Option<SignatureAlgorithm> {
    Some(match alg {
        JwsAlg::Hs256 => SignatureAlgorithm::HS256,
        JwsAlg::Rs256 => SignatureAlgorithm::RS256,
        JwsAlg::Ps256 => SignatureAlgorithm::PS256,
        JwsAlg::Es256 => SignatureAlgorithm::ES256,
        JwsAlg::Es384 => SignatureAlgorithm::ES384,
        _ => return None,
    })
}

fn secret(work: &Work) -> Result<Secret> {
    let secret = |name| work.jwk.expose_secret_member(name).ok_or("no secret");
    let curve = match work.alg {
        JwsAlg::Hs256 => return Ok(Secret::Bytes(secret("k")?.to_vec())),
        JwsAlg::Es256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        JwsAlg::Es384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        _ => {
            let der = work.jwk.expose_private_der(PrivateFormat::Pkcs1)?;
            return Ok(Secret::RsaKeyPair(Arc::new(signature::RsaKeyPair::from_der(&der)?)));
        }
    };
    let (d, point) = (secret("d")?, point(&work.jwk));
    let key =
        signature::EcdsaKeyPair::from_private_key_and_public_key(curve, d, &point, &SystemRandom::new())?;
    Ok(Secret::EcdsaKeyPair(Arc::new(key)))
}

fn claims(work: &Work) -> ClaimsSet<Custom> {
    let claims = work.claims.clone();
    let date = |seconds: u64| Some(Timestamp::from(seconds.try_into().unwrap_or(i64::MAX)));
    ClaimsSet {
        registered: RegisteredClaims {
            issuer: Some(claims.iss),
            subject: Some(claims.sub),
            audience: Some(SingleOrMultiple::Single(claims.aud)),
            expiry: date(claims.exp),
            not_before: date(claims.nbf),
            issued_at: date(claims.iat),
            id: Some(claims.jti),
        },
        private: Custom { email: claims.email, scope: claims.scope },
    }
}

pub fn sign(work: &Work, group: Group) -> Result<Group> {
    let Some(algorithm) = algorithm(work.alg) else { return Ok(group) };
    let secret = secret(work)?;
    let header = RegisteredHeader { algorithm, key_id: Some(KID.into()), ..Default::default() };
    let token = JWT::<Custom, Empty>::new_decoded(header.into(), claims(work));
    token.encode(&secret)?;
    Ok(group.case(Kind::Peer, "biscuit", move || token.encode(&secret).expect("it signs")))
}

pub fn verify(work: &Work, group: Group) -> Result<Group> {
    let Some(algorithm) = algorithm(work.alg) else { return Ok(group) };
    let secret = match work.alg {
        JwsAlg::Hs256 => secret(work)?,
        JwsAlg::Es256 | JwsAlg::Es384 => Secret::PublicKey(point(&work.jwk)),
        _ => Secret::PublicKey(work.jwk.to_public()?.to_der(PublicFormat::Pkcs1)?),
    };
    let options = || ValidationOptions {
        issuer: Validation::Validate(ISSUER.into()),
        audience: Validation::Validate(AUDIENCE.into()),
        ..Default::default()
    };
    let text = work.token.to_string();
    let verify = move || {
        let token =
            JWT::<Custom, Empty>::new_encoded(&text).into_decoded(&secret, algorithm).expect("it verifies");
        token.validate(options()).expect("it is valid");
        token
    };
    if *verify().payload()? != claims(work) {
        return Err("other claims".into());
    }
    Ok(group.case(Kind::Peer, "biscuit", verify))
}
