use alloc::string::String;
use core::fmt;
use core::time::Duration;

use jose_jwt::{AudienceUnset, Given, IssuerUnset, JwtVerifier, NumericDate, Verify};

use super::token::{Body, TYP};
use super::{Bits, Status, StatusList};
use crate::error::Error;

/// The greatest length of a token, in bytes, unless the rules say otherwise.
const MAX_TOKEN_LEN: usize = 4 * 1024 * 1024;

/// The greatest length of an inflated list, in bytes, unless configured otherwise.
const MAX_LEN: usize = 4 * 1024 * 1024;

/// Verifies status list tokens. It is apart from the verifier of the tokens that refer to them: the keys may be others, and the
/// rules are.
pub struct StatusListVerifier<K> {
    rules: JwtVerifier<K>,
    max_len: usize,
}

impl<K: Verify> StatusListVerifier<K> {
    /// Takes the keys of who signs the lists, and a function that says what is expected, the issuer and audience at least.
    ///
    /// `typ` `statuslist+jwt`, `sub` and `iat` are required anyway; `exp` is not, as the draft has it.
    pub fn new(
        keys: K,
        rules: impl FnOnce(JwtVerifier<K, IssuerUnset, AudienceUnset>) -> JwtVerifier<K, Given, Given>,
    ) -> Self {
        let base = JwtVerifier::new(keys).max_len(MAX_TOKEN_LEN);
        Self { rules: rules(base).typ(TYP).require("iat").expiry_optional(), max_len: MAX_LEN }
    }

    /// Sets the greatest length of an inflated list, in bytes. 4 MiB by default, which is 33 million entries of one bit. That
    /// of the token, 4 MiB too, is set by [`JwtVerifier::max_len`] in the rules.
    #[must_use]
    pub fn max_len(self, max_len: usize) -> Self {
        Self { max_len, ..self }
    }

    /// Verifies at the system's time a token that was fetched from this URI, which a
    /// [`StatusReference`](super::StatusReference) names.
    ///
    /// # Errors
    ///
    /// Those of [`verify_at`](Self::verify_at); [`jose_jwt::Error::Clock`].
    #[cfg(feature = "std")]
    pub fn verify(&self, token: &str, uri: &str) -> Result<VerifiedStatusList, Error> {
        self.verify_at(token, uri, NumericDate::now().map_err(jose_jwt::Error::from)?)
    }

    /// Like [`verify`](Self::verify), at a given time.
    ///
    /// # Errors
    ///
    /// [`Error::Jwt`] if the signature does not verify, or a claim is missing or breaks a rule, `sub` that is not the URI among
    /// them; [`Error::StatusMac`]; [`Error::StatusList`] if the list is malformed or too long, or `ttl` is not positive.
    pub fn verify_at(&self, token: &str, uri: &str, now: NumericDate) -> Result<VerifiedStatusList, Error> {
        let verified = self.rules.at(now).subject(uri).verify::<Body>(token)?;
        if verified.alg().is_symmetric() {
            return Err(Error::StatusMac);
        }
        let (issued_at, exp) = (verified.claims().iat(), verified.claims().exp());
        let Body { ttl, status_list } = verified.into_claims().into_custom();
        if ttl.is_some_and(|ttl| ttl <= NumericDate::from_seconds(0)) {
            return Err(Error::StatusList);
        }
        let bits = Bits::from_count(status_list.bits).ok_or(Error::StatusList)?;
        let list = StatusList::inflate(bits, &status_list.lst, self.max_len)?;
        Ok(VerifiedStatusList {
            list,
            issued_at: issued_at.ok_or(Error::StatusList)?,
            exp,
            ttl: ttl.and_then(|ttl| ttl.duration_since(NumericDate::from_seconds(0))),
            aggregation: status_list.aggregation_uri,
        })
    }
}

/// Shows the rules, and no key.
impl<K> fmt::Debug for StatusListVerifier<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusListVerifier")
            .field("rules", &self.rules)
            .field("max_len", &self.max_len)
            .finish_non_exhaustive()
    }
}

/// A status list whose token was verified. Only a verifier creates one.
#[derive(Clone, Debug)]
pub struct VerifiedStatusList {
    list: StatusList,
    issued_at: NumericDate,
    exp: Option<NumericDate>,
    ttl: Option<Duration>,
    aggregation: Option<String>,
}

impl VerifiedStatusList {
    /// The status of the entry with this index.
    ///
    /// # Errors
    ///
    /// [`Error::StatusIndex`] if there is none: the token that refers to it is not to be accepted.
    pub fn status(&self, index: u64) -> Result<Status, Error> {
        self.list.status(index)
    }

    /// The list.
    #[must_use]
    pub fn list(&self) -> &StatusList {
        &self.list
    }

    /// `iat`.
    #[must_use]
    pub fn issued_at(&self) -> NumericDate {
        self.issued_at
    }

    /// `exp`, from which on the list is not to be used.
    #[must_use]
    pub fn exp(&self) -> Option<NumericDate> {
        self.exp
    }

    /// `ttl`, after which a copy should be fetched again.
    #[must_use]
    pub fn ttl(&self) -> Option<Duration> {
        self.ttl
    }

    /// `aggregation_uri`.
    #[must_use]
    pub fn aggregation_uri(&self) -> Option<&str> {
        self.aggregation.as_deref()
    }

    /// Until when a copy that was fetched at this time may be used: `ttl` later, and not beyond `exp`. `None` if the token
    /// has neither.
    #[must_use]
    pub fn fresh_until(&self, fetched: NumericDate) -> Option<NumericDate> {
        let ttl = self.ttl.map(|ttl| fetched.saturating_add(ttl));
        match (ttl, self.exp) {
            (Some(ttl), Some(exp)) => Some(ttl.min(exp)),
            (ttl, exp) => ttl.or(exp),
        }
    }
}
