//! ECDH-ES (RFC 7518 section 4.6, RFC 8037 section 3.2): agreement and derivation.

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
use elliptic_curve::{CurveArithmetic, PublicKey, SecretKey, ecdh};
use jose_jwa::{JweAlg, JweEnc};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::Error;

/// Agrees on a shared secret, for any curve of `EC` keys.
///
/// The type of a key ensures that it is a point of the curve, which has no small subgroups.
#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
pub fn agree<C: CurveArithmetic>(own: &SecretKey<C>, peer: &PublicKey<C>) -> ecdh::SharedSecret<C> {
    ecdh::diffie_hellman(own.to_nonzero_scalar(), peer.as_affine())
}

/// Agrees on a shared secret on Curve25519. `None` if it is all zero, as it is for a peer's point of low order
/// (RFC 8037 section 3.2.1, RFC 7748 section 6.1).
#[cfg(feature = "x25519")]
#[must_use]
pub fn agree_x25519(
    own: &x25519_dalek::StaticSecret,
    peer: &x25519_dalek::PublicKey,
) -> Option<x25519_dalek::SharedSecret> {
    Some(own.diffie_hellman(peer)).filter(x25519_dalek::SharedSecret::was_contributory)
}

/// The identifier and the length of the key that is derived from a shared secret (RFC 7518 section 4.6.2).
///
/// With `ECDH-ES` it is the content encryption key of `enc`, otherwise the key that wraps it. `None` if `alg` is not one of
/// ECDH-ES.
#[must_use]
pub fn derives(alg: JweAlg, enc: JweEnc) -> Option<(&'static str, usize)> {
    match (alg, alg.kek_len()) {
        (JweAlg::EcdhEs, _) => Some((enc.as_str(), enc.cek_len())),
        (_, Some(len)) if !alg.curves().is_empty() => Some((alg.as_str(), len)),
        _ => None,
    }
}

/// Derives a key from a shared secret with the Concat KDF and SHA-256 (RFC 7518 section 4.6.2), and fills `out`.
///
/// `apu` and `apv` are the decoded bytes.
///
/// # Errors
///
/// [`Error::Encryption`] if a length does not fit 32 bits.
pub fn derive(z: &[u8], algorithm_id: &str, apu: &[u8], apv: &[u8], out: &mut [u8]) -> Result<(), Error> {
    let bits = u32::try_from(out.len()).ok().and_then(|len| len.checked_mul(8)).ok_or(Error::Encryption)?;
    for (counter, block) in (1_u32..).zip(out.chunks_mut(Sha256::output_size())) {
        let mut hash = Sha256::new().chain_update(counter.to_be_bytes()).chain_update(z);
        for party in [algorithm_id.as_bytes(), apu, apv] {
            let len = u32::try_from(party.len()).map_err(|_| Error::Encryption)?;
            hash = hash.chain_update(len.to_be_bytes()).chain_update(party);
        }
        let mut digest = hash.chain_update(bits.to_be_bytes()).finalize();
        block.iter_mut().zip(&digest).for_each(|(to, byte)| *to = *byte);
        digest.as_mut_slice().zeroize();
    }
    Ok(())
}
