//! What a verifier asks of the claims.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use jose_jws::JoseHeader;

use crate::registered::Registered;
use crate::{ClaimName, Error, Names, NumericDate, Reason};

#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// `None` waives the check; no name at all is met by no JWT.
    pub(crate) issuers: Option<Names>,
    pub(crate) audiences: Option<Names>,
    /// Claims that are strings and must be these.
    pub(crate) texts: Vec<(&'static str, String)>,
    pub(crate) typ: Option<String>,
    pub(crate) required: Vec<ClaimName>,
    pub(crate) expiry_required: bool,
    pub(crate) leeway: Duration,
    pub(crate) max_age: Option<Duration>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            issuers: None,
            audiences: None,
            texts: Vec::new(),
            typ: None,
            required: Vec::new(),
            expiry_required: true,
            leeway: Duration::ZERO,
            max_age: None,
        }
    }
}

fn failed(claim: impl Into<ClaimName>, reason: Reason) -> Error {
    Error::Claim { claim: claim.into(), reason }
}

impl Rules {
    /// Checks claims whose signature was verified.
    pub(crate) fn check(
        &self,
        header: &JoseHeader<'_>,
        claims: &Registered<'_>,
        now: NumericDate,
    ) -> Result<(), Error> {
        if let Some(typ) = &self.typ {
            header.typ().ok_or(Error::Typ(Reason::Missing))?;
            if !header.is_typ(typ) {
                return Err(Error::Typ(Reason::Mismatch));
            }
        }
        self.check_times(claims, now)?;
        if let Some(issuers) = &self.issuers {
            let issuer = claims.iss.ok_or_else(|| failed("iss", Reason::Missing))?;
            if !issuers.iter().any(|name| issuer == *name) {
                return Err(failed("iss", Reason::Mismatch));
            }
        }
        if let Some(audiences) = &self.audiences {
            let own = claims.aud.ok_or_else(|| failed("aud", Reason::Missing))?;
            if !own.iter().any(|own| audiences.iter().any(|name| own == *name)) {
                return Err(failed("aud", Reason::Mismatch));
            }
        }
        for (name, expected) in &self.texts {
            let value = claims.object.get(name).ok_or_else(|| failed(*name, Reason::Missing))?;
            if value.as_str().ok_or_else(|| failed(*name, Reason::Invalid))? != **expected {
                return Err(failed(*name, Reason::Mismatch));
            }
        }
        for name in &self.required {
            if claims.object.get(name).is_none() {
                return Err(failed(name.clone(), Reason::Missing));
            }
        }
        Ok(())
    }

    fn check_times(&self, claims: &Registered<'_>, now: NumericDate) -> Result<(), Error> {
        match claims.exp {
            // A date that cannot be moved by the leeway lies at the end of time.
            Some(at) if at.checked_add(self.leeway).is_some_and(|end| now >= end) => {
                return Err(Error::Expired { at });
            }
            None if self.expiry_required => return Err(failed("exp", Reason::Missing)),
            _ => {}
        }
        let latest = now.saturating_add(self.leeway);
        if let Some(at) = claims.nbf.filter(|at| latest < *at) {
            return Err(Error::NotYetValid { at });
        }
        if let Some(max_age) = self.max_age {
            let issued = claims.iat.ok_or_else(|| failed("iat", Reason::Missing))?;
            if latest < issued {
                return Err(failed("iat", Reason::Invalid));
            }
            if now > issued.saturating_add(max_age).saturating_add(self.leeway) {
                return Err(failed("iat", Reason::Mismatch));
            }
        }
        Ok(())
    }
}
