//! ECDSA (RFC 7518 section 3.4, RFC 8812 section 3.2).

/// An ECDSA signature in the form of JWS, R and S side by side, from DER (RFC 3279 section 2.2.3), which is what key
/// management services and most libraries return.
///
/// ```
/// use jose_jws::{JwsAlg, alg::ecdsa_from_der};
///
/// fn main() -> Result<(), jose_jws::Error> {
///     let der = [0x30, 0x06, 0x02, 0x01, 0x07, 0x02, 0x01, 0x09];
///     let signature = ecdsa_from_der(JwsAlg::Es256, &der)?;
///     assert_eq!((signature.len(), signature[31], signature[63]), (64, 7, 9));
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// [`Error::SignatureDer`](crate::Error::SignatureDer) if the bytes are not a signature of the algorithm in DER, or this build
/// lacks its curve.
#[cfg(feature = "alloc")]
pub fn ecdsa_from_der(alg: jose_jwa::JwsAlg, der: &[u8]) -> Result<alloc::vec::Vec<u8>, crate::Error> {
    macro_rules! converted {
        ($($alg:ident $feature:literal $curve:ident;)+) => {
            match alg {
                $(
                    #[cfg(feature = $feature)]
                    jose_jwa::JwsAlg::$alg => $curve::ecdsa::Signature::from_der(der).ok().map(|signature| signature.to_bytes().to_vec()),
                )+
                _ => None,
            }
        };
    }
    let signature = converted! {
        Es256 "p256" p256;
        Es384 "p384" p384;
        Es512 "p521" p521;
        Es256K "k256" k256;
    };
    signature.ok_or(crate::Error::SignatureDer { alg })
}

/// From a JWK, for all curves at once.
#[cfg(feature = "alloc")]
mod from_jwk {
    use ecdsa::elliptic_curve::ops::Invert;
    use ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
    use ecdsa::elliptic_curve::subtle::CtOption;
    use ecdsa::elliptic_curve::{AffinePoint, FieldBytesSize, PublicKey, Scalar, SecretKey};
    use ecdsa::{EcdsaCurve, SigningKey, VerifyingKey};
    use jose_jwk::{EcCurve, Error, Jwk};

    use crate::key::FromJwk;

    impl<C> FromJwk for SigningKey<C>
    where
        C: EcCurve + EcdsaCurve,
        Scalar<C>: Invert<Output = CtOption<Scalar<C>>>,
    {
        fn from_jwk(jwk: &Jwk) -> Result<Self, Error> {
            Ok(SecretKey::<C>::try_from(jwk)?.into())
        }
    }

    impl<C> FromJwk for VerifyingKey<C>
    where
        C: EcCurve + EcdsaCurve,
        FieldBytesSize<C>: ModulusSize,
        AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    {
        fn from_jwk(jwk: &Jwk) -> Result<Self, Error> {
            Ok(PublicKey::<C>::try_from(jwk)?.into())
        }
    }
}

/// `k256` refuses the higher of the two `s` that fit a message, as Bitcoin does; RFC 8812 has no such rule.
#[cfg(feature = "k256")]
mod es256k {
    use k256::ecdsa::{Signature, SigningKey, VerifyingKey};
    use rand_core::TryCryptoRng;
    use signature::hazmat::{PrehashSigner, PrehashVerifier, RandomizedPrehashSigner};
    use signature::{Error, MultipartSigner, MultipartVerifier, RandomizedMultipartSigner};

    use crate::alg::{Es256K, Raw};

    type Octets = Raw<Es256K, [u8; 64]>;

    fn octets(signature: Result<Signature, Error>) -> Result<Octets, Error> {
        signature.map(|signature| Raw::new(signature.to_bytes().into()))
    }

    impl MultipartSigner<Octets> for SigningKey {
        fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Octets, Error> {
            octets(self.try_multipart_sign(message))
        }
    }

    impl RandomizedMultipartSigner<Octets> for SigningKey {
        fn try_multipart_sign_with_rng<R: TryCryptoRng + ?Sized>(
            &self,
            rng: &mut R,
            message: &[&[u8]],
        ) -> Result<Octets, Error> {
            octets(self.try_multipart_sign_with_rng(rng, message))
        }
    }

    impl PrehashSigner<Octets> for SigningKey {
        fn sign_prehash(&self, digest: &[u8]) -> Result<Octets, Error> {
            octets(self.sign_prehash(digest))
        }
    }

    impl RandomizedPrehashSigner<Octets> for SigningKey {
        fn sign_prehash_with_rng<R: TryCryptoRng + ?Sized>(
            &self,
            rng: &mut R,
            digest: &[u8],
        ) -> Result<Octets, Error> {
            octets(self.sign_prehash_with_rng(rng, digest))
        }
    }

    impl MultipartVerifier<Octets> for VerifyingKey {
        fn multipart_verify(&self, message: &[&[u8]], signature: &Octets) -> Result<(), Error> {
            let signature = Signature::from_slice(signature.bytes())?.normalize_s();
            MultipartVerifier::<Signature>::multipart_verify(self, message, &signature)
        }
    }

    impl PrehashVerifier<Octets> for VerifyingKey {
        fn verify_prehash(&self, digest: &[u8], signature: &Octets) -> Result<(), Error> {
            let signature = Signature::from_slice(signature.bytes())?.normalize_s();
            PrehashVerifier::<Signature>::verify_prehash(self, digest, &signature)
        }
    }

    /// Whether `s` is the lower of the two that fit a message.
    #[cfg(feature = "alloc")]
    pub(crate) fn is_low_s(signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| signature.normalize_s() == signature)
    }
}

#[cfg(all(feature = "k256", feature = "alloc"))]
pub(crate) use es256k::is_low_s;
