//! Keys, prepared once for their algorithms.

pub(crate) mod curves;
mod decryption;
mod description;
mod encryption;
mod external;
pub(crate) mod hpke;
#[cfg(feature = "pbes2")]
mod password;
mod policy;
mod recover;
#[cfg(feature = "rsa")]
pub(crate) mod rsa;
mod set;
mod symmetric;
mod wrapped;

use jose_jwa::{JweAlg, JweFamily};
use jose_jwk::{Error as KeyError, Jwk, KeyAlg, Operation, Usage};

pub use decryption::DecryptionKey;
pub use description::{KeyDescription, Refusal};
pub use encryption::EncryptionKey;
pub use external::{
    AsyncDecryptionKey, AsyncEncryptionKey, AsyncUnwrapKey, AsyncWrapKey, UnwrapKey, WrapKey,
};
pub(crate) use policy::Prepared;
pub(crate) use recover::EncryptedKey;
pub use recover::Request;
pub(crate) use set::KeySource;
pub use set::{Decrypt, DecryptionKeys};
pub(crate) use wrapped::{Generated, ToWrap, Wrapped};

use crate::error::Error;

/// Checks whether this build can compute the algorithm with keys on the curve.
fn check_enabled(alg: JweAlg, jwk: &Jwk) -> Result<(), KeyError> {
    let feature = match alg.family() {
        _ if alg.is_hpke() && alg.curves().is_empty() => (cfg!(feature = "draft-hpke-pq"), "draft-hpke-pq"),
        _ if alg.is_hpke() && !cfg!(feature = "hpke") => (false, "hpke"),
        JweFamily::KeyAgreement | JweFamily::HpkeIntegrated | JweFamily::HpkeKeyEncryption => {
            match jwk.curve() {
                Some(curve) if !curves::is_enabled(curve) => return Err(KeyError::curve_disabled(curve)),
                _ => return Ok(()),
            }
        }
        JweFamily::KeyEncryption if alg == JweAlg::Rsa1_5 => (cfg!(feature = "rsa1_5"), "rsa1_5"),
        JweFamily::KeyEncryption => (cfg!(feature = "rsa"), "rsa"),
        JweFamily::Password => (cfg!(feature = "pbes2"), "pbes2"),
        _ => (true, ""),
    };
    if feature.0 { Ok(()) } else { Err(KeyError::Disabled { feature: feature.1 }) }
}

/// Checks everything that the key says of itself, its size, and this build.
fn check(jwk: &Jwk, operation: Operation, alg: JweAlg) -> Result<(), KeyError> {
    jwk.check(operation)?;
    check_enabled(alg, jwk)
}

/// The reason why a key does not serve an algorithm.
fn refused(alg: JweAlg, reason: KeyError) -> Error {
    match reason {
        KeyError::Disabled { feature } => Error::Disabled { alg, feature },
        reason => reason.into(),
    }
}

/// The algorithm that a key names.
fn named(jwk: &Jwk) -> Result<JweAlg, Error> {
    match jwk.alg() {
        Some(KeyAlg::Jwe(alg)) => Ok(*alg),
        Some(KeyAlg::Enc(_)) => Ok(JweAlg::Dir),
        Some(_) => Err(Error::Key(Usage::AlgForbids { wanted: "a key management algorithm" }.into())),
        None => Err(Error::AlgorithmAmbiguous),
    }
}
