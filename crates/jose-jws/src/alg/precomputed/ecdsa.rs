//! ECDSA, for all curves at once.

use alloc::vec::Vec;

use ::ecdsa::elliptic_curve::group::{Curve as _, Group};
use ::ecdsa::elliptic_curve::ops::{Invert, Reduce};
use ::ecdsa::elliptic_curve::point::AffineCoordinates;
use ::ecdsa::elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytes, PrimeField, ProjectivePoint, PublicKey, Scalar,
};
use ::ecdsa::{DigestAlgorithm, EcdsaCurve, Signature};
use sha2::Digest;
use signature::hazmat::PrehashVerifier;
use signature::{Error, MultipartVerifier};

use super::Precompute;
use super::table::Table;

/// A curve with the table of its generator, which all keys share.
pub(crate) trait Generator: EcdsaCurve + CurveArithmetic + DigestAlgorithm {
    /// The table of a point, in affine coordinates: a mixed addition is the fastest, and complete (Renes, Costello, Batina
    /// 2015), so that no sum needs a case of its own.
    fn table(point: ProjectivePoint<Self>) -> Table<AffinePoint<Self>>;

    /// The table of the generator, which the first call makes.
    fn generator() -> Table<AffinePoint<Self>>;
}

/// The curves, with the bits of their orders and of the windows of their tables. These are wide where an addition is slow.
macro_rules! generators {
    ($($feature:literal $curve:ty, $bits:literal, $width:literal;)+) => {
        $(
            #[cfg(feature = $feature)]
            impl Generator for $curve {
                fn table(point: ProjectivePoint<Self>) -> Table<AffinePoint<Self>> {
                    Table::new(point, $bits, $width, affine::<Self>)
                }

                fn generator() -> Table<AffinePoint<Self>> {
                    static TABLE: std::sync::OnceLock<Table<AffinePoint<$curve>>> = std::sync::OnceLock::new();
                    TABLE.get_or_init(|| Self::table(Group::generator())).clone()
                }
            }
        )+
    };
}

generators! {
    "p256" p256::NistP256, 256, 8;
    "p384" p384::NistP384, 384, 7;
    "p521" p521::NistP521, 521, 6;
    "k256" k256::Secp256k1, 256, 7;
}

fn affine<C: CurveArithmetic>(points: Vec<ProjectivePoint<C>>) -> Vec<AffinePoint<C>> {
    let mut affine = alloc::vec![AffinePoint::<C>::default(); points.len()];
    ProjectivePoint::<C>::batch_normalize(&points, &mut affine);
    affine
}

/// A public key as a table.
#[derive(Clone)]
pub(crate) struct VerifyingKey<C: CurveArithmetic> {
    generator: Table<AffinePoint<C>>,
    key: Table<AffinePoint<C>>,
}

impl<C: Generator> Precompute for ::ecdsa::VerifyingKey<C> {
    type Precomputed = VerifyingKey<C>;

    fn precompute(&self) -> Option<VerifyingKey<C>> {
        Some(VerifyingKey { generator: C::generator(), key: C::table(PublicKey::from(self).to_projective()) })
    }
}

/// Either `s` that fits a message verifies, on each curve. [`Signature`] holds no scalar out of range.
impl<C: Generator> PrehashVerifier<Signature<C>> for VerifyingKey<C> {
    fn verify_prehash(&self, digest: &[u8], signature: &Signature<C>) -> Result<(), Error> {
        // No digest of an algorithm here is longer than the order of its curve.
        let mut octets = FieldBytes::<C>::default();
        let start = octets.len().checked_sub(digest.len()).ok_or(Error::new())?;
        octets.get_mut(start..).ok_or(Error::new())?.copy_from_slice(digest);

        let (r, s) = signature.split_scalars();
        let inverse = *s.invert_vartime();
        let of_generator = Scalar::<C>::reduce(&octets) * inverse;
        let of_key = *r * inverse;
        let mut sum = ProjectivePoint::<C>::identity();
        for (table, scalar) in [(&self.generator, of_generator), (&self.key, of_key)] {
            table.add_multiple(&mut sum, scalar.to_repr().iter().rev().copied());
        }
        // The point at infinity has the coordinate zero here, which is no `r`.
        let found = Scalar::<C>::reduce(&sum.to_affine().x());
        if found == *r { Ok(()) } else { Err(Error::new()) }
    }
}

impl<C: Generator> MultipartVerifier<Signature<C>> for VerifyingKey<C> {
    fn multipart_verify(&self, message: &[&[u8]], signature: &Signature<C>) -> Result<(), Error> {
        let digest = message.iter().fold(C::Digest::new(), Digest::chain_update);
        self.verify_prehash(&digest.finalize(), signature)
    }
}

#[cfg(feature = "k256")]
mod es256k {
    use super::*;
    use crate::alg::{Es256K, Raw};

    type Octets = Raw<Es256K, [u8; 64]>;

    impl MultipartVerifier<Octets> for VerifyingKey<k256::Secp256k1> {
        fn multipart_verify(&self, message: &[&[u8]], signature: &Octets) -> Result<(), Error> {
            self.multipart_verify(message, &Signature::from_slice(signature.bytes())?)
        }
    }

    impl PrehashVerifier<Octets> for VerifyingKey<k256::Secp256k1> {
        fn verify_prehash(&self, digest: &[u8], signature: &Octets) -> Result<(), Error> {
            self.verify_prehash(digest, &Signature::from_slice(signature.bytes())?)
        }
    }
}
