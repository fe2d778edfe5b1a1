//! RSASSA-PKCS1-v1_5 and RSASSA-PSS, in arithmetic of a fixed width.

use alloc::vec::Vec;
use core::iter;
use core::marker::PhantomData;

use ::rsa::traits::PublicKeyParts;
use ::rsa::{Pkcs1v15Sign, PublicKey, pkcs1v15, pss};
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Limb, Odd, U2048, U3072, U4096, Uint};
use sha2::Digest;
use sha2::digest::const_oid::AssociatedOid;
use signature::hazmat::PrehashVerifier;
use signature::{Error, MultipartVerifier};

use super::Precompute;
use crate::alg::Algorithm;
use crate::alg::rsa::Signature;
use crate::key::Shared;

/// The public operation of a key (RFC 8017 section 5.2.2), from octets to octets that are as long as the modulus.
trait Operation {
    /// `None` if the octets are not as long as the modulus or not less.
    fn apply(&self, signature: &[u8]) -> Option<Vec<u8>>;
}

/// A modulus that fills its limbs, and the exponent.
struct Fixed<const LIMBS: usize> {
    modulus: FixedMontyParams<LIMBS>,
    exponent: u64,
}

impl<const LIMBS: usize> Fixed<LIMBS> {
    fn of(key: &PublicKey, exponent: u64) -> Option<Shared<dyn Operation + Send + Sync>> {
        let modulus = Odd::new(uint(&key.n_bytes())?).into_option()?;
        Some(Shared::new(Self { modulus: FixedMontyParams::<LIMBS>::new_vartime(modulus), exponent }))
    }
}

/// The number that the octets are, if they fill the limbs.
fn uint<const LIMBS: usize>(octets: &[u8]) -> Option<Uint<LIMBS>> {
    (octets.len() == LIMBS * Limb::BYTES).then(|| Uint::from_be_slice(octets))
}

impl<const LIMBS: usize> Operation for Fixed<LIMBS> {
    fn apply(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let signature = uint(signature).filter(|number| *number < **self.modulus.modulus())?;
        let base = FixedMontyForm::new(&signature, &self.modulus);
        let mut power = base;
        for bit in (0..self.exponent.checked_ilog2()?).rev() {
            power = power.square();
            if (self.exponent >> bit) % 2 == 1 {
                power *= &base;
            }
        }
        Some(power.retrieve().as_words().iter().rev().flat_map(|word| word.to_be_bytes()).collect())
    }
}

/// The operation of a key whose modulus has one of the usual lengths.
fn operation(key: &PublicKey) -> Option<Shared<dyn Operation + Send + Sync>> {
    let exponent = key.e_bytes();
    let zeros = size_of::<u64>().checked_sub(exponent.len())?;
    let octets: Vec<u8> = iter::repeat_n(0, zeros).chain(exponent).collect();
    let exponent = u64::from_be_bytes(octets.try_into().ok()?);
    match key.n().bit_width() {
        2048 => Fixed::<{ U2048::LIMBS }>::of(key, exponent),
        3072 => Fixed::<{ U3072::LIMBS }>::of(key, exponent),
        4096 => Fixed::<{ U4096::LIMBS }>::of(key, exponent),
        _ => None,
    }
}

/// A public key and what its signatures are opened to, with the digest of its algorithm.
#[derive(Clone)]
pub(crate) struct VerifyingKey<D> {
    operation: Shared<dyn Operation + Send + Sync>,
    encoding: Encoding,
    digest: PhantomData<fn() -> D>,
}

#[derive(Clone)]
enum Encoding {
    /// EMSA-PKCS1-v1_5 (RFC 8017 section 9.2): these octets, and then the digest.
    Pkcs1(Shared<[u8]>),
    /// EMSA-PSS (section 9.1) with a salt as long as the digest.
    Pss,
}

impl<D: Digest + AssociatedOid + Clone + 'static> Precompute for pkcs1v15::VerifyingKey<D> {
    type Precomputed = VerifyingKey<D>;

    fn precompute(&self) -> Option<VerifyingKey<D>> {
        let key = self.as_ref();
        let prefix = Pkcs1v15Sign::new::<D>().prefix;
        let padding = key.size().checked_sub(3 + prefix.len() + <D as Digest>::output_size())?;
        let head = [0, 1].into_iter().chain(iter::repeat_n(0xff, padding)).chain([0]).chain(prefix).collect();
        Some(VerifyingKey {
            operation: operation(key)?,
            encoding: Encoding::Pkcs1(head),
            digest: PhantomData,
        })
    }
}

impl<D: Digest + Clone + 'static> Precompute for pss::VerifyingKey<D> {
    type Precomputed = VerifyingKey<D>;

    fn precompute(&self) -> Option<VerifyingKey<D>> {
        Some(VerifyingKey {
            operation: operation(self.as_ref())?,
            encoding: Encoding::Pss,
            digest: PhantomData,
        })
    }
}

/// EMSA-PSS-VERIFY (RFC 8017 section 9.1.2), for a modulus whose length in bits is a multiple of eight: `emBits` is one
/// less.
fn fits_pss<D: Digest>(encoded: &mut [u8], digest: &[u8]) -> Option<()> {
    let (0xbc, encoded) = encoded.split_last_mut()? else { return None };
    let (data, hash) = encoded.split_at_mut_checked(encoded.len().checked_sub(digest.len())?)?;
    if data.first()? >> 7 != 0 {
        return None;
    }
    for (chunk, counter) in data.chunks_mut(digest.len()).zip(0_u32..) {
        let mask = D::new().chain_update(&*hash).chain_update(counter.to_be_bytes()).finalize();
        chunk.iter_mut().zip(mask).for_each(|(octet, mask)| *octet ^= mask);
    }
    *data.first_mut()? &= 0x7f;
    let (zeros, salt) = data.split_at_checked(data.len().checked_sub(digest.len())?)?;
    let (1, zeros) = zeros.split_last()? else { return None };
    let expected = D::new().chain_update([0; 8]).chain_update(digest).chain_update(salt).finalize();
    (zeros.iter().all(|octet| *octet == 0) && *expected == *hash).then_some(())
}

impl<A: Algorithm, D: Digest> PrehashVerifier<Signature<A>> for VerifyingKey<D> {
    fn verify_prehash(&self, digest: &[u8], signature: &Signature<A>) -> Result<(), Error> {
        let mut encoded = self.operation.apply(signature.as_ref()).ok_or(Error::new())?;
        let fits = match &self.encoding {
            Encoding::Pkcs1(head) => {
                encoded.strip_prefix(&**head).filter(|found| *found == digest).map(|_| ())
            }
            Encoding::Pss => fits_pss::<D>(&mut encoded, digest),
        };
        fits.ok_or(Error::new())
    }
}

impl<A: Algorithm, D: Digest> MultipartVerifier<Signature<A>> for VerifyingKey<D> {
    fn multipart_verify(&self, message: &[&[u8]], signature: &Signature<A>) -> Result<(), Error> {
        let digest = message.iter().fold(D::new(), Digest::chain_update);
        self.verify_prehash(&digest.finalize(), signature)
    }
}
