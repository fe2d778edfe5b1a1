//! Key sets, and a verifier that threads share.

use std::{error::Error, thread};

use jose_jwk::{Jwk, JwkSet, JwsAlg, SysRng};
use jose_jws::{Header, SigningKey, VerifyingKeys, compact};
use jose_jwt::{Claims, JwtVerifier};

use crate::{
    measure::{Group, Kind},
    token::{AUDIENCE, Custom, ISSUER, Work},
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What each of the threads does in one call.
const EACH: u32 = 2_000;

fn set(alg: JwsAlg, keys: usize) -> Result<JwkSet> {
    let key = |index| Ok(Jwk::generate(alg, &mut SysRng)?.with_kid(format!("key-{index}")));
    (0..keys).map(key).collect::<Result<Vec<_>>>().map(JwkSet::from_iter)
}

/// A JWS whose `kid` names a key of a set: of one key, and of many.
///
/// # Errors
///
/// If a key cannot be prepared.
pub fn choice(name: String, alg: JwsAlg, keys: usize) -> Result<Group> {
    let many = set(alg, keys)?;
    let jwk = many.keys().get(keys * 2 / 3).ok_or("no key")?;
    let one = JwkSet::from_iter([jwk.clone()]);
    let token = compact::sign(&SigningKey::from_jwk(jwk, alg)?, br#"{"sub":"alice"}"#, &Header::new())?;
    let verify = |set: &JwkSet| {
        let (keys, token) = (VerifyingKeys::from_jwks(set, alg)?, token.clone());
        Ok::<_, Box<dyn Error>>(move || compact::verify(&keys, &token).expect("it verifies"))
    };
    Ok(Group::new(name).case(Kind::Ours, "jose-jws, one key", verify(&one)?).case(
        Kind::Ours,
        "jose-jws",
        verify(&many)?,
    ))
}

/// The JSON text of a set of public P-256 keys.
///
/// # Errors
///
/// If there are no random numbers.
pub fn published(keys: usize) -> Result<String> {
    Ok(set(JwsAlg::Es256, keys)?.to_public_json())
}

/// A published set, from its text to keys that verify; beside the points alone, from their coordinates.
///
/// # Errors
///
/// If a key cannot be prepared.
pub fn prepare(name: String, text: &str) -> Result<Group> {
    let point = |jwk: &Jwk| {
        let [x, y] = ["x", "y"].map(|name| jwk.public_member(name).unwrap_or_default());
        [&[4], x, y].concat()
    };
    let points: Vec<Vec<u8>> = JwkSet::from_json(text)?.iter().map(point).collect();
    let raw = move || {
        let key = |point: &Vec<u8>| p256::ecdsa::VerifyingKey::from_sec1_bytes(point).expect("a point");
        points.iter().map(key).collect::<Vec<_>>()
    };
    let text = text.to_owned();
    let ours = move || {
        VerifyingKeys::from_jwks(&JwkSet::from_json(&text).expect("a set"), JwsAlg::Es256).expect("keys")
    };
    Ok(Group::new(name).case(Kind::Raw, "RustCrypto", raw).case(Kind::Ours, "jose-jws", ours))
}

/// One verifier of HS256, the algorithm with which what threads share weighs most, in one thread and in two.
///
/// # Errors
///
/// If a key cannot be prepared.
pub fn threads(name: String) -> Result<Group> {
    let work = Work::new(JwsAlg::Hs256, 0)?;
    let set = JwkSet::from_iter([work.jwk.clone()]);
    let verifier =
        JwtVerifier::new(VerifyingKeys::from_jwks(&set, JwsAlg::Hs256)?).issuer(ISSUER).audience(AUDIENCE);
    let token = work.token.to_string();
    let read: Claims<Custom> = verifier.verify(&token)?.into_claims();
    if read != Claims::from(&work.claims) {
        return Err("the claims are not those that were signed".into());
    }
    let run = move |threads: u32| {
        let verify = || {
            (0..EACH)
                .filter(|_| verifier.verify::<Custom>(&token).is_ok_and(|token| token.kid().is_some()))
                .count()
        };
        thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(verify)).collect();
            running.into_iter().map(|thread| thread.join().expect("no thread panics")).sum::<usize>()
        })
    };
    let other = run.clone();
    Ok(Group::new(name).case_of(EACH, Kind::Ours, "jose-jwt, one thread", move || run(1)).case_of(
        2 * EACH,
        Kind::Ours,
        "jose-jwt, two threads",
        move || other(2),
    ))
}
