//! What a profile looks at.

use jose_b64::json::{Str, Value};
use jose_jws::{JoseHeader, JwsAlg};

use crate::error::{Error, Reason};
use crate::registered::Registered;
use crate::rules::{Expected, Rules};

/// A JWT that is being checked. Its signature was verified, and so were the rules of the verifier.
pub struct Checked<'c> {
    pub(crate) header: &'c JoseHeader<'c>,
    pub(crate) claims: &'c Registered<'c>,
    pub(crate) rules: &'c Rules,
    pub(crate) expected: &'c Expected<'c>,
    /// The algorithm of the signature. A JWT that is only encrypted has none.
    pub(crate) alg: Option<JwsAlg>,
}

impl<'c> Checked<'c> {
    /// The header.
    #[must_use]
    pub fn header(&self) -> &JoseHeader<'c> {
        self.header
    }

    /// A claim by its name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Value<'c>> {
        self.claims.object.get(name)
    }

    /// A claim that must be a string if it is there.
    ///
    /// # Errors
    ///
    /// [`Error::Claim`] if it is something else.
    pub fn text(&self, name: &'static str) -> Result<Option<Str<'c>>, Error> {
        let Some(value) = self.claim(name) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| Error::claim(name, Reason::Invalid))
    }

    /// That the verifier's audience is among them was checked.
    pub(super) fn only_audience(&self) -> Result<(), Error> {
        if self.claims.aud.is_none_or(|aud| aud.iter().nth(1).is_none()) {
            return Ok(());
        }
        let expected = Some("one audience, the issuer identifier of the authorization server".into());
        Err(Error::Claim { claim: "aud".into(), reason: Reason::Prohibited, expected })
    }

    /// A claim that must be a list of such items, not empty, if it is there.
    pub(super) fn list(&self, name: &'static str, is_item: fn(Value<'_>) -> bool) -> Result<(), Error> {
        let is_list = |value: Value<'_>| {
            value.as_array().is_some_and(|list| list.iter().next().is_some() && list.iter().all(is_item))
        };
        match self.claim(name) {
            Some(value) if !is_list(value) => Err(Error::claim(name, Reason::Invalid)),
            _ => Ok(()),
        }
    }

    pub(super) fn limit_audiences(&self) -> Result<(), Error> {
        let Rules { audiences, trusted, .. } = self.rules;
        let is_trusted =
            |name: Str<'_>| trusted.as_ref().is_some_and(|trusted| trusted.iter().any(|own| name == own));
        match self.claims.aud {
            Some(aud) if !aud.iter().all(|name| audiences.accepts(name) || is_trusted(name)) => {
                Err(Error::Claim {
                    claim: "aud".into(),
                    reason: Reason::Prohibited,
                    expected: Some(
                        "no audience that is not trusted (`JwtVerifier::trusted_audiences`)".into(),
                    ),
                })
            }
            _ => Ok(()),
        }
    }

    /// Checks `events`, an object, with this event in it if one is named (RFC 8417 section 2.2).
    pub(super) fn events(&self, event: Option<&str>) -> Result<(), Error> {
        let events = self.claim("events").ok_or_else(|| Error::claim("events", Reason::Missing))?;
        let events = events.as_object().ok_or_else(|| Error::claim("events", Reason::Invalid))?;
        let found = match event {
            Some(event) => events.get(event),
            None => events.iter().next().map(|(_, value)| value),
        };
        let found = found.ok_or_else(|| Error::claim("events", Reason::Mismatch))?;
        found.as_object().map(|_| ()).ok_or_else(|| Error::claim("events", Reason::Invalid))
    }
}

/// Shows the header.
impl core::fmt::Debug for Checked<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Checked").field("header", self.header).finish_non_exhaustive()
    }
}
