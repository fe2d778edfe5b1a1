//! EdDSA on Ed25519.

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;
use sha2::{Digest, Sha512};
use signature::{Error, MultipartVerifier};

use super::Precompute;
use super::table::Table;
use crate::alg::Raw;
use crate::alg::eddsa::OnEd25519;

/// The table of a point. Its coordinates are those in which dalek's points are public.
fn table(point: EdwardsPoint) -> Table<EdwardsPoint> {
    Table::new(point, 253, 6, |multiples| multiples)
}

/// A public key as a table.
#[derive(Clone)]
pub(crate) struct VerifyingKey {
    octets: [u8; 32],
    base: Table<EdwardsPoint>,
    /// Of the inverse of the key.
    key: Table<EdwardsPoint>,
}

/// The table of the base point, which all keys share.
fn base() -> Table<EdwardsPoint> {
    static TABLE: std::sync::OnceLock<Table<EdwardsPoint>> = std::sync::OnceLock::new();
    TABLE.get_or_init(|| table(ED25519_BASEPOINT_POINT)).clone()
}

impl Precompute for ed25519_dalek::VerifyingKey {
    type Precomputed = VerifyingKey;

    /// None for a key of small order, with which nothing verifies.
    fn precompute(&self) -> Option<VerifyingKey> {
        let of_key =
            || VerifyingKey { octets: self.to_bytes(), base: base(), key: table(-self.to_edwards()) };
        (!self.is_weak()).then(of_key)
    }
}

/// Strictly: `R` is neither of small order nor encoded in another way than the one. That it is a point follows from its
/// octets, which are those of the sum.
impl<A: OnEd25519> MultipartVerifier<Raw<A, [u8; 64]>> for VerifyingKey {
    fn multipart_verify(&self, message: &[&[u8]], signature: &Raw<A, [u8; 64]>) -> Result<(), Error> {
        let (r, s) = signature.bytes().split_first_chunk::<32>().ok_or(Error::new())?;
        let s = <[u8; 32]>::try_from(s).map_err(|_| Error::new())?;
        let s = Scalar::from_canonical_bytes(s).into_option().ok_or(Error::new())?;
        let hash = Sha512::new().chain_update(r).chain_update(self.octets);
        let hash = message.iter().fold(hash, Digest::chain_update);
        let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());

        let mut sum = EdwardsPoint::identity();
        self.base.add_multiple(&mut sum, s.to_bytes());
        self.key.add_multiple(&mut sum, k.to_bytes());
        if sum.compress().as_bytes() == r && !sum.is_small_order() { Ok(()) } else { Err(Error::new()) }
    }
}
