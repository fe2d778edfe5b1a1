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

    use crate::alg::FromJwk;

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
    use signature::{Error, MultipartSigner, MultipartVerifier};

    use crate::alg::{Es256K, Raw};

    impl MultipartSigner<Raw<Es256K, [u8; 64]>> for SigningKey {
        fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Raw<Es256K, [u8; 64]>, Error> {
            let signature: Signature = self.try_multipart_sign(message)?;
            Ok(Raw::new(signature.to_bytes().into()))
        }
    }

    impl MultipartVerifier<Raw<Es256K, [u8; 64]>> for VerifyingKey {
        fn multipart_verify(
            &self,
            message: &[&[u8]],
            signature: &Raw<Es256K, [u8; 64]>,
        ) -> Result<(), Error> {
            let signature = Signature::from_slice(signature.octets())?.normalize_s();
            MultipartVerifier::<Signature>::multipart_verify(self, message, &signature)
        }
    }
}
