//! What a verifier asks of the claims.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use jose_b64::json::Str;
use jose_jws::{JoseHeader, JwsAlg};

use crate::profile::{Checked, Profile};
use crate::registered::Registered;
use crate::{ClaimName, Error, Expected, Names, NumericDate, Reason};

/// Which names are accepted.
pub(crate) enum Accept {
    /// The check is waived.
    Any,
    /// One of these; where there is none, no JWT is accepted.
    OneOf(Names),
    /// What the caller's function says.
    By(Box<dyn Fn(&str) -> bool + Send + Sync>),
}

impl Accept {
    pub(crate) fn accepts(&self, name: Str<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::OneOf(names) => names.iter().any(|own| name == *own),
            Self::By(predicate) => predicate(&name.to_cow()),
        }
    }
}

impl fmt::Debug for Accept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::OneOf(names) => f.debug_list().entries(names.iter()).finish(),
            Self::By(_) => f.write_str("by a function"),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) issuers: Accept,
    pub(crate) audiences: Accept,
    pub(crate) profile: Option<&'static Profile>,
    /// Claims that are strings and must be these.
    pub(crate) texts: Vec<(&'static str, String)>,
    pub(crate) typ: Option<String>,
    /// The extensions of the header that the caller understands.
    pub(crate) understood: &'static [&'static str],
    pub(crate) required: Vec<ClaimName>,
    pub(crate) expiry_required: bool,
    pub(crate) expiry_ignored: bool,
    pub(crate) not_before_ignored: bool,
    pub(crate) leeway: Duration,
    pub(crate) max_age: Option<Duration>,
    pub(crate) max_auth_age: Option<Duration>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            issuers: Accept::Any,
            audiences: Accept::Any,
            profile: None,
            texts: Vec::new(),
            typ: None,
            understood: &[],
            required: Vec::new(),
            expiry_required: true,
            expiry_ignored: false,
            not_before_ignored: false,
            leeway: Duration::ZERO,
            max_age: None,
            max_auth_age: None,
        }
    }
}

pub(crate) fn failed(claim: impl Into<ClaimName>, reason: Reason) -> Error {
    Error::Claim { claim: claim.into(), reason }
}

impl Rules {
    /// Checks claims that are authentic: signed, or encrypted with a key that was agreed on.
    pub(crate) fn check(
        &self,
        header: &JoseHeader<'_>,
        claims: &Registered<'_>,
        alg: Option<JwsAlg>,
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
            let issuer = claims.iss.ok_or_else(|| failed("iss", Reason::Missing))?;
            if !self.issuers.accepts(issuer) {
                return Err(failed("iss", Reason::Mismatch));
            }
        }
        if !matches!(self.audiences, Accept::Any) {
            let own = claims.aud.ok_or_else(|| failed("aud", Reason::Missing))?;
            if !own.iter().any(|own| self.audiences.accepts(own)) {
                return Err(failed("aud", Reason::Mismatch));
            }
        }
        let once = [("sub", expected.subject), ("jti", expected.id), ("nonce", expected.nonce)];
        let once = once.into_iter().filter_map(|(name, value)| Some((name, value?)));
        for (name, expected) in once.chain(self.texts.iter().map(|(name, value)| (*name, value.as_str()))) {
            let value = claims.object.get(name).ok_or_else(|| failed(name, Reason::Missing))?;
            if value.as_str().ok_or_else(|| failed(name, Reason::Invalid))? != *expected {
                return Err(failed(name, Reason::Mismatch));
            }
        }
        for name in &self.required {
            if claims.object.get(name).is_none() {
                return Err(failed(name.clone(), Reason::Missing));
            }
        }
        match self.profile {
            Some(profile) => profile.check(&Checked { header, claims, rules: self, expected, alg }),
            None => Ok(()),
        }
    }

    /// From when on a JWT of these dates is refused for its age; `None` where it never is.
    pub(crate) fn refused_from(
        &self,
        exp: Option<NumericDate>,
        iat: Option<NumericDate>,
    ) -> Option<NumericDate> {
        // One that is as old as it may be is still taken: it is refused from the next moment on.
        const MOMENT: Duration = Duration::from_nanos(1);
        let expires = exp.filter(|_| !self.expiry_ignored);
        let too_old = self.max_age.zip(iat).map(|(age, iat)| iat.saturating_add(age).saturating_add(MOMENT));
        let first = match (expires, too_old) {
            (Some(expires), Some(too_old)) => expires.min(too_old),
            (expires, too_old) => expires.or(too_old)?,
        };
        Some(first.saturating_add(self.leeway))
    }

    fn check_times(&self, claims: &Registered<'_>, now: NumericDate) -> Result<(), Error> {
        match claims.exp {
            _ if self.expiry_ignored => {}
            // A date that cannot be moved by the leeway lies at the end of time.
            Some(at) if at.checked_add(self.leeway).is_some_and(|end| now >= end) => {
                return Err(Error::Expired { at });
            }
            None if self.expiry_required => return Err(failed("exp", Reason::Missing)),
            _ => {}
        }
        let latest = now.saturating_add(self.leeway);
        if !self.not_before_ignored
            && let Some(at) = claims.nbf.filter(|at| latest < *at)
        {
            return Err(Error::NotYetValid { at });
        }
        let auth_time = || match claims.object.get("auth_time") {
            None => Ok(None),
            Some(value) => value
                .as_number()
                .and_then(NumericDate::parse)
                .map(Some)
                .ok_or_else(|| failed("auth_time", Reason::Invalid)),
        };
        self.check_age("iat", self.max_age, || Ok(claims.iat), now)?;
        self.check_age("auth_time", self.max_auth_age, auth_time, now)
    }

    /// A date that may lie so far back and not in the future, both give or take the leeway.
    fn check_age(
        &self,
        name: &'static str,
        max_age: Option<Duration>,
        date: impl FnOnce() -> Result<Option<NumericDate>, Error>,
        now: NumericDate,
    ) -> Result<(), Error> {
        let Some(max_age) = max_age else { return Ok(()) };
        let date = date()?.ok_or_else(|| failed(name, Reason::Missing))?;
        if now.saturating_add(self.leeway) < date {
            return Err(failed(name, Reason::Invalid));
        }
        if now > date.saturating_add(max_age).saturating_add(self.leeway) {
            return Err(failed(name, Reason::Mismatch));
        }
        Ok(())
    }
}
