//! Keys that answer later: in a KMS, behind a network.

use alloc::vec::Vec;
use core::fmt;

use jose_jwa::JwsAlg;
use jose_jwk::Jwk;
use signature::AsyncSigner;

use super::{Key, put};
use crate::alg::Algorithm;
use crate::error::Error;

/// A key bound to one algorithm that answers later: any type that implements `signature::AsyncSigner` for the algorithm's
/// [signature type](Algorithm::Signature), or [`AsyncVerifier`].
///
/// The checks are those of a key at hand, and come before the key is asked. No runtime is chosen, and no `Send` is forced:
/// the future is `Send` if the key's own is.
///
/// ```
/// use jose_jws::{AsyncKey, Header, alg::Es256, compact};
/// use p256::ecdsa::Signature;
///
/// struct Kms; // In a program: a connection.
///
/// impl signature::AsyncSigner<Signature> for Kms {
///     async fn sign_async(&self, _message: &[u8]) -> Result<Signature, signature::Error> {
///         // Ask it, and wait for `R` and `S` side by side.
///         let answer = [1; 64];
///         Signature::from_slice(&answer)
///     }
/// }
///
/// async fn token(kms: Kms) -> Result<String, jose_jws::Error> {
///     let key = AsyncKey::<Es256, _>::new(kms).with_kid("key-1");
///     compact::sign_async(&key, b"payload", &Header::new()).await
/// }
/// ```
#[derive(Clone, Copy)]
pub struct AsyncKey<'k, A, K>(Key<'k, A, K>);

/// A key that verifies and answers later.
#[expect(async_fn_in_trait, reason = "no `Send` bound is forced on keys")]
pub trait AsyncVerifier<S> {
    /// Verifies the signature of a message.
    ///
    /// # Errors
    ///
    /// If it does not verify, or there is no answer.
    async fn verify_async(&self, message: &[u8], signature: &S) -> Result<(), signature::Error>;
}

impl<'k, A: Algorithm, K> AsyncKey<'k, A, K> {
    /// Binds the key to the algorithm.
    pub const fn new(key: K) -> Self {
        Self(Key::new(key))
    }

    /// Names the key: headers get the name as `kid`, and a message with another `kid` does not verify.
    #[must_use]
    pub fn with_kid(self, kid: &'k str) -> Self {
        Self(self.0.with_kid(kid))
    }

    /// Binds a key that a JWK, public or not, describes: the JWK's `use`, `key_ops`, `alg`, type and curve are checked as
    /// for any other key, and its `kid` names the key.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids the algorithm.
    pub fn external(jwk: &'k Jwk, key: K) -> Result<Self, Error> {
        super::signing::check_external(jwk, A::ALG)?;
        let key = Self::new(key);
        Ok(match jwk.kid() {
            Some(kid) => key.with_kid(kid),
            None => key,
        })
    }

    /// The algorithm.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        A::ALG
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<&'k str> {
        self.0.kid_str()
    }

    /// The key within.
    pub const fn inner(&self) -> &K {
        self.0.inner()
    }

    /// The key's signature of a signing input for this algorithm.
    pub(crate) async fn sign(&self, alg: JwsAlg, input: &[u8]) -> Result<Vec<u8>, Error>
    where
        K: AsyncSigner<A::Signature>,
    {
        if alg != A::ALG {
            return Err(Error::AlgorithmNotAllowed { found: alg, allowed: A::ALG.into() });
        }
        let signature = self.inner().sign_async(input).await.map_err(|_| Error::Signing)?;
        let mut out = alloc::vec![0; A::MAX_SIGNATURE_LEN];
        let len = put::<A>(signature, &mut out)?;
        out.truncate(len);
        Ok(out)
    }
}

impl<A: Algorithm, K> fmt::Debug for AsyncKey<'_, A, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncKey").field("alg", &A::ALG).field("kid", &self.kid()).finish_non_exhaustive()
    }
}
