//! Profiles: what a kind of JWT is, as data. One kind is refused where another is expected (RFC 8725 section 3.11).

mod access_token;
mod client_assertion;
mod dpop;
mod hash;
mod id_token;
mod jarm;
mod logout_token;
mod security_event;

pub use access_token::{ACCESS_TOKEN, AccessToken};
pub use client_assertion::{CLIENT_ASSERTION, ClientAssertion};
pub use dpop::{Confirmation, DpopProof, DpopRequest, DpopVerifier};
pub use id_token::{ID_TOKEN, IdToken};
pub use jarm::{JARM, Jarm};
pub use logout_token::{LOGOUT_TOKEN, LogoutToken};
pub use security_event::{SECURITY_EVENT_TOKEN, SecurityEventToken};

use jose_jws::{JoseHeader, JwsAlg};

use crate::registered::Registered;
use crate::rules::{Rules, failed};
use crate::{Error, Expected, Reason};

/// A kind of JWT, for [`JwtVerifier::profile`](crate::JwtVerifier::profile): one of the constants of this module.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    pub(crate) name: &'static str,
    /// The `typ` that it may have.
    typ: &'static [&'static str],
    /// Whether it must have one.
    typ_required: bool,
    required: &'static [&'static str],
    prohibited: &'static [&'static str],
    /// What no list says.
    check: fn(&Checked<'_>) -> Result<(), Error>,
}

/// A JWT that is being checked: its signature was verified.
pub(crate) struct Checked<'c> {
    pub(crate) header: &'c JoseHeader<'c>,
    pub(crate) claims: &'c Registered<'c>,
    pub(crate) rules: &'c Rules,
    pub(crate) expected: &'c Expected<'c>,
    /// The algorithm of the signature; an encrypted JWT has none.
    pub(crate) alg: Option<JwsAlg>,
}

impl Profile {
    /// Its name, for logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn check(&self, checked: &Checked<'_>) -> Result<(), Error> {
        match checked.header.typ() {
            None if self.typ_required => return Err(Error::Typ(Reason::Missing)),
            Some(_) if !self.typ.iter().any(|typ| checked.header.is_typ(typ)) => {
                return Err(Error::Typ(Reason::Mismatch));
            }
            _ => {}
        }
        let object = checked.claims.object;
        for name in self.required {
            object.get(name).ok_or_else(|| failed(*name, Reason::Missing))?;
        }
        for name in self.prohibited {
            if object.get(name).is_some() {
                return Err(failed(*name, Reason::Prohibited));
            }
        }
        (self.check)(checked)
    }
}

impl Checked<'_> {
    /// A claim that must be a string where it is there.
    fn text(&self, name: &'static str) -> Result<Option<jose_b64::json::Str<'_>>, Error> {
        let Some(value) = self.claims.object.get(name) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| failed(name, Reason::Invalid))
    }

    /// `events`, an object, with this event in it if one is named (RFC 8417 section 2.2).
    fn events(&self, event: Option<&str>) -> Result<(), Error> {
        let events = self.claims.object.get("events").ok_or_else(|| failed("events", Reason::Missing))?;
        let events = events.as_object().ok_or_else(|| failed("events", Reason::Invalid))?;
        let found = match event {
            Some(event) => events.get(event),
            None => events.iter().next().map(|(_, value)| value),
        };
        let found = found.ok_or_else(|| failed("events", Reason::Mismatch))?;
        found.as_object().map(|_| ()).ok_or_else(|| failed("events", Reason::Invalid))
    }
}
