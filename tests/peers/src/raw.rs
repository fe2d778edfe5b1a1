//! AWS-LC and ring alone: prepared keys over the signing input.

use std::rc::Rc;

use ::aws_lc_rs::aead;
use base64_simd::{AsOut as _, URL_SAFE_NO_PAD as BASE64URL};
use jose_bench::{
    content::Content,
    measure::{Group, Kind},
    targets::AWS_LC,
    token::Work,
};
use jose_jwe::JweEnc;
use jose_jwk::{Jwk, JwsAlg, PrivateFormat, PublicFormat};

use crate::Result;

const RING: &str = "raw ring";

/// The uncompressed point of an EC key.
pub fn point(jwk: &Jwk) -> Vec<u8> {
    let [x, y] = ["x", "y"].map(|name| jwk.public_member(name).unwrap_or_default());
    [&[4], x, y].concat()
}

/// The public key as both libraries take it.
fn public(work: &Work) -> Result<Vec<u8>> {
    Ok(match work.alg {
        JwsAlg::EdDsa => work.jwk.public_member("x").ok_or("no public key")?.to_vec(),
        JwsAlg::Es256 | JwsAlg::Es384 | JwsAlg::Es512 | JwsAlg::Es256K => point(&work.jwk),
        _ => work.jwk.to_public()?.to_der(PublicFormat::Pkcs1)?,
    })
}

/// The cases of one of the two, which have the same names for nearly everything.
macro_rules! library {
    ($library:ident, $by:expr, $parsed:expr, ($($rng:expr)?), { $($more:tt)* }) => {
        mod $library {
            use super::*;
            use ::$library::{hmac, rand::SystemRandom, signature};

            pub fn sign(work: &Work, group: Group) -> Result<Group> {
                let input = Rc::clone(&work.input);
                let secret = |name| work.jwk.expose_secret_member(name).ok_or("no secret");
                let ecdsa = |group: Group, curve| {
                    let (d, point, input) = (secret("d")?, point(&work.jwk), Rc::clone(&work.input));
                    let key =
                        signature::EcdsaKeyPair::from_private_key_and_public_key(curve, d, &point $(, $rng)?)?;
                    let rng = SystemRandom::new();
                    Ok::<_, Box<dyn std::error::Error>>(
                        group.case(Kind::Raw, $by, move || key.sign(&rng, input.as_bytes()).expect("it signs")),
                    )
                };
                let rsa = |group: Group, padding: &'static dyn signature::RsaEncoding| {
                    let der = work.jwk.expose_private_der(PrivateFormat::Pkcs1)?;
                    let key = signature::RsaKeyPair::from_der(&der)?;
                    let len = work.jwk.public_member("n").unwrap_or_default().len();
                    let (input, rng, mut out) = (Rc::clone(&work.input), SystemRandom::new(), vec![0; len]);
                    Ok::<_, Box<dyn std::error::Error>>(group.case(Kind::Raw, $by, move || {
                        key.sign(padding, &rng, input.as_bytes(), &mut out).expect("it signs")
                    }))
                };
                macro_rules! curve {
                    ($curve:ident) => { ecdsa(group, &signature::$curve) };
                }
                match work.alg {
                    JwsAlg::Hs256 => {
                        let key = hmac::Key::new(hmac::HMAC_SHA256, secret("k")?);
                        Ok(group.case(Kind::Raw, $by, move || hmac::sign(&key, input.as_bytes())))
                    }
                    JwsAlg::Rs256 => rsa(group, &signature::RSA_PKCS1_SHA256),
                    JwsAlg::Rs384 => rsa(group, &signature::RSA_PKCS1_SHA384),
                    JwsAlg::Rs512 => rsa(group, &signature::RSA_PKCS1_SHA512),
                    JwsAlg::Ps256 => rsa(group, &signature::RSA_PSS_SHA256),
                    JwsAlg::Ps384 => rsa(group, &signature::RSA_PSS_SHA384),
                    JwsAlg::Ps512 => rsa(group, &signature::RSA_PSS_SHA512),
                    JwsAlg::Es256 => curve!(ECDSA_P256_SHA256_FIXED_SIGNING),
                    JwsAlg::Es384 => curve!(ECDSA_P384_SHA384_FIXED_SIGNING),
                    JwsAlg::EdDsa => {
                        let public = work.jwk.public_member("x").ok_or("no public key")?;
                        let key = signature::Ed25519KeyPair::from_seed_and_public_key(secret("d")?, public)?;
                        Ok(group.case(Kind::Raw, $by, move || key.sign(input.as_bytes())))
                    }
                    alg => library!(@signs $($more)* alg, curve, group),
                }
            }

            pub fn verify(work: &Work, group: Group) -> Result<Group> {
                let (input, signature) = (Rc::clone(&work.input), work.signature.clone());
                let alg: &'static dyn signature::VerificationAlgorithm = match work.alg {
                    JwsAlg::Hs256 => {
                        let secret = work.jwk.expose_secret_member("k").ok_or("no secret")?;
                        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                        return Ok(group.case(Kind::Raw, $by, move || {
                            hmac::verify(&key, input.as_bytes(), &signature).expect("it verifies");
                        }));
                    }
                    JwsAlg::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    JwsAlg::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    JwsAlg::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    JwsAlg::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
                    JwsAlg::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
                    JwsAlg::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
                    JwsAlg::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
                    JwsAlg::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
                    JwsAlg::EdDsa => &signature::ED25519,
                    alg => library!(@verifies $($more)* alg, group),
                };
                let verify = $parsed(alg, public(work)?);
                Ok(group.case(Kind::Raw, $by, move || assert!(verify(input.as_bytes(), &signature))))
            }
        }
    };
    (@signs both curves $alg:ident, $curve:ident, $group:ident) => {
        match $alg {
            JwsAlg::Es512 => $curve!(ECDSA_P521_SHA512_FIXED_SIGNING),
            JwsAlg::Es256K => $curve!(ECDSA_P256K1_SHA256_FIXED_SIGNING),
            _ => Ok($group),
        }
    };
    (@signs $alg:ident, $curve:ident, $group:ident) => {{
        let _ = $alg;
        Ok($group)
    }};
    (@verifies both curves $alg:ident, $group:ident) => {
        match $alg {
            JwsAlg::Es512 => &signature::ECDSA_P521_SHA512_FIXED,
            JwsAlg::Es256K => &signature::ECDSA_P256K1_SHA256_FIXED,
            _ => return Ok($group),
        }
    };
    (@verifies $alg:ident, $group:ident) => {{
        let _ = $alg;
        return Ok($group)
    }};
}

library!(
    aws_lc_rs,
    AWS_LC,
    |alg, public| {
        let key = signature::ParsedPublicKey::new(alg, public).expect("a key");
        move |message: &[u8], signature: &[u8]| key.verify_sig(message, signature).is_ok()
    },
    (),
    { both curves }
);

// It parses a public key each time.
library!(
    ring,
    RING,
    |alg, public| {
        let key = signature::UnparsedPublicKey::new(alg, public);
        move |message: &[u8], signature: &[u8]| key.verify(message, signature).is_ok()
    },
    (&SystemRandom::new()),
    {}
);

pub fn sign(work: &Work, group: Group) -> Result<Group> {
    self::ring::sign(work, self::aws_lc_rs::sign(work, group)?)
}

pub fn verify(work: &Work, group: Group) -> Result<Group> {
    self::ring::verify(work, self::aws_lc_rs::verify(work, group)?)
}

/// From which length on the base64url of the content is part of what the primitives do.
const LARGE: usize = 1 << 16;

fn gcm(content: &Content) -> Result<Option<(&'static aead::Algorithm, Vec<u8>)>> {
    let secret = content.jwk.expose_secret_member("k").ok_or("no secret")?.to_vec();
    Ok(match content.enc {
        JweEnc::A128Gcm => Some((&aead::AES_128_GCM, secret)),
        JweEnc::A256Gcm => Some((&aead::AES_256_GCM, secret)),
        _ => None,
    })
}

fn key(alg: &'static aead::Algorithm, octets: &[u8]) -> aead::LessSafeKey {
    aead::LessSafeKey::new(aead::UnboundKey::new(alg, octets).expect("a key"))
}

/// What RustCrypto does beside it: a random IV, the key, the content in place, the base64url of a large one.
pub fn encrypt(content: &Content, group: Group) -> Result<Group> {
    let Some((alg, octets)) = gcm(content)? else { return Ok(group) };
    let (plaintext, len) = (content.plaintext.clone(), content.plaintext.len());
    let (mut buffer, mut text) = (vec![0; len], vec![0; BASE64URL.encoded_length(len)]);
    Ok(group.case(Kind::Raw, AWS_LC, move || {
        let mut iv = [0; aead::NONCE_LEN];
        ::aws_lc_rs::rand::fill(&mut iv).expect("there are random numbers");
        buffer.copy_from_slice(&plaintext);
        let iv = aead::Nonce::assume_unique_for_key(iv);
        let tag = key(alg, &octets).seal_in_place_separate_tag(iv, aead::Aad::empty(), &mut buffer);
        if len >= LARGE {
            assert!(!BASE64URL.encode(&buffer, text.as_mut_slice().as_out()).is_empty());
        }
        tag.expect("it encrypts")
    }))
}

pub fn decrypt(content: &Content, group: Group) -> Result<Group> {
    let Some((alg, octets)) = gcm(content)? else { return Ok(group) };
    let iv = || aead::Nonce::assume_unique_for_key([7; aead::NONCE_LEN]);
    let mut sealed = content.plaintext.clone();
    let tag = key(alg, &octets).seal_in_place_separate_tag(iv(), aead::Aad::empty(), &mut sealed)?;
    let mut text = vec![0; BASE64URL.encoded_length(sealed.len())];
    assert!(!BASE64URL.encode(&sealed, text.as_mut_slice().as_out()).is_empty());
    let mut buffer = vec![0; sealed.len()];
    Ok(group.case(Kind::Raw, AWS_LC, move || {
        if sealed.len() >= LARGE {
            assert!(BASE64URL.decode(&text, buffer.as_mut_slice().as_out()).is_ok());
        } else {
            buffer.copy_from_slice(&sealed);
        }
        let key = key(alg, &octets);
        key.open_in_place_separate_tag(iv(), aead::Aad::empty(), tag.as_ref(), &mut buffer)
            .expect("it decrypts")
            .len()
    }))
}
