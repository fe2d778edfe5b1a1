//! RSA (RFC 7518 sections 4.2 and 4.3).

use alloc::vec::Vec;

use jose_jwa::JweAlg;
use rsa::traits::PaddingScheme;
use rsa::{Oaep, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::jwe::rng::DynRng;

/// Runs `$run` with the padding of the algorithm.
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

pub(crate) fn encrypt(
    alg: JweAlg,
    key: &PublicKey,
    cek: &[u8],
    rng: &mut DynRng<'_>,
) -> Result<Vec<u8>, Error> {
    let encrypted = with_padding!(alg, padding => padding.encrypt(rng, key, cek)).ok_or(Error::Encryption)?;
    encrypted.map_err(|error| if error == rsa::Error::Rng { Error::Rng } else { Error::Encryption })
}

/// `None` if the bytes do not decrypt. RSAES-PKCS1-v1_5 returns bytes even then: those of the implicit rejection.
///
/// The generator is for blinding, without which the time would depend on the key.
pub(crate) fn decrypt(
    alg: JweAlg,
    key: &PrivateKey,
    encrypted_key: &[u8],
    rng: &mut DynRng<'_>,
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let found = with_padding!(alg, padding => padding.decrypt(Some(rng), key, encrypted_key));
    match found {
        Some(Ok(bytes)) => Ok(Some(Zeroizing::new(bytes))),
        Some(Err(rsa::Error::Rng)) => Err(Error::Rng),
        _ => Ok(None),
    }
}
