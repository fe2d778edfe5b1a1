//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 7518 sections 3.3 and 3.5).
//!
//! Private operations always draw random numbers: for the salt, and for the blinding without which their duration depends
//! on the key. A PSS salt is as long as the digest.

use alloc::boxed::Box;

use ::rsa::traits::SignatureScheme;
use ::rsa::{Pkcs1v15Sign, PrivateKey, Pss, PublicKey, pkcs1v15, pss};
use jose_jwk::{Error as KeyError, Jwk};
use rand_core::TryCryptoRng;
use sha2::{Digest, Sha256, Sha384, Sha512};
use signature::hazmat::{PrehashVerifier, RandomizedPrehashSigner};
use signature::{Error, MultipartVerifier, RandomizedMultipartSigner, SignatureEncoding};

use crate::key::FromJwk;

use super::{Ps256, Ps384, Ps512, Raw, Rs256, Rs384, Rs512};

/// The bytes of the largest modulus that a key may have.
pub(crate) const MAX_LEN: usize = 2048;

/// A signature, as long as the modulus.
pub(crate) type Signature<A> = Raw<A, Box<[u8]>>;

/// What a digest is made into before it is signed; a PSS salt is as long as the digest.
macro_rules! padding {
    (pkcs1v15 $digest:ty) => {
        Pkcs1v15Sign::new::<$digest>()
    };
    (pss $digest:ty) => {
        Pss::<$digest>::new()
    };
}

/// The impls of a scheme, whose keys are of the same shape in `rsa`, and its algorithms with their digests.
macro_rules! scheme {
    ($scheme:ident: $($alg:ident with $digest:ty),+) => {
        $(
            impl RandomizedMultipartSigner<Signature<$alg>> for $scheme::SigningKey<$digest> {
                fn try_multipart_sign_with_rng<R: TryCryptoRng + ?Sized>(
                    &self,
                    rng: &mut R,
                    message: &[&[u8]],
                ) -> Result<Signature<$alg>, Error> {
                    let signature: $scheme::Signature = self.try_multipart_sign_with_rng(rng, message)?;
                    Ok(Raw::new(signature.to_bytes()))
                }
            }

            impl RandomizedPrehashSigner<Signature<$alg>> for $scheme::SigningKey<$digest> {
                fn sign_prehash_with_rng<R: TryCryptoRng + ?Sized>(
                    &self,
                    rng: &mut R,
                    digest: &[u8],
                ) -> Result<Signature<$alg>, Error> {
                    let key: &PrivateKey = self.as_ref();
                    let octets = padding!($scheme $digest).sign(Some(rng), key, digest);
                    octets.map(|octets| Raw::new(octets.into())).map_err(|_| Error::new())
                }
            }

            impl FromJwk for $scheme::SigningKey<$digest> {
                fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
                    Ok(Self::new(PrivateKey::try_from(jwk)?))
                }
            }

            impl FromJwk for $scheme::VerifyingKey<$digest> {
                fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
                    Ok(Self::new(PublicKey::try_from(jwk)?))
                }
            }

            impl MultipartVerifier<Signature<$alg>> for $scheme::VerifyingKey<$digest> {
                fn multipart_verify(&self, message: &[&[u8]], signature: &Signature<$alg>) -> Result<(), Error> {
                    let mut digest = <$digest>::new();
                    for part in message {
                        digest.update(part);
                    }
                    self.verify_prehash(&digest.finalize(), signature)
                }
            }

            impl PrehashVerifier<Signature<$alg>> for $scheme::VerifyingKey<$digest> {
                fn verify_prehash(&self, digest: &[u8], signature: &Signature<$alg>) -> Result<(), Error> {
                    let signature = $scheme::Signature::from_bytes_with_max_len(signature.as_ref(), MAX_LEN)?;
                    self.verify_prehash(digest, &signature)
                }
            }
        )+
    };
}

scheme!(pkcs1v15: Rs256 with Sha256, Rs384 with Sha384, Rs512 with Sha512);
scheme!(pss: Ps256 with Sha256, Ps384 with Sha384, Ps512 with Sha512);
