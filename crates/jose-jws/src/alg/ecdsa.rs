//! ECDSA (RFC 7518 section 3.4, RFC 8812 section 3.2).

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
