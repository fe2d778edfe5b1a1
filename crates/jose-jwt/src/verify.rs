use alloc::string::String;
use core::fmt;
use core::marker::PhantomData;

use jose_b64::json;

pub use keys::TokenKeys;
#[cfg(feature = "jwe")]
pub use keys::{EncryptedClaims, EncryptedOnly, Nested};
pub use verification::Verification;
pub use verified::Verified;

use crate::claims::Claims;
use crate::error::{Error, Reason};
use crate::numeric_date::NumericDate;
use crate::profile::Profile;
use crate::replay::TokenId;
use crate::rules::{Accept, MAX_LEN, Rules};

/// The issuer, or the audience, of a [`JwtVerifier`] was set or waived.
#[derive(Clone, Copy, Debug)]
pub enum Given {}

/// None of [`JwtVerifier::issuer`], [`JwtVerifier::issuer_by`] and [`JwtVerifier::any_issuer`] was called yet.
#[derive(Clone, Copy, Debug)]
pub enum IssuerUnset {}

/// None of [`JwtVerifier::audience`], [`JwtVerifier::audience_by`] and [`JwtVerifier::any_audience`] was called yet.
#[derive(Clone, Copy, Debug)]
pub enum AudienceUnset {}

/// Verifies JWTs: created once, from keys and rules, then shared.
///
/// `exp` is required and the leeway is 0 unless configured otherwise. The expected issuer and audience must each be set or
/// explicitly waived; the `verify` methods are not available before that.
///
/// ```
/// use jose_jwt::{
///     Claims, Curve, Jwk, JwsAlg, JwtVerifier, NoClaims, SigningKey, SysRng, VerifyingKey,
/// };
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let jwk = Jwk::generate(Curve::P256, &mut SysRng)?;
///     let claims = Claims::new()
///         .issuer("https://issuer.example")
///         .audience("api")
///         .expires_in(Duration::from_secs(600));
///     let token = jose_jwt::sign(&SigningKey::try_from(&jwk)?, &claims)?;
///
///     let key = VerifyingKey::from_jwk(&jwk, JwsAlg::Es256)?;
///     let verifier = JwtVerifier::new(key).issuer("https://issuer.example").audience("api");
///     let verified = verifier.verify::<NoClaims>(&token)?;
///     assert_eq!(verified.claims().iss(), Some("https://issuer.example"));
///     Ok(())
/// }
/// ```
///
/// Without an audience it does not compile:
///
/// ```compile_fail
/// use jose_jwt::{JwtVerifier, NoClaims, NumericDate, VerifyingKey};
///
/// fn verify(key: VerifyingKey, token: &str) -> bool {
///     let verifier = JwtVerifier::new(key).issuer("https://issuer.example");
///     verifier.at(NumericDate::from_seconds(0)).verify::<NoClaims>(token).is_ok()
/// }
/// ```
#[derive(Clone)]
pub struct JwtVerifier<K, I = Given, A = Given> {
    keys: K,
    common: Common,
    given: PhantomData<(I, A)>,
}

/// Everything but the keys.
#[derive(Clone, Debug)]
#[expect(unreachable_pub, reason = "a detail of a sealed trait")]
pub struct Common {
    rules: Rules,
    profile: Option<Profile>,
    /// The extensions of the header that the caller understands.
    understood: &'static [&'static str],
    max_len: usize,
    max_depth: usize,
    padding: bool,
}

impl Common {
    fn check_len(&self, len: usize) -> Result<(), Error> {
        if len <= self.max_len { Ok(()) } else { Err(Error::TooLong { max: self.max_len }) }
    }

    /// What identifies a JWT that is accepted once.
    fn token_id<'c, T>(&self, claims: &'c Claims<T>, now: NumericDate) -> Result<TokenId<'c>, Error> {
        let id = claims.jti().ok_or_else(|| Error::claim("jti", Reason::Missing))?;
        let until = self.rules.refused_from(claims.exp(), claims.iat());
        let until = until.ok_or_else(|| Error::claim("exp", Reason::Missing))?;
        Ok(TokenId { issuer: claims.iss(), id, target: None, until, now })
    }

    /// No option is set that the profile leaves without effect.
    fn check_options(&self) -> Result<(), Error> {
        let profile = self.profile.as_ref();
        let without_effect = |option| Err(Error::OptionWithoutEffect { option });
        if !self.rules.expiry_required && profile.is_some_and(|profile| profile.requires("exp")) {
            return without_effect("expiry_optional");
        }
        let lifetime = self.rules.max_lifetime.or(self.rules.bounds.max_lifetime);
        if !self.rules.expiry_required && lifetime.is_some() {
            return without_effect("expiry_optional");
        }
        let any = matches!(self.rules.audiences, Accept::Any);
        if self.rules.trusted.is_some() && (any || !profile.is_some_and(Profile::limits_audiences)) {
            return without_effect("trusted_audiences");
        }
        if any && profile.is_some_and(Profile::needs_audience) {
            return without_effect("any_audience");
        }
        Ok(())
    }
}

impl<K> JwtVerifier<K, IssuerUnset, AudienceUnset> {
    pub(crate) fn of(keys: K) -> Self {
        let common = Common {
            rules: Rules::default(),
            profile: None,
            understood: &[],
            max_len: MAX_LEN,
            max_depth: json::DEPTH,
            padding: false,
        };
        Self { keys, common, given: PhantomData }
    }
}

impl<K> JwtVerifier<K> {
    /// What identifies a JWT that this verifier accepts once.
    pub(crate) fn token_id<'c, T>(
        &self,
        claims: &'c Claims<T>,
        now: NumericDate,
    ) -> Result<TokenId<'c>, Error> {
        self.common.token_id(claims, now)
    }

    /// Accepts only SPIFFE IDs of this trust domain as `sub`.
    pub(crate) fn trust_domain(mut self, name: String) -> Self {
        self.common.rules.trust_domain = Some(name);
        self
    }
}

/// Shows the rules, and no key.
impl<K, I, A> fmt::Debug for JwtVerifier<K, I, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtVerifier").field("rules", &self.common).finish_non_exhaustive()
    }
}

// In the order in which documentation shows the methods: `new` first.
mod builder;
mod checks;
mod keys;
mod verification;
mod verified;
