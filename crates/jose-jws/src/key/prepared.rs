//! From a JWK to a prepared key: one function a family, and the rows of the table.

use alloc::boxed::Box;
use core::any::Any;

use jose_jwa::{JwsAlg, JwsFamily};
use jose_jwk::{Error as KeyError, Jwk};
use rand_core::{TryCryptoRng, TryRng};
use signature::hazmat::{PrehashSigner, RandomizedPrehashSigner};
use signature::{MultipartSigner, MultipartVerifier, RandomizedMultipartSigner};

use super::{Key, RandomizedKey, Sign, Verify};
use crate::alg::{self, Algorithm, Prehashed};
use crate::error::Error;
use crate::hash::{SignHashed, VerifyHashed};

/// A pointer by which the clones of a prepared key share it.
#[cfg(target_has_atomic = "ptr")]
pub(crate) type Shared<T> = alloc::sync::Arc<T>;
/// A pointer by which the clones of a prepared key share it.
#[cfg(not(target_has_atomic = "ptr"))]
pub(crate) type Shared<T> = alloc::rc::Rc<T>;

/// A prepared key, by whether its message may come in pieces.
pub(crate) enum Signer {
    Whole(Box<dyn Sign + Send + Sync>),
    Hashed(Box<dyn SignHashed + Send + Sync>),
}

/// Like [`Signer`], to verify.
#[derive(Clone)]
pub(crate) enum Verifier {
    Whole(Shared<dyn Known>),
    Hashed(Shared<dyn KnownHashed>),
}

/// A key that verifies and can be told which one it is.
pub(crate) trait Known: Verify + Any + Send + Sync {}
impl<K: Verify + Any + Send + Sync> Known for K {}

/// Like [`Known`], for a message in pieces.
pub(crate) trait KnownHashed: VerifyHashed + Any + Send + Sync {}
impl<K: VerifyHashed + Any + Send + Sync> KnownHashed for K {}

impl Signer {
    pub(crate) fn as_sign(&self) -> &dyn Sign {
        match self {
            Self::Whole(key) => &**key,
            Self::Hashed(key) => &**key,
        }
    }

    pub(crate) fn as_hashed(&self) -> Result<&dyn SignHashed, Error> {
        match self {
            Self::Whole(_) => Err(Error::NotStreamable),
            Self::Hashed(key) => Ok(&**key),
        }
    }
}

impl Verifier {
    pub(crate) fn as_verify(&self) -> &dyn Verify {
        match self {
            Self::Whole(key) => &**key,
            Self::Hashed(key) => &**key,
        }
    }

    pub(crate) fn as_hashed(&self) -> Result<&dyn VerifyHashed, Error> {
        match self {
            Self::Whole(_) => Err(Error::NotStreamable),
            Self::Hashed(key) => Ok(&**key),
        }
    }
}

/// The random number generator failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RngFailed;

impl core::fmt::Display for RngFailed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&Error::Rng, f)
    }
}

impl core::error::Error for RngFailed {}

/// A generator of the caller's, whose own error is not passed on.
struct Erased<R>(R);

impl<R: TryCryptoRng> TryRng for Erased<R> {
    type Error = RngFailed;

    fn try_next_u32(&mut self) -> Result<u32, RngFailed> {
        self.0.try_next_u32().map_err(|_| RngFailed)
    }

    fn try_next_u64(&mut self) -> Result<u64, RngFailed> {
        self.0.try_next_u64().map_err(|_| RngFailed)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), RngFailed> {
        self.0.try_fill_bytes(bytes).map_err(|_| RngFailed)
    }
}

impl<R: TryCryptoRng> TryCryptoRng for Erased<R> {}

type Drawn = Box<dyn TryCryptoRng<Error = RngFailed>>;

/// A source of generators, one for each signature.
#[derive(Clone)]
pub(crate) struct Source(Shared<dyn Fn() -> Drawn + Send + Sync>);

impl Source {
    pub(crate) fn new<F, R>(rng: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: TryCryptoRng + 'static,
    {
        Self(Shared::new(move || -> Drawn { Box::new(Erased(rng())) }))
    }

    /// The system's generator, if the build has one.
    pub(crate) fn system() -> Option<Self> {
        #[cfg(feature = "std")]
        return Some(Self::new(|| jose_jwk::SysRng));
        #[cfg(not(feature = "std"))]
        None
    }

    fn into_fn(self) -> impl Fn() -> Drawn + Send + Sync {
        move || (self.0)()
    }
}

/// A RustCrypto key from a JWK that was found fit for it.
pub(crate) trait FromJwk: Sized {
    fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError>;
}

/// The families: what their prepared keys have in common. A build without a family has no use for its module.
#[allow(dead_code, unused_imports, reason = "a build without the family")]
mod family {
    use super::*;

    /// A MAC: the message may come in pieces, and nothing is random.
    pub(super) mod hmac {
        use super::*;

        pub(in super::super) fn signer<A, K>(jwk: &Jwk, _: Option<Source>) -> Result<Signer, Error>
        where
            A: Algorithm,
            K: FromJwk + 'static,
            Key<'static, A, K>: SignHashed + Send + Sync,
        {
            Ok(Signer::Hashed(Box::new(Key::<A, K>::new(K::from_jwk(jwk)?))))
        }

        pub(in super::super) fn verifier<A, K>(jwk: &Jwk) -> Result<Verifier, KeyError>
        where
            A: Algorithm,
            K: FromJwk + 'static,
            Key<'static, A, K>: VerifyHashed + Send + Sync,
        {
            Ok(Verifier::Hashed(Shared::new(Key::<A, K>::new(K::from_jwk(jwk)?))))
        }
    }

    /// ECDSA: deterministic, or hedged with random numbers.
    pub(super) mod ecdsa {
        pub(in super::super) use super::hmac::verifier;
        use super::*;

        /// A key that takes the place of another one.
        pub(in super::super) fn replaced<A, K>(key: K) -> Verifier
        where
            A: Algorithm,
            K: 'static,
            Key<'static, A, K>: VerifyHashed + Send + Sync,
        {
            Verifier::Hashed(Shared::new(Key::<A, K>::new(key)))
        }

        pub(in super::super) fn signer<A, K>(jwk: &Jwk, source: Option<Source>) -> Result<Signer, Error>
        where
            A: Prehashed,
            K: FromJwk + Send + Sync + 'static,
            K: MultipartSigner<A::Signature> + RandomizedMultipartSigner<A::Signature>,
            K: PrehashSigner<A::Signature> + RandomizedPrehashSigner<A::Signature>,
        {
            let key = K::from_jwk(jwk)?;
            Ok(Signer::Hashed(match source {
                Some(source) => Box::new(RandomizedKey::<A, K, _>::new(key, source.into_fn())),
                None => Box::new(Key::<A, K>::new(key)),
            }))
        }
    }

    /// RSA: always with random numbers, for the blinding at least.
    pub(super) mod rsa {
        pub(in super::super) use super::ecdsa::replaced;
        pub(in super::super) use super::hmac::verifier;
        use super::*;

        pub(in super::super) fn signer<A, K>(jwk: &Jwk, source: Option<Source>) -> Result<Signer, Error>
        where
            A: Prehashed,
            K: FromJwk + Send + Sync + 'static,
            K: RandomizedMultipartSigner<A::Signature> + RandomizedPrehashSigner<A::Signature>,
        {
            let source = source.or_else(Source::system).ok_or(Error::RngMissing)?;
            let key = RandomizedKey::<A, K, _>::new(K::from_jwk(jwk)?, source.into_fn());
            Ok(Signer::Hashed(Box::new(key)))
        }
    }

    /// EdDSA: the message in one piece, and nothing is random.
    pub(super) mod eddsa {
        use super::*;

        /// A key that takes the place of another one.
        pub(in super::super) fn replaced<A, K>(key: K) -> Verifier
        where
            A: Algorithm,
            K: MultipartVerifier<A::Signature> + Send + Sync + 'static,
        {
            Verifier::Whole(Shared::new(Key::<A, K>::new(key)))
        }

        pub(in super::super) fn signer<A, K>(jwk: &Jwk, _: Option<Source>) -> Result<Signer, Error>
        where
            A: Algorithm,
            K: FromJwk + MultipartSigner<A::Signature> + Send + Sync + 'static,
        {
            Ok(Signer::Whole(Box::new(Key::<A, K>::new(K::from_jwk(jwk)?))))
        }

        pub(in super::super) fn verifier<A, K>(jwk: &Jwk) -> Result<Verifier, KeyError>
        where
            A: Algorithm,
            K: FromJwk + MultipartVerifier<A::Signature> + Send + Sync + 'static,
        {
            Ok(Verifier::Whole(Shared::new(Key::<A, K>::new(K::from_jwk(jwk)?))))
        }
    }

    /// Ed448: the same.
    pub(super) mod ed448 {
        pub(in super::super) use super::eddsa::{signer, verifier};
    }

    /// ML-DSA: the message in one piece, deterministic, or hedged with random numbers.
    pub(super) mod ml_dsa {
        pub(in super::super) use super::eddsa::verifier;
        use super::*;

        pub(in super::super) fn signer<A, K>(jwk: &Jwk, source: Option<Source>) -> Result<Signer, Error>
        where
            A: Algorithm,
            K: FromJwk + Send + Sync + 'static,
            K: MultipartSigner<A::Signature> + RandomizedMultipartSigner<A::Signature>,
        {
            let key = K::from_jwk(jwk)?;
            Ok(Signer::Whole(match source {
                Some(source) => Box::new(RandomizedKey::<A, K, _>::new(key, source.into_fn())),
                None => Box::new(Key::<A, K>::new(key)),
            }))
        }
    }
}

/// What one row does about a key that is to be computed beforehand. Some families have nothing to compute.
#[cfg(feature = "std")]
#[allow(unused_macros, reason = "a build without any family has no rows")]
macro_rules! precompute {
    (hmac $($row:tt)*) => {};
    (ed448 $($row:tt)*) => {};
    (ml_dsa $($row:tt)*) => {};
    ($family:ident $name:ident $stock:ty, $key:ident, $made:ident) => {
        if let Some(key) = $key.downcast_ref::<Key<'static, alg::$name, $stock>>() {
            let key = $made.compute(key.inner())?;
            return Some(family::$family::replaced::<alg::$name, _>(key));
        }
    };
}

/// The precomputed keys that were made of one key, whose algorithms share them where they can.
#[cfg(feature = "std")]
#[derive(Default)]
pub(crate) struct Precomputed(Option<Box<dyn Any>>);

#[cfg(feature = "std")]
impl Precomputed {
    #[allow(dead_code, reason = "a build without any family has no rows")]
    fn compute<K: alg::precomputed::Precompute>(&mut self, key: &K) -> Option<K::Precomputed> {
        let made = self.0.as_ref().and_then(|made| made.downcast_ref::<K::Precomputed>()).cloned();
        let made = made.or_else(|| key.precompute())?;
        self.0 = Some(Box::new(made.clone()));
        Some(made)
    }
}

/// The arm of each row.
macro_rules! dispatch {
    ($(
        $feature:literal $family:ident {
            $( $name:ident $(is $alg:ident on $curve:ident)? ($signature:ty, $len:expr): $signer:ty, $verifier:ty; )+
        }
    )+) => {
        /// The key of a JWK, prepared to sign with the algorithm. With a source of random numbers, each signature has
        /// some, if the algorithm has a place for them.
        #[allow(unused_variables, clippy::needless_pass_by_value, reason = "a build without any family has no rows")]
        pub(crate) fn signer(alg: JwsAlg, jwk: &Jwk, source: Option<Source>) -> Result<Signer, Error> {
            $($(
                #[cfg(feature = $feature)]
                if alg == alg::$name::ALG $(&& jwk.curve() == Some(jose_jwa::Curve::$curve))? {
                    return family::$family::signer::<alg::$name, $signer>(jwk, source);
                }
            )+)+
            Err(Error::Key(disabled(alg, jwk)))
        }

        /// The key of a JWK, prepared to verify with the algorithm.
        #[allow(unused_variables, reason = "a build without any family has no rows")]
        pub(crate) fn verifier(alg: JwsAlg, jwk: &Jwk) -> Result<Verifier, KeyError> {
            $($(
                #[cfg(feature = $feature)]
                if alg == alg::$name::ALG $(&& jwk.curve() == Some(jose_jwa::Curve::$curve))? {
                    return family::$family::verifier::<alg::$name, $verifier>(jwk);
                }
            )+)+
            Err(disabled(alg, jwk))
        }

        #[cfg(feature = "std")]
        impl Precomputed {
            /// The key in its precomputed form, if it came from a JWK and has one.
            #[allow(unused_variables, reason = "a build without any family has no rows")]
            pub(crate) fn of(&mut self, verifier: &Verifier) -> Option<Verifier> {
                let key: &dyn Any = match verifier {
                    Verifier::Whole(key) => &**key,
                    Verifier::Hashed(key) => &**key,
                };
                $($(
                    #[cfg(feature = $feature)]
                    precompute!($family $name $verifier, key, self);
                )+)+
                None
            }
        }
    };
}

alg::rows!(dispatch);

/// This build lacks the feature of the algorithm.
fn disabled(alg: JwsAlg, jwk: &Jwk) -> KeyError {
    let feature = match (alg.family(), jwk.curve()) {
        (JwsFamily::Hmac, _) => "hmac",
        (JwsFamily::RsaPkcs1 | JwsFamily::RsaPss, _) => "rsa",
        (_, Some(curve)) => return KeyError::curve_disabled(curve),
        _ => "ml-dsa",
    };
    KeyError::Disabled { feature }
}
