//! The signatures of certificates: a row each.

use rustls_pki_types::{AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id};

/// How a public key and a signature are checked.
type Check = fn(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()>;

/// A row.
struct Algorithm {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    check: Check,
}

impl core::fmt::Debug for Algorithm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Algorithm").field("signature", &self.signature).finish_non_exhaustive()
    }
}

impl SignatureVerificationAlgorithm for Algorithm {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        (self.check)(public_key, message, signature).ok_or(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// Algorithms of JWS, whose signatures have the same form.
#[cfg(any(feature = "rsa", feature = "ed25519"))]
mod jws {
    use jose_jwa::JwsAlg;
    use jose_jwa::header::JoseHeader;
    use jose_jwk::PublicJwk;

    use crate::key::{Candidate, Verify, VerifyingKey};

    /// Verifies with such an algorithm. The limits on RSA keys are those of JWS.
    pub(super) fn verify(alg: JwsAlg, key: PublicJwk, message: &[u8], signature: &[u8]) -> Option<()> {
        let (header, unprotected) = (JoseHeader::EMPTY, JoseHeader::EMPTY);
        let candidate = Candidate { alg, header, unprotected, message: &[message], signature };
        VerifyingKey::from_jwk(key, alg).ok()?.verify(&candidate).ok().map(|_| ())
    }
}

/// Makes of each row its algorithm.
macro_rules! algorithms {
    (
        ecdsa { $($feature:literal $curve:ident $key:ident $signature:ident $digest:ident;)+ }
        rsa { $($alg:ident $rsa_signature:ident;)+ }
    ) => {
        /// Those that the build has.
        pub(super) static ALL: &[&dyn SignatureVerificationAlgorithm] = &[
            $(
                #[cfg(feature = $feature)]
                &Algorithm {
                    key: alg_id::$key,
                    signature: alg_id::$signature,
                    check: |key, message, signature| {
                        use ::signature::hazmat::PrehashVerifier;
                        use sha2::Digest;
                        let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?;
                        let signature = $curve::ecdsa::Signature::from_der(signature).ok()?;
                        key.verify_prehash(&sha2::$digest::digest(message), &signature).ok()
                    },
                },
            )+
            $(
                #[cfg(feature = "rsa")]
                &Algorithm {
                    key: alg_id::RSA_ENCRYPTION,
                    signature: alg_id::$rsa_signature,
                    check: |key, message, signature| {
                        let key = jose_jwk::PublicJwk::from_der(key, jose_jwk::PublicFormat::Pkcs1);
                        jws::verify(jose_jwa::JwsAlg::$alg, key.ok()?, message, signature)
                    },
                },
            )+
            #[cfg(feature = "ed25519")]
            &Algorithm {
                key: alg_id::ED25519,
                signature: alg_id::ED25519,
                check: |key, message, signature| {
                    let key = jose_jwk::PublicJwk::try_from(&ed25519_dalek::VerifyingKey::try_from(key).ok()?);
                    jws::verify(jose_jwa::JwsAlg::Ed25519, key.ok()?, message, signature)
                },
            },
        ];
    };
}

algorithms! {
    ecdsa {
        "p256" p256 ECDSA_P256 ECDSA_SHA256 Sha256;
        "p256" p256 ECDSA_P256 ECDSA_SHA384 Sha384;
        "p256" p256 ECDSA_P256 ECDSA_SHA512 Sha512;
        "p384" p384 ECDSA_P384 ECDSA_SHA256 Sha256;
        "p384" p384 ECDSA_P384 ECDSA_SHA384 Sha384;
        "p384" p384 ECDSA_P384 ECDSA_SHA512 Sha512;
        "p521" p521 ECDSA_P521 ECDSA_SHA384 Sha384;
        "p521" p521 ECDSA_P521 ECDSA_SHA512 Sha512;
    }
    rsa {
        Rs256 RSA_PKCS1_SHA256;
        Rs384 RSA_PKCS1_SHA384;
        Rs512 RSA_PKCS1_SHA512;
        Ps256 RSA_PSS_SHA256;
        Ps384 RSA_PSS_SHA384;
        Ps512 RSA_PSS_SHA512;
    }
}
