//! Verifying with keys that are fetched as needed.

use core::fmt;
use std::sync::Arc;

use jose_jwt::jws;
use jose_jwt::{AudienceUnset, IssuerUnset, JwtVerifier, KeyResolver, Verified, dangerous_decode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::fetch::Fetch;
use crate::keys::{CurrentKeys, RemoteKeys};

/// The rules of a verifier of remote keys, before or after its issuer and audience are set.
pub type KeyRules<I = jose_jwt::Given, A = jose_jwt::Given> = JwtVerifier<KeyResolver<CurrentKeys>, I, A>;

/// Verifies JWTs with keys that are fetched as needed. A clone shares the keys.
///
/// ```
/// use jose_remote::jwt::{JwsAlg, NoClaims};
/// use jose_remote::{Error, FetchSend, Issuer, RemoteVerifier};
///
/// async fn verifier<F: FetchSend>(client: F) -> Result<RemoteVerifier<F>, Error> {
///     let issuer =
///         Issuer::discover("https://issuer.example", JwsAlg::Es256, client).await?;
///     Ok(issuer.verifier(|rules| rules.audience("https://api.example")))
/// }
///
/// async fn user<F: FetchSend>(
///     verifier: &RemoteVerifier<F>,
///     token: &str,
/// ) -> Result<Option<String>, Error> {
///     let verified = verifier.verify::<NoClaims>(token).await?;
///     Ok(verified.claims().sub().map(str::to_owned))
/// }
/// ```
pub struct RemoteVerifier<F: ?Sized> {
    keys: RemoteKeys<F>,
    rules: Arc<KeyRules>,
}

impl<F: ?Sized> RemoteKeys<F> {
    /// A verifier with these keys. The function says what is expected of a token, its issuer and audience at least.
    pub fn verifier(
        &self,
        rules: impl FnOnce(KeyRules<IssuerUnset, AudienceUnset>) -> KeyRules,
    ) -> RemoteVerifier<F> {
        let rules = rules(JwtVerifier::new(self.resolver()));
        RemoteVerifier { keys: self.clone(), rules: Arc::new(rules) }
    }
}

impl<F: Fetch + ?Sized> RemoteVerifier<F> {
    /// Verifies a JWT at the system's time. Keys are fetched first if there are none or they are old, and once more if the
    /// token names a key that they do not have, at most once in a cooldown whatever the tokens say.
    ///
    /// # Errors
    ///
    /// [`Error::Token`] with why the token is not accepted; [`Error::KeysUnavailable`] if there are no keys, or the token
    /// names one that is not there and the last fetch failed. A server answers by [`Error::is_refusal`].
    pub async fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<Verified<T>, Error> {
        self.verify_by(|rules| rules.verify(token)).await
    }

    /// Verifies by a function of the caller's, which may expect more of this one token:
    /// `verify_by(|rules| rules.now()?.nonce(nonce).verify::<IdToken>(token))`. It is called once more if the keys were
    /// fetched because of the token.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub async fn verify_by<V>(
        &self,
        verify: impl Fn(&KeyRules) -> Result<V, jose_jwt::Error>,
    ) -> Result<V, Error> {
        self.keys.ready().await?;
        let version = self.keys.version();
        match verify(&self.rules) {
            Err(error) if names_another_key(&error) => {
                if self.keys.look_again(version).await {
                    return Ok(verify(&self.rules)?);
                }
                // Nobody can tell whether the key is a new one while the set cannot be fetched.
                self.keys.check_reachable()?;
                Err(error.into())
            }
            result => Ok(result?),
        }
    }

    /// Like [`verify`](Self::verify), and blocks the thread.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    #[cfg(feature = "ureq")]
    pub fn verify_blocking<T: DeserializeOwned>(&self, token: &str) -> Result<Verified<T>, Error> {
        pollster::block_on(self.verify(token))
    }
}

/// Whether the keys at hand lack the one that the token names. A bad signature is none of these.
fn names_another_key(error: &jose_jwt::Error) -> bool {
    let jose_jwt::Error::Jws(error) = error else { return false };
    matches!(error, jws::Error::KidUnknown | jws::Error::KeyNotFound)
}

impl<F: ?Sized> RemoteVerifier<F> {
    /// Verifies with the keys at hand, and fetches nothing. Whoever uses this alone keeps the keys fresh by
    /// [`RemoteKeys::maintain`], which also fetches them when a token names a key that they do not have.
    ///
    /// # Errors
    ///
    /// [`Error::KeysUnavailable`] if there are none; otherwise [`Error::Token`].
    pub fn verify_now<T: DeserializeOwned>(&self, token: &str) -> Result<Verified<T>, Error> {
        self.verify_now_by(|rules| rules.verify(token))
    }

    /// Like [`verify_now`](Self::verify_now), by a function of the caller's: see [`verify_by`](Self::verify_by).
    ///
    /// # Errors
    ///
    /// Those of [`verify_now`](Self::verify_now).
    pub fn verify_now_by<V>(
        &self,
        verify: impl FnOnce(&KeyRules) -> Result<V, jose_jwt::Error>,
    ) -> Result<V, Error> {
        self.keys.check_usable()?;
        verify(&self.rules).map_err(|error| {
            if names_another_key(&error) {
                self.keys.want();
            }
            error.into()
        })
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &RemoteKeys<F> {
        &self.keys
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &KeyRules {
        &self.rules
    }
}

impl<F: ?Sized> Clone for RemoteVerifier<F> {
    fn clone(&self) -> Self {
        Self { keys: self.keys.clone(), rules: Arc::clone(&self.rules) }
    }
}

impl<F: ?Sized> fmt::Debug for RemoteVerifier<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteVerifier")
            .field("keys", &self.keys)
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// Verifiers of several issuers side by side, one of which the token's `iss` chooses. The list is fixed: what the token says
/// decides nothing else, and its verifier requires that `iss` again.
#[derive(Debug)]
pub struct Issuers<F: ?Sized>(Vec<(String, RemoteVerifier<F>)>);

impl<F: ?Sized> Issuers<F> {
    /// Takes the issuers, each as `iss` of its tokens names it, with their verifiers.
    ///
    /// # Errors
    ///
    /// [`Error::IssuerRepeated`] if one is named twice.
    pub fn new<S: Into<String>>(
        list: impl IntoIterator<Item = (S, RemoteVerifier<F>)>,
    ) -> Result<Self, Error> {
        let mut own: Vec<(String, RemoteVerifier<F>)> = Vec::new();
        for (issuer, verifier) in list {
            let issuer = issuer.into();
            if own.iter().any(|(other, _)| *other == issuer) {
                return Err(Error::IssuerRepeated { issuer });
            }
            own.push((issuer, verifier));
        }
        Ok(Self(own))
    }

    /// The verifier that the token's unverified `iss` chooses.
    ///
    /// # Errors
    ///
    /// [`Error::IssuerUnknown`], or [`Error::Token`] if the text is no JWT.
    pub fn choose(&self, token: &str) -> Result<&RemoteVerifier<F>, Error> {
        #[derive(Deserialize)]
        struct Named {
            iss: Option<String>,
        }
        let named: Named = dangerous_decode(token)?.claims()?;
        let mut verifiers = self.0.iter().filter(|(issuer, _)| Some(issuer) == named.iss.as_ref());
        verifiers.next().map(|(_, verifier)| verifier).ok_or(Error::IssuerUnknown)
    }
}

impl<F: Fetch + ?Sized> Issuers<F> {
    /// Verifies with the keys and rules of the issuer that the token names.
    ///
    /// # Errors
    ///
    /// Those of [`choose`](Self::choose) and [`RemoteVerifier::verify`].
    pub async fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<Verified<T>, Error> {
        self.choose(token)?.verify(token).await
    }
}
