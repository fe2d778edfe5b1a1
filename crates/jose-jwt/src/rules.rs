//! What a verifier requires of the claims.

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use jose_b64::base64url;
use jose_b64::json::Str;
use jose_jwk::{PublicJwk, Thumbprint};
use jose_jws::JoseHeader;

use crate::audience::Audience;
use crate::error::{ClaimName, Error, Reason};
use crate::numeric_date::NumericDate;
use crate::registered::Registered;

/// The leeway that needs no `dangerous_` call.
pub(crate) const MAX_LEEWAY: Duration = Duration::from_secs(5 * 60);

/// The maximum length of a token, in bytes, unless configured otherwise.
pub(crate) const MAX_LEN: usize = 256 * 1024;

/// Which names are accepted.
#[derive(Clone)]
pub(crate) enum Accept {
    /// The check is waived.
    Any,
    /// One of these; if there is none, no JWT is accepted.
    OneOf(Audience),
    /// What the caller's function accepts.
    By(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

impl Accept {
    pub(crate) fn accepts(&self, name: Str<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(names) => names.iter().any(|own| name == own),
            Self::By(predicate) => predicate(&name.to_cow()),
        }
    }

    /// The claim has none of the names.
    fn mismatch(&self, claim: &'static str) -> Error {
        let expected = match self {
            Self::OneOf(names) => Some(format!("{names:?}")),
            _ => None,
        };
        Error::Claim { claim: claim.into(), reason: Reason::Mismatch, expected }
    }
}

impl fmt::Debug for Accept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::OneOf(names) => names.fmt(f),
            Self::By(_) => f.write_str("by a function"),
        }
    }
}

/// What one JWT in particular must contain, besides the rules of the verifier.
#[derive(Clone, Copy, Default)]
pub(crate) struct Expected<'e> {
    pub(crate) subject: Option<&'e str>,
    pub(crate) id: Option<&'e str>,
    pub(crate) nonces: Option<&'e [&'e str]>,
    pub(crate) nonce: Option<&'e str>,
    pub(crate) challenge: Option<&'e str>,
    pub(crate) state: Option<&'e str>,
    pub(crate) access_token: Option<&'e str>,
    pub(crate) code: Option<&'e str>,
    pub(crate) bound_to: Option<&'e Thumbprint>,
}

/// The bounds of time that a profile sets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bounds {
    pub(crate) max_age: Option<Duration>,
    pub(crate) max_lifetime: Option<Duration>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) issuers: Accept,
    /// The trust domain that `sub` must be of, if it is a SPIFFE ID.
    pub(crate) trust_domain: Option<String>,
    pub(crate) audiences: Accept,
    /// Audiences beside those, which an ID Token may have.
    pub(crate) trusted: Option<Audience>,
    /// Claims that are strings and must be these.
    pub(crate) texts: Vec<(&'static str, String)>,
    pub(crate) typ: Option<String>,
    pub(crate) required: Vec<ClaimName>,
    pub(crate) expiry_required: bool,
    pub(crate) expiry_ignored: bool,
    pub(crate) not_before_ignored: bool,
    pub(crate) confirmation_ignored: bool,
    pub(crate) leeway: Duration,
    pub(crate) max_age: Option<Duration>,
    pub(crate) max_auth_age: Option<Duration>,
    pub(crate) max_lifetime: Option<Duration>,
    /// Those of the profile.
    pub(crate) bounds: Bounds,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            issuers: Accept::Any,
            trust_domain: None,
            audiences: Accept::Any,
            trusted: None,
            texts: Vec::new(),
            typ: None,
            required: Vec::new(),
            expiry_required: true,
            expiry_ignored: false,
            not_before_ignored: false,
            confirmation_ignored: false,
            leeway: Duration::ZERO,
            max_age: None,
            max_auth_age: None,
            max_lifetime: None,
            bounds: Bounds::default(),
        }
    }
}

impl Rules {
    /// The greatest age: the caller's, or else the profile's.
    fn max_age(&self) -> Option<Duration> {
        self.max_age.or(self.bounds.max_age)
    }

    /// A leeway of at most five minutes.
    pub(crate) fn check_leeway(leeway: Duration) -> Result<Duration, Error> {
        if leeway > MAX_LEEWAY { Err(Error::LeewayTooLong) } else { Ok(leeway) }
    }

    /// Checks claims that are authentic: signed, or encrypted with a shared key.
    pub(crate) fn check(
        &self,
        header: &JoseHeader<'_>,
        claims: &Registered<'_>,
        expected: &Expected<'_>,
        now: NumericDate,
    ) -> Result<(), Error> {
        if let Some(typ) = &self.typ {
            header.typ().ok_or(Error::Typ(Reason::Missing))?;
            if !header.is_typ(typ) {
                return Err(Error::Typ(Reason::Mismatch));
            }
        }
        self.check_times(claims, now)?;
        if !matches!(self.issuers, Accept::Any) {
            let issuer = claims.iss.ok_or_else(|| Error::claim("iss", Reason::Missing))?;
            if !self.issuers.accepts(issuer) {
                return Err(self.issuers.mismatch("iss"));
            }
        }
        if !matches!(self.audiences, Accept::Any) {
            let own = claims.aud.ok_or_else(|| Error::claim("aud", Reason::Missing))?;
            if !own.iter().any(|own| self.audiences.accepts(own)) {
                return Err(self.audiences.mismatch("aud"));
            }
        }
        let once = [
            ("sub", expected.subject),
            ("jti", expected.id),
            ("nonce", expected.nonce),
            ("challenge", expected.challenge),
        ];
        let once = once.into_iter().filter_map(|(name, value)| Some((name, value?)));
        for (name, expected) in once.chain(self.texts.iter().map(|(name, value)| (*name, value.as_str()))) {
            check_text(claims, name, &[expected])?;
        }
        if let Some(nonces) = expected.nonces {
            check_text(claims, "nonce", nonces)?;
        }
        for name in &self.required {
            if claims.object.get(name).is_none() {
                return Err(Error::claim(name.clone(), Reason::Missing));
            }
        }
        self.check_confirmation(claims, expected.bound_to)
    }

    /// Only the holder of a key may use a token with `cnf` (RFC 7800).
    fn check_confirmation(&self, claims: &Registered<'_>, key: Option<&Thumbprint>) -> Result<(), Error> {
        let confirmation = claims.cnf;
        let Some(key) = key else {
            return match confirmation {
                Some(_) if !self.confirmation_ignored => Err(Error::Claim {
                    claim: "cnf".into(),
                    reason: Reason::Prohibited,
                    expected: Some("a proof of possession (`Verification::bound_to`)".into()),
                }),
                _ => Ok(()),
            };
        };
        let confirmation = confirmation.ok_or_else(|| Error::claim("cnf", Reason::Missing))?;
        let invalid = || Error::claim("cnf", Reason::Invalid);
        let confirmation = confirmation.as_object().ok_or_else(invalid)?;
        let (jkt, jwk) = (confirmation.get("jkt"), confirmation.get("jwk"));
        if jkt.is_none() && jwk.is_none() {
            return Err(invalid());
        }
        if let Some(jkt) = jkt
            && jkt.as_str().ok_or_else(invalid)? != base64url::encode_to_string(key.as_bytes())
        {
            return Err(Error::claim("cnf", Reason::Mismatch));
        }
        if let Some(jwk) = jwk {
            let jwk = PublicJwk::from_object(jwk.as_object().ok_or_else(invalid)?);
            let own = jwk.and_then(|jwk| jwk.as_jwk().thumbprint(key.hash()));
            if own.map_err(|_| invalid())? != *key {
                return Err(Error::claim("cnf", Reason::Mismatch));
            }
        }
        Ok(())
    }

    /// The time from which a JWT with these dates is refused for its age, or `None` if it never is.
    pub(crate) fn refused_from(
        &self,
        exp: Option<NumericDate>,
        iat: Option<NumericDate>,
    ) -> Option<NumericDate> {
        // A JWT of exactly the maximum age is still accepted: it is refused from the next moment on.
        const MOMENT: Duration = Duration::from_nanos(1);
        let expires = exp.filter(|_| !self.expiry_ignored);
        let too_old =
            self.max_age().zip(iat).map(|(age, iat)| iat.saturating_add(age).saturating_add(MOMENT));
        let first = match (expires, too_old) {
            (Some(expires), Some(too_old)) => expires.min(too_old),
            (expires, too_old) => expires.or(too_old)?,
        };
        Some(first.saturating_add(self.leeway))
    }

    fn check_times(&self, claims: &Registered<'_>, now: NumericDate) -> Result<(), Error> {
        match claims.exp {
            _ if self.expiry_ignored => {}
            // A date that cannot be moved by the leeway is at the end of time.
            Some(at) if at.checked_add(self.leeway).is_some_and(|end| now >= end) => {
                return Err(Error::Expired { at });
            }
            None if self.expiry_required && self.bounds.max_age.is_none() => {
                return Err(Error::claim("exp", Reason::Missing));
            }
            _ => {}
        }
        let latest = now.saturating_add(self.leeway);
        if !self.not_before_ignored
            && let Some(at) = claims.nbf.filter(|at| latest < *at)
        {
            return Err(Error::NotYetValid { at });
        }
        if let Some(max) = self.max_lifetime {
            let exp = claims.exp.ok_or_else(|| Error::claim("exp", Reason::Missing))?;
            let last = claims.iat.unwrap_or(now).saturating_add(max).saturating_add(self.leeway);
            if exp > last {
                return Err(Error::claim("exp", Reason::Mismatch));
            }
        }
        if let Some(max) = self.bounds.max_lifetime {
            let exp = claims.exp.ok_or_else(|| Error::claim("exp", Reason::Missing))?;
            if exp > now.saturating_add(max).saturating_add(self.leeway) {
                let expected = Some(format!("at most {} seconds from now", max.as_secs()));
                return Err(Error::Claim { claim: "exp".into(), reason: Reason::Mismatch, expected });
            }
        }
        let auth_time = || match claims.object.get("auth_time") {
            None => Ok(None),
            Some(value) => value
                .as_number()
                .and_then(NumericDate::parse)
                .map(Some)
                .ok_or_else(|| Error::claim("auth_time", Reason::Invalid)),
        };
        self.check_age("iat", self.max_age(), || Ok(claims.iat), now)?;
        self.check_age("auth_time", self.max_auth_age, auth_time, now)
    }

    /// Checks a date that may be this far in the past and not in the future, with the leeway on both sides.
    fn check_age(
        &self,
        name: &'static str,
        max_age: Option<Duration>,
        date: impl FnOnce() -> Result<Option<NumericDate>, Error>,
        now: NumericDate,
    ) -> Result<(), Error> {
        let Some(max_age) = max_age else { return Ok(()) };
        let date = date()?.ok_or_else(|| Error::claim(name, Reason::Missing))?;
        if now.saturating_add(self.leeway) < date {
            return Err(Error::claim(name, Reason::Invalid));
        }
        if now > date.saturating_add(max_age).saturating_add(self.leeway) {
            return Err(Error::claim(name, Reason::Mismatch));
        }
        Ok(())
    }
}

/// Checks a claim that must be one of these strings.
pub(crate) fn check_text(
    claims: &Registered<'_>,
    name: &'static str,
    expected: &[&str],
) -> Result<(), Error> {
    let value = claims.object.get(name).ok_or_else(|| Error::claim(name, Reason::Missing))?;
    let value = value.as_str().ok_or_else(|| Error::claim(name, Reason::Invalid))?;
    if expected.iter().any(|expected| value == *expected) {
        Ok(())
    } else {
        Err(Error::claim(name, Reason::Mismatch))
    }
}
