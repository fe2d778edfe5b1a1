//! The primitives alone: RustCrypto's keys, prepared, over the signing input; signature bytes in and out.

use std::error::Error;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jose_jwk::{Jwk, JwsAlg, SysRng};
use ml_dsa::{MlDsa44, MlDsa65, MlDsa87};
use rsa::{PrivateKey, pkcs1v15, pss};
use sha2::{Sha256, Sha384, Sha512};
use signature::{Keypair as _, RandomizedSigner as _, SignatureEncoding as _, Signer as _, Verifier as _};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Signs the message into the buffer, and returns the length of the signature.
type Sign = dyn Fn(&[u8], &mut [u8]) -> usize;

/// Whether the signature is that of the message.
type Verify = dyn Fn(&[u8], &[u8]) -> bool;

/// A key of RustCrypto's.
pub struct Raw {
    pub sign: Box<Sign>,
    pub verify: Box<Verify>,
}

fn put(signature: impl AsRef<[u8]>, out: &mut [u8]) -> usize {
    let signature = signature.as_ref();
    out[..signature.len()].copy_from_slice(signature);
    signature.len()
}

impl Raw {
    /// The primitive of an algorithm.
    ///
    /// # Errors
    ///
    /// If the key is not one of the algorithm.
    pub fn new(alg: JwsAlg, jwk: &Jwk) -> Result<Self> {
        macro_rules! rsa {
            ($scheme:ident, $digest:ty) => {{
                let key = $scheme::SigningKey::<$digest>::new(PrivateKey::try_from(jwk)?);
                let public = key.verifying_key();
                Self {
                    sign: Box::new(move |message, out| {
                        let signature: $scheme::Signature =
                            key.try_sign_with_rng(&mut SysRng, message).expect("RSA signs");
                        put(signature.to_bytes(), out)
                    }),
                    verify: Box::new(move |message, signature| {
                        $scheme::Signature::try_from(signature)
                            .is_ok_and(|signature| public.verify(message, &signature).is_ok())
                    }),
                }
            }};
        }
        macro_rules! ecdsa {
            ($curve:ident) => {{
                let key = $curve::ecdsa::SigningKey::from($curve::SecretKey::try_from(jwk)?);
                let public = key.verifying_key().clone();
                Self {
                    sign: Box::new(move |message, out| {
                        let signature: $curve::ecdsa::Signature = key.sign(message);
                        put(signature.to_bytes(), out)
                    }),
                    verify: Box::new(move |message, signature| {
                        $curve::ecdsa::Signature::try_from(signature)
                            .is_ok_and(|signature| public.verify(message, &signature).is_ok())
                    }),
                }
            }};
        }
        macro_rules! ml_dsa {
            ($variant:ty) => {{
                let key = ml_dsa::SigningKey::<$variant>::try_from(jwk)?;
                let key = ml_dsa::ExpandedSigningKey::<$variant>::from_seed(key.as_seed());
                let public = key.verifying_key();
                Self {
                    sign: Box::new(move |message, out| put(key.sign(message).encode(), out)),
                    verify: Box::new(move |message, signature| {
                        ml_dsa::Signature::<$variant>::try_from(signature)
                            .is_ok_and(|signature| public.verify(message, &signature).is_ok())
                    }),
                }
            }};
        }
        Ok(match alg {
            JwsAlg::Hs256 => hs256(jwk)?,
            JwsAlg::Rs256 => rsa!(pkcs1v15, Sha256),
            JwsAlg::Rs384 => rsa!(pkcs1v15, Sha384),
            JwsAlg::Rs512 => rsa!(pkcs1v15, Sha512),
            JwsAlg::Ps256 => rsa!(pss, Sha256),
            JwsAlg::Ps384 => rsa!(pss, Sha384),
            JwsAlg::Ps512 => rsa!(pss, Sha512),
            JwsAlg::Es256 => ecdsa!(p256),
            JwsAlg::Es384 => ecdsa!(p384),
            JwsAlg::Es512 => ecdsa!(p521),
            JwsAlg::Es256K => ecdsa!(k256),
            JwsAlg::EdDsa => ed25519(jwk)?,
            JwsAlg::Ed448 => ed448(jwk)?,
            JwsAlg::MlDsa44 => ml_dsa!(MlDsa44),
            JwsAlg::MlDsa65 => ml_dsa!(MlDsa65),
            JwsAlg::MlDsa87 => ml_dsa!(MlDsa87),
            _ => return Err(format!("{alg} is not measured").into()),
        })
    }
}

fn hs256(jwk: &Jwk) -> Result<Raw> {
    let key = Hmac::<Sha256>::new_from_slice(jwk.expose_secret_member("k").ok_or("no secret")?)?;
    let other = key.clone();
    Ok(Raw {
        sign: Box::new(move |message, out| {
            put(key.clone().chain_update(message).finalize().into_bytes(), out)
        }),
        verify: Box::new(move |message, tag| other.clone().chain_update(message).verify_slice(tag).is_ok()),
    })
}

fn ed25519(jwk: &Jwk) -> Result<Raw> {
    let key = ed25519_dalek::SigningKey::try_from(jwk)?;
    let public = key.verifying_key();
    Ok(Raw {
        sign: Box::new(move |message, out| put(key.sign(message).to_bytes(), out)),
        verify: Box::new(move |message, signature| {
            ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| public.verify_strict(message, &signature).is_ok())
        }),
    })
}

fn ed448(jwk: &Jwk) -> Result<Raw> {
    let secret: [u8; 57] = jwk.expose_secret_member("d").ok_or("no private key")?.try_into()?;
    let key = ed448_goldilocks::SigningKey::from(&ed448_goldilocks::SecretKey::from(secret));
    let public = key.verifying_key();
    Ok(Raw {
        sign: Box::new(move |message, out| put(key.sign_raw(message).to_bytes(), out)),
        verify: Box::new(move |message, signature| {
            <&[u8; 114]>::try_from(signature).is_ok_and(|signature| {
                public.verify_raw(&ed448_goldilocks::Signature::from_bytes(signature), message).is_ok()
            })
        }),
    })
}
