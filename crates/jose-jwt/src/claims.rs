use alloc::borrow::Cow;
use alloc::string::String;
use core::time::Duration;

use jose_b64::json::{self, ObjectWriter, Str};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::registered::Registered;
use crate::{Error, Names, NumericDate};

/// A claims set: the registered claims (RFC 7519 section 4.1), and the caller's own, of any type that serde can write
/// as a JSON object.
///
/// ```
/// use core::time::Duration;
/// use jose_jwt::{Claims, NumericDate};
///
/// #[derive(serde::Serialize)]
/// struct Scope { scope: String }
///
/// let claims = Claims::new()
///     .issuer("https://issuer.example")
///     .audience("api")
///     .expires_after(Duration::from_secs(600))
///     .with(Scope { scope: "read".into() });
/// assert_eq!(
///     claims.to_json_at(NumericDate::from_seconds(1_700_000_000))?,
///     r#"{"iss":"https://issuer.example","aud":"api","exp":1700000600,"iat":1700000000,"scope":"read"}"#,
/// );
/// # Ok::<(), jose_jwt::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims<T = NoClaims> {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Names>,
    exp: Option<NumericDate>,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
    jti: Option<String>,
    nonce: Option<String>,
    /// `exp` and `nbf` as spans after the time of issue, which is known where the claims are signed.
    exp_after: Option<Duration>,
    nbf_after: Option<Duration>,
    /// Whether `iat` is left out where the claims are signed.
    no_iat: bool,
    custom: T,
    /// Whether a claim was set twice, which is said where the claims are written.
    twice: bool,
}

/// No claims of the caller's own. Read as this type, other claims are left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoClaims {}

impl Claims {
    /// A claims set without claims.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Default for Claims {
    fn default() -> Self {
        Self {
            iss: None,
            sub: None,
            aud: None,
            exp: None,
            nbf: None,
            iat: None,
            jti: None,
            nonce: None,
            exp_after: None,
            nbf_after: None,
            no_iat: false,
            custom: NoClaims {},
            twice: false,
        }
    }
}

/// A claim may be set once: [`Claims::to_json_at`] and signing refuse what was set twice.
impl<T> Claims<T> {
    /// Sets `iss`, who made the JWT.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.twice |= self.iss.replace(issuer.into()).is_some();
        self
    }

    /// Sets `sub`, whom it is about.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.twice |= self.sub.replace(subject.into()).is_some();
        self
    }

    /// Sets `aud`, whom it is for: one (`"api"`) or several (`["api", "web"]`).
    #[must_use]
    pub fn audience(mut self, audience: impl Into<Names>) -> Self {
        self.twice |= self.aud.replace(audience.into()).is_some();
        self
    }

    /// Sets `exp`, from which time on it is not valid any more.
    #[must_use]
    pub fn expires_at(mut self, time: NumericDate) -> Self {
        self.twice |= self.exp.replace(time).is_some();
        self
    }

    /// Sets `exp` to a span after a given time.
    #[must_use]
    pub fn expires_in(self, now: NumericDate, span: Duration) -> Self {
        self.expires_at(now.saturating_add(span))
    }

    /// Sets `exp` to a span after `iat`, or after the time of signing where `iat` is not set.
    #[must_use]
    pub fn expires_after(mut self, span: Duration) -> Self {
        self.twice |= self.exp_after.replace(span).is_some();
        self
    }

    /// The same for a span as text: `"2 days"`, `"10h"`, `"7d"`, `"1h 30m"`.
    ///
    /// # Errors
    ///
    /// [`Error::Span`] where the text is none, a number without a unit among them: seconds and milliseconds are both
    /// common, and nobody knows which was meant.
    #[cfg(feature = "std")]
    pub fn expires_after_text(self, span: &str) -> Result<Self, Error> {
        humantime::parse_duration(span).map(|span| self.expires_after(span)).map_err(|_| Error::Span)
    }

    /// Sets `nbf` to a span after `iat`, or after the time of signing where `iat` is not set.
    #[must_use]
    pub fn valid_after(mut self, span: Duration) -> Self {
        self.twice |= self.nbf_after.replace(span).is_some();
        self
    }

    /// Sets `nbf`, before which time it is not valid yet.
    #[must_use]
    pub fn not_before(mut self, time: NumericDate) -> Self {
        self.twice |= self.nbf.replace(time).is_some();
        self
    }

    /// Sets `iat`, when it was made.
    #[must_use]
    pub fn issued_at(mut self, time: NumericDate) -> Self {
        self.twice |= self.iat.replace(time).is_some();
        self
    }

    /// Leaves `iat` out, which signing writes otherwise.
    #[must_use]
    pub fn without_issued_at(mut self) -> Self {
        self.no_iat = true;
        self
    }

    /// Sets `nonce` (OpenID Connect Core 1.0 section 2).
    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.twice |= self.nonce.replace(nonce.into()).is_some();
        self
    }

    /// Sets `jti`, what it is called.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.twice |= self.jti.replace(id.into()).is_some();
        self
    }

    /// Takes the caller's own claims, in place of those that were there.
    #[must_use]
    pub fn with<U>(self, custom: U) -> Claims<U> {
        let Self { iss, sub, aud, exp, nbf, iat, jti, nonce, exp_after, nbf_after, no_iat, custom: _, twice } =
            self;
        Claims { iss, sub, aud, exp, nbf, iat, jti, nonce, exp_after, nbf_after, no_iat, custom, twice }
    }

    /// `iss`.
    #[must_use]
    pub fn iss(&self) -> Option<&str> {
        self.iss.as_deref()
    }

    /// `sub`.
    #[must_use]
    pub fn sub(&self) -> Option<&str> {
        self.sub.as_deref()
    }

    /// `aud`.
    #[must_use]
    pub fn aud(&self) -> Option<&Names> {
        self.aud.as_ref()
    }

    /// `exp`.
    #[must_use]
    pub fn exp(&self) -> Option<NumericDate> {
        self.exp
    }

    /// `nbf`.
    #[must_use]
    pub fn nbf(&self) -> Option<NumericDate> {
        self.nbf
    }

    /// `iat`.
    #[must_use]
    pub fn iat(&self) -> Option<NumericDate> {
        self.iat
    }

    /// `jti`.
    #[must_use]
    pub fn jti(&self) -> Option<&str> {
        self.jti.as_deref()
    }

    /// `nonce`, where it is a string.
    #[must_use]
    pub fn nonce_claim(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// The caller's own claims.
    #[must_use]
    pub fn custom(&self) -> &T {
        &self.custom
    }

    /// The caller's own claims, by value.
    #[must_use]
    pub fn into_custom(self) -> T {
        self.custom
    }
}

impl<T: Serialize> Claims<T> {
    /// The claims as JSON text as they are signed at this time: the registered ones first, then the caller's. `iat` is
    /// the time, unless it was set or left out.
    ///
    /// # Errors
    ///
    /// [`Error::ClaimTwice`] where a claim was set twice or the caller's own type has a registered one that is set too;
    /// [`Error::ClaimsWrite`] where that type does not become a JSON object.
    pub fn to_json_at(&self, now: NumericDate) -> Result<String, Error> {
        let after = |date: Option<NumericDate>, span: Option<Duration>| match (date, span) {
            (Some(_), Some(_)) => Err(Error::ClaimTwice),
            (date, None) => Ok(date),
            (None, Some(span)) => Ok(Some(self.iat.unwrap_or(now).saturating_add(span))),
        };
        let dates = [
            ("exp", after(self.exp, self.exp_after)?),
            ("nbf", after(self.nbf, self.nbf_after)?),
            ("iat", if self.no_iat { None } else { Some(self.iat.unwrap_or(now)) }),
        ];
        if self.twice || (self.no_iat && self.iat.is_some()) {
            return Err(Error::ClaimTwice);
        }
        let custom = serde_json::to_string(&self.custom).map_err(|_| Error::ClaimsWrite)?;
        let custom = json::parse_object(custom.as_bytes()).map_err(|error| match error {
            jose_b64::Error::DuplicateMember => Error::ClaimTwice,
            _ => Error::ClaimsWrite,
        })?;
        let mut text = String::with_capacity(custom.raw().len().saturating_add(256));
        self.write(&dates, custom, &mut text).map_err(|_| Error::ClaimsWrite)?;
        match json::check(text.as_bytes()) {
            Ok(_) => Ok(text),
            Err(jose_b64::Error::DuplicateMember) => Err(Error::ClaimTwice),
            Err(_) => Err(Error::ClaimsWrite),
        }
    }

    fn write(
        &self,
        dates: &[(&str, Option<NumericDate>)],
        custom: json::Object<'_>,
        text: &mut String,
    ) -> Result<(), jose_b64::Error> {
        let mut writer = ObjectWriter::new(text)?;
        for (name, value) in [("iss", &self.iss), ("sub", &self.sub)] {
            if let Some(value) = value {
                writer.string(name, value)?;
            }
        }
        if let Some(audience) = &self.aud {
            let mut names = audience.iter();
            match (names.next(), names.next()) {
                (Some(one), None) => writer.string("aud", one)?,
                _ => writer.string_array("aud", audience.iter())?,
            };
        }
        for (name, date) in dates {
            if let Some(date) = date {
                writer.raw(name, &alloc::format!("{date}"))?;
            }
        }
        for (name, value) in [("jti", &self.jti), ("nonce", &self.nonce)] {
            if let Some(value) = value {
                writer.string(name, value)?;
            }
        }
        for (name, value) in custom.iter() {
            writer.member(name, value)?;
        }
        writer.finish()
    }
}

impl<T: DeserializeOwned> Claims<T> {
    /// The claims, with the caller's own read from all of them.
    pub(crate) fn read(claims: &Registered<'_>) -> Result<Self, Error> {
        let custom = serde_json::from_str(claims.object.raw()).map_err(|_| Error::ClaimsType)?;
        let owned = |text: Option<Str<'_>>| text.map(|text| text.to_cow().into_owned());
        Ok(Self {
            iss: owned(claims.iss),
            sub: owned(claims.sub),
            aud: claims.aud.map(|aud| aud.iter().map(Str::to_cow).map(Cow::into_owned).collect()),
            exp: claims.exp,
            nbf: claims.nbf,
            iat: claims.iat,
            jti: owned(claims.jti),
            nonce: owned(claims.object.get("nonce").and_then(json::Value::as_str)),
            exp_after: None,
            nbf_after: None,
            no_iat: false,
            custom,
            twice: false,
        })
    }
}
