//! The algorithms: a row each, over the code of their families.

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
mod ecdsa;
#[cfg(feature = "ed448")]
mod ed448;
#[cfg(feature = "ed25519")]
mod eddsa;
#[cfg(feature = "hmac")]
mod hmac;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
#[cfg(feature = "rsa")]
mod rsa;

use core::fmt;
use core::marker::PhantomData;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

#[cfg(feature = "alloc")]
use jose_jwk::Jwk;
use jose_jwk::JwsAlg;
use signature::SignatureEncoding;

#[cfg(feature = "hmac")]
pub use hmac::{HmacAlgorithm, HmacKey};

#[cfg(feature = "alloc")]
use crate::Key;
#[cfg(feature = "alloc")]
use crate::hashing::{Signer, Verifier};

/// An algorithm as a type: a row of the table in this module.
pub trait Algorithm: sealed::Sealed + Send + Sync + 'static {
    /// Its identifier.
    const ALG: JwsAlg;

    /// The most octets that a signature has.
    const MAX_SIGNATURE_LEN: usize;

    /// What a signer returns and a verifier takes. It is the RustCrypto type where that is one with the form and the
    /// rules of JWS, and [`Raw`] otherwise.
    type Signature: SignatureEncoding;
}

mod sealed {
    #[expect(unnameable_types, reason = "it seals `Algorithm`")]
    pub trait Sealed {}
}

/// A signature of algorithm `A` as its octets.
///
/// With a type of this crate's own, the rules of JWS hold for RustCrypto's keys too, whichever way they come in:
/// Ed25519 verifies strictly, RSA signs blinded, ES256K takes either `s`.
pub struct Raw<A, B> {
    octets: B,
    alg: PhantomData<fn() -> A>,
}

impl<A, B> Raw<A, B> {
    /// Takes octets for a signature of the algorithm.
    pub const fn new(octets: B) -> Self {
        Self { octets, alg: PhantomData }
    }

    /// The octets.
    pub const fn octets(&self) -> &B {
        &self.octets
    }
}

impl<A, B: Clone> Clone for Raw<A, B> {
    fn clone(&self) -> Self {
        Self::new(self.octets.clone())
    }
}

impl<A, B: AsRef<[u8]>> fmt::Debug for Raw<A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} octets)", self.octets.as_ref().len())
    }
}

impl<A, B: AsRef<[u8]>> AsRef<[u8]> for Raw<A, B> {
    fn as_ref(&self) -> &[u8] {
        self.octets.as_ref()
    }
}

impl<'a, A, B: TryFrom<&'a [u8]>> TryFrom<&'a [u8]> for Raw<A, B> {
    type Error = B::Error;

    fn try_from(octets: &'a [u8]) -> Result<Self, B::Error> {
        B::try_from(octets).map(Self::new)
    }
}

impl<A, B> SignatureEncoding for Raw<A, B>
where
    A: 'static,
    B: 'static + AsRef<[u8]> + Clone + Send + Sync + for<'a> TryFrom<&'a [u8]>,
{
    type Repr = Self;
}

/// The algorithm of a row: the one of its own name, or the one that it serves on a curve.
#[allow(unused_macros, reason = "a build without any family has no rows")]
macro_rules! alg {
    ($name:ident) => {
        JwsAlg::$name
    };
    ($name:ident $alg:ident) => {
        JwsAlg::$alg
    };
}

/// What the algorithms of a family have in common: whether the message may come in pieces, and where random numbers go.
#[allow(unused_macros, reason = "a build without any family has no rows")]
macro_rules! family {
    (rsa prehashed $name:ident) => {
        impl crate::Prehashed for $name {}
    };
    (ecdsa prehashed $name:ident) => {
        impl crate::Prehashed for $name {}
    };
    ($family:ident prehashed $name:ident) => {};
    (rsa signs $name:ident $key:expr, $hedged:expr) => {
        Signer::Hashed(Box::new(crate::RandomizedKey::<$name, _>::new($key)))
    };
    (ecdsa signs $name:ident $key:expr, $hedged:expr) => {
        if $hedged {
            Signer::Hashed(Box::new(crate::RandomizedKey::<$name, _>::new($key)))
        } else {
            Signer::Hashed(Box::new(Key::<$name, _>::new($key)))
        }
    };
    (ml_dsa signs $name:ident $key:expr, $hedged:expr) => {
        if $hedged {
            Signer::Whole(Box::new(crate::RandomizedKey::<$name, _>::new($key)))
        } else {
            Signer::Whole(Box::new(Key::<$name, _>::new($key)))
        }
    };
    (hmac signs $name:ident $key:expr, $hedged:expr) => {
        Signer::Hashed(Box::new(Key::<$name, _>::new($key)))
    };
    (eddsa signs $name:ident $key:expr, $hedged:expr) => {
        Signer::Whole(Box::new(Key::<$name, _>::new($key)))
    };
    (eddsa verifies $name:ident $key:expr) => {
        Verifier::Whole(Box::new(Key::<$name, _>::new($key)))
    };
    (ml_dsa verifies $name:ident $key:expr) => {
        Verifier::Whole(Box::new(Key::<$name, _>::new($key)))
    };
    ($family:ident verifies $name:ident $key:expr) => {
        Verifier::Hashed(Box::new(Key::<$name, _>::new($key)))
    };
}

/// Makes a type of each row, and of all rows the way from a JWK to a prepared key.
macro_rules! algorithms {
    ($(
        #[$cfg:meta]
        $name:ident $(is $alg:ident on $curve:ident)? ($signature:ty, $len:expr)
        by $family:ident: signs with $signer:ty, verifies with $verifier:ty;
    )+) => {
        $(
            #[doc = concat!("The algorithm ", concat!($("`", stringify!($alg), "` on `", stringify!($curve), "`, as ")?), "`", stringify!($name), "`.")]
            #[$cfg]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            #[$cfg]
            impl sealed::Sealed for $name {}

            #[$cfg]
            impl Algorithm for $name {
                const ALG: JwsAlg = alg!($name $($alg)?);
                const MAX_SIGNATURE_LEN: usize = $len;
                type Signature = $signature;
            }

            #[$cfg]
            family!($family prehashed $name);
        )+

        /// The key of a JWK, prepared to sign with the algorithm; with random numbers in each signature, where they are
        /// asked for and the algorithm has a place for them.
        #[cfg(feature = "alloc")]
        #[allow(unused_variables, reason = "a build without any family has no rows")]
        pub(crate) fn signer(alg: JwsAlg, jwk: &Jwk, hedged: bool) -> Result<Signer, jose_jwk::Error> {
            $(
                #[$cfg]
                {
                    if alg == $name::ALG $(&& jwk.curve() == Some(jose_jwk::Curve::$curve))? {
                        let key = <$signer as FromJwk>::from_jwk(jwk)?;
                        return Ok(family!($family signs $name key, hedged));
                    }
                }
            )+
            Err(jose_jwk::Error::AlgorithmDisabled)
        }

        /// The key of a JWK, prepared to verify with the algorithm.
        #[cfg(feature = "alloc")]
        #[allow(unused_variables, reason = "a build without any family has no rows")]
        pub(crate) fn verifier(alg: JwsAlg, jwk: &Jwk) -> Result<Verifier, jose_jwk::Error> {
            $(
                #[$cfg]
                {
                    if alg == $name::ALG $(&& jwk.curve() == Some(jose_jwk::Curve::$curve))? {
                        let key = <$verifier as FromJwk>::from_jwk(jwk)?;
                        return Ok(family!($family verifies $name key));
                    }
                }
            )+
            Err(jose_jwk::Error::AlgorithmDisabled)
        }
    };
}

/// Whether an ES256K signature has the lower of the two `s` that fit a message; others are not looked at.
#[cfg(feature = "alloc")]
pub(crate) fn is_low_s(alg: JwsAlg, signature: &[u8]) -> bool {
    #[cfg(feature = "k256")]
    if alg == JwsAlg::Es256K {
        return ecdsa::is_low_s(signature);
    }
    let _ = (alg, signature);
    true
}

/// A RustCrypto key from a JWK that was found fit for it.
#[cfg(feature = "alloc")]
trait FromJwk: Sized {
    fn from_jwk(jwk: &Jwk) -> Result<Self, jose_jwk::Error>;
}

algorithms! {
    #[cfg(feature = "hmac")]
    Hs256(Raw<Hs256, [u8; 32]>, 32) by hmac: signs with HmacKey<Hs256>, verifies with HmacKey<Hs256>;
    #[cfg(feature = "hmac")]
    Hs384(Raw<Hs384, [u8; 48]>, 48) by hmac: signs with HmacKey<Hs384>, verifies with HmacKey<Hs384>;
    #[cfg(feature = "hmac")]
    Hs512(Raw<Hs512, [u8; 64]>, 64) by hmac: signs with HmacKey<Hs512>, verifies with HmacKey<Hs512>;
    #[cfg(feature = "rsa")]
    Rs256(rsa::Signature<Rs256>, rsa::MAX_LEN) by rsa:
        signs with ::rsa::pkcs1v15::SigningKey<sha2::Sha256>,
        verifies with ::rsa::pkcs1v15::VerifyingKey<sha2::Sha256>;
    #[cfg(feature = "rsa")]
    Rs384(rsa::Signature<Rs384>, rsa::MAX_LEN) by rsa:
        signs with ::rsa::pkcs1v15::SigningKey<sha2::Sha384>,
        verifies with ::rsa::pkcs1v15::VerifyingKey<sha2::Sha384>;
    #[cfg(feature = "rsa")]
    Rs512(rsa::Signature<Rs512>, rsa::MAX_LEN) by rsa:
        signs with ::rsa::pkcs1v15::SigningKey<sha2::Sha512>,
        verifies with ::rsa::pkcs1v15::VerifyingKey<sha2::Sha512>;
    #[cfg(feature = "rsa")]
    Ps256(rsa::Signature<Ps256>, rsa::MAX_LEN) by rsa:
        signs with ::rsa::pss::SigningKey<sha2::Sha256>,
        verifies with ::rsa::pss::VerifyingKey<sha2::Sha256>;
    #[cfg(feature = "rsa")]
    Ps384(rsa::Signature<Ps384>, rsa::MAX_LEN) by rsa:
        signs with ::rsa::pss::SigningKey<sha2::Sha384>,
        verifies with ::rsa::pss::VerifyingKey<sha2::Sha384>;
    #[cfg(feature = "rsa")]
    Ps512(rsa::Signature<Ps512>, rsa::MAX_LEN) by rsa:
        signs with ::rsa::pss::SigningKey<sha2::Sha512>,
        verifies with ::rsa::pss::VerifyingKey<sha2::Sha512>;
    #[cfg(feature = "p256")]
    Es256(p256::ecdsa::Signature, 64) by ecdsa:
        signs with p256::ecdsa::SigningKey, verifies with p256::ecdsa::VerifyingKey;
    #[cfg(feature = "p384")]
    Es384(p384::ecdsa::Signature, 96) by ecdsa:
        signs with p384::ecdsa::SigningKey, verifies with p384::ecdsa::VerifyingKey;
    #[cfg(feature = "p521")]
    Es512(p521::ecdsa::Signature, 132) by ecdsa:
        signs with p521::ecdsa::SigningKey, verifies with p521::ecdsa::VerifyingKey;
    #[cfg(feature = "k256")]
    Es256K(Raw<Es256K, [u8; 64]>, 64) by ecdsa:
        signs with k256::ecdsa::SigningKey, verifies with k256::ecdsa::VerifyingKey;
    #[cfg(feature = "ed25519")]
    EdDsa is EdDsa on Ed25519(Raw<EdDsa, [u8; 64]>, 64) by eddsa:
        signs with ed25519_dalek::SigningKey, verifies with ed25519_dalek::VerifyingKey;
    #[cfg(feature = "ed25519")]
    Ed25519(Raw<Ed25519, [u8; 64]>, 64) by eddsa:
        signs with ed25519_dalek::SigningKey, verifies with ed25519_dalek::VerifyingKey;
    #[cfg(feature = "ed448")]
    EdDsaOnEd448 is EdDsa on Ed448(Raw<EdDsaOnEd448, [u8; 114]>, 114) by eddsa:
        signs with ed448_goldilocks::SigningKey, verifies with ed448_goldilocks::VerifyingKey;
    #[cfg(feature = "ed448")]
    Ed448(Raw<Ed448, [u8; 114]>, 114) by eddsa:
        signs with ed448_goldilocks::SigningKey, verifies with ed448_goldilocks::VerifyingKey;
    #[cfg(feature = "ml-dsa")]
    MlDsa44(::ml_dsa::Signature<::ml_dsa::MlDsa44>, 2420) by ml_dsa:
        signs with ::ml_dsa::ExpandedSigningKey<::ml_dsa::MlDsa44>,
        verifies with ::ml_dsa::VerifyingKey<::ml_dsa::MlDsa44>;
    #[cfg(feature = "ml-dsa")]
    MlDsa65(::ml_dsa::Signature<::ml_dsa::MlDsa65>, 3309) by ml_dsa:
        signs with ::ml_dsa::ExpandedSigningKey<::ml_dsa::MlDsa65>,
        verifies with ::ml_dsa::VerifyingKey<::ml_dsa::MlDsa65>;
    #[cfg(feature = "ml-dsa")]
    MlDsa87(::ml_dsa::Signature<::ml_dsa::MlDsa87>, 4627) by ml_dsa:
        signs with ::ml_dsa::ExpandedSigningKey<::ml_dsa::MlDsa87>,
        verifies with ::ml_dsa::VerifyingKey<::ml_dsa::MlDsa87>;
}
