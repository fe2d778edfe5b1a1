use alloc::string::String;
use core::time::Duration;

use jose_jwt::{Claims, NumericDate, Sign};
use serde::{Deserialize, Serialize};

use super::StatusList;
use crate::binding::token;
use crate::error::Error;

/// `typ` of the header.
pub(super) const TYP: &str = "statuslist+jwt";

/// The claims of a status list token that are not those of every JWT.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Body {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ttl: Option<NumericDate>,
    pub(super) status_list: Encoded,
}

/// `status_list`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Encoded {
    pub(super) bits: u8,
    pub(super) lst: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) aggregation_uri: Option<String>,
}

/// A status list token to be signed: draft-ietf-oauth-status-list section 5.1.
#[derive(Clone, Debug)]
#[must_use = "it is not signed yet"]
pub struct StatusListToken<'l> {
    list: &'l StatusList,
    uri: &'l str,
    issuer: Option<&'l str>,
    /// `None` for the system's time.
    now: Option<NumericDate>,
    expires_in: Option<Duration>,
    ttl: Option<Duration>,
    aggregation: Option<&'l str>,
}

impl<'l> StatusListToken<'l> {
    /// A token with this list, to be published at this URI.
    pub fn new(list: &'l StatusList, uri: &'l str) -> Self {
        Self { list, uri, issuer: None, now: None, expires_in: None, ttl: None, aggregation: None }
    }

    /// Sets `iss`.
    pub fn issuer(self, issuer: &'l str) -> Self {
        Self { issuer: Some(issuer), ..self }
    }

    /// Sets the time of issue. Without it, it is the system's (feature `std`).
    pub fn at(self, now: NumericDate) -> Self {
        Self { now: Some(now), ..self }
    }

    /// Sets `exp` to a span after the time of issue, which the draft recommends.
    pub fn expires_in(self, span: Duration) -> Self {
        Self { expires_in: Some(span), ..self }
    }

    /// Sets `ttl`: for how long a copy may be kept before it is fetched again, in whole seconds, at least one.
    pub fn ttl(self, ttl: Duration) -> Self {
        Self { ttl: Some(ttl), ..self }
    }

    /// Sets `aggregation_uri`, where the URIs of all lists of the issuer are.
    pub fn aggregation_uri(self, uri: &'l str) -> Self {
        Self { aggregation: Some(uri), ..self }
    }

    /// Signs with a key that is at hand.
    ///
    /// # Errors
    ///
    /// [`Error::StatusMac`] if the key is a shared secret; [`Error::Jwt`] if it fails or the system's clock is not set.
    pub fn sign<K: Sign + ?Sized>(&self, key: &K) -> Result<String, Error> {
        if key.alg().is_symmetric() {
            return Err(Error::StatusMac);
        }
        let seconds = |ttl: Duration| i64::try_from(ttl.as_secs().max(1)).unwrap_or(i64::MAX);
        let body = Body {
            ttl: self.ttl.map(|ttl| NumericDate::from_seconds(seconds(ttl))),
            status_list: Encoded {
                bits: self.list.bits().count(),
                lst: self.list.deflate(),
                aggregation_uri: self.aggregation.map(String::from),
            },
        };
        let mut claims = Claims::new().subject(self.uri);
        if let Some(issuer) = self.issuer {
            claims = claims.issuer(issuer);
        }
        if let Some(span) = self.expires_in {
            claims = claims.expires_in(span);
        }
        Ok(token(&claims.with(body), self.now)?.typ(TYP).sign(key)?)
    }
}
