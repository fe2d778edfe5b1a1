//! RustCrypto's key types, from JWKs and to them.
#![allow(unused_imports, unused_macros, reason = "a build without any algorithm has no conversions")]

use crate::error::Error;
use crate::jwk::Jwk;
use crate::key::KeyPair;
use crate::public::PublicJwk;

/// The conversions of a private key type and its public one.
macro_rules! conversions {
    ([$($generics:tt)*] $private:ty, $public:ty) => {
        impl $($generics)* TryFrom<&Jwk> for $private {
            type Error = Error;

            fn try_from(jwk: &Jwk) -> Result<Self, Error> {
                Self::read_private(&jwk.params)
            }
        }

        impl $($generics)* TryFrom<&Jwk> for $public {
            type Error = Error;

            fn try_from(jwk: &Jwk) -> Result<Self, Error> {
                <$private>::read_public(&jwk.params)
            }
        }

        impl $($generics)* From<&$private> for Jwk {
            fn from(key: &$private) -> Self {
                Self::from_params(key.write())
            }
        }

        impl $($generics)* From<&$public> for PublicJwk {
            fn from(key: &$public) -> Self {
                Self::from_params(<$private>::write_public(key))
            }
        }
    };
}

#[cfg(any(feature = "p256", feature = "p384", feature = "p521", feature = "k256"))]
conversions!([<C: crate::key::EcCurve>] elliptic_curve::SecretKey<C>, elliptic_curve::PublicKey<C>);
#[cfg(feature = "ed25519")]
conversions!([] ed25519_dalek::SigningKey, ed25519_dalek::VerifyingKey);
#[cfg(feature = "x25519")]
conversions!([] x25519_dalek::StaticSecret, x25519_dalek::PublicKey);
#[cfg(all(feature = "ed448", feature = "prerelease"))]
conversions!([] ed448_goldilocks::SigningKey, ed448_goldilocks::VerifyingKey);
#[cfg(all(feature = "x448", feature = "prerelease"))]
conversions!([] x448::StaticSecret, x448::PublicKey);
#[cfg(feature = "ml-dsa")]
conversions!([<P: crate::key::MlDsaVariant>] ml_dsa::SigningKey<P>, ml_dsa::VerifyingKey<P>);

#[cfg(feature = "rsa")]
mod rsa {
    use rsa::{PrivateKey, PublicKey};

    use crate::error::Error;
    use crate::jwk::Jwk;
    use crate::key::rsa::arithmetic::{private_key, private_params, public_key, public_params};
    use crate::public::PublicJwk;

    impl TryFrom<&Jwk> for PrivateKey {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            private_key(&jwk.params)
        }
    }

    impl TryFrom<&Jwk> for PublicKey {
        type Error = Error;

        fn try_from(jwk: &Jwk) -> Result<Self, Error> {
            public_key(&jwk.params)
        }
    }

    impl TryFrom<&PrivateKey> for Jwk {
        type Error = Error;

        /// # Errors
        ///
        /// [`Error::Unsupported`] if the key has more than two primes; [`Error::Weak`] if `n` or `e` is outside of
        /// what any key may have.
        fn try_from(key: &PrivateKey) -> Result<Self, Error> {
            private_params(key).map(Self::from_params)
        }
    }

    impl TryFrom<&PublicKey> for PublicJwk {
        type Error = Error;

        /// # Errors
        ///
        /// [`Error::Weak`] if `n` or `e` is outside of what any key may have.
        fn try_from(key: &PublicKey) -> Result<Self, Error> {
            public_params(key).map(Self::from_params)
        }
    }
}
