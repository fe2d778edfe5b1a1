mod once;
mod verified;

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use jose_jws::{Verify, compact};
use serde::de::DeserializeOwned;

pub use verified::Verified;

use crate::profile::Profile;
use crate::registered::Registered;
use crate::rules::{Accept, Rules};
use crate::{ClaimName, Claims, Error, Expected, Names, NumericDate};

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
    pub(crate) keys: K,
    pub(crate) rules: Rules,
    pub(crate) max_len: usize,
    given: PhantomData<(I, A)>,
}

impl<K: Verify> JwtVerifier<K, Unset, Unset> {
    /// Starts with the keys: one, a set, or what else verifies. They hold the allowed algorithms.
    pub fn new(keys: K) -> Self {
        Self::of(keys)
    }
}

impl<K> JwtVerifier<K, Unset, Unset> {
    pub(crate) fn of(keys: K) -> Self {
        Self { keys, rules: Rules::default(), max_len: MAX_LEN, given: PhantomData }
    }
}

impl<K, I, A> JwtVerifier<K, I, A> {
    /// The same verifier, once more is known of it.
    fn with<J, B>(self, change: impl FnOnce(&mut Rules)) -> JwtVerifier<K, J, B> {
        let Self { keys, mut rules, max_len, given: _ } = self;
        change(&mut rules);
        JwtVerifier { keys, rules, max_len, given: PhantomData }
    }
}

impl<K, A> JwtVerifier<K, Unset, A> {
    /// Requires `iss`, and that it is this one, or one of these.
    #[must_use]
    pub fn issuer(self, issuers: impl Into<Names>) -> JwtVerifier<K, Given, A> {
        self.with(|rules| rules.issuers = Accept::OneOf(issuers.into()))
    }

    /// Requires `iss`, and that the function accepts it.
    #[must_use]
    pub fn issuer_by(
        self,
        accepts: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> JwtVerifier<K, Given, A> {
        self.with(|rules| rules.issuers = Accept::By(Box::new(accepts)))
    }

    /// Takes any issuer, or none: the keys alone say whom to trust.
    #[must_use]
    pub fn any_issuer(self) -> JwtVerifier<K, Given, A> {
        self.with(|_| {})
    }
}

impl<K, I> JwtVerifier<K, I, Unset> {
    /// Requires `aud`, and that this one, or one of these, is in it.
    #[must_use]
    pub fn audience(self, audiences: impl Into<Names>) -> JwtVerifier<K, I, Given> {
        self.with(|rules| rules.audiences = Accept::OneOf(audiences.into()))
    }

    /// Requires `aud`, and that the function accepts one of it.
    #[must_use]
    pub fn audience_by(
        self,
        accepts: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> JwtVerifier<K, I, Given> {
        self.with(|rules| rules.audiences = Accept::By(Box::new(accepts)))
    }

    /// Takes a JWT for any audience, or for none in particular.
    #[must_use]
    pub fn any_audience(self) -> JwtVerifier<K, I, Given> {
        self.with(|_| {})
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

    /// Names the extensions of the header that the caller understands and acts upon, up to eight, so that `crit` may name
    /// them (RFC 7515 section 4.1.11). With more, no `crit` is understood. What they say is in [`Verified::header`].
    ///
    /// ```
    /// # #[cfg(feature = "hmac")] {
    /// use jose_jws::{Header, Key, alg::{HmacKey, Hs256}};
    /// use jose_jwt::{Claims, JwtVerifier, NoClaims, NumericDate};
    /// let key = || HmacKey::new(b"a secret of at least 32 octets...").map(Key::<Hs256, _>::new);
    /// let now = NumericDate::from_seconds(0);
    /// let header = Header { members: Some(r#"{"crit":["tenant"],"tenant":"blue"}"#), ..Header::default() };
    /// let token = jose_jwt::sign_at(&key()?, &header, &Claims::new(), now)?;
    ///
    /// let verifier = JwtVerifier::new(key()?).any_issuer().any_audience().expiry_optional();
    /// assert!(verifier.verify_at::<NoClaims>(&token, now).is_err());
    /// let verified = verifier.understanding(&["tenant"]).verify_at::<NoClaims>(&token, now)?;
    /// let tenant = verified.header().get("tenant").and_then(|tenant| tenant.as_str());
    /// assert!(tenant.is_some_and(|tenant| tenant == *"blue"));
    /// # }
    /// # Ok::<(), jose_jwt::Error>(())
    /// ```
    #[must_use]
    pub fn understanding(mut self, names: &'static [&'static str]) -> Self {
        self.rules.understood = names;
        self
    }

    /// Requires what the profile says, `typ` among it: see [`profile`](crate::profile).
    ///
    /// Where the profile has no `exp`, as Security Event Tokens have none, [`JwtVerifier::expiry_optional`] goes with it.
    #[must_use]
    pub fn profile(mut self, profile: &'static Profile) -> Self {
        self.rules.profile = Some(profile);
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

    /// Takes a JWT that has expired, as if `exp` were not there.
    #[must_use]
    pub fn dangerous_ignore_expiry(mut self) -> Self {
        self.rules.expiry_ignored = true;
        self
    }

    /// Takes a JWT that is not valid yet, as if `nbf` were not there.
    #[must_use]
    pub fn dangerous_ignore_not_before(mut self) -> Self {
        self.rules.not_before_ignored = true;
        self
    }

    /// Requires `auth_time`, when the end user was authenticated, at most this long ago and not in the future (OpenID
    /// Connect Core 1.0 section 2).
    #[must_use]
    pub fn max_auth_age(mut self, age: Duration) -> Self {
        self.rules.max_auth_age = Some(age);
        self
    }

    /// Requires `iat`, at most this long ago and not in the future. Without it, `iat` is not compared with the time.
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
        self.verify_expecting(token, &Expected::new(), now)
    }

    /// The same for a JWT of which more is known: the nonce of a login, for instance.
    ///
    /// # Errors
    ///
    /// As [`JwtVerifier::verify_at`].
    pub fn verify_expecting<T: DeserializeOwned>(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now: NumericDate,
    ) -> Result<Verified<T>, Error> {
        self.verify_signed(&self.keys, token, expected, now, |_| Ok(()))
    }
}

impl<K, I, A> JwtVerifier<K, I, A> {
    /// The signature first, the claims after.
    pub(crate) fn verify_signed<V: Verify + ?Sized, T: DeserializeOwned>(
        &self,
        keys: &V,
        token: &str,
        expected: &Expected<'_>,
        now: NumericDate,
        check: impl FnOnce(&Registered<'_>) -> Result<(), Error>,
    ) -> Result<Verified<T>, Error> {
        if token.len() > self.max_len {
            return Err(Error::TooLong);
        }
        let jws = compact::Unverified::parse(token)?.understanding(self.rules.understood).verify(keys)?;
        let registered = Registered::read(jws.payload())?;
        check(&registered)?;
        self.rules.check(&jws.header(), &registered, Some(jws.alg()), expected, now)?;
        let claims = Claims::read(&registered)?;
        Ok(Verified::new(jws, claims))
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
