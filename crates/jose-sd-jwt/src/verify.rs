use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::{self, Object};
use jose_jwt::jwa::header::HeaderIndex;
use jose_jwt::jws::{compact, json as jws_json};
use jose_jwt::{
    Audience, AudienceUnset, Given, IssuerUnset, JoseHeader, JwsAlg, JwtVerifier, NumericDate, Verify,
};
use serde::de::DeserializeOwned;

use crate::binding::{RequireKeyBinding, holder_key};
use crate::disclosure::{Disclosures, hash_of};
use crate::error::Error;
use crate::present::Contents;
use crate::process::process;
use crate::receive::Received;
use crate::serialize::Signed;
use crate::vc;
use crate::verified::Verified;

/// The rules for the claims of an SD-JWT: those of a [`JwtVerifier`], before or after its issuer and audience are set.
///
/// They apply to the processed payload, so that a required claim must be disclosed. `exp` is required unless they say
/// otherwise. What concerns the form of a JWT, [`understand`](JwtVerifier::understand) and
/// [`allow_padding`](JwtVerifier::allow_padding), has no effect.
pub type Rules<K, I = Given, A = Given> = JwtVerifier<Arc<K>, I, A>;

/// No key binding: see [`SdJwtVerifier::without_key_binding`].
#[derive(Clone, Copy, Debug)]
pub struct Unbound;

/// Verifies SD-JWTs: created once, from the issuer's keys and rules, then shared.
///
/// Whether key binding is required or refused is decided by the constructor, never by the sender (RFC 9901 section 9.5).
pub struct SdJwtVerifier<K, B> {
    keys: Arc<K>,
    rules: Rules<K>,
    binding: B,
    types: Option<Audience>,
}

impl<K: Verify> SdJwtVerifier<K, Unbound> {
    /// For holders that receive an SD-JWT from its issuer, and for verifiers that accept one from whoever has it. One with
    /// a Key Binding JWT is refused. `cnf` has no effect.
    ///
    /// The function says what is expected of the claims, their issuer and audience at least.
    pub fn without_key_binding(
        keys: K,
        rules: impl FnOnce(Rules<K, IssuerUnset, AudienceUnset>) -> Rules<K>,
    ) -> Self {
        Self::of(keys, rules, Unbound)
    }
}

impl<K: Verify> SdJwtVerifier<K, RequireKeyBinding> {
    /// For verifiers that accept an SD-JWT from its holder alone. One without a Key Binding JWT is refused.
    ///
    /// The function says what is expected of the claims, their issuer and audience at least. That audience is the SD-JWT's, if
    /// it has one; the audience of the presentation is that of `binding`.
    pub fn with_key_binding(
        keys: K,
        rules: impl FnOnce(Rules<K, IssuerUnset, AudienceUnset>) -> Rules<K>,
        binding: RequireKeyBinding,
    ) -> Self {
        Self::of(keys, rules, binding)
    }
}

impl<K: Verify, B> SdJwtVerifier<K, B> {
    fn of(keys: K, rules: impl FnOnce(Rules<K, IssuerUnset, AudienceUnset>) -> Rules<K>, binding: B) -> Self {
        let keys = Arc::new(keys);
        // Whether the holder of the key presents it is checked here.
        let rules = rules(JwtVerifier::new(Arc::clone(&keys))).dangerous_ignore_confirmation();
        Self { keys, rules, binding, types: None }
    }

    /// Requires a verifiable credential of this type or one of these: `typ` `dc+sd-jwt`, `vct`, and the claims that decide
    /// its validity not selectively disclosed (draft-ietf-oauth-sd-jwt-vc).
    #[must_use]
    pub fn credential_type(self, types: impl Into<Audience>) -> Self {
        Self { types: Some(types.into()), ..self }
    }

    /// Starts to verify at a given time.
    pub fn at(&self, now: NumericDate) -> Verification<'_, K, B> {
        Verification { verifier: self, now }
    }

    /// Starts to verify at the system's time.
    ///
    /// # Errors
    ///
    /// [`jose_jwt::Error::Clock`] if the system's clock is not set.
    #[cfg(feature = "std")]
    pub fn now(&self) -> Result<Verification<'_, K, B>, Error> {
        Ok(self.at(NumericDate::now().map_err(jose_jwt::Error::from)?))
    }
}

#[cfg(feature = "std")]
impl<K: Verify> SdJwtVerifier<K, Unbound> {
    /// Verifies at the system's time.
    ///
    /// # Errors
    ///
    /// Those of [`Verification::verify`]; [`jose_jwt::Error::Clock`].
    pub fn verify<T: DeserializeOwned>(&self, received: &Received) -> Result<Verified<T>, Error> {
        self.now()?.verify(received)
    }
}

#[cfg(feature = "std")]
impl<K: Verify> SdJwtVerifier<K, RequireKeyBinding> {
    /// Verifies at the system's time a presentation for which this nonce was given out.
    ///
    /// # Errors
    ///
    /// Those of [`Verification::verify`]; [`jose_jwt::Error::Clock`].
    pub fn verify<T: DeserializeOwned>(
        &self,
        received: &Received,
        nonce: &str,
    ) -> Result<Verified<T>, Error> {
        self.now()?.verify(received, nonce)
    }
}

/// The verification of one SD-JWT at a given time.
#[must_use = "`verify` verifies"]
pub struct Verification<'v, K, B> {
    verifier: &'v SdJwtVerifier<K, B>,
    now: NumericDate,
}

impl<K: Verify> Verification<'_, K, Unbound> {
    /// Verifies: the issuer's signature first, then the disclosures, then the claims (RFC 9901 section 7.1).
    ///
    /// # Errors
    ///
    /// - [`Error::KeyBindingUnexpected`]
    /// - [`Error::Jwt`] if the signature does not verify, or the processed claims break a rule or are not of the type `T`
    /// - [`Error::HashUnknown`], [`Error::Disclosure`], [`Error::DigestRepeated`], [`Error::DigestMisplaced`],
    ///   [`Error::NameReserved`]
    /// - [`Error::CredentialType`] and [`Error::NotDisclosable`] of a verifier of credentials
    pub fn verify<T: DeserializeOwned>(&self, received: &Received) -> Result<Verified<T>, Error> {
        if received.has_key_binding() {
            return Err(Error::KeyBindingUnexpected);
        }
        self.open(received)
    }
}

impl<K: Verify> Verification<'_, K, RequireKeyBinding> {
    /// Verifies: the issuer's signature first, then the disclosures and the claims (RFC 9901 section 7.1), then that the holder
    /// presents it for this nonce (section 7.3). Each nonce should be given out once, at random.
    ///
    /// # Errors
    ///
    /// - [`Error::KeyBindingMissing`]
    /// - those of a verifier without key binding, save [`Error::KeyBindingUnexpected`]
    /// - [`Error::HolderKey`], [`Error::KeyBinding`], [`Error::SdHash`]
    pub fn verify<T: DeserializeOwned>(
        &self,
        received: &Received,
        nonce: &str,
    ) -> Result<Verified<T>, Error> {
        if !received.has_key_binding() {
            return Err(Error::KeyBindingMissing);
        }
        let verified = self.open(received)?;
        let (binding, hash) = (&self.verifier.binding, verified.contents.hash);
        let text = binding.check(received, hash, verified.holder_key(), nonce, self.now)?;
        Ok(Verified { key_binding: Some(text), ..verified })
    }
}

impl<K: Verify, B> Verification<'_, K, B> {
    fn open<T: DeserializeOwned>(&self, received: &Received) -> Result<Verified<T>, Error> {
        let SdJwtVerifier { keys, rules, types, .. } = self.verifier;
        let jws = Opened::verify(&**keys, &received.signed)?;
        let not_claims = |error| Error::Jwt(jose_jwt::Error::NotClaims(error));
        let payload = json::parse_with_depth(&jws.payload, json::MAX_DEPTH).map_err(not_claims)?;
        let payload = payload.as_object().ok_or(not_claims(jose_b64::Error::NotAnObject))?;
        let hash = hash_of(payload)?;
        let disclosures = Disclosures::parse(hash, received.disclosures.iter().map(String::as_str))?;
        let processed = process(payload, &disclosures)?;
        let header = jws.header.1.view(jws.header.0.as_bytes());
        let claims = rules.at(self.now).dangerous_check_claims(&header, processed.text.as_bytes())?;
        let object = Object::assume_checked(&processed.text);
        if let Some(types) = types {
            vc::check(&header, payload, object, &processed.disclosed, types)?;
        }
        let holder = holder_key(object);
        let signed = received.signed.clone();
        let contents = Contents { signed, payload: payload.raw().into(), disclosures, hash };
        let (processed, alg, key) = (processed.text, jws.alg, jws.key);
        Ok(Verified { contents, claims, processed, header: jws.header, alg, key, holder, key_binding: None })
    }
}

/// An issuer-signed JWT whose signature was verified.
struct Opened {
    header: (String, HeaderIndex),
    payload: Vec<u8>,
    alg: JwsAlg,
    key: usize,
}

impl Opened {
    fn verify<K: Verify>(keys: &K, signed: &Signed) -> Result<Self, Error> {
        let owned = |header: JoseHeader<'_>| (header.text().into(), header.index());
        if signed.is_compact() {
            let jws = compact::verify(keys, &signed.first())?;
            let (header, alg, key) = (owned(jws.header()), jws.alg(), jws.key_index());
            return Ok(Self { header, payload: jws.into_payload(), alg, key });
        }
        let jws = jws_json::verify(keys, &signed.to_jws_json()?, jws_json::Require::Any)?;
        let first = jws.signatures().first().ok_or(jose_jwt::jws::Error::SignaturesTooFew)?;
        let (header, alg, key) = (owned(first.header()), first.alg(), first.key_index());
        Ok(Self { header, payload: jws.into_payload(), alg, key })
    }
}

impl<K, B: Clone> Clone for SdJwtVerifier<K, B> {
    fn clone(&self) -> Self {
        let Self { keys, rules, binding, types } = self;
        let rules = rules.with_keys(Arc::clone(keys));
        Self { keys: Arc::clone(keys), rules, binding: binding.clone(), types: types.clone() }
    }
}

/// Shows the rules, and no key.
impl<K, B: fmt::Debug> fmt::Debug for SdJwtVerifier<K, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SdJwtVerifier")
            .field("rules", &self.rules)
            .field("binding", &self.binding)
            .field("types", &self.types)
            .finish_non_exhaustive()
    }
}

impl<K, B: fmt::Debug> fmt::Debug for Verification<'_, K, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification")
            .field("verifier", self.verifier)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
