//! Keys, prepared once for their algorithms.

mod decryption;
mod encryption;
mod outside;
mod set;

use jose_jwa::JweFamily;
use jose_jwk::{AlgSet, Error as KeyError, JweAlg, JweEnc, Jwk, KeyAlg, KeyType};

pub use decryption::DecryptionKey;
pub(crate) use decryption::Policy;
pub use encryption::EncryptionKey;
pub(crate) use encryption::{Generated, Wrapped};
pub use outside::{
    AsyncDecryptionKey, AsyncEncryptionKey, Refusal, Request, Unwrap, UnwrapAsync, Wrap, WrapAsync,
};
pub use set::{Decrypt, DecryptionKeys};

use crate::key_management::curves;

/// Whether this build can compute the algorithm with keys on the curve.
fn check_enabled(alg: JweAlg, jwk: &Jwk) -> Result<(), KeyError> {
    let enabled = match alg.family() {
        JweFamily::Direct | JweFamily::KeyWrap | JweFamily::GcmKeyWrap => true,
        JweFamily::KeyAgreement => curves::is_enabled(jwk.curve()),
        #[cfg(feature = "rsa")]
        JweFamily::KeyEncryption => crate::key_management::key_encryption::is_enabled(alg),
        JweFamily::Password => cfg!(feature = "pbes2"),
        _ => false,
    };
    if enabled { Ok(()) } else { Err(KeyError::AlgorithmDisabled) }
}

/// Checks all that the key says of itself and its size, and gives back the content encryption that it leaves open.
fn check(jwk: &Jwk, alg: JweAlg, decrypts: bool) -> Result<AlgSet<JweEnc>, KeyError> {
    check_metadata(jwk, alg, decrypts)?;
    check_enabled(alg, jwk)?;
    let len = jwk.expose_secret_member("k").map_or(0, <[u8]>::len);
    let own = match jwk.alg() {
        Some(KeyAlg::Enc(enc)) => Some(*enc),
        _ => None,
    };
    let fits = match alg.family() {
        JweFamily::Direct => {
            let encs: AlgSet<JweEnc> = JweEnc::ALL
                .iter()
                .copied()
                .filter(|enc| enc.cek_len() == len && own.is_none_or(|own| own == *enc))
                .collect();
            return if encs.is_empty() { Err(KeyError::WrongKey) } else { Ok(encs) };
        }
        JweFamily::KeyWrap | JweFamily::GcmKeyWrap => alg.kek_len() == Some(len),
        JweFamily::Password => len > 0,
        _ => true,
    };
    if fits { Ok(AlgSet::all()) } else { Err(KeyError::WrongKey) }
}

/// The rules for what a JWK says of itself: `use`, `key_ops`, `alg` (RFC 7517 section 4).
fn check_metadata(jwk: &Jwk, alg: JweAlg, decrypts: bool) -> Result<(), KeyError> {
    // A public key agrees only with an ephemeral one that is generated for it.
    let private = decrypts && jwk.is_private() || jwk.key_type() == KeyType::Oct;
    jwk.check_jwe(alg, decrypts, private)
}

/// The algorithm that a key names, for both kinds of use.
fn named(jwk: &Jwk) -> Result<JweAlg, crate::Error> {
    match jwk.alg() {
        Some(KeyAlg::Jwe(alg)) => Ok(*alg),
        Some(KeyAlg::Enc(_)) => Ok(JweAlg::Dir),
        Some(_) => Err(crate::Error::Key(KeyError::AlgForbids)),
        None => Err(crate::Error::AlgorithmAmbiguous),
    }
}
