//! RSA (RFC 7518 sections 4.2 and 4.3).

use alloc::vec::Vec;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use jose_jwk::JweAlg;
use rsa::{Oaep, RsaPrivateKey, RsaPublicKey};
use zeroize::Zeroizing;

use crate::Error;
use crate::rng::DynRng;

/// Makes of each row its arm: what `$run` does with the padding of the algorithm.
macro_rules! with_padding {
    ($alg:expr, $padding:ident => $run:expr) => {
        match $alg {
            JweAlg::RsaOaep => Some({
                let $padding = Oaep::<sha1::Sha1>::new();
                $run
            }),
            JweAlg::RsaOaep256 => Some({
                let $padding = Oaep::<sha2::Sha256>::new();
                $run
            }),
            JweAlg::RsaOaep384 => Some({
                let $padding = Oaep::<sha2::Sha384>::new();
                $run
            }),
            JweAlg::RsaOaep512 => Some({
                let $padding = Oaep::<sha2::Sha512>::new();
                $run
            }),
            #[cfg(feature = "rsa1_5")]
            JweAlg::Rsa1_5 => Some({
                let $padding = rsa::Pkcs1v15Encrypt;
                $run
            }),
            _ => None,
        }
    };
}

/// Whether this build can compute the algorithm.
pub(crate) fn is_enabled(alg: JweAlg) -> bool {
    with_padding!(alg, _padding => ()).is_some()
}

pub(crate) fn encrypt(
    alg: JweAlg,
    key: &RsaPublicKey,
    cek: &[u8],
    rng: &mut DynRng<'_>,
) -> Result<Vec<u8>, Error> {
    let encrypted = with_padding!(alg, padding => key.encrypt(rng, padding, cek)).ok_or(Error::Encryption)?;
    encrypted.map_err(|error| if error == rsa::Error::Rng { Error::Rng } else { Error::Encryption })
}

/// `None` where the octets do not decrypt. RSAES-PKCS1-v1_5 gives octets even then: those of the implicit rejection.
pub(crate) fn decrypt(
    alg: JweAlg,
    key: &RsaPrivateKey,
    encrypted_key: &[u8],
    rng: &mut DynRng<'_>,
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    // `rsa` takes a generator that cannot fail, for its blinding: one that is seeded by the one that can.
    let mut seed = Zeroizing::new([0; 32]);
    rng.try_fill_bytes(&mut *seed)?;
    let mut blinding = ChaCha20Rng::from_seed(*seed);
    let octets = with_padding!(alg, padding => key.decrypt_blinded(&mut blinding, padding, encrypted_key));
    Ok(octets.and_then(Result::ok).map(Zeroizing::new))
}
