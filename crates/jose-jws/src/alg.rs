//! The algorithms: a row each, over the code of their families.

mod algorithm;
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
mod ecdsa;
#[cfg(feature = "ed448")]
pub(crate) mod ed448;
#[cfg(feature = "ed25519")]
mod eddsa;
#[cfg(feature = "hmac")]
mod hmac;
#[cfg(feature = "ml-dsa")]
mod ml_dsa;
#[cfg(feature = "std")]
pub(crate) mod precomputed;
#[cfg(feature = "rsa")]
pub(crate) mod rsa;

pub use algorithm::{Algorithm, Prehashed, Raw};
#[cfg(all(
    feature = "alloc",
    any(feature = "p256", feature = "p384", feature = "p521", feature = "k256")
))]
pub use ecdsa::ecdsa_from_der;
#[cfg(all(feature = "k256", feature = "alloc"))]
pub(crate) use ecdsa::is_low_s;
#[cfg(feature = "hmac")]
pub use hmac::{HmacAlgorithm, HmacKey};

/// The table. A row is the algorithm, its signature type with the maximum length, and RustCrypto's keys that sign and verify;
/// rows are grouped by the feature and the family.
macro_rules! rows {
    ($callback:ident) => {
        $callback! {
            "hmac" hmac {
                Hs256($crate::alg::Raw<$crate::alg::Hs256, [u8; 32]>, 32): $crate::alg::HmacKey<$crate::alg::Hs256>, $crate::alg::HmacKey<$crate::alg::Hs256>;
                Hs384($crate::alg::Raw<$crate::alg::Hs384, [u8; 48]>, 48): $crate::alg::HmacKey<$crate::alg::Hs384>, $crate::alg::HmacKey<$crate::alg::Hs384>;
                Hs512($crate::alg::Raw<$crate::alg::Hs512, [u8; 64]>, 64): $crate::alg::HmacKey<$crate::alg::Hs512>, $crate::alg::HmacKey<$crate::alg::Hs512>;
            }
            "rsa" rsa {
                Rs256($crate::alg::rsa::Signature<$crate::alg::Rs256>, $crate::alg::rsa::MAX_LEN): ::rsa::pkcs1v15::SigningKey<sha2::Sha256>, ::rsa::pkcs1v15::VerifyingKey<sha2::Sha256>;
                Rs384($crate::alg::rsa::Signature<$crate::alg::Rs384>, $crate::alg::rsa::MAX_LEN): ::rsa::pkcs1v15::SigningKey<sha2::Sha384>, ::rsa::pkcs1v15::VerifyingKey<sha2::Sha384>;
                Rs512($crate::alg::rsa::Signature<$crate::alg::Rs512>, $crate::alg::rsa::MAX_LEN): ::rsa::pkcs1v15::SigningKey<sha2::Sha512>, ::rsa::pkcs1v15::VerifyingKey<sha2::Sha512>;
                Ps256($crate::alg::rsa::Signature<$crate::alg::Ps256>, $crate::alg::rsa::MAX_LEN): ::rsa::pss::SigningKey<sha2::Sha256>, ::rsa::pss::VerifyingKey<sha2::Sha256>;
                Ps384($crate::alg::rsa::Signature<$crate::alg::Ps384>, $crate::alg::rsa::MAX_LEN): ::rsa::pss::SigningKey<sha2::Sha384>, ::rsa::pss::VerifyingKey<sha2::Sha384>;
                Ps512($crate::alg::rsa::Signature<$crate::alg::Ps512>, $crate::alg::rsa::MAX_LEN): ::rsa::pss::SigningKey<sha2::Sha512>, ::rsa::pss::VerifyingKey<sha2::Sha512>;
            }
            "p256" ecdsa {
                Es256(p256::ecdsa::Signature, 64): p256::ecdsa::SigningKey, p256::ecdsa::VerifyingKey;
            }
            "p384" ecdsa {
                Es384(p384::ecdsa::Signature, 96): p384::ecdsa::SigningKey, p384::ecdsa::VerifyingKey;
            }
            "p521" ecdsa {
                Es512(p521::ecdsa::Signature, 132): p521::ecdsa::SigningKey, p521::ecdsa::VerifyingKey;
            }
            "k256" ecdsa {
                Es256K($crate::alg::Raw<$crate::alg::Es256K, [u8; 64]>, 64): k256::ecdsa::SigningKey, k256::ecdsa::VerifyingKey;
            }
            "ed25519" eddsa {
                EdDsa is EdDsa on Ed25519($crate::alg::Raw<$crate::alg::EdDsa, [u8; 64]>, 64): ed25519_dalek::SigningKey, ed25519_dalek::VerifyingKey;
                Ed25519($crate::alg::Raw<$crate::alg::Ed25519, [u8; 64]>, 64): ed25519_dalek::SigningKey, ed25519_dalek::VerifyingKey;
            }
            "ed448" ed448 {
                Ed448EdDsa is EdDsa on Ed448($crate::alg::Raw<$crate::alg::Ed448EdDsa, [u8; 114]>, 114): $crate::alg::ed448::SigningKey, $crate::alg::ed448::VerifyingKey;
                Ed448($crate::alg::Raw<$crate::alg::Ed448, [u8; 114]>, 114): $crate::alg::ed448::SigningKey, $crate::alg::ed448::VerifyingKey;
            }
            "ml-dsa" ml_dsa {
                MlDsa44(::ml_dsa::Signature<::ml_dsa::MlDsa44>, 2420): ::ml_dsa::ExpandedSigningKey<::ml_dsa::MlDsa44>, ::ml_dsa::VerifyingKey<::ml_dsa::MlDsa44>;
                MlDsa65(::ml_dsa::Signature<::ml_dsa::MlDsa65>, 3309): ::ml_dsa::ExpandedSigningKey<::ml_dsa::MlDsa65>, ::ml_dsa::VerifyingKey<::ml_dsa::MlDsa65>;
                MlDsa87(::ml_dsa::Signature<::ml_dsa::MlDsa87>, 4627): ::ml_dsa::ExpandedSigningKey<::ml_dsa::MlDsa87>, ::ml_dsa::VerifyingKey<::ml_dsa::MlDsa87>;
            }
        }
    };
}
#[allow(unused_imports, reason = "it is used where there is a heap")]
pub(crate) use rows;

/// The identifier of a row: the one of its own name, or the one that it serves on a curve.
#[allow(unused_macros, reason = "a build without any family has no rows")]
macro_rules! identifier {
    ($name:ident) => {
        jose_jwa::JwsAlg::$name
    };
    ($name:ident $alg:ident) => {
        jose_jwa::JwsAlg::$alg
    };
}

/// Whether the algorithms of a family sign a digest.
#[allow(unused_macros, reason = "a build without any family has no rows")]
macro_rules! prehashed {
    (rsa $name:ident) => {
        impl Prehashed for $name {}
    };
    (ecdsa $name:ident) => {
        impl Prehashed for $name {}
    };
    ($family:ident $name:ident) => {};
}

/// The type of each row.
macro_rules! markers {
    ($(
        $feature:literal $family:ident {
            $( $name:ident $(is $alg:ident on $curve:ident)? ($signature:ty, $len:expr): $signer:ty, $verifier:ty; )+
        }
    )+) => {
        $($(
            #[doc = concat!("The algorithm ", $("`", stringify!($alg), "` on `", stringify!($curve), "`, as ",)? "`", stringify!($name), "`.")]
            #[cfg(feature = $feature)]
            #[cfg_attr(docsrs, doc(cfg(feature = $feature)))]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            #[cfg(feature = $feature)]
            impl algorithm::Sealed for $name {}

            #[cfg(feature = $feature)]
            impl Algorithm for $name {
                const ALG: jose_jwa::JwsAlg = identifier!($name $($alg)?);
                const MAX_SIGNATURE_LEN: usize = $len;
                type Signature = $signature;
            }

            #[cfg(feature = $feature)]
            prehashed!($family $name);
        )+)+
    };
}

rows!(markers);

/// The hash function of each HMAC algorithm.
#[cfg(feature = "hmac")]
mod hmac_digests {
    use super::{HmacAlgorithm, Hs256, Hs384, Hs512};

    impl HmacAlgorithm for Hs256 {
        type Digest = sha2::Sha256;
    }

    impl HmacAlgorithm for Hs384 {
        type Digest = sha2::Sha384;
    }

    impl HmacAlgorithm for Hs512 {
        type Digest = sha2::Sha512;
    }
}
