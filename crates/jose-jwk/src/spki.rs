//! Public keys as `SubjectPublicKeyInfo` (RFC 5280 section 4.1.2.7).

use pkcs8::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use crate::{Error, PublicJwk};

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const SECP384R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const SECP521R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const SECP256K1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// The key, by the object identifiers of its algorithm and curve.
pub(crate) fn read_spki(spki: SubjectPublicKeyInfoRef<'_>) -> Result<PublicJwk, Error> {
    let curve = spki.algorithm.parameters_oid().ok();
    match (spki.algorithm.oid, curve) {
        #[cfg(feature = "rsa")]
        (RSA_ENCRYPTION, _) => PublicJwk::try_from(&read::<rsa::RsaPublicKey>(spki)?),
        #[cfg(feature = "p256")]
        (EC_PUBLIC_KEY, Some(SECP256R1)) => Ok((&read::<p256::PublicKey>(spki)?).into()),
        #[cfg(feature = "p384")]
        (EC_PUBLIC_KEY, Some(SECP384R1)) => Ok((&read::<p384::PublicKey>(spki)?).into()),
        #[cfg(feature = "p521")]
        (EC_PUBLIC_KEY, Some(SECP521R1)) => Ok((&read::<p521::PublicKey>(spki)?).into()),
        #[cfg(feature = "k256")]
        (EC_PUBLIC_KEY, Some(SECP256K1)) => Ok((&read::<k256::PublicKey>(spki)?).into()),
        #[cfg(feature = "ed25519")]
        (ED25519, _) => Ok((&read::<ed25519_dalek::VerifyingKey>(spki)?).into()),
        #[allow(unreachable_patterns, reason = "reachable or not by the features of the build")]
        (RSA_ENCRYPTION | ED25519, _)
        | (EC_PUBLIC_KEY, Some(SECP256R1 | SECP384R1 | SECP521R1 | SECP256K1)) => {
            Err(Error::AlgorithmDisabled)
        }
        _ => Err(Error::Unsupported("a public key of this algorithm or curve")),
    }
}

fn read<'s, K: TryFrom<SubjectPublicKeyInfoRef<'s>>>(spki: SubjectPublicKeyInfoRef<'s>) -> Result<K, Error> {
    K::try_from(spki).map_err(|_| Error::Invalid("SubjectPublicKeyInfo"))
}
