use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use jose_jws::{JoseHeader, JwsAlg, Verify, compact};
use serde::de::DeserializeOwned;

use crate::registered::Registered;
use crate::rules::Rules;
use crate::{ClaimName, Claims, Error, Names, NumericDate};

/// The most octets that a JWT may have, unless said otherwise.
const MAX_LEN: usize = 256 * 1024;

/// The most leeway that [`JwtVerifier::leeway`] takes.
const MAX_LEEWAY: Duration = Duration::from_secs(5 * 60);

/// Of [`JwtVerifier`]: the issuer, or the audience, was given or waived.
#[derive(Clone, Copy, Debug)]
pub enum Given {}

/// Of [`JwtVerifier`]: the issuer, or the audience, was neither given nor waived yet.
#[derive(Clone, Copy, Debug)]
pub enum Unset {}

/// Verifies JWTs: made once, of keys and rules, then shared.
///
/// `exp` is required and the leeway is 0 unless said otherwise. Whether an issuer and an audience are expected is said
/// in any case: there is nothing to verify with before it is.
///
/// ```
/// # #[cfg(all(feature = "std", feature = "p256"))] {
/// use core::time::Duration;
/// use jose_jwk::{Curve, Jwk, SysRng};
/// use jose_jws::{AlgSet, JwsAlg, SigningKey, VerifyingKey};
/// use jose_jwt::{Claims, JwtVerifier, NoClaims, NumericDate};
/// let jwk = Jwk::generate(Curve::P256, &mut SysRng)?;
/// let claims = Claims::new()
///     .issuer("https://issuer.example")
///     .audience("api")
///     .expires_in(NumericDate::now()?, Duration::from_secs(600));
/// let token = jose_jwt::sign(&SigningKey::try_from(&jwk)?, &claims)?;
///
/// let key = VerifyingKey::from_jwk(&jwk, AlgSet::of(&[JwsAlg::Es256]))?;
/// let verifier = JwtVerifier::new(key).issuer("https://issuer.example").audience("api");
/// let verified = verifier.verify::<NoClaims>(&token)?;
/// assert_eq!(verified.claims().iss(), Some("https://issuer.example"));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Without an audience it does not compile:
///
/// ```compile_fail
/// # use jose_jwt::{JwtVerifier, NoClaims, NumericDate};
/// # fn f(key: jose_jws::VerifyingKey) {
/// let verifier = JwtVerifier::new(key).issuer("https://issuer.example");
/// let _ = verifier.verify_at::<NoClaims>("", NumericDate::from_seconds(0));
/// # }
/// ```
pub struct JwtVerifier<K, I = Given, A = Given> {
    keys: K,
    rules: Rules,
    max_len: usize,
    given: PhantomData<(I, A)>,
}

impl<K: Verify> JwtVerifier<K, Unset, Unset> {
    /// Starts with the keys: one, a set, or what else verifies. They hold the allowed algorithms.
    pub fn new(keys: K) -> Self {
        Self { keys, rules: Rules::default(), max_len: MAX_LEN, given: PhantomData }
    }
}

impl<K, A> JwtVerifier<K, Unset, A> {
    /// Requires `iss`, and that it is this one, or one of these.
    #[must_use]
    pub fn issuer(self, issuers: impl Into<Names>) -> JwtVerifier<K, Given, A> {
        let rules = Rules { issuers: Some(issuers.into()), ..self.rules };
        JwtVerifier { keys: self.keys, rules, max_len: self.max_len, given: PhantomData }
    }

    /// Takes any issuer, or none: the keys alone say whom to trust.
    #[must_use]
    pub fn any_issuer(self) -> JwtVerifier<K, Given, A> {
        JwtVerifier { keys: self.keys, rules: self.rules, max_len: self.max_len, given: PhantomData }
    }
}

impl<K, I> JwtVerifier<K, I, Unset> {
    /// Requires `aud`, and that this one, or one of these, is in it.
    #[must_use]
    pub fn audience(self, audiences: impl Into<Names>) -> JwtVerifier<K, I, Given> {
        let rules = Rules { audiences: Some(audiences.into()), ..self.rules };
        JwtVerifier { keys: self.keys, rules, max_len: self.max_len, given: PhantomData }
    }

    /// Takes a JWT for any audience, or for none in particular.
    #[must_use]
    pub fn any_audience(self) -> JwtVerifier<K, I, Given> {
        JwtVerifier { keys: self.keys, rules: self.rules, max_len: self.max_len, given: PhantomData }
    }
}

/// Rules beside issuer and audience. What is expected is required.
impl<K, I, A> JwtVerifier<K, I, A> {
    /// Requires `sub` with this value.
    #[must_use]
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.text("sub", subject.into())
    }

    /// Requires `jti` with this value.
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        self.text("jti", id.into())
    }

    /// Requires `nonce` with this value (OpenID Connect Core 1.0 section 2).
    #[must_use]
    pub fn nonce(self, nonce: impl Into<String>) -> Self {
        self.text("nonce", nonce.into())
    }

    fn text(mut self, name: &'static str, value: String) -> Self {
        self.rules.texts.push((name, value));
        self
    }

    /// Requires `typ` of the header: as a media type, case aside and with or without `application/`.
    #[must_use]
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.rules.typ = Some(typ.into());
        self
    }

    /// Requires a claim to be there, whatever its value.
    #[must_use]
    pub fn require(mut self, claim: impl Into<ClaimName>) -> Self {
        self.rules.required.push(claim.into());
        self
    }

    /// Takes a JWT without `exp`. One that has it expires all the same.
    #[must_use]
    pub fn expiry_optional(mut self) -> Self {
        self.rules.expiry_required = false;
        self
    }

    /// Requires `iat`, at most this long ago and not in the future.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.rules.max_age = Some(age);
        self
    }

    /// Widens each of the time checks by this span, for clocks that differ.
    ///
    /// # Errors
    ///
    /// [`Error::LeewayTooLong`] over five minutes.
    pub fn leeway(self, leeway: Duration) -> Result<Self, Error> {
        if leeway > MAX_LEEWAY { Err(Error::LeewayTooLong) } else { Ok(self.dangerous_leeway(leeway)) }
    }

    /// The same without the limit of five minutes.
    #[must_use]
    pub fn dangerous_leeway(mut self, leeway: Duration) -> Self {
        self.rules.leeway = leeway;
        self
    }

    /// Takes a JWT of up to this many octets, in place of 256 KiB.
    #[must_use]
    pub fn max_len(mut self, octets: usize) -> Self {
        self.max_len = octets;
        self
    }
}

impl<K: Verify> JwtVerifier<K> {
    /// Verifies a JWT at the system's time.
    ///
    /// # Errors
    ///
    /// As [`JwtVerifier::verify_at`]; [`Error::Clock`] where the system's clock is not set.
    #[cfg(feature = "std")]
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<Verified<T>, Error> {
        self.verify_at(token, NumericDate::now()?)
    }

    /// Verifies a JWT at a given time: the signature first, the claims after.
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`] or [`Error::Jws`] where the signature does not verify or could not be looked at; then
    /// [`Error::NotClaims`], [`Error::Claim`], [`Error::Expired`], [`Error::NotYetValid`] or [`Error::Typ`];
    /// [`Error::ClaimsType`] where the claims are valid and not of the type `T`.
    pub fn verify_at<T: DeserializeOwned>(
        &self,
        token: &str,
        now: NumericDate,
    ) -> Result<Verified<T>, Error> {
        if token.len() > self.max_len {
            return Err(Error::TooLong);
        }
        let jws = compact::verify(&self.keys, token)?;
        let registered = Registered::read(jws.payload())?;
        self.rules.check(&jws.header(), &registered, now)?;
        let custom = serde_json::from_str(registered.object.raw()).map_err(|_| Error::ClaimsType)?;
        let claims = Claims::from_registered(&registered, custom);
        Ok(Verified { jws, claims })
    }
}

/// Shows the rules, and no key.
impl<K, I, A> fmt::Debug for JwtVerifier<K, I, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtVerifier")
            .field("rules", &self.rules)
            .field("max_len", &self.max_len)
            .finish_non_exhaustive()
    }
}

/// A JWT whose signature and claims were verified: only a verifier makes one.
#[derive(Clone, Debug)]
pub struct Verified<T> {
    jws: compact::Verified<Vec<u8>>,
    claims: Claims<T>,
}

impl<T> Verified<T> {
    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Claims<T> {
        &self.claims
    }

    /// The claims, by value.
    #[must_use]
    pub fn into_claims(self) -> Claims<T> {
        self.claims
    }

    /// The header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        self.jws.header()
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.jws.alg()
    }

    /// The place of the key that verified it among those that were given, 0 where there was one.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.jws.key_index()
    }
}
