//! Key Binding JWTs (RFC 9901 section 4.3).

use alloc::string::String;
use core::time::Duration;

use jose_b64::json::Object;
use jose_jwt::Hash;
use jose_jwt::jws::AsyncKey;
use jose_jwt::jws::alg::Algorithm;
use jose_jwt::signature::AsyncSigner;
use jose_jwt::{
    Allowed, Audience, Claims, JwsAlg, JwtVerifier, NoClaims, NumericDate, PublicJwk, Reason, Sign, Token,
    VerifyingKey,
};
use serde::{Deserialize, Serialize};

use crate::disclosure::digest;
use crate::error::Error;
use crate::receive::Received;

const TYP: &str = "kb+jwt";

/// What a holder signs to show that a presentation is his own and made for one verifier: the audience, the nonce, the time, and
/// claims of another specification.
#[derive(Clone, Debug)]
pub struct KeyBinding<C = NoClaims> {
    audience: String,
    nonce: String,
    /// `None` for the system's time.
    now: Option<NumericDate>,
    custom: C,
}

impl KeyBinding {
    /// For this verifier, with the nonce that it chose.
    pub fn new(audience: impl Into<String>, nonce: impl Into<String>) -> Self {
        Self { audience: audience.into(), nonce: nonce.into(), now: None, custom: NoClaims {} }
    }
}

impl<C> KeyBinding<C> {
    /// Sets the time of the signature. Without it, it is the system's (feature `std`).
    #[must_use]
    pub fn at(self, now: NumericDate) -> Self {
        Self { now: Some(now), ..self }
    }

    /// Adds claims, such as `transaction_data_hashes` (OpenID for Verifiable Presentations 1.0 section B.3.3).
    pub fn with<D>(self, custom: D) -> KeyBinding<D> {
        let Self { audience, nonce, now, custom: _ } = self;
        KeyBinding { audience, nonce, now, custom }
    }
}

/// The claims of a Key Binding JWT that are not those of every JWT.
#[derive(Debug, Serialize, Deserialize)]
struct Bound<C> {
    nonce: String,
    sd_hash: String,
    #[serde(flatten)]
    custom: C,
}

impl<C: Serialize> KeyBinding<C> {
    fn claims(&self, presented: &str, hash: Hash) -> Result<Claims<Bound<&C>>, Error> {
        let bound = Bound {
            nonce: self.nonce.clone(),
            sd_hash: digest(hash, presented.as_bytes())?,
            custom: &self.custom,
        };
        Ok(Claims::new().audience(self.audience.as_str()).with(bound))
    }

    pub(crate) fn sign<K: Sign + ?Sized>(
        &self,
        key: &K,
        presented: &str,
        hash: Hash,
    ) -> Result<String, Error> {
        let claims = self.claims(presented, hash)?;
        Ok(token(&claims, self.now)?.typ(TYP).sign(key)?)
    }

    pub(crate) async fn sign_async<A, K>(
        &self,
        key: &AsyncKey<'_, A, K>,
        presented: &str,
        hash: Hash,
    ) -> Result<String, Error>
    where
        A: Algorithm,
        K: AsyncSigner<A::Signature>,
    {
        let claims = self.claims(presented, hash)?;
        Ok(token(&claims, self.now)?.typ(TYP).sign_async(key).await?)
    }
}

/// A JWT at this time, or at the system's.
pub(crate) fn token<T: Serialize>(
    claims: &Claims<T>,
    now: Option<NumericDate>,
) -> Result<Token<'_, T>, Error> {
    match now {
        Some(now) => Ok(Token::at(claims, now)),
        #[cfg(feature = "std")]
        None => Ok(Token::new(claims)),
        #[cfg(not(feature = "std"))]
        None => Err(Error::Jwt(jose_jwt::Error::Clock)),
    }
}

/// The key binding that a verifier requires: for which audience, with which algorithms, and how old it may be.
#[derive(Clone, Debug)]
pub struct RequireKeyBinding {
    audience: Audience,
    allowed: Allowed<JwsAlg>,
    max_age: Duration,
    leeway: Duration,
}

impl RequireKeyBinding {
    /// Requires a Key Binding JWT with this `aud` or one of these, signed by the key in `cnf` with one of the algorithms, and
    /// made at most this long ago.
    #[must_use]
    pub fn new(
        audience: impl Into<Audience>,
        allowed: impl Into<Allowed<JwsAlg>>,
        max_age: Duration,
    ) -> Self {
        Self { audience: audience.into(), allowed: allowed.into(), max_age, leeway: Duration::ZERO }
    }

    /// Widens the check of its time by this span, for clocks that differ. A verifier whose leeway is over five minutes
    /// refuses everything with [`jose_jwt::Error::LeewayTooLong`].
    #[must_use]
    pub fn leeway(self, leeway: Duration) -> Self {
        Self { leeway, ..self }
    }

    /// Checks the Key Binding JWT (RFC 9901 section 7.3 step 5), and returns its claims as JSON text.
    pub(crate) fn check(
        &self,
        received: &Received,
        hash: Hash,
        holder: Option<&PublicJwk>,
        nonce: &str,
        now: NumericDate,
    ) -> Result<String, Error> {
        let text = received.key_binding.as_deref().ok_or(Error::KeyBindingMissing)?;
        let key = VerifyingKey::from_jwk(holder.ok_or(Error::HolderKey)?, self.allowed);
        let key = key.map_err(|_| Error::HolderKey)?;
        let verifier = JwtVerifier::new(key)
            .any_issuer()
            .audience(self.audience.clone())
            .typ(TYP)
            .expiry_optional()
            .max_age(self.max_age)
            .leeway(self.leeway)
            .map_err(Error::KeyBinding)?;
        let verified = verifier.at(now).nonce(nonce).verify::<Bound<NoClaims>>(text);
        let verified = verified.map_err(Error::KeyBinding)?;
        // One that is for several verifiers could be sent on by one of them to another.
        if verified.claims().aud().is_some_and(|audience| audience.iter().nth(1).is_some()) {
            let (claim, expected) = ("aud".into(), Some("one audience alone".into()));
            let error = jose_jwt::Error::Claim { claim, reason: Reason::Prohibited, expected };
            return Err(Error::KeyBinding(error));
        }
        if verified.claims().custom().sd_hash != digest(hash, received.presented().as_bytes())? {
            return Err(Error::SdHash);
        }
        Ok(verified.payload_text().into())
    }
}

/// The holder's public key: `jwk` of `cnf` (RFC 7800 section 3.2).
pub(crate) fn holder_key(processed: Object<'_>) -> Option<PublicJwk> {
    let jwk = processed.get("cnf")?.as_object()?.get("jwk")?;
    PublicJwk::from_object(jwk.as_object()?).ok()
}
