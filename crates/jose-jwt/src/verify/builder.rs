//! How a verifier is made, and what it is told.

use alloc::string::String;
use alloc::sync::Arc;
use core::marker::PhantomData;
use core::time::Duration;

use jose_jws::Verify;

use super::{AudienceUnset, Given, IssuerUnset, JwtVerifier};
use crate::audience::Audience;
use crate::error::{ClaimName, Error};
use crate::profile::Profile;
use crate::rules::{Accept, Rules};

impl<K: Verify> JwtVerifier<K, IssuerUnset, AudienceUnset> {
    /// Starts with the keys of signed JWTs: one, a set, or anything else that verifies. They hold the allowed algorithms.
    pub fn new(keys: K) -> Self {
        Self::of(keys)
    }
}

impl<K, I, A> JwtVerifier<K, I, A> {
    /// The same verifier, with more known of it.
    fn given<J, B>(self, change: impl FnOnce(&mut Rules)) -> JwtVerifier<K, J, B> {
        let Self { keys, mut common, given: _ } = self;
        change(&mut common.rules);
        JwtVerifier { keys, common, given: PhantomData }
    }

    /// A verifier with the same rules and other keys, such as after a rotation.
    #[must_use]
    pub fn with_keys<L>(&self, keys: L) -> JwtVerifier<L, I, A> {
        JwtVerifier { keys, common: self.common.clone(), given: PhantomData }
    }
}

impl<K, A> JwtVerifier<K, IssuerUnset, A> {
    /// Requires `iss`, with this value or one of these.
    #[must_use]
    pub fn issuer(self, issuers: impl Into<Audience>) -> JwtVerifier<K, Given, A> {
        self.given(|rules| rules.issuers = Accept::OneOf(issuers.into()))
    }

    /// Requires `iss`, with a value that the function accepts.
    #[must_use]
    pub fn issuer_by(
        self,
        accepts: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> JwtVerifier<K, Given, A> {
        self.given(|rules| rules.issuers = Accept::By(Arc::new(accepts)))
    }

    /// Accepts any issuer, or none: the keys alone decide whom to trust.
    #[must_use]
    pub fn any_issuer(self) -> JwtVerifier<K, Given, A> {
        self.given(|_| {})
    }
}

impl<K, I> JwtVerifier<K, I, AudienceUnset> {
    /// Requires `aud`, with this value or one of these among its own.
    #[must_use]
    pub fn audience(self, audiences: impl Into<Audience>) -> JwtVerifier<K, I, Given> {
        self.given(|rules| rules.audiences = Accept::OneOf(audiences.into()))
    }

    /// Requires `aud`, with a value that the function accepts among its own.
    #[must_use]
    pub fn audience_by(
        self,
        accepts: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> JwtVerifier<K, I, Given> {
        self.given(|rules| rules.audiences = Accept::By(Arc::new(accepts)))
    }

    /// Accepts a JWT for any audience, or for none in particular.
    #[must_use]
    pub fn any_audience(self) -> JwtVerifier<K, I, Given> {
        self.given(|_| {})
    }
}

/// Rules besides issuer and audience. What is expected is required.
impl<K, I, A> JwtVerifier<K, I, A> {
    fn text(mut self, name: &'static str, value: String) -> Self {
        self.common.rules.texts.push((name, value));
        self
    }

    /// Requires `sub` with this value.
    #[must_use]
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.text("sub", subject.into())
    }

    /// Requires `jti` with this value.
    #[must_use]
    pub fn jwt_id(self, id: impl Into<String>) -> Self {
        self.text("jti", id.into())
    }

    /// Requires `nonce` with this value (OpenID Connect Core 1.0 section 2).
    #[must_use]
    pub fn nonce(self, nonce: impl Into<String>) -> Self {
        self.text("nonce", nonce.into())
    }

    /// Requires `azp`, the party that an ID Token was issued to, with this value (OpenID Connect Core 1.0 section 2).
    #[must_use]
    pub fn authorized_party(self, party: impl Into<String>) -> Self {
        self.text("azp", party.into())
    }

    /// Names the audiences that an ID Token may have beside those of [`audience`](Self::audience). With any other the profile
    /// [`ID_TOKEN`](crate::profile::ID_TOKEN) refuses it (OpenID Connect Core 1.0 incorporating errata set 2 section
    /// 3.1.3.7). With no profile or another one, verifying fails with [`Error::OptionWithoutEffect`].
    #[must_use]
    pub fn trusted_audiences(mut self, audiences: impl Into<Audience>) -> Self {
        self.common.rules.trusted = Some(audiences.into());
        self
    }

    /// Requires `typ` of the header: a media type, ignoring case and with or without `application/`.
    #[must_use]
    pub fn typ(mut self, typ: impl Into<String>) -> Self {
        self.common.rules.typ = Some(typ.into());
        self
    }

    /// Names the extensions of the header that the caller understands and acts upon, up to eight, so that `crit` may name them
    /// (RFC 7515 section 4.1.11). With more, no `crit` is understood. Their values are in [`Verified::header`](crate::Verified::header).
    #[must_use]
    pub fn understand(mut self, names: &'static [&'static str]) -> Self {
        self.common.understood = names;
        self
    }

    /// Requires what the profile says, its `typ` included: see [`profile`](crate::profile).
    ///
    /// A profile without `exp`, such as that of Security Event Tokens, needs [`expiry_optional`](Self::expiry_optional) too,
    /// unless it bounds the age of the JWT ([`Profile::max_age`]).
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.common.rules.bounds = profile.bounds();
        self.common.profile = Some(profile);
        self
    }

    /// Requires a claim to be there, whatever its value.
    #[must_use]
    pub fn require(mut self, claim: impl Into<ClaimName>) -> Self {
        self.common.rules.required.push(claim.into());
        self
    }

    /// Accepts a JWT without `exp`. One that has it expires all the same. With a profile that requires `exp`, verifying fails
    /// with [`Error::OptionWithoutEffect`].
    #[must_use]
    pub fn expiry_optional(mut self) -> Self {
        self.common.rules.expiry_required = false;
        self
    }

    /// Accepts a JWT that has expired, as if `exp` were not there.
    #[must_use]
    pub fn dangerous_ignore_expiry(mut self) -> Self {
        self.common.rules.expiry_ignored = true;
        self
    }

    /// Accepts a JWT that is not valid yet, as if `nbf` were not there.
    #[must_use]
    pub fn dangerous_ignore_not_before(mut self) -> Self {
        self.common.rules.not_before_ignored = true;
        self
    }

    /// Accepts a JWT with `cnf` from anyone: whether its bearer holds the key is checked elsewhere.
    /// [`Verification::bound_to`](crate::Verification::bound_to) checks it here.
    #[must_use]
    pub fn dangerous_ignore_confirmation(mut self) -> Self {
        self.common.rules.confirmation_ignored = true;
        self
    }

    /// Requires `auth_time`, when the end user was authenticated, at most this long ago and not in the future (OpenID Connect
    /// Core 1.0 section 2).
    #[must_use]
    pub fn max_auth_age(mut self, age: Duration) -> Self {
        self.common.rules.max_auth_age = Some(age);
        self
    }

    /// Requires `iat`, at most this long ago and not in the future. Without it, `iat` is not compared with the time.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.common.rules.max_age = Some(age);
        self
    }

    /// Requires `exp`, at most this long after `iat`, or after the time of verification if there is no `iat`. It finds dates in
    /// milliseconds, among other mistakes.
    #[must_use]
    pub fn max_lifetime(mut self, span: Duration) -> Self {
        self.common.rules.max_lifetime = Some(span);
        self
    }

    /// Widens each check of a time by this span, for clocks that differ.
    ///
    /// # Errors
    ///
    /// [`Error::LeewayTooLong`] over five minutes.
    pub fn leeway(self, leeway: Duration) -> Result<Self, Error> {
        Ok(self.dangerous_leeway(Rules::check_leeway(leeway)?))
    }

    /// Like [`leeway`](Self::leeway), without the limit of five minutes.
    #[must_use]
    pub fn dangerous_leeway(mut self, leeway: Duration) -> Self {
        self.common.rules.leeway = leeway;
        self
    }

    /// Sets how deep the claims may be nested, up to [`MAX_DEPTH`](jose_b64::json::MAX_DEPTH).
    /// [`DEPTH`](jose_b64::json::DEPTH) by default.
    #[must_use]
    pub fn max_depth(mut self, depth: usize) -> Self {
        self.common.max_depth = depth;
        self
    }

    /// Accepts parts of a signed JWT with base64 padding, against RFC 7515 section 2, as the load balancers of AWS write them.
    /// What was signed is the text as it was received, padding included.
    #[must_use]
    pub fn allow_padding(mut self) -> Self {
        self.common.padding = true;
        self
    }

    /// Sets the maximum length of a JWT, in bytes. 256 KiB by default.
    #[must_use]
    pub fn max_len(mut self, max: usize) -> Self {
        self.common.max_len = max;
        self
    }
}
