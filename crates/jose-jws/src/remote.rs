//! Keys that answer later: in a KMS, behind a network.

use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use jose_jwk::header::Header;
use jose_jwk::{Jwk, JwsAlg};
use signature::AsyncSigner;

use crate::alg::Algorithm;
use crate::any::check_outside;
use crate::compact::{Unsigned, Unverified, Verified};
use crate::key::put;
use crate::output::Output;
use crate::{Error, Key, detached, json, rules, trace};

/// A key bound to one algorithm that answers later: any type that implements `signature::AsyncSigner` for the
/// algorithm's [signature type](Algorithm::Signature), or [`AsyncVerifier`].
///
/// The checks are those of a key at hand and come before the key is asked. No runtime is chosen and no `Send` is forced:
/// the future is `Send` where the key's own is.
///
/// ```
/// # #[cfg(feature = "p256")] {
/// use jose_jws::{AsyncKey, Header, alg::Es256, compact};
/// struct Kms { /* a connection */ }
/// impl signature::AsyncSigner<p256::ecdsa::Signature> for Kms {
///     async fn sign_async(&self, message: &[u8]) -> Result<p256::ecdsa::Signature, signature::Error> {
/// #       let key = p256::ecdsa::SigningKey::from_slice(&[7; 32])?;
///         // Ask it, and wait.
/// #       signature::Signer::try_sign(&key, message)
///     }
/// }
/// async fn token(kms: Kms) -> Result<String, jose_jws::Error> {
///     let key = AsyncKey::<Es256, _>::new(kms).with_kid("key-1");
///     compact::sign_async(&key, &Header::default(), b"payload").await
/// }
/// # let _ = token;
/// # }
/// # Ok::<(), signature::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct AsyncKey<'k, A, K>(Key<'k, A, K>);

/// A public key, or a MAC's, that answers later.
#[expect(async_fn_in_trait, reason = "no `Send` bound is forced on keys")]
pub trait AsyncVerifier<S> {
    /// Verifies the signature of a message.
    ///
    /// # Errors
    ///
    /// Where it does not verify, or there is no answer.
    async fn verify_async(&self, message: &[u8], signature: &S) -> Result<(), signature::Error>;
}

impl<'k, A: Algorithm, K> AsyncKey<'k, A, K> {
    /// Binds the key to the algorithm.
    pub const fn new(key: K) -> Self {
        Self(Key::new(key))
    }

    /// Names the key: its signatures say so in `kid`, and a message with another `kid` does not verify.
    #[must_use]
    pub fn with_kid(self, kid: &'k str) -> Self {
        Self(self.0.with_kid(kid))
    }

    /// Binds a key that a JWK, public or not, describes: the JWK's `use`, `key_ops`, `alg`, type and curve are checked as
    /// for any other key, and its `kid` is the key's.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids the algorithm.
    pub fn outside(jwk: &'k Jwk, key: K) -> Result<Self, Error> {
        check_outside(jwk, A::ALG)?;
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

    /// The key within.
    pub const fn inner(&self) -> &K {
        self.0.inner()
    }

    /// What the key makes of a signing input for this algorithm.
    async fn sign(&self, alg: JwsAlg, input: &[u8]) -> Result<Vec<u8>, Error>
    where
        K: AsyncSigner<A::Signature>,
    {
        if alg != A::ALG {
            return Err(Error::AlgorithmNotAllowed);
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
        f.debug_struct("AsyncKey")
            .field("alg", &A::ALG)
            .field("kid", &self.0.kid_str())
            .finish_non_exhaustive()
    }
}

/// See [`compact::sign_async`](crate::compact::sign_async).
pub(crate) async fn sign<A: Algorithm, K: AsyncSigner<A::Signature>>(
    key: &AsyncKey<'_, A, K>,
    header: &Header<'_>,
    payload: &[u8],
) -> Result<String, Error> {
    let header = rules::with_kid(header, key.0.kid_str())?;
    Unsigned::new(A::ALG, &header, payload)?.sign_async(key).await
}

impl<W: Output> Unsigned<W> {
    /// Signs with a key that answers later.
    ///
    /// # Errors
    ///
    /// As [`Unsigned::sign`].
    pub async fn sign_async<A, K>(self, key: &AsyncKey<'_, A, K>) -> Result<W::Text, Error>
    where
        A: Algorithm,
        K: AsyncSigner<A::Signature>,
    {
        let signature = key.sign(self.alg(), self.signing_input()).await?;
        self.attach(&signature)
    }
}

impl detached::Unsigned {
    /// Signs with a key that answers later.
    ///
    /// # Errors
    ///
    /// As [`Unsigned::sign`](detached::Unsigned::sign).
    pub async fn sign_async<A, K>(self, key: &AsyncKey<'_, A, K>) -> Result<String, Error>
    where
        A: Algorithm,
        K: AsyncSigner<A::Signature>,
    {
        let signature = key.sign(self.alg(), self.signing_input()).await?;
        self.attach(&signature)
    }
}

impl<'p, S: json::State> json::Pending<'p, S> {
    /// Signs with a key that answers later.
    ///
    /// # Errors
    ///
    /// As [`Pending::sign`](json::Pending::sign).
    pub async fn sign_async<A, K>(self, key: &AsyncKey<'_, A, K>) -> Result<json::Builder<'p, S>, Error>
    where
        A: Algorithm,
        K: AsyncSigner<A::Signature>,
    {
        let signature = key.sign(self.alg(), &self.signing_input()).await?;
        self.attach(&signature)
    }
}

impl Unverified<'_> {
    /// Verifies with a key that answers later.
    ///
    /// # Errors
    ///
    /// As [`Unverified::verify`].
    pub async fn verify_async<A, K>(&self, key: &AsyncKey<'_, A, K>) -> Result<Verified<Vec<u8>>, Error>
    where
        A: Algorithm,
        K: AsyncVerifier<A::Signature>,
    {
        let mut buffer = alloc::vec![0; self.buffer_len()];
        let (layout, signed) = self.read(A::ALG.into(), |_| Error::AlgorithmNotAllowed, &mut buffer)?;
        let refused = |error| trace::refused(error, &signed);
        if !signed.is_for_kid(key.0.kid_str()) {
            return Err(refused(Error::KeyNotFound));
        }
        let signature = A::Signature::try_from(signed.signature).map_err(|_| refused(Error::Signature))?;
        let result = key.inner().verify_async(self.signing_input(), &signature).await;
        result.map_err(|_| refused(Error::Signature))?;
        Ok(Verified::new(buffer, layout))
    }
}
