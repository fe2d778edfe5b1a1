use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use jose_b64::json::{self, Str};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};

use crate::audience::Audience;
use crate::error::Error;
use crate::numeric_date::NumericDate;
use crate::registered::Registered;

/// A claims set: the registered claims (RFC 7519 section 4.1), and the caller's own, of any type that serde can write as a
/// JSON object.
///
/// Setters have long names (`issuer`), getters the names of the claims (`iss`).
///
/// ```
/// use core::time::Duration;
/// use jose_jwt::{Claims, NumericDate, Token};
///
/// #[derive(serde::Serialize)]
/// struct Scope { scope: String }
///
/// let claims = Claims::new()
///     .issuer("https://issuer.example")
///     .audience("api")
///     .expires_in(Duration::from_secs(600))
///     .with(Scope { scope: "read".into() });
/// let json = r#"{"iss":"https://issuer.example","aud":"api","exp":1700000600,"iat":1700000000,"scope":"read"}"#;
/// let now = NumericDate::from_seconds(1_700_000_000);
/// assert_eq!(Token::at(&claims, now).to_json(), Ok(json.into()));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Claims<T = NoClaims> {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    exp: Option<NumericDate>,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
    jti: Option<String>,
    draft: Draft,
    custom: T,
}

/// What is known of claims only while they are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Draft {
    /// `exp` and `nbf` as spans after the time of issue, which is known when the claims are signed.
    exp_after: Option<Duration>,
    nbf_after: Option<Duration>,
    /// Whether `iat` is left out when the claims are signed.
    no_iat: bool,
    /// A claim that was set twice, which is reported when the claims are written.
    twice: Option<&'static str>,
}

/// No claims of the caller's own. When claims are read as this type, other claims are ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoClaims {}

impl Claims {
    /// A claims set without claims.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<T: Default> Default for Claims<T> {
    fn default() -> Self {
        Self {
            iss: None,
            sub: None,
            aud: None,
            exp: None,
            nbf: None,
            iat: None,
            jti: None,
            draft: Draft::default(),
            custom: T::default(),
        }
    }
}

/// A claim may be set once: setting it again is an error when the claims are signed.
impl<T> Claims<T> {
    fn once<V>(&mut self, claim: fn(&mut Self) -> &mut Option<V>, value: V, name: &'static str) {
        if claim(self).replace(value).is_some() {
            self.draft.twice = Some(name);
        }
    }

    /// Sets `iss`, who issues the JWT.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.once(|claims| &mut claims.iss, issuer.into(), "iss");
        self
    }

    /// Sets `sub`, whom the JWT is about.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.once(|claims| &mut claims.sub, subject.into(), "sub");
        self
    }

    /// Sets `aud`, whom the JWT is for: one (`"api"`) or several (`["api", "web"]`).
    #[must_use]
    pub fn audience(mut self, audience: impl Into<Audience>) -> Self {
        self.once(|claims| &mut claims.aud, audience.into(), "aud");
        self
    }

    /// Sets `exp`, the time from which the JWT is no longer valid.
    #[must_use]
    pub fn expires_at(mut self, time: NumericDate) -> Self {
        self.once(|claims| &mut claims.exp, time, "exp");
        self
    }

    /// Sets `exp` to a span after `iat`, or after the time of signing if `iat` is not set.
    #[must_use]
    pub fn expires_in(mut self, span: Duration) -> Self {
        self.once(|claims| &mut claims.draft.exp_after, span, "exp");
        self
    }

    /// Like [`expires_in`](Self::expires_in), with the span as text: `"2 days"`, `"10h"`, `"1h 30m"`.
    ///
    /// # Errors
    ///
    /// [`Error::Span`] if the text is not a span. A number without a unit is not one: seconds and milliseconds are both
    /// common.
    #[cfg(feature = "std")]
    pub fn expires_in_text(self, span: &str) -> Result<Self, Error> {
        humantime::parse_duration(span).map(|span| self.expires_in(span)).map_err(|_| Error::Span)
    }

    /// Sets `nbf`, the time before which the JWT is not valid.
    #[must_use]
    pub fn not_before(mut self, time: NumericDate) -> Self {
        self.once(|claims| &mut claims.nbf, time, "nbf");
        self
    }

    /// Sets `nbf` to a span after `iat`, or after the time of signing if `iat` is not set.
    #[must_use]
    pub fn not_before_in(mut self, span: Duration) -> Self {
        self.once(|claims| &mut claims.draft.nbf_after, span, "nbf");
        self
    }

    /// Sets `iat`, when the JWT was issued. Without it, signing writes the time of signing.
    #[must_use]
    pub fn issued_at(mut self, time: NumericDate) -> Self {
        self.once(|claims| &mut claims.iat, time, "iat");
        self
    }

    /// Leaves out `iat`.
    #[must_use]
    pub fn without_issued_at(mut self) -> Self {
        self.draft.no_iat = true;
        self
    }

    /// Sets `jti`, the identifier of the JWT.
    #[must_use]
    pub fn jwt_id(mut self, id: impl Into<String>) -> Self {
        self.once(|claims| &mut claims.jti, id.into(), "jti");
        self
    }

    /// Sets the caller's own claims, in place of those that were set before.
    #[must_use]
    pub fn with<U>(self, custom: U) -> Claims<U> {
        let Self { iss, sub, aud, exp, nbf, iat, jti, draft, custom: _ } = self;
        Claims { iss, sub, aud, exp, nbf, iat, jti, draft, custom }
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
    pub fn aud(&self) -> Option<&Audience> {
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

    /// The caller's own claims.
    #[must_use]
    pub fn custom(&self) -> &T {
        &self.custom
    }

    /// The caller's own claims by value.
    #[must_use]
    pub fn into_custom(self) -> T {
        self.custom
    }
}

impl<T: Serialize> Claims<T> {
    /// The claims as JSON text, as they are signed at this time: the registered ones first, then the caller's.
    pub(crate) fn to_json(&self, now: NumericDate) -> Result<Vec<u8>, Error> {
        let twice = |name: &'static str| Error::ClaimTwice { claim: name.into() };
        let after = |name, date: Option<NumericDate>, span: Option<Duration>| match (date, span) {
            (Some(_), Some(_)) => Err(twice(name)),
            (date, None) => Ok(date),
            (None, Some(span)) => Ok(Some(self.iat.unwrap_or(now).saturating_add(span))),
        };
        let Draft { exp_after, nbf_after, no_iat, twice: set_twice } = self.draft;
        if let Some(name) = set_twice.or((no_iat && self.iat.is_some()).then_some("iat")) {
            return Err(twice(name));
        }
        let exp = after("exp", self.exp, exp_after)?;
        let nbf = after("nbf", self.nbf, nbf_after)?;
        let failed = |error: serde_json::Error| Error::ClaimsWrite(error.to_string());
        // Room for most claims, so that they are written without a second allocation.
        let mut text = Vec::with_capacity(512);
        append_json(&self.custom, &mut text).map_err(failed)?;
        let own = Registered::read(&text, json::DEPTH).map_err(|error| match error {
            Error::NotClaims(jose_b64::Error::DuplicateMember) => {
                Error::ClaimTwice { claim: "of the own type".into() }
            }
            Error::NotClaims(error) => Error::ClaimsWrite(error.to_string()),
            error => error,
        })?;
        let both = [
            ("iss", self.iss.is_some() && own.iss.is_some()),
            ("sub", self.sub.is_some() && own.sub.is_some()),
            ("aud", self.aud.is_some() && own.aud.is_some()),
            ("exp", exp.is_some() && own.exp.is_some()),
            ("nbf", nbf.is_some() && own.nbf.is_some()),
            ("iat", self.iat.is_some() && own.iat.is_some()),
            ("jti", self.jti.is_some() && own.jti.is_some()),
        ];
        if let Some((name, _)) = both.into_iter().find(|(_, both)| *both) {
            return Err(twice(name));
        }
        // The caller's own type may say when the JWT was issued.
        let now = if no_iat || own.iat.is_some() { None } else { Some(now) };
        let iat = self.iat.or(now);
        // With a comma or, if it has no members, nothing before them.
        if own.object.iter().next().is_none() {
            text.clear();
            text.push(b'}');
        } else if let Some(brace) = text.iter_mut().find(|byte| **byte == b'{') {
            *brace = b',';
        }
        let own_len = text.len();
        self.write([exp, nbf, iat], &mut text).map_err(failed)?;
        text.rotate_left(own_len);
        match text.iter_mut().find(|byte| **byte == b',') {
            Some(comma) => *comma = b'{',
            None => text.insert(0, b'{'),
        }
        Ok(text)
    }

    /// Writes the registered claims, each with a comma before it. The names stand here as they are written, without a search
    /// for what is to be escaped.
    fn write(&self, dates: [Option<NumericDate>; 3], text: &mut Vec<u8>) -> serde_json::Result<()> {
        let string = |text: &mut Vec<u8>, name: &str, value: &Option<String>| {
            let Some(value) = value else { return Ok(()) };
            text.extend(name.as_bytes());
            json::write_str(text, value).map_err(serde::ser::Error::custom)
        };
        string(text, r#","iss":"#, &self.iss)?;
        string(text, r#","sub":"#, &self.sub)?;
        if let Some(aud) = &self.aud {
            text.extend(br#","aud":"#);
            append_json(aud, text)?;
        }
        for (name, date) in [r#","exp":"#, r#","nbf":"#, r#","iat":"#].into_iter().zip(dates) {
            let Some(date) = date else { continue };
            text.extend(name.as_bytes());
            match date.subsec_nanos() {
                0 => append_json(&date.seconds(), text)?,
                _ => text.extend(format!("{date}").as_bytes()),
            }
        }
        string(text, r#","jti":"#, &self.jti)
    }
}

fn append_json<T: Serialize>(value: &T, text: &mut Vec<u8>) -> serde_json::Result<()> {
    #[cfg(feature = "std")]
    return serde_json::to_writer(text, value);
    #[cfg(not(feature = "std"))]
    serde_json::to_vec(value).map(|own| text.extend(own))
}

impl<T: DeserializeOwned> Claims<T> {
    /// The claims, with the caller's own read from all of them.
    pub(crate) fn read(claims: &Registered<'_>) -> Result<Self, Error> {
        let custom = serde_json::from_str(claims.object.raw())
            .map_err(|error| Error::ClaimsType(error.to_string()))?;
        let owned = |text: Option<Str<'_>>| text.map(|text| text.to_cow().into_owned());
        Ok(Self {
            iss: owned(claims.iss),
            sub: owned(claims.sub),
            aud: claims.aud.map(|aud| aud.iter().map(Str::to_cow).map(Cow::into_owned).collect()),
            exp: claims.exp,
            nbf: claims.nbf,
            iat: claims.iat,
            jti: owned(claims.jti),
            draft: Draft::default(),
            custom,
        })
    }
}

/// The claims that are set, and those of the caller's own type beside them.
impl<T: Serialize> Serialize for Claims<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct View<'c, T> {
            #[serde(skip_serializing_if = "Option::is_none")]
            iss: &'c Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            sub: &'c Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            aud: &'c Option<Audience>,
            #[serde(skip_serializing_if = "Option::is_none")]
            exp: Option<NumericDate>,
            #[serde(skip_serializing_if = "Option::is_none")]
            nbf: Option<NumericDate>,
            #[serde(skip_serializing_if = "Option::is_none")]
            iat: Option<NumericDate>,
            #[serde(skip_serializing_if = "Option::is_none")]
            jti: &'c Option<String>,
            #[serde(flatten)]
            custom: &'c T,
        }

        let Self { iss, sub, aud, exp, nbf, iat, jti, draft: _, custom } = self;
        View { iss, sub, aud, exp: *exp, nbf: *nbf, iat: *iat, jti, custom }.serialize(serializer)
    }
}

/// Shows the claims that are set.
impl<T: fmt::Debug> fmt::Debug for Claims<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Claims");
        for (name, value) in [("iss", &self.iss), ("sub", &self.sub), ("jti", &self.jti)] {
            if let Some(value) = value {
                debug.field(name, value);
            }
        }
        if let Some(audience) = &self.aud {
            debug.field("aud", audience);
        }
        for (name, date) in [("exp", self.exp), ("nbf", self.nbf), ("iat", self.iat)] {
            if let Some(date) = date {
                debug.field(name, &format_args!("{date}"));
            }
        }
        debug.field("custom", &self.custom).finish()
    }
}
