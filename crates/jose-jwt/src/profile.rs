//! Profiles: what a kind of JWT is, as data. One kind is refused where another is expected (RFC 8725 section 3.11).
//!
//! | profile | `typ` | required claims | prohibited | also checked |
//! | --- | --- | --- | --- | --- |
//! | [`ID_TOKEN`] | `JWT` or none | `iss` `sub` `aud` `exp` `iat` | `events` | no audience that is not trusted; `nonce`, `at_hash`, `c_hash`, `s_hash`; `iss` is not `sub` |
//! | [`ACCESS_TOKEN`] | `at+jwt` | `iss` `exp` `aud` `sub` `client_id` `iat` `jti` | | `scope` is a string |
//! | [`LOGOUT_TOKEN`] | `logout+jwt` | `iss` `aud` `iat` `exp` `jti` `events` | `nonce` | the logout event; `sid` or `sub` |
//! | [`JARM`] | `JWT` or none | `iss` `aud` `exp` | `sub` `events` `nonce` | a response; `state` |
//! | [`CLIENT_ASSERTION`] | `JWT`, `client-authentication+jwt` or none | `iss` `sub` `aud` `exp` | `events` `nonce` | one audience; `iss` is `sub` |
//! | [`SECURITY_EVENT_TOKEN`] | `secevent+jwt` | `iss` `iat` `jti` `events` | `nonce` | an event |
//! | [`REQUEST_OBJECT`] | `oauth-authz-req+jwt` | `client_id` `response_type` | `request` `request_uri` | `sub` is not the client |
//! | [`INTROSPECTION_RESPONSE`] | `token-introspection+jwt` | `iss` `aud` `iat` `token_introspection` | `sub` `exp` | `active` is a boolean |
//! | [`CLIENT_ATTESTATION`] | `oauth-client-attestation+jwt` | `sub` `exp` `cnf` | | `cnf` has a `jwk` |
//! | [`CLIENT_ATTESTATION_POP`] | `oauth-client-attestation-pop+jwt` | `aud` `jti` `iat` | | one audience |
//! | [`OPENID4VCI_PROOF`] | `openid4vci-proof+jwt` | `aud` `iat` | | one audience |
//! | [`KEY_ATTESTATION`] | `key-attestation+jwt` | `iat` `attested_keys` | | keys |
//! | [`ENTITY_STATEMENT`] | `entity-statement+jwt` | `iss` `sub` `iat` `exp` `jwks` | | a key set |
//! | [`JWT_SVID`] | `JWT`, `JOSE` or none | `sub` `aud` `exp` | `events` `nonce` | `sub` is a SPIFFE ID |
//!
//! Most providers' access tokens are *not* of the profile of RFC 9068: for them, leave the profile away and
//! [`require`](crate::JwtVerifier::require) what you need.
//!
//! Applications define profiles of their own:
//!
//! ```
//! use jose_jwt::profile::Profile;
//! use jose_jwt::{Error, Reason};
//!
//! const INVITATION: Profile = Profile::new("invitation")
//!     .typ(&["invitation+jwt"])
//!     .typ_required()
//!     .required(&["sub", "room"])
//!     .prohibited(&["scope"])
//!     .check(|checked| match checked.text("room")? {
//!         Some(room) if room == "kitchen" => {
//!             Err(Error::Claim { claim: "room".into(), reason: Reason::Prohibited, expected: None })
//!         }
//!         _ => Ok(()),
//!     });
//! assert_eq!(INVITATION.name(), "invitation");
//! ```

mod dpop;
mod oauth;
mod openid;
mod wallet;

pub use dpop::{
    Confirmation, DpopProof, DpopRequest, DpopSigner, DpopVerification, DpopVerifier, ProofBuilder,
};
pub use oauth::{
    ACCESS_TOKEN, AccessToken, CLIENT_ASSERTION, INTROSPECTION_RESPONSE, JARM, Jarm, REQUEST_OBJECT,
    SECURITY_EVENT_TOKEN, SecurityEventToken,
};
pub use openid::{ID_TOKEN, IdToken, LOGOUT_TOKEN, LogoutToken};
pub use wallet::{
    CLIENT_ATTESTATION, CLIENT_ATTESTATION_POP, ENTITY_STATEMENT, JWT_SVID, KEY_ATTESTATION, OPENID4VCI_PROOF,
};

use jose_b64::json::{Str, Value};
use jose_jws::{JoseHeader, JwsAlg};

use crate::error::{Error, Reason};
use crate::registered::Registered;
use crate::rules::{Expected, Rules};

/// A kind of JWT, for [`JwtVerifier::profile`](crate::JwtVerifier::profile): one of the constants of this module, or the
/// application's own.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    name: &'static str,
    typ: &'static [&'static str],
    typ_required: bool,
    generic_typ: bool,
    audiences: Audiences,
    /// `cnf` is what the JWT tells, and binds nothing to its bearer.
    pub(crate) tells_key: bool,
    required: &'static [&'static str],
    prohibited: &'static [&'static str],
    /// Claims that are neither required nor prohibited.
    waived: &'static [&'static str],
    check: fn(&Checked<'_>) -> Result<(), Error>,
    /// The options of a [`Verification`](crate::Verification) that `check` compares.
    compares: &'static [&'static str],
}

/// Which audiences a JWT may have besides the verifier's.
#[derive(Clone, Copy, Debug)]
enum Audiences {
    Any,
    /// Those that are accepted or trusted.
    Limited,
    /// None.
    Sole,
}

/// A JWT that is being checked. Its signature was verified, and so were the rules of the verifier.
pub struct Checked<'c> {
    pub(crate) header: &'c JoseHeader<'c>,
    pub(crate) claims: &'c Registered<'c>,
    pub(crate) rules: &'c Rules,
    pub(crate) expected: &'c Expected<'c>,
    /// The algorithm of the signature. A JWT that is only encrypted has none.
    pub(crate) alg: Option<JwsAlg>,
}

impl Profile {
    /// A profile that requires nothing yet, with a name for logs.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        const NONE: &[&str] = &[];
        Self {
            name,
            typ: NONE,
            typ_required: false,
            generic_typ: false,
            audiences: Audiences::Any,
            tells_key: false,
            required: NONE,
            prohibited: NONE,
            waived: NONE,
            check: |_| Ok(()),
            compares: NONE,
        }
    }

    /// Sets the values that `typ` may have, if it is there. Without this, any.
    #[must_use]
    pub const fn typ(self, values: &'static [&'static str]) -> Self {
        Self { typ: values, ..self }
    }

    /// Requires `typ` to be there.
    #[must_use]
    pub const fn typ_required(self) -> Self {
        Self { typ_required: true, ..self }
    }

    /// Accepts `typ` `JWT` too, and a JWT without `typ`, as many issuers write. The profile's other rules still tell its kind
    /// of JWT from others; `events`, `nonce`, `at_hash` and `c_hash`, which say that a JWT is of another kind, are refused in
    /// such a JWT unless the profile requires or [waives](Self::waive) them.
    #[must_use]
    pub const fn allow_generic_typ(self) -> Self {
        Self { typ_required: false, generic_typ: true, ..self }
    }

    /// Refuses a JWT for audiences that are neither the verifier's nor [trusted](crate::JwtVerifier::trusted_audiences).
    #[must_use]
    pub const fn limit_audiences(self) -> Self {
        Self { audiences: Audiences::Limited, ..self }
    }

    /// Refuses a JWT that has any audience besides the verifier's, trusted or not.
    #[must_use]
    pub const fn sole_audience(self) -> Self {
        Self { audiences: Audiences::Sole, ..self }
    }

    /// Sets the claims that must be there.
    #[must_use]
    pub const fn required(self, claims: &'static [&'static str]) -> Self {
        Self { required: claims, ..self }
    }

    /// Sets the claims that may not be there.
    #[must_use]
    pub const fn prohibited(self, claims: &'static [&'static str]) -> Self {
        Self { prohibited: claims, ..self }
    }

    /// Waives what the lists of the profile say of these claims: they are neither required nor prohibited. What its
    /// [function](Self::check) checks stays, such as the `events` of a logout token. `exp` needs
    /// [`expiry_optional`](crate::JwtVerifier::expiry_optional) too.
    #[must_use]
    pub const fn waive(self, claims: &'static [&'static str]) -> Self {
        Self { waived: claims, ..self }
    }

    /// Sets a function for what no list says.
    #[must_use]
    pub const fn check(self, check: fn(&Checked<'_>) -> Result<(), Error>) -> Self {
        Self { check, compares: &[], ..self }
    }

    const fn tells_key(self) -> Self {
        Self { tells_key: true, ..self }
    }

    const fn compares(self, options: &'static [&'static str]) -> Self {
        Self { compares: options, ..self }
    }

    /// The name of the profile.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn requires(&self, claim: &str) -> bool {
        self.required.contains(&claim) && !self.waived.contains(&claim)
    }

    pub(crate) fn does_compare(&self, option: &str) -> bool {
        self.compares.contains(&option)
    }

    pub(crate) fn limits_audiences(&self) -> bool {
        matches!(self.audiences, Audiences::Limited)
    }

    /// Checks a JWT against the profile.
    pub(crate) fn verify(&self, checked: &Checked<'_>) -> Result<(), Error> {
        let is_generic = checked.header.typ().is_none() || checked.header.is_typ("JWT");
        match checked.header.typ() {
            None if self.typ_required => return Err(Error::Typ(Reason::Missing)),
            Some(_) if self.generic_typ && is_generic => {}
            Some(_) if !self.typ.is_empty() && !self.typ.iter().any(|typ| checked.header.is_typ(typ)) => {
                return Err(Error::Typ(Reason::Mismatch));
            }
            _ => {}
        }
        let is_kept = |name: &&&str| !self.waived.contains(*name);
        for name in self.required.iter().filter(is_kept) {
            checked.claim(name).ok_or_else(|| Error::claim(*name, Reason::Missing))?;
        }
        // What ID tokens and Security Event Tokens have, and others do not.
        let telling: &'static [&'static str] = match self.generic_typ && is_generic {
            true => &["events", "nonce", "at_hash", "c_hash"],
            false => &[],
        };
        let telling = telling.iter().filter(|name| !self.required.contains(*name));
        for name in self.prohibited.iter().chain(telling).filter(is_kept) {
            if checked.claim(name).is_some() {
                return Err(Error::claim(*name, Reason::Prohibited));
            }
        }
        match self.audiences {
            Audiences::Any => {}
            Audiences::Limited => checked.limit_audiences()?,
            Audiences::Sole => checked.only_audience()?,
        }
        (self.check)(checked)
    }
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
    fn only_audience(&self) -> Result<(), Error> {
        if self.claims.aud.is_none_or(|aud| aud.iter().nth(1).is_none()) {
            return Ok(());
        }
        let expected = Some("one audience, the issuer identifier of the authorization server".into());
        Err(Error::Claim { claim: "aud".into(), reason: Reason::Prohibited, expected })
    }

    fn limit_audiences(&self) -> Result<(), Error> {
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
    fn events(&self, event: Option<&str>) -> Result<(), Error> {
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
