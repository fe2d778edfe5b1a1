//! Profiles: what a kind of JWT is, as data. One kind is refused where another is expected (RFC 8725 section 3.11).
//!
//! | profile | `typ` | required claims | prohibited | also checked |
//! | --- | --- | --- | --- | --- |
//! | [`ID_TOKEN`] | `JWT` or none | `iss` `sub` `aud` `exp` `iat` | `events` | no audience that is not trusted; `nonce`, `at_hash`, `c_hash`, `s_hash`; `iss` is not `sub` |
//! | [`ACCESS_TOKEN`] | `at+jwt` | `iss` `exp` `aud` `sub` `client_id` `iat` `jti` | | `scope` is a string |
//! | [`LOGOUT_TOKEN`] | `logout+jwt` | `iss` `aud` `iat` `exp` `jti` `events` | `nonce` | the logout event; `sid` or `sub` |
//! | [`JARM`] | `JWT` or none | `iss` `aud` `exp` | `sub` `events` `nonce` | a response; `state` |
//! | [`CLIENT_ASSERTION`] | `JWT`, `client-authentication+jwt` or none | `iss` `sub` `aud` `exp` | `events` `nonce` | one audience; `iss` is `sub` |
//! | [`CLIENT_ATTESTATION`] | `oauth-client-attestation+jwt` | `sub` `exp` `cnf` | | the proof that goes with it |
//! | [`CLIENT_ATTESTATION_POP`] | `oauth-client-attestation-pop+jwt` | `aud` `jti` `iat` | | one audience; 5 minutes; a signature |
//! | [`REQUEST_OBJECT`] | `oauth-authz-req+jwt` | `iss` `aud` `client_id` `response_type` `exp` | `sub` `request` `request_uri` `events` | an audience; `iss` is `client_id` |
//! | [`INTROSPECTION_RESPONSE`] | `token-introspection+jwt` | `iss` `aud` `iat` `token_introspection` | `sub` `exp` `events` `nonce` | an audience; 5 minutes; `active` |
//! | [`SECURITY_EVENT_TOKEN`] | `secevent+jwt` | `iss` `iat` `jti` `events` | `nonce` | an event |
//! | [`CREDENTIAL_PROOF`] | `openid4vci-proof+jwt` | `aud` `iat` | | one audience; 5 minutes; a signature; one of `jwk`, `kid` and `x5c` |
//! | [`KEY_ATTESTATION`] | `key-attestation+jwt` | `iat` `attested_keys` `exp` | | a signature; the lists |
//! | [`ENTITY_STATEMENT`] | `entity-statement+jwt` | `iss` `sub` `iat` `exp` `jwks` | `crit` `events` `nonce` | a signature; `kid`; the claims of its two kinds |
//! | [`JWT_SVID`] | `JWT`, `JOSE` or none | `sub` `aud` `exp` | `events` `nonce` | an audience; RSA or ECDSA; `sub` is a SPIFFE ID, of the domain of the keys; the header |
//! | [`VAPID`] | `JWT` or none | `aud` `exp` | `iss` `events` `nonce` | an audience; ES256; 24 hours; `sub` is a contact |
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
//!         Some(room) if room == "kitchen" => Err(Error::Claim {
//!             claim: "room".into(),
//!             reason: Reason::Prohibited,
//!             expected: None,
//!         }),
//!         _ => Ok(()),
//!     });
//! assert_eq!(INVITATION.name(), "invitation");
//! ```

mod attestation;
mod checked;
mod confirmation;
mod credential;
mod dpop;
mod jwks;
mod oauth;
mod openid;
mod request;
mod spiffe;
mod vapid;

pub use attestation::{
    CLIENT_ATTESTATION, CLIENT_ATTESTATION_POP, ClientAttestation, ClientAttestationPop,
    ClientAttestationVerification, ClientAttestationVerifier,
};
pub use checked::Checked;
pub use confirmation::Confirmation;
pub use credential::{
    CREDENTIAL_PROOF, CredentialProof, ENTITY_STATEMENT, EntityStatement, KEY_ATTESTATION, KeyAttestation,
    header_key, header_keys,
};
pub use dpop::{
    DpopNonces, DpopProof, DpopRequest, DpopSigner, DpopVerification, DpopVerifier, ProofBuilder,
};
pub use oauth::{
    ACCESS_TOKEN, AccessToken, CLIENT_ASSERTION, JARM, Jarm, SECURITY_EVENT_TOKEN, SecurityEventToken,
};
pub use openid::{ID_TOKEN, IdToken, LOGOUT_TOKEN, LogoutToken};
pub use request::{
    INTROSPECTION_RESPONSE, Introspection, IntrospectionResponse, REQUEST_OBJECT, RequestObject,
};
pub use spiffe::{JWT_SVID, TrustBundles, trust_domain};
pub use vapid::{VAPID, VapidCredentials, VapidSigner};

use core::time::Duration;

use jose_jwk::AlgSet;
use jose_jws::JwsAlg;

use crate::error::{Error, Reason};
use crate::rules::Bounds;

/// The algorithms of signatures, which a verifier cannot make: all but HMAC.
const SIGNATURES: AlgSet<JwsAlg> = JwsAlg::set(&[
    JwsAlg::Rs256,
    JwsAlg::Rs384,
    JwsAlg::Rs512,
    JwsAlg::Ps256,
    JwsAlg::Ps384,
    JwsAlg::Ps512,
    JwsAlg::Es256,
    JwsAlg::Es384,
    JwsAlg::Es512,
    JwsAlg::Es256K,
    JwsAlg::EdDsa,
    JwsAlg::Ed25519,
    JwsAlg::Ed448,
    JwsAlg::MlDsa44,
    JwsAlg::MlDsa65,
    JwsAlg::MlDsa87,
]);

/// How old what answers one request may be.
const FIVE_MINUTES: Duration = Duration::from_secs(5 * 60);

/// A kind of JWT, for [`JwtVerifier::profile`](crate::JwtVerifier::profile): one of the constants of this module, or the
/// application's own.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    name: &'static str,
    typ: &'static [&'static str],
    typ_required: bool,
    generic_typ: bool,
    audiences: Audiences,
    algs: AlgSet<JwsAlg>,
    bounds: Bounds,
    required: &'static [&'static str],
    prohibited: &'static [&'static str],
    /// Claims that are neither required nor prohibited.
    waived: &'static [&'static str],
    check: fn(&Checked<'_>) -> Result<(), Error>,
    /// The options of a [`Verification`](crate::Verification) that `check` compares.
    compares: &'static [&'static str],
}

/// Which audiences a JWT may have besides the verifier's.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Audiences {
    Any,
    /// Any, as long as the verifier has one that is among them.
    Named,
    /// Those that are accepted or trusted.
    Limited,
    /// None.
    Sole,
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
            algs: AlgSet::all(),
            bounds: Bounds { max_age: None, max_lifetime: None },
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

    /// Refuses a JWT that has any audience besides the verifier's, trusted or not. The verifier must have one, as with
    /// [`audience_required`](Self::audience_required).
    #[must_use]
    pub const fn sole_audience(self) -> Self {
        Self { audiences: Audiences::Sole, ..self }
    }

    /// Requires the verifier to have an audience: with [`any_audience`](crate::JwtVerifier::any_audience), verifying fails with
    /// [`Error::OptionWithoutEffect`].
    #[must_use]
    pub const fn audience_required(self) -> Self {
        Self { audiences: Audiences::Named, ..self }
    }

    /// Sets the algorithms that may sign such a JWT, whatever the keys were prepared for. A JWT that is only encrypted is
    /// refused. Without this, any.
    #[must_use]
    pub const fn algs(self, algs: AlgSet<JwsAlg>) -> Self {
        Self { algs, ..self }
    }

    /// Requires `iat`, at most this long ago and not in the future, and does without `exp`, unless the profile requires it.
    /// [`JwtVerifier::max_age`](crate::JwtVerifier::max_age) takes the place of this span.
    #[must_use]
    pub const fn max_age(self, age: Duration) -> Self {
        Self { bounds: Bounds { max_age: Some(age), ..self.bounds }, ..self }
    }

    /// Requires `exp`, at most this long after the time of the verification.
    #[must_use]
    pub const fn max_lifetime(self, span: Duration) -> Self {
        Self { bounds: Bounds { max_lifetime: Some(span), ..self.bounds }, ..self }
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
        self.audiences == Audiences::Limited
    }

    pub(crate) fn needs_audience(&self) -> bool {
        matches!(self.audiences, Audiences::Named | Audiences::Sole)
    }

    pub(crate) fn bounds(&self) -> Bounds {
        self.bounds
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
        self.check_alg(checked.alg)?;
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
            Audiences::Any | Audiences::Named => {}
            Audiences::Limited => checked.limit_audiences()?,
            Audiences::Sole => checked.only_audience()?,
        }
        (self.check)(checked)
    }

    fn check_alg(&self, alg: Option<JwsAlg>) -> Result<(), Error> {
        match alg {
            Some(found) if !self.algs.contains(found) => {
                Err(jose_jws::Error::AlgorithmNotAllowed { found, allowed: self.algs }.into())
            }
            None if self.algs != AlgSet::all() => Err(Error::Cty),
            _ => Ok(()),
        }
    }
}
